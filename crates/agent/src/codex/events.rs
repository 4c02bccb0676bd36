//! What Codex says on standard output: one event a line.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Usage;

/// What a thread has cost, all its turns and those of its ancestors together.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Total {
    input_tokens: u64,
    cached_input_tokens: u64,
    output_tokens: u64,
}

impl Total {
    /// What was added since.
    pub fn since(self, before: Self) -> Usage {
        Usage {
            input_tokens: self.input_tokens.saturating_sub(before.input_tokens),
            cached_tokens: self
                .cached_input_tokens
                .saturating_sub(before.cached_input_tokens),
            output_tokens: self.output_tokens.saturating_sub(before.output_tokens),
            cost_usd: 0.0,
        }
    }
}

/// The events of one turn.
#[derive(Debug, Default, PartialEq)]
pub struct TurnEvents {
    /// The thread that it is in.
    pub thread: Option<String>,
    /// The turn began.
    pub began: bool,
    /// The turn was completed.
    pub completed: bool,
    /// The last message of the model.
    pub answer: Option<String>,
    /// The total after the turn.
    pub total: Option<Total>,
    /// Why the turn failed.
    pub failure: Option<String>,
    /// The last trouble on the way, which it may have got over.
    pub error: Option<String>,
    /// The beginning of a line that is no event.
    pub stranger: Option<String>,
}

impl TurnEvents {
    /// Reads events. One that is not known is skipped; a line that is none is remembered.
    pub fn read(stdout: &[u8]) -> Self {
        let mut told = Self::default();
        for line in String::from_utf8_lossy(stdout).lines() {
            if line.trim().is_empty() {
                continue;
            }
            match serde_json::from_str::<Value>(line) {
                Ok(event) if event["type"].is_string() => told.hear(&event),
                _ => told.stranger = Some(line.chars().take(60).collect()),
            }
        }
        told
    }

    fn hear(&mut self, event: &Value) {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        match event["type"].as_str().unwrap_or_default() {
            "thread.started" => self.thread = text(&event["thread_id"]),
            "turn.started" => self.began = true,
            "item.completed" if event["item"]["type"] == "agent_message" => {
                self.answer = text(&event["item"]["text"]);
            }
            "turn.completed" => {
                self.completed = true;
                self.total = Total::deserialize(&event["usage"]).ok();
            }
            "turn.failed" => {
                let message = text(&event["error"]["message"]);
                self.failure = Some(message.unwrap_or_else(|| event["error"].to_string()));
            }
            "error" => self.error = text(&event["message"]),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_message_of_a_completed_turn_is_the_answer() {
        let told = TurnEvents::read(
            br#"{"type":"thread.started","thread_id":"t"}
{"type":"turn.started"}
{"type":"item.completed","item":{"type":"error","message":"a warning"}}
{"type":"item.completed","item":{"type":"agent_message","text":"I look."}}
{"type":"something.new"}
{"type":"item.completed","item":{"type":"agent_message","text":"{}"}}
{"type":"turn.completed","usage":{"input_tokens":5,"cached_input_tokens":3,"output_tokens":1}}
"#,
        );
        assert_eq!(told.thread.as_deref(), Some("t"));
        assert_eq!(told.answer.as_deref(), Some("{}"));
        assert!(told.completed && told.failure.is_none() && told.stranger.is_none());
        let before = Total {
            input_tokens: 4,
            cached_input_tokens: 3,
            output_tokens: 0,
        };
        let usage = told.total.unwrap().since(before);
        assert_eq!(
            (usage.input_tokens, usage.cached_tokens, usage.output_tokens),
            (1, 0, 1)
        );
    }

    #[test]
    fn a_line_that_is_no_event_is_not_passed_over() {
        let told = TurnEvents::read(b"{\"type\":\"turn.started\"}\nWelcome to the proxy\n");
        assert_eq!(told.stranger.as_deref(), Some("Welcome to the proxy"));
        assert!(TurnEvents::read(b"{}").stranger.is_some());
    }
}
