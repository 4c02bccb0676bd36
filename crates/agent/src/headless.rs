//! What the backends share that run a command line program once for each turn.

#![expect(clippy::disallowed_methods, reason = "the environment of agents")]

use serde_json::Value;

use super::process::{ProcessError, ProcessOutput, find};
use super::prompt::{self, NoAnswer};
use super::{AgentError, Fault, Raw, Settings};

/// The program on this process's own PATH; never one that a speaker's search path brings.
pub(super) fn program(backend: &str, settings: &Settings) -> String {
    let named = settings.command.as_ref().and_then(|words| words.first());
    let name = named.map_or(backend, String::as_str);
    let found = find(name, std::env::var_os("PATH").as_deref());
    found.map_or_else(|| name.into(), |path| path.to_string_lossy().into_owned())
}

/// Arguments of the flake's own, which come after poag's and win over them.
pub(super) fn further(settings: &Settings) -> &[String] {
    let words = settings.command.as_deref().unwrap_or_default();
    words.get(1..).unwrap_or_default()
}

/// A folder of a turn that cannot be used.
pub(super) fn unusable(backend: &str) -> impl Fn(std::io::Error) -> AgentError {
    move |error| {
        let reason = format!("its workplace cannot be prepared: {error}");
        let repair =
            "see that poag's state folder (POAG_STATE_DIR) and its checkpoints can be used";
        AgentError::new(Fault::Failed, backend, reason, repair)
    }
}

/// Nobody can be asked to pay for it. `log_in` says how to change that.
pub(super) fn no_login(backend: &str, log_in: &str) -> AgentError {
    let reason = "there is no key and no login for it";
    AgentError::new(Fault::Denied, backend, reason, log_in)
}

/// What a program wrote, and why it came to no end of its own. `install` says how to get it.
pub(super) fn ended(
    ran: Result<ProcessOutput, ProcessError>,
    backend: &str,
    install: &str,
) -> (ProcessOutput, Option<AgentError>) {
    match ran {
        Ok(said) => (said, None),
        Err(error) => (error.said(), Some(error.into_agent(backend, install))),
    }
}

/// The answer in the last message of a turn: a JSON object.
pub(super) fn answer(backend: &str, message: &str) -> Result<Value, AgentError> {
    prompt::object(message).map_err(|error| {
        let fault = match error {
            NoAnswer::Empty => Fault::Silent,
            NoAnswer::Large(_) | NoAnswer::NotJson { .. } => Fault::Invalid,
        };
        AgentError::usual(fault, backend, error.to_string())
    })
}

/// The exchange, for the record.
pub(super) fn raw(sent: String, said: ProcessOutput) -> Raw {
    Raw {
        sent: sent.into_bytes(),
        stdout: said.stdout,
        stderr: said.stderr,
    }
}
