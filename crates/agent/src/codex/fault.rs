//! What Codex's words about a failure mean. It has no codes for them in its events.

use super::NAME;
use crate::{AgentError, Fault};

/// The failure of a turn that failed with these words.
pub fn of(message: &str) -> AgentError {
    let reason: String = message.chars().take(600).collect();
    AgentError::usual(sort(message), NAME, reason)
}

/// Whether the provider refused the schema of answers.
pub fn is_of_schema(message: &str) -> bool {
    message.contains("invalid_json_schema")
}

/// The end of what a program said to a person, without its warnings.
pub fn last_words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let is_warning = |line: &&str| line.to_lowercase().starts_with("warning");
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !is_warning(line))
        .collect();
    let last = lines
        .get(lines.len().saturating_sub(3)..)
        .unwrap_or_default();
    last.join("; ").chars().take(600).collect()
}

/// What it says when no answer began.
const UNREACHED: [&str; 6] = [
    "Connection failed",
    "error sending request",
    "high demand",
    "discovery failed",
    "timed out",
    "timeout",
];

fn sort(message: &str) -> Fault {
    if let Some(status) = status(message) {
        return match status {
            401..=403 => Fault::Denied,
            413 => Fault::TooLong,
            429 => Fault::Busy,
            408 | 500.. => Fault::Unreachable,
            _ => Fault::Failed,
        };
    }
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if says(&["context window", "context_length_exceeded"]) {
        Fault::TooLong
    } else if says(&["Quota exceeded", "usage limit", "sign in", "log in"]) {
        Fault::Denied
    } else if says(&["at capacity", "Rate limit", "rate limit"]) {
        Fault::Busy
    } else if says(&UNREACHED) {
        Fault::Unreachable
    } else if says(&[
        "stream disconnected",
        "stream closed",
        "Incomplete response",
    ]) {
        Fault::Cut
    } else {
        Fault::Failed
    }
}

/// The HTTP status in `unexpected status 503 …` and `… last status: 429 …`.
fn status(message: &str) -> Option<u16> {
    let rest = message
        .split_once("unexpected status ")
        .or_else(|| message.split_once("last status: "))?
        .1;
    rest.get(..3)?.parse().ok()
}
