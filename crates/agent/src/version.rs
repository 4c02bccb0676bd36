//! Versions of command line agents that npm installs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::process::{Invocation, Workplace};
use super::{AgentError, Fault};

/// How long a program may take to say its version.
const ALLOWED: Duration = Duration::from_secs(60);
/// Those that were asked already; a program does not change while poag runs.
static KNOWN: Mutex<BTreeMap<PathBuf, String>> = Mutex::new(BTreeMap::new());

/// What a backend needs.
pub struct Needed {
    /// The backend's name.
    pub backend: &'static str,
    /// The package of npm's.
    pub package: &'static str,
    /// The oldest version whose switches are known to close what must be closed.
    pub oldest: [u64; 3],
}

impl Needed {
    /// How to get it.
    #[must_use]
    pub fn install(&self) -> String {
        let package = self.package;
        format!("install it (`npm install -g {package}`), or ask with --backend librarian")
    }

    /// The version that a program says when it is asked with `--version`.
    ///
    /// # Errors
    /// Unavailable: when it is not there, does not say one, or an older one than needed.
    pub async fn version(
        &self,
        place: &Workplace,
        mut invocation: Invocation,
    ) -> Result<String, AgentError> {
        let program = PathBuf::from(&invocation.program);
        let known = |program: &PathBuf| {
            let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(program).cloned()
        };
        if let Some(version) = known(&program) {
            return Ok(version);
        }
        invocation.args = vec!["--version".into()];
        let said = place.run(&invocation, b"", ALLOWED).await;
        let said = said.map_err(|error| error.into_agent(self.backend, &self.install()))?;
        let version = self.read(&String::from_utf8_lossy(&said.stdout))?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(program, version.clone());
        Ok(version)
    }

    fn read(&self, text: &str) -> Result<String, AgentError> {
        let unavailable =
            |reason, repair| AgentError::new(Fault::Unavailable, self.backend, reason, repair);
        let found = text
            .split_whitespace()
            .find_map(|word| Some((word, numbers(word)?)));
        let Some((version, numbers)) = found else {
            let begin: String = text.chars().take(60).collect();
            let reason = format!("it does not say its version: {begin:?}");
            return Err(unavailable(reason, self.install()));
        };
        if numbers < self.oldest {
            let [major, minor, patch] = self.oldest;
            let reason = format!("it is version {version}, and {major}.{minor}.{patch} is needed");
            let repair = format!("update it: `npm install -g {}`", self.package);
            return Err(unavailable(reason, repair));
        }
        Ok(version.to_owned())
    }
}

/// `1.22.333`, and whatever follows a dash.
fn numbers(word: &str) -> Option<[u64; 3]> {
    let word = word.split(['-', '+']).next()?;
    let numbers: Option<Vec<u64>> = word.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDED: Needed = Needed {
        backend: "codex",
        package: "@openai/codex",
        oldest: [0, 169, 0],
    };

    #[test]
    fn a_version_is_found_among_words() {
        for (text, version) in [
            ("codex-cli 0.169.0\n", "0.169.0"),
            ("1.0.0-beta.1", "1.0.0-beta.1"),
            ("warning: 2 things\n0.1000.7 (main)", "0.1000.7"),
        ] {
            assert_eq!(NEEDED.read(text).unwrap(), version);
        }
    }

    #[test]
    fn an_older_one_and_none_are_refused_with_a_repair() {
        let error = NEEDED.read("codex-cli 0.99.9").unwrap_err().to_string();
        assert_eq!(
            error,
            "backend 'codex': it is version 0.99.9, and 0.169.0 is needed\nrepair: update it: `npm install -g @openai/codex`"
        );
        assert!(NEEDED.read("Welcome").is_err());
    }
}
