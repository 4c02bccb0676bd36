//! What a server's refusal means: by its HTTP status, and by the code in its body where that says more.

use std::time::Duration;

use serde_json::Value;

use super::NAME;
use crate::{AgentError, Fault, ServerApi};

/// Longest reason that is quoted, in characters.
const QUOTED_CHARS: usize = 600;

/// The failure of a call that was answered with this status, or with an error in the middle of a stream.
pub fn of(status: Option<u16>, body: &Value, wait: Option<Duration>) -> AgentError {
    let error = match &body["error"] {
        Value::Null => body,
        error => error,
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let words = text(&error["message"])
        .or_else(|| text(error))
        .or_else(|| text(&body["detail"]));
    let words: String = words
        .unwrap_or_default()
        .chars()
        .take(QUOTED_CHARS)
        .collect();
    let code = text(&error["code"])
        .or_else(|| text(&error["type"]))
        .unwrap_or_default();
    let fault = sort(status, &code, &words);
    let reason = match (status, words.trim()) {
        (Some(status), "") => format!("the server answered with status {status}"),
        (Some(status), words) => format!("the server answered with status {status}: {words}"),
        (None, "") => "the server failed in the middle of its answer".to_owned(),
        (None, words) => format!("the server failed in the middle of its answer: {words}"),
    };
    let error = match fault {
        Fault::Unavailable => AgentError::new(
            fault,
            NAME,
            reason,
            "name a model that the server has (--model), and see that its base URL ends as its API does, such as /v1",
        ),
        fault => AgentError::usual(fault, NAME, reason),
    };
    error.after(wait)
}

/// That a server does not have the API: it knows no such path, and says nothing of a model.
pub fn lacks(api: ServerApi, status: u16, body: &Value) -> Option<AgentError> {
    let says_model = body.to_string().to_lowercase().contains("model");
    if !matches!(status, 404 | 405 | 501) || says_model {
        return None;
    }
    let (has_not, repair) = match api {
        ServerApi::Chat => (
            "chat completions",
            "see that its base URL ends as its API does, such as /v1; a server that has responses alone takes `agent.api = \"responses\"`",
        ),
        ServerApi::Responses => (
            "responses",
            "leave `agent.api` out: chat completions are what every compatible server has",
        ),
    };
    let reason = format!("the server has no {has_not} at this address: status {status}");
    Some(AgentError::new(Fault::Unavailable, NAME, reason, repair))
}

fn sort(status: Option<u16>, code: &str, words: &str) -> Fault {
    let lower = words.to_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    match (status, code) {
        (_, "context_length_exceeded") => Fault::TooLong,
        (_, "insufficient_quota" | "invalid_api_key" | "billing_hard_limit_reached") => {
            Fault::Denied
        }
        (_, "model_not_found") => Fault::Unavailable,
        (_, "rate_limit_exceeded" | "rate_limit_error") => Fault::Busy,
        (Some(401..=403), _) => Fault::Denied,
        (Some(404), _) => Fault::Unavailable,
        (Some(413), _) => Fault::TooLong,
        (Some(429), _) => Fault::Busy,
        (Some(408 | 425 | 500..), _) => Fault::Unreachable,
        // Servers without codes.
        (Some(400 | 422), _)
            if says(&[
                "context length",
                "context window",
                "context size",
                "maximum context",
                "too long",
                "exceeds the available",
            ]) =>
        {
            Fault::TooLong
        }
        (None, "server_error" | "overloaded_error") => Fault::Unreachable,
        (None, _) if says(&["overloaded", "capacity"]) => Fault::Unreachable,
        _ => Fault::Failed,
    }
}

/// How long a server asks to be left alone, in its header `retry-after`.
pub fn wait(header: Option<&str>) -> Option<Duration> {
    let seconds: f64 = header?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_refusal_has_its_sort() {
        for (status, body, expected) in [
            (
                401,
                json!({"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}),
                Fault::Denied,
            ),
            (402, json!({}), Fault::Denied),
            (
                404,
                json!({"error": "model 'x' not found"}),
                Fault::Unavailable,
            ),
            (
                400,
                json!({"error": {"code": "model_not_found"}}),
                Fault::Unavailable,
            ),
            (
                429,
                json!({"error": {"code": "insufficient_quota"}}),
                Fault::Denied,
            ),
            (429, json!({"error": {"message": "slow down"}}), Fault::Busy),
            (
                400,
                json!({"error": {"code": "context_length_exceeded"}}),
                Fault::TooLong,
            ),
            (
                400,
                json!({"error": {"message": "the request exceeds the available context size"}}),
                Fault::TooLong,
            ),
            (413, json!(null), Fault::TooLong),
            (400, json!({"error": {"message": "no"}}), Fault::Failed),
            (503, json!({"detail": "starting"}), Fault::Unreachable),
        ] {
            assert_eq!(
                of(Some(status), &body, None).fault,
                expected,
                "{status} {body}"
            );
        }
        let busy = of(Some(429), &json!({}), wait(Some("7")));
        assert_eq!(busy.wait, Some(Duration::from_secs(7)));
        assert_eq!(wait(Some("Wed, 21 Oct 2026 07:28:00 GMT")), None);
    }
}
