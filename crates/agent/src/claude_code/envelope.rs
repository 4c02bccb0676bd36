//! The one JSON object that Claude Code says at its end, and what it means.
//!
//! `{type:"result", subtype, is_error, result, structured_output?, errors?, stop_reason, terminal_reason,
//! api_error_status, total_cost_usd, usage}`. Neither the exit code nor `subtype` tells an answer from a
//! failure: errors of the API come as `success`, and a stream that broke off comes as its first half, with
//! exit code 0. Only `structured_output` is an answer: it was checked against the schema.

use serde::Deserialize;
use serde_json::Value;

use super::session::Last;
use super::{NAME, install};
use crate::{AgentError, Fault, Usage};

/// The longest reason that is told, in letters.
const REASON: usize = 600;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClaudeEnvelope {
    #[serde(rename = "type")]
    kind: String,
    subtype: String,
    is_error: Option<bool>,
    result: Option<String>,
    structured_output: Option<Value>,
    errors: Option<Vec<Value>>,
    stop_reason: Option<String>,
    terminal_reason: Option<String>,
    api_error_status: Option<u16>,
    total_cost_usd: Option<f64>,
    usage: Option<ClaudeTokens>,
}

/// Tokens as the API counts them: those from the cache and into it come on top.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClaudeTokens {
    input_tokens: u64,
    cache_read_input_tokens: u64,
    cache_creation_input_tokens: u64,
    output_tokens: u64,
}

/// What a run gave: an answer or why there is none, and what it cost either way.
pub fn read(
    code: Option<i32>,
    stdout: &[u8],
    stderr: &[u8],
    last: &Last,
) -> (Result<Value, AgentError>, Usage) {
    let nothing = Usage::default();
    let text = String::from_utf8_lossy(stdout);
    if text.trim().is_empty() {
        return (Err(silent(code, stderr)), nothing);
    }
    let envelope = match serde_json::from_str::<ClaudeEnvelope>(&text) {
        Ok(envelope) if envelope.kind == "result" => envelope,
        Ok(_) => {
            return (
                Err(usual(Fault::Invalid, "its last word is no result")),
                nothing,
            );
        }
        Err(error) => {
            let fault = match error.is_eof() {
                true => Fault::Cut,
                false => Fault::Invalid,
            };
            let reason = format!("its last word cannot be read: {error}: {}", short(&text));
            return (Err(usual(fault, reason)), nothing);
        }
    };
    let usage = envelope.usage();
    (envelope.outcome(last), usage)
}

impl ClaudeEnvelope {
    fn usage(&self) -> Usage {
        let zero = ClaudeTokens::default();
        let tokens = self.usage.as_ref().unwrap_or(&zero);
        let cached = tokens.cache_read_input_tokens;
        Usage {
            input_tokens: tokens
                .input_tokens
                .saturating_add(cached)
                .saturating_add(tokens.cache_creation_input_tokens),
            cached_tokens: cached,
            output_tokens: tokens.output_tokens,
            cost_usd: self.total_cost_usd.unwrap_or(0.0),
        }
    }

    fn outcome(self, last: &Last) -> Result<Value, AgentError> {
        let fine = self.is_error == Some(false) && self.subtype == "success";
        if !fine {
            return Err(self.failure(last));
        }
        match self.structured_output {
            Some(answer @ Value::Object(_)) => Ok(answer),
            _ => {
                // Of words alone nobody can say whether they are whole.
                let whole = self.stop_reason.as_deref() == Some("end_turn");
                let fault = if whole { Fault::Invalid } else { Fault::Cut };
                let said = short(self.result.as_deref().unwrap_or(""));
                let reason =
                    format!("it never gave the answer in the form asked for, it said {said:?}");
                Err(usual(fault, reason))
            }
        }
    }

    fn failure(&self, last: &Last) -> AgentError {
        let errors = self.errors.iter().flatten();
        let mut said: Vec<&str> = errors.filter_map(Value::as_str).collect();
        said.extend(self.result.as_deref().filter(|result| !result.is_empty()));
        let reason = match said.is_empty() {
            true => format!("it failed: {}", self.subtype),
            false => short(&said.join("; ")),
        };
        let fault = self.fault(last);
        match fault {
            Fault::Denied => AgentError::new(
                fault,
                NAME,
                reason,
                "set ANTHROPIC_API_KEY, or log in with `claude` (`claude setup-token` and CLAUDE_CODE_OAUTH_TOKEN on macOS), then ask again",
            ),
            Fault::Failed if self.api_error_status == Some(404) => AgentError::new(
                fault,
                NAME,
                reason,
                "name a model that you may use in agent.model, then ask again",
            ),
            Fault::Busy => usual(fault, reason).after(last.waited),
            _ => usual(fault, reason),
        }
    }

    /// What sort it is: by its own words for it first, then by the status of the API, then by the kind of
    /// error that stands in the session.
    fn fault(&self, last: &Last) -> Fault {
        match self.subtype.as_str() {
            "error_max_turns" | "error_max_budget_usd" => return Fault::Limit,
            "error_max_structured_output_retries" => return Fault::Invalid,
            _ => {}
        }
        match self.terminal_reason.as_deref() {
            Some("prompt_too_long") => return Fault::TooLong,
            Some("max_turns") => return Fault::Limit,
            Some("aborted_streaming" | "aborted_tools") => return Fault::Silent,
            _ => {}
        }
        match (self.api_error_status, last.error.as_deref()) {
            (_, Some("authentication_failed" | "billing_error" | "oauth_org_not_allowed"))
            | (Some(401..=403), _) => Fault::Denied,
            (Some(413), _) => Fault::TooLong,
            (Some(429 | 529), _) | (_, Some("rate_limit" | "overloaded")) => Fault::Busy,
            (Some(408 | 500..), _) | (_, Some("server_error")) => Fault::Unreachable,
            (_, Some("max_output_tokens")) => Fault::Cut,
            // It was answered, and what it was answered could not be read to its end.
            (None, Some("unknown")) => Fault::Cut,
            _ => Fault::Failed,
        }
    }
}

/// It ended without a word on standard output: a bad argument, or somebody interrupted it.
fn silent(code: Option<i32>, stderr: &[u8]) -> AgentError {
    let stderr = String::from_utf8_lossy(stderr);
    let said = short(stderr.trim());
    match code {
        Some(0) | None => usual(Fault::Silent, "it was ended before it answered"),
        Some(code) if code >= 128 => usual(
            Fault::Silent,
            format!("it was ended before it answered (exit code {code})"),
        ),
        // Nobody could start it: its guard, or `env` and the like in agent.command.
        Some(126 | 127) => AgentError::new(
            Fault::Unavailable,
            NAME,
            format!("it cannot be started: {said}"),
            install(),
        ),
        Some(code) => usual(
            Fault::Failed,
            format!("it ended with exit code {code}: {said}"),
        ),
    }
}

fn usual(fault: Fault, reason: impl Into<String>) -> AgentError {
    AgentError::usual(fault, NAME, reason)
}

fn short(text: &str) -> String {
    text.chars().take(REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_all_measure_add_up_to_the_largest() {
        let most = u64::MAX;
        let said = format!(
            r#"{{"type":"result","usage":{{"input_tokens":{most},"cache_read_input_tokens":{most}}}}}"#
        );
        let (_, usage) = read(Some(0), said.as_bytes(), b"", &Last::default());
        assert_eq!((usage.input_tokens, usage.cached_tokens), (most, most));
    }
}
