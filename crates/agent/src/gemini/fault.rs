//! What Gemini's ends mean: it exits with the HTTP status of its API, as far as that fits into a byte.

use super::NAME;
use super::reply::GeminiError;
use crate::process::ProcessOutput;
use crate::{AgentError, Fault};

/// The failure of a run that ended otherwise than well.
pub fn of(failure: Option<&GeminiError>, said: &ProcessOutput) -> AgentError {
    let stderr = String::from_utf8_lossy(&said.stderr);
    let words = match failure {
        Some(failure) => failure.message.clone(),
        None => message(&stderr),
    };
    let code = said.code.unwrap_or_default();
    let fault = sort(code, &words);
    let words: String = words.chars().take(600).collect();
    let reason = match words.is_empty() {
        true => format!("it ended with exit code {code}"),
        false => words,
    };
    AgentError::usual(fault, NAME, reason)
}

fn sort(code: i32, words: &str) -> Fault {
    let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    match code {
        // 400: too long, or a key of the wrong form.
        144 if says(&["API key", "API_KEY_INVALID"]) => Fault::Denied,
        144 if says(&["token count", "too long", "context"]) => Fault::TooLong,
        // Its own: no way to authenticate.
        41 => Fault::Denied,
        // 401, 402, 403.
        145..=147 => Fault::Denied,
        // 413.
        157 => Fault::TooLong,
        // 408 and 5xx.
        152 | 244..=255 => Fault::Unreachable,
        // 429.
        173 => Fault::Busy,
        // Its own: the limit of turns.
        53 => Fault::Limit,
        _ if says(&["quota"]) => Fault::Busy,
        _ if says(&[
            "ECONNREFUSED",
            "ENOTFOUND",
            "ETIMEDOUT",
            "fetch failed",
            "ECONNRESET",
        ]) =>
        {
            Fault::Unreachable
        }
        _ if says(&["empty response"]) => Fault::Silent,
        _ if says(&["terminated", "Incomplete JSON", "Premature close", "stream"]) => Fault::Cut,
        _ => Fault::Failed,
    }
}

/// The message of the last error in JSON on standard error, or its last line.
fn message(stderr: &str) -> String {
    let last = stderr.lines().map(str::trim).rfind(|line| !line.is_empty());
    let json = stderr.rfind("{\n  \"session_id\"").and_then(|at| {
        let mut documents = serde_json::Deserializer::from_str(stderr.get(at..)?).into_iter();
        let value: serde_json::Value = documents.next()?.ok()?;
        Some(value["error"]["message"].as_str()?.to_owned())
    });
    json.or_else(|| last.map(str::to_owned)).unwrap_or_default()
}
