//! Which programs agents may be. A flake may declare any command, and starting it is running what the
//! flake says: that is for the person to allow.

use std::collections::BTreeMap;

use poag_agent::{AgentError, Fault, acp, command};

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
    /// Whether the dev shell of a flake is made, and lends its programs to the agent of its expert.
    pub dev_shells: bool,
}

impl Consent {
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
