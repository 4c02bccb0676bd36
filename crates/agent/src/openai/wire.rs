//! Replies on the wire, streamed or whole, and chat completions among them:
//! <https://platform.openai.com/docs/api-reference/chat>, as OpenAI and the servers compatible with it speak it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{NAME, responses};
use crate::prompt::ANSWER_BYTES;
use crate::{AgentError, Fault, ServerApi, Usage};

/// Most bytes of one reply that are read: events weigh far more than the words in them.
pub const REPLY_BYTES: usize = 64 << 20;

/// What the model said in one call.
#[derive(Debug, Default)]
pub struct ModelReply {
    /// Its words.
    pub content: String,
    /// Tools that it calls, in its order.
    pub tools: Vec<CalledTool>,
    /// Why it ended; none where it did not.
    pub finish: Option<String>,
    /// Tokens, as the server counts them.
    pub usage: ReportedUsage,
    /// The items that it consists of; of responses.
    pub items: Vec<Value>,
    /// The error in its place.
    pub failure: Option<Value>,
    api: ServerApi,
    by_index: BTreeMap<u64, CalledTool>,
    /// Bytes of an event that has not ended.
    rest: Vec<u8>,
    done: bool,
}

/// A tool that the model calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalledTool {
    /// The model's own name of this call.
    pub id: String,
    /// The tool.
    pub name: String,
    /// Its arguments, as JSON text.
    pub arguments: String,
}

/// Tokens, as a server counts them; what it does not say is 0.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct ReportedUsage {
    /// All that were sent.
    pub prompt_tokens: u64,
    /// All that were received.
    pub completion_tokens: u64,
    /// Of those sent, what was in its cache.
    pub prompt_tokens_details: Option<CachedTokens>,
}

/// See [`ReportedUsage`].
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct CachedTokens {
    /// Tokens that were in its cache.
    pub cached_tokens: u64,
}

impl From<ReportedUsage> for Usage {
    fn from(told: ReportedUsage) -> Self {
        let cached = told.prompt_tokens_details.unwrap_or_default().cached_tokens;
        Self {
            input_tokens: told.prompt_tokens,
            cached_tokens: cached.min(told.prompt_tokens),
            output_tokens: told.completion_tokens,
            cost_usd: 0.0,
        }
    }
}

impl ModelReply {
    /// One of which nothing has come.
    #[must_use]
    pub fn new(api: ServerApi) -> Self {
        Self {
            api,
            ..Self::default()
        }
    }

    /// Takes in bytes of a stream of server-sent events.
    ///
    /// # Errors
    /// When too much is said.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), AgentError> {
        self.rest.extend_from_slice(bytes);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            self.line(String::from_utf8_lossy(&line).trim_end());
        }
        let said = self.content.len() + self.rest.len();
        let called = self.by_index.values().map(|tool| tool.arguments.len());
        let called: usize = called.sum();
        match said + called > 2 * ANSWER_BYTES {
            true => {
                let reason = format!("it said more than {ANSWER_BYTES} bytes");
                Err(AgentError::usual(Fault::Invalid, NAME, reason))
            }
            false => Ok(()),
        }
    }

    fn line(&mut self, line: &str) {
        // Comments keep connections open; other fields say nothing here.
        let Some(data) = line.strip_prefix("data:").map(str::trim) else {
            return;
        };
        if data == "[DONE]" {
            self.done = true;
        } else if let Ok(event) = serde_json::from_str::<Value>(data) {
            match self.api {
                ServerApi::Chat => self.event(&event),
                ServerApi::Responses => responses::event(self, &event),
            }
        }
    }

    fn event(&mut self, event: &Value) {
        if !event["error"].is_null() {
            self.failure = Some(event.clone());
        }
        if let Ok(usage) = Deserialize::deserialize(&event["usage"]) {
            self.usage = usage;
        }
        let choice = &event["choices"][0];
        let delta = match &choice["delta"] {
            Value::Null => &choice["message"],
            delta => delta,
        };
        if let Some(text) = delta["content"].as_str() {
            self.content.push_str(text);
        }
        for (at, part) in delta["tool_calls"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let index = part["index"].as_u64().unwrap_or(at as u64);
            let tool = self.by_index.entry(index).or_default();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            if tool.id.is_empty() {
                tool.id = text(&part["id"]);
            }
            tool.name.push_str(&text(&part["function"]["name"]));
            match &part["function"]["arguments"] {
                Value::String(text) => tool.arguments.push_str(text),
                Value::Null => {}
                // Some servers do not write it as text.
                other => tool.arguments.push_str(&other.to_string()),
            }
        }
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.finish = Some(reason.to_owned());
        }
    }

    /// Takes in a reply that came whole.
    ///
    /// # Errors
    /// When it is none.
    pub fn whole(api: ServerApi, bytes: &[u8]) -> Result<Self, AgentError> {
        let reply: Value = serde_json::from_slice(bytes).map_err(|error| {
            let text = String::from_utf8_lossy(bytes);
            let begin: String = text.trim().chars().take(60).collect();
            let reason =
                format!("what the server said is no reply ({error}): it begins with {begin:?}");
            AgentError::new(
                Fault::Invalid,
                NAME,
                reason,
                "see that its base URL is that of an API, such as http://localhost:11434/v1",
            )
        })?;
        let mut told = Self::new(api);
        match api {
            ServerApi::Chat => told.event(&reply),
            ServerApi::Responses => responses::whole(&mut told, &reply),
        }
        Ok(told)
    }

    /// The reply after its last byte.
    ///
    /// # Errors
    /// When it broke off, or is an error.
    pub fn ended(mut self) -> Result<Self, AgentError> {
        if let Some(failure) = &self.failure {
            return Err(super::fault::of(None, failure, None));
        }
        let rest = std::mem::take(&mut self.rest);
        self.line(String::from_utf8_lossy(&rest).trim_end());
        match self.api {
            ServerApi::Chat => {
                self.tools = std::mem::take(&mut self.by_index).into_values().collect();
            }
            ServerApi::Responses => responses::ended(&mut self),
        }
        let broke = |words: &str| Err(AgentError::usual(Fault::Cut, NAME, words));
        match self.finish.as_deref() {
            Some("length") => Err(AgentError::new(
                Fault::Limit,
                NAME,
                "the model reached the most that it may say, in the middle of its answer",
                "let its server allow more tokens for an answer",
            )),
            Some("content_filter") => {
                let reason = "the server's filter took the answer away";
                Err(AgentError::usual(Fault::Failed, NAME, reason))
            }
            Some(_) => Ok(self),
            // Some servers end with the mark alone.
            None if self.done && !(self.content.is_empty() && self.tools.is_empty()) => Ok(self),
            None if self.content.is_empty() && self.tools.is_empty() => {
                broke("the reply ended before its first word")
            }
            None => broke("the reply broke off in the middle"),
        }
    }

    /// It as messages of the conversation.
    pub fn messages(&self) -> Vec<Value> {
        match self.api {
            ServerApi::Chat => vec![self.message()],
            ServerApi::Responses => responses::messages(self),
        }
    }

    fn message(&self) -> Value {
        if self.tools.is_empty() {
            return json!({ "role": "assistant", "content": self.content });
        }
        let call = |tool: &CalledTool| {
            json!({
                "id": tool.id, "type": "function",
                "function": { "name": tool.name, "arguments": tool.arguments },
            })
        };
        let calls: Vec<Value> = self.tools.iter().map(call).collect();
        let content = match self.content.is_empty() {
            true => Value::Null,
            false => json!(self.content),
        };
        json!({ "role": "assistant", "content": content, "tool_calls": calls })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_in_any_pieces_is_one_reply() {
        let stream = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"{\\\"ä\\\"\"}}]}\n\n: still here\n\ndata: {\"choices\":[{\"delta\":{\"content\":\":1}\"},\"finish_reason\":\"stop\"}]}\r\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":5}}}\n\ndata: [DONE]\n\n";
        for size in [1, 2, 3, 7, stream.len()] {
            let mut reply = ModelReply::default();
            for piece in stream.as_bytes().chunks(size) {
                reply.take(piece).unwrap();
            }
            let reply = reply.ended().unwrap();
            assert_eq!(reply.content, "{\"ä\":1}");
            let usage = Usage::from(reply.usage);
            assert_eq!(
                (usage.input_tokens, usage.cached_tokens, usage.output_tokens),
                (7, 5, 2)
            );
        }
    }

    #[test]
    fn calls_of_tools_are_put_together_by_their_index() {
        let mut reply = ModelReply::default();
        for delta in [
            r#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"lookup","arguments":"{\"query\""}}]}"#,
            r#"{"tool_calls":[{"index":1,"id":"b","function":{"name":"read","arguments":{"path":"x"}}}]}"#,
            r#"{"tool_calls":[{"index":0,"function":{"arguments":":\"greet\"}"}}]}"#,
        ] {
            let event = format!("data: {{\"choices\":[{{\"delta\":{delta}}}]}}\n");
            reply.take(event.as_bytes()).unwrap();
        }
        reply
            .take(b"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n")
            .unwrap();
        let reply = reply.ended().unwrap();
        assert_eq!(reply.tools[0].arguments, r#"{"query":"greet"}"#);
        assert_eq!(
            (
                reply.tools[1].name.as_str(),
                reply.tools[1].arguments.as_str()
            ),
            ("read", r#"{"path":"x"}"#)
        );
        assert_eq!(reply.message()["tool_calls"][1]["id"], "b");
    }

    #[test]
    fn what_breaks_off_is_no_reply() {
        let half = b"data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"a\\\"\"}}]}\n";
        let mut reply = ModelReply::default();
        reply.take(half).unwrap();
        assert_eq!(reply.ended().unwrap_err().fault, Fault::Cut);
        assert_eq!(ModelReply::default().ended().unwrap_err().fault, Fault::Cut);
        let mut long = ModelReply::default();
        long.take(
            b"data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"length\"}]}\n",
        )
        .unwrap();
        assert_eq!(long.ended().unwrap_err().fault, Fault::Limit);
        let mut failed = ModelReply::default();
        failed
            .take(b"data: {\"error\":{\"message\":\"overloaded\"}}\n")
            .unwrap();
        assert!(
            failed
                .ended()
                .unwrap_err()
                .to_string()
                .contains("overloaded")
        );
        let endless = vec![b'x'; 3 * ANSWER_BYTES];
        assert_eq!(
            ModelReply::default().take(&endless).unwrap_err().fault,
            Fault::Invalid
        );
    }
}
