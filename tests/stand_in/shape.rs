//! What differs from API to API: how a request reads, and how an answer looks on the wire.

use serde_json::Value;

use super::cache::Block;
use super::call::{Api, Call, Role};

/// A request, read.
#[derive(Default)]
pub struct Asked {
    pub model: String,
    pub stream: bool,
    pub system: String,
    pub messages: Vec<(Role, String)>,
    pub tools: Vec<String>,
    pub blocks: Vec<Block>,
}

/// What the model says in a whole answer.
pub enum Said<'a> {
    Text(&'a str),
    Tool(&'a str, &'a Value),
}

/// One API on the wire. The functions of a stream give server-sent events.
pub trait Shape: Sync {
    /// Reads a request.
    fn read(&self, path: &str, query: &str, body: &Value) -> Asked;
    /// The stream up to the first text.
    fn open(&self, call: &Call) -> String;
    /// One piece of text.
    fn piece(&self, call: &Call, text: &str) -> String;
    /// The stream's end, after all of this text.
    fn close(&self, call: &Call, text: &str) -> String;
    /// A whole stream that calls a tool.
    fn tool(&self, call: &Call, name: &str, input: &Value) -> String;
    /// The answer without a stream.
    fn plain(&self, call: &Call, said: &Said) -> Value;
    /// The body of an error.
    fn error(&self, code: u16, message: &str) -> Value;
}

impl Api {
    /// Its form on the wire.
    pub fn shape(self) -> &'static dyn Shape {
        match self {
            Self::Anthropic => &super::anthropic::Anthropic,
            Self::Responses => &super::responses::Responses,
            Self::Chat => &super::chat::Chat,
            Self::Gemini => &super::gemini::Gemini,
        }
    }
}

/// A server-sent event.
pub fn event(data: &Value) -> String {
    match data["type"].as_str() {
        Some(name) => format!("event: {name}\ndata: {data}\n\n"),
        None => format!("data: {data}\n\n"),
    }
}

/// Several server-sent events.
pub fn events(data: &[Value]) -> String {
    data.iter().map(event).collect()
}

/// The text of a field, "" where there is none.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The elements of an array, none where it is none.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The value without these fields, at its top.
pub fn without(value: &Value, fields: &[&str]) -> Value {
    let mut value = value.clone();
    if let Some(object) = value.as_object_mut() {
        object.retain(|name, _| !fields.contains(&name.as_str()));
    }
    value
}

/// Text of content that is either text or a list of parts with a field `text`.
pub fn content(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts: Vec<_> = parts
                .iter()
                .filter_map(|part| part["text"].as_str())
                .collect();
            texts.join("\n")
        }
        _ => String::new(),
    }
}

/// Adds a block of a conversation; nothing for empty text.
pub fn say(messages: &mut Vec<(Role, String)>, role: Role, text: String) {
    if !text.is_empty() {
        messages.push((role, text));
    }
}
