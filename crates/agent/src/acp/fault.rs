//! How a turn over the protocol fails.

use agent_client_protocol::ErrorCode;
use agent_client_protocol::schema::ProtocolVersion;
use agent_client_protocol::v1::schema::StopReason;
use serde_json::Value;

use super::NAME;
use super::heard::Heard;
use super::turned::Turned;
use crate::prompt::{self, NoAnswer};
use crate::{AgentError, Fault};

/// Lines of standard error that a failure quotes.
const QUOTED_LINES: usize = 5;
/// Longest text of another's that a failure quotes, in characters.
const QUOTED_CHARS: usize = 600;

/// The answer of a turn that the agent ended.
pub(super) fn answer(turned: &Turned) -> Result<Value, AgentError> {
    let failed = |fault, reason: &str| Err(AgentError::usual(fault, NAME, reason));
    match turned.stop {
        Some(StopReason::EndTurn) => {}
        Some(StopReason::MaxTokens) => {
            return failed(
                Fault::Limit,
                "its answer is longer than its model may write",
            );
        }
        Some(StopReason::MaxTurnRequests) => {
            return failed(Fault::Limit, "it took as many steps as it may");
        }
        Some(StopReason::Refusal) => return failed(Fault::Failed, "its model refuses to answer"),
        Some(StopReason::Cancelled) => return failed(Fault::Silent, "its turn was cancelled"),
        _ => {
            return failed(
                Fault::Failed,
                "its turn ended for a reason that is not known here",
            );
        }
    }
    prompt::object(&turned.text).map_err(|error| {
        let fault = match error {
            NoAnswer::Empty => Fault::Silent,
            NoAnswer::Large(_) | NoAnswer::NotJson { .. } => Fault::Invalid,
        };
        AgentError::usual(fault, NAME, error.to_string())
    })
}

/// An error of the protocol.
pub(super) fn protocol(error: &agent_client_protocol::Error) -> AgentError {
    let reason = format!("its agent says: {}", quoted(&error.message));
    let fault = match error.code {
        ErrorCode::AUTH_REQUIRED => Fault::Denied,
        ErrorCode::REQUEST_CANCELLED => Fault::Silent,
        ErrorCode::METHOD_NOT_FOUND => Fault::Unavailable,
        _ => of_name(error.data.as_ref()).unwrap_or_else(|| of_words(&error.message)),
    };
    AgentError::usual(fault, NAME, reason)
}

/// The name that OpenCode gives to errors of its model.
fn of_name(data: Option<&Value>) -> Option<Fault> {
    match data?.get("errorName")?.as_str()? {
        "ProviderAuthError" => Some(Fault::Denied),
        "ContextOverflowError" => Some(Fault::TooLong),
        "MessageOutputLengthError" => Some(Fault::Limit),
        "MessageAbortedError" => Some(Fault::Silent),
        _ => None,
    }
}

/// The protocol has no status of the model's provider; agents hand its words through.
fn of_words(message: &str) -> Fault {
    let words = message.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&[
        "prompt is too long",
        "context length",
        "context window",
        "maximum context",
    ]) {
        Fault::TooLong
    } else if has(&[
        "api key",
        "unauthorized",
        "authenticat",
        "credit balance",
        "401",
        "403",
    ]) {
        Fault::Denied
    } else if has(&[
        "rate limit",
        "overloaded",
        "too many requests",
        "429",
        "529",
    ]) {
        Fault::Busy
    } else if has(&["closed unexpectedly"]) {
        // OpenCode puts "Cannot connect to API" before it, although there was a connection.
        Fault::Cut
    } else if has(&[
        "cannot connect",
        "connection error",
        "econnrefused",
        "unable to connect",
    ]) {
        Fault::Unreachable
    } else if has(&[
        "connection reset",
        "reset by server",
        "reset by peer",
        "connection closed",
        "socket",
        "terminated",
    ]) {
        Fault::Cut
    } else {
        Fault::Failed
    }
}

/// An agent that ended while it was talked with.
pub(super) fn died(
    error: AgentError,
    heard: &Heard,
    code: Option<i32>,
    stderr: &[u8],
) -> AgentError {
    if error.fault == Fault::Timeout {
        return error;
    }
    let mut reason = match code {
        Some(code) => format!("its program ended with exit code {code}"),
        None => "its program closed its output".to_owned(),
    };
    let fault = match heard.has_begun() {
        true => Fault::Cut,
        false => Fault::Failed,
    };
    for line in String::from_utf8_lossy(stderr).lines().take(QUOTED_LINES) {
        reason.push('\n');
        reason.push_str(&quoted(line));
    }
    AgentError::usual(fault, NAME, reason)
}

/// An agent that says one message after the other.
pub(super) fn in_circles() -> AgentError {
    let reason = "its answer broke off again and again";
    AgentError::usual(Fault::Cut, NAME, reason)
}

/// An agent of another version of the protocol.
pub(super) fn other_version(version: &ProtocolVersion) -> AgentError {
    let reason = format!("its agent speaks version {version} of the protocol, not 1");
    AgentError::usual(Fault::Unavailable, NAME, reason)
}

fn quoted(text: &str) -> String {
    text.chars().take(QUOTED_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_was_closed_is_told_from_one_that_never_was() {
        for (words, fault) in [
            (
                "Cannot connect to API: The socket connection was closed unexpectedly.",
                Fault::Cut,
            ),
            (
                "Cannot connect to API: Unable to connect.",
                Fault::Unreachable,
            ),
            ("connect ECONNREFUSED 127.0.0.1:9", Fault::Unreachable),
            ("read ECONNRESET: connection reset by peer", Fault::Cut),
        ] {
            assert_eq!(of_words(words), fault, "{words}");
        }
    }
}
