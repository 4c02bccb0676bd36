//! Anthropic Messages: <https://docs.claude.com/en/api/messages>.

use serde_json::{Value, json};

use super::cache::Block;
use super::call::{Call, Role};
use super::shape::{Asked, Said, Shape, content, event, events, list, say, text, without};

pub struct Anthropic;

/// Claude Code's first line of the system prompt, which differs from call to call and is no part of the prompt.
const BILLING: &str = "x-anthropic-billing-header:";

impl Shape for Anthropic {
    fn read(&self, _path: &str, _query: &str, body: &Value) -> Asked {
        let mut asked = Asked {
            model: text(&body["model"]),
            stream: body["stream"] == json!(true),
            ..Asked::default()
        };
        for tool in list(&body["tools"]) {
            asked.tools.push(text(&tool["name"]));
            asked.blocks.push(block("tool", tool));
        }
        let mut system = Vec::new();
        for part in parts(&body["system"]) {
            let said = text(&part["text"]);
            if !said.starts_with(BILLING) {
                system.push(said);
                asked.blocks.push(block("system", &part));
            }
        }
        asked.system = system.join("\n");
        // Changing one of these keeps tools and system prompt cached, and not the messages.
        let mut salt = json!([
            body["tool_choice"],
            body["thinking"],
            body["output_config"]["format"]
        ])
        .to_string();
        for message in list(&body["messages"]) {
            let who = text(&message["role"]);
            for part in parts(&message["content"]) {
                let (role, said) = read_part(&who, &part);
                say(&mut asked.messages, role, said);
                asked.blocks.push(Block {
                    salt: std::mem::take(&mut salt),
                    ..block(&who, &part)
                });
            }
        }
        asked
    }

    fn open(&self, call: &Call) -> String {
        let mut message = message(call, &json!([]), &Value::Null);
        message["usage"]["output_tokens"] = json!(1);
        events(&[
            json!({ "type": "message_start", "message": message }),
            json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
        ])
    }

    fn piece(&self, _call: &Call, text: &str) -> String {
        event(
            &json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": text } }),
        )
    }

    fn close(&self, call: &Call, _text: &str) -> String {
        end(call, "end_turn")
    }

    fn tool(&self, call: &Call, name: &str, input: &Value) -> String {
        let mut message = message(call, &json!([]), &Value::Null);
        message["usage"]["output_tokens"] = json!(1);
        let mut block = tool_use(call, name, input);
        block["input"] = json!({});
        let input = json!({ "type": "input_json_delta", "partial_json": input.to_string() });
        let start = events(&[
            json!({ "type": "message_start", "message": message }),
            json!({ "type": "content_block_start", "index": 0, "content_block": block }),
            json!({ "type": "content_block_delta", "index": 0, "delta": input }),
        ]);
        start + &end(call, "tool_use")
    }

    fn plain(&self, call: &Call, said: &Said) -> Value {
        match said {
            Said::Text(text) => message(
                call,
                &json!([{ "type": "text", "text": text }]),
                &json!("end_turn"),
            ),
            Said::Tool(name, input) => message(
                call,
                &json!([tool_use(call, name, input)]),
                &json!("tool_use"),
            ),
        }
    }

    fn error(&self, code: u16, message: &str) -> Value {
        let kind = match code {
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            529 => "overloaded_error",
            500.. => "api_error",
            _ => "invalid_request_error",
        };
        json!({ "type": "error", "error": { "type": kind, "message": message }, "request_id": "req_stand_in" })
    }
}

/// Content as a list of parts.
fn parts(content: &Value) -> Vec<Value> {
    match content {
        Value::String(text) => vec![json!({ "type": "text", "text": text })],
        _ => list(content).to_vec(),
    }
}

fn read_part(who: &str, part: &Value) -> (Role, String) {
    let role = match who {
        "assistant" => Role::Assistant,
        "system" => Role::System,
        _ => Role::User,
    };
    match part["type"].as_str() {
        Some("tool_use") => (role, format!("{} {}", text(&part["name"]), part["input"])),
        Some("tool_result") => (Role::Tool, content(&part["content"])),
        _ => (role, text(&part["text"])),
    }
}

fn block(kind: &str, part: &Value) -> Block {
    Block {
        text: format!("{kind} {}", without(part, &["cache_control"])),
        mark: !part["cache_control"].is_null(),
        salt: String::new(),
    }
}

fn tool_use(call: &Call, name: &str, input: &Value) -> Value {
    json!({ "type": "tool_use", "id": format!("toolu_{:06}", call.number), "name": name, "input": input })
}

fn message(call: &Call, content: &Value, stop: &Value) -> Value {
    json!({
        "id": format!("msg_{:06}", call.number), "type": "message", "role": "assistant", "model": call.model,
        "content": content, "stop_reason": stop, "stop_sequence": null, "usage": usage(call),
    })
}

/// `input_tokens` are those that are neither read from the cache nor written into it.
fn usage(call: &Call) -> Value {
    let used = call.usage;
    let long = call.body.to_string().contains(r#""ttl":"1h""#);
    json!({
        "input_tokens": used.input.saturating_sub(used.cached + used.written),
        "cache_read_input_tokens": used.cached,
        "cache_creation_input_tokens": used.written,
        "cache_creation": {
            "ephemeral_5m_input_tokens": if long { 0 } else { used.written },
            "ephemeral_1h_input_tokens": if long { used.written } else { 0 },
        },
        "output_tokens": used.output,
        "service_tier": "standard",
    })
}

fn end(call: &Call, reason: &str) -> String {
    events(&[
        json!({ "type": "content_block_stop", "index": 0 }),
        json!({
            "type": "message_delta",
            "delta": { "stop_reason": reason, "stop_sequence": null },
            "usage": { "output_tokens": call.usage.output },
        }),
        json!({ "type": "message_stop" }),
    ])
}
