//! The environment of an agent's process: an allowlist of this process's own, and nothing else.

#![expect(clippy::disallowed_methods, reason = "the environment of agents")]

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};

use super::TurnRequest;

/// Names a user may add, separated by spaces or commas.
pub const PASS: &str = "POAG_PASS_ENV";

/// Passed on to every agent. None of them can hold a secret of anything but the way to the network.
const ALWAYS: [&str; 20] = [
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "TZ",
    "USER",
    "LOGNAME",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NIX_SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "LOCALE_ARCHIVE",
];

/// The folders of this process's `PATH`. A relative one would mean a folder of the flake that an agent looks at.
#[must_use]
pub fn own_path() -> Option<OsString> {
    let path = env::var_os("PATH")?;
    let folders = env::split_paths(&path).filter(|folder| folder.is_absolute());
    env::join_paths(folders).ok()
}

/// Variables of a process to be, by name.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// The allowlist, and those of `more` (the backend's own keys and addresses) that are set here. A name
    /// that ends in `*` stands for all that begin so.
    #[must_use]
    pub fn scrubbed(more: &[&str]) -> Self {
        let asked = env::var(PASS).unwrap_or_default();
        let asked: Vec<&str> = asked
            .split([' ', ','])
            .filter(|name| !name.is_empty())
            .collect();
        let allowed = |name: &str| {
            let fits = |pattern: &&str| match pattern.strip_suffix('*') {
                Some(begin) => name.starts_with(begin),
                None => name == *pattern,
            };
            ALWAYS.contains(&name) || more.iter().any(fits) || asked.contains(&name)
        };
        let own = env::vars_os().filter(|(name, _)| name.to_str().is_some_and(allowed));
        let env = Self(own.collect());
        match (env.get("PATH").is_some(), own_path()) {
            (true, Some(path)) => env.with("PATH", path),
            _ => env.without("PATH"),
        }
    }

    /// Nothing at all.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// With the toolchains of rustup, which are in the person's home: a program with another one finds them by this name.
    #[must_use]
    pub fn with_toolchains(self) -> Self {
        let toolchains = poag_env::folders::home().map(|home| home.join(".rustup"));
        match toolchains.filter(|folder| folder.is_dir()) {
            Some(folder) if self.get("RUSTUP_HOME").is_none() => self.with("RUSTUP_HOME", folder),
            _ => self,
        }
    }

    /// Sets one.
    #[must_use]
    pub fn with(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.0.insert(name.as_ref().into(), value.as_ref().into());
        self
    }

    /// Sets several.
    #[must_use]
    pub fn with_all<N: AsRef<OsStr>, V: AsRef<OsStr>>(
        self,
        all: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        all.into_iter()
            .fold(self, |env, (name, value)| env.with(name, value))
    }

    /// Adds what a turn brings: where its agent finds programs, and its correlation.
    #[must_use]
    pub fn of_turn(self, request: &TurnRequest) -> Self {
        let env = match &request.persona.search_path {
            Some(path) => self.with("PATH", path),
            None => self,
        };
        env.with_all(
            request
                .correlation
                .iter()
                .map(|(name, value)| (name, value)),
        )
    }

    /// Takes one away.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.remove(OsStr::new(name));
        self
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}
