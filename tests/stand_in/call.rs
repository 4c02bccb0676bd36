//! One call of a model, in one form for all APIs.

use serde_json::Value;

use super::cache::Accounted;

/// Which API a call came in by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Anthropic Messages, `/v1/messages`.
    Anthropic,
    /// OpenAI Responses, `/v1/responses`.
    Responses,
    /// OpenAI Chat Completions, `/v1/chat/completions`.
    Chat,
    /// Gemini, `/v1beta/models/MODEL:generateContent` and `:streamGenerateContent`.
    Gemini,
}

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Instructions among the messages.
    System,
    /// The person, or the agent in its place.
    User,
    /// The model. A call of a tool reads `name {json}`.
    Assistant,
    /// The result of a tool.
    Tool,
}

/// A request that asked the model for something.
#[derive(Clone, Debug)]
pub struct Call {
    /// Counted from 0 in the order of arrival.
    pub number: usize,
    /// The API it came in by.
    pub api: Api,
    /// The model's name.
    pub model: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The request as it was sent.
    pub body: Value,
    /// The system prompt.
    pub system: String,
    /// The conversation as text, with the calls of tools and their results.
    pub messages: Vec<(Role, String)>,
    /// Names of the tools offered.
    pub tools: Vec<String>,
    /// The request's content in the order in which the provider caches it: tools, system prompt, messages.
    pub blocks: Vec<String>,
    /// What the provider would charge; nothing for a call that failed.
    pub usage: Accounted,
}

/// What agents put among the user's words.
const ADDED: [&str; 5] = [
    "system-reminder",
    "environment_context",
    "user_instructions",
    "session_context",
    "permissions instructions",
];

impl Call {
    /// What the user said last, however many tools ran since, without what the agent adds in tags of its own.
    pub fn last_user(&self) -> String {
        let mut said: Vec<String> = Vec::new();
        for (role, text) in self.messages.iter().rev() {
            match role {
                Role::User => {
                    let text = without_added(text);
                    if !text.is_empty() {
                        said.push(text);
                    }
                }
                Role::Assistant if !said.is_empty() => break,
                _ => {}
            }
        }
        said.reverse();
        said.join("\n")
    }

    /// The result of the tool that the model called last, when nothing came after it.
    pub fn tool_result(&self) -> Option<&str> {
        match self.messages.iter().rev().find(|(role, text)| match role {
            Role::User => !without_added(text).is_empty(),
            Role::System => false,
            _ => true,
        }) {
            Some((Role::Tool, text)) => Some(text),
            _ => None,
        }
    }

    /// A header's value; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The text without `<tag>…</tag>` of the tags in `ADDED`.
fn without_added(text: &str) -> String {
    let mut left = text.to_owned();
    for tag in ADDED {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        while let Some(start) = left.find(&open) {
            let Some(length) = left[start..].find(&close) else {
                break;
            };
            left.replace_range(start..start + length + close.len(), "");
        }
    }
    left.trim().to_owned()
}
