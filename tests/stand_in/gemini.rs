//! Gemini: <https://ai.google.dev/api/generate-content>.

use serde_json::{Value, json};

use super::cache::Block;
use super::call::{Call, Role};
use super::shape::{Asked, Said, Shape, content, event, list, say, text};

pub struct Gemini;

impl Shape for Gemini {
    fn read(&self, path: &str, _query: &str, body: &Value) -> Asked {
        let name = path.rsplit('/').next().unwrap_or_default();
        let (model, verb) = name.split_once(':').unwrap_or((name, ""));
        let mut asked = Asked {
            model: model.to_owned(),
            stream: verb == "streamGenerateContent",
            system: content(&body["systemInstruction"]["parts"]),
            ..Asked::default()
        };
        let mut add = |text: String| asked.blocks.push(Block::plain(text));
        for tool in list(&body["tools"]) {
            for function in list(&tool["functionDeclarations"]) {
                asked.tools.push(text(&function["name"]));
                add(format!("tool {function}"));
            }
        }
        add(format!("system {}", body["systemInstruction"]));
        for message in list(&body["contents"]) {
            let who = text(&message["role"]);
            for part in list(&message["parts"]) {
                add(format!("{who} {part}"));
                let (role, said) = read_part(&who, part);
                say(&mut asked.messages, role, said);
            }
        }
        asked
    }

    fn open(&self, _call: &Call) -> String {
        String::new()
    }

    fn piece(&self, call: &Call, text: &str) -> String {
        event(&response(call, &json!({ "text": text }), false))
    }

    fn close(&self, call: &Call, _text: &str) -> String {
        event(&response(call, &json!({ "text": "" }), true))
    }

    fn tool(&self, call: &Call, name: &str, input: &Value) -> String {
        event(&response(call, &function_call(name, input), true))
    }

    fn plain(&self, call: &Call, said: &Said) -> Value {
        match said {
            Said::Text(text) => response(call, &json!({ "text": text }), true),
            Said::Tool(name, input) => response(call, &function_call(name, input), true),
        }
    }

    fn error(&self, code: u16, message: &str) -> Value {
        let status = match code {
            400 => "INVALID_ARGUMENT",
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            429 => "RESOURCE_EXHAUSTED",
            503 => "UNAVAILABLE",
            _ => "INTERNAL",
        };
        json!({ "error": { "code": code, "message": message, "status": status } })
    }
}

fn function_call(name: &str, input: &Value) -> Value {
    json!({ "functionCall": { "name": name, "args": input } })
}

fn read_part(who: &str, part: &Value) -> (Role, String) {
    if let Some(call) = part.get("functionCall") {
        let called = format!("{} {}", text(&call["name"]), call["args"]);
        return (Role::Assistant, called);
    }
    if let Some(result) = part.get("functionResponse") {
        let response = &result["response"];
        let said = response["output"]
            .as_str()
            .map_or_else(|| response.to_string(), str::to_owned);
        return (Role::Tool, said);
    }
    let role = if who == "model" {
        Role::Assistant
    } else {
        Role::User
    };
    (role, text(&part["text"]))
}

fn response(call: &Call, part: &Value, last: bool) -> Value {
    let used = call.usage;
    let mut candidate = json!({ "index": 0, "content": { "role": "model", "parts": [part] } });
    let mut response =
        json!({ "modelVersion": call.model, "responseId": format!("stand-in-{}", call.number) });
    if last {
        candidate["finishReason"] = json!("STOP");
        response["usageMetadata"] = json!({
            "promptTokenCount": used.input,
            "cachedContentTokenCount": used.cached,
            "candidatesTokenCount": used.output,
            "totalTokenCount": used.input + used.output,
        });
    }
    response["candidates"] = json!([candidate]);
    response
}
