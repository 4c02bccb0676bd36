//! Which programs agents may be. A flake may declare any command, and starting it is running what the
//! flake says: that is for the person to allow.

use std::collections::BTreeMap;

use poag_agent::{AgentError, Fault, ServerSettings, acp, command, openai};

/// Backends that are any program; the others know theirs.
const ANY_PROGRAM: [&str; 2] = [command::NAME, acp::NAME];

/// What a person allows to be started.
#[derive(Clone, Debug, Default)]
pub struct Consent {
    /// The program of the backends `command` and `acp`, with its arguments, for every expert without an own one.
    pub command: Option<Vec<String>>,
    /// The same for one expert, by its name, and for whatever backend it has.
    pub experts: BTreeMap<String, Vec<String>>,
    /// Commands that flakes may have started where they declare exactly these words.
    pub allowed: Vec<Vec<String>>,
    /// Servers that flakes may have asked: what a flake says goes there, with the key of the variable that stands behind it.
    pub servers: Vec<ServerConsent>,
    /// Whether the dev shell of a flake is made, and lends its programs to the agent of its expert.
    pub dev_shells: bool,
}

/// A server that a person allows, with the variable that holds its key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServerConsent {
    /// Its base URL, as flakes write it; none for the one that the person's environment names.
    pub base_url: Option<String>,
    /// The environment variable; none where no key goes there.
    pub key_env: Option<String>,
}

impl Consent {
    /// Refuses a server that a flake names and nobody allowed: it would be told what the flake holds, and a key.
    ///
    /// # Errors
    /// When it is not allowed.
    pub fn server(&self, expert: &str, server: &ServerSettings) -> Result<(), AgentError> {
        let asked = ServerConsent {
            base_url: server.base_url.clone(),
            key_env: server.key_env.clone(),
        };
        let nothing = asked.base_url.is_none() && asked.key_env.is_none();
        if nothing || self.servers.contains(&asked) {
            return Ok(());
        }
        let base = asked.base_url.as_deref().unwrap_or("-");
        let words: Vec<&str> = std::iter::once(base)
            .chain(asked.key_env.as_deref())
            .collect();
        let line = words.join(" ");
        let key = asked.key_env.map(|name| format!(" with the key in {name}"));
        Err(AgentError::new(
            Fault::Unavailable,
            openai::NAME,
            format!(
                "the flake of '{expert}' wants to ask a server that nobody allowed: {base}{}",
                key.unwrap_or_default()
            ),
            format!(
                "if you trust it, allow it with --allow-server {} or in POAG_ALLOW_SERVERS, else ask with --backend {expert}=librarian",
                shell_words::quote(&line)
            ),
        ))
    }

    /// The person's own command of an expert on a backend.
    #[must_use]
    pub fn given(&self, expert: &str, backend: &str) -> Option<&Vec<String>> {
        let all = self.command.as_ref();
        let all = all.filter(|_| ANY_PROGRAM.contains(&backend));
        self.experts.get(expert).or(all)
    }

    /// Whether a flake may have this started.
    #[must_use]
    pub fn allows(&self, declared: &[String]) -> bool {
        self.allowed.iter().any(|allowed| allowed == declared)
    }

    /// The command of an expert on a backend: the person's own, else the one that its flake declares; none where
    /// there is neither.
    ///
    /// # Errors
    /// When the flake declares one that is not allowed.
    pub fn command(
        &self,
        expert: &str,
        backend: &str,
        declared: Option<&[String]>,
    ) -> Result<Option<Vec<String>>, AgentError> {
        if let Some(own) = self.given(expert, backend) {
            return Ok(Some(own.clone()));
        }
        let Some(declared) = declared else {
            return Ok(None);
        };
        if self.allows(declared) {
            return Ok(Some(declared.to_vec()));
        }
        let line = shell_words::join(declared);
        Err(AgentError::new(
            Fault::Unavailable,
            backend,
            format!(
                "the flake of '{expert}' wants to start a program, which nobody allowed: {line}"
            ),
            format!(
                "if you trust it, allow it with --allow-command {} or in POAG_ALLOW_COMMANDS, else ask with --backend {expert}=librarian",
                shell_words::quote(&line)
            ),
        ))
    }
}
