//! OpenAI Chat Completions: <https://platform.openai.com/docs/api-reference/chat>.

use serde_json::{Value, json};

use super::cache::Block;
use super::call::{Call, Role};
use super::responses::openai_error;
use super::shape::{Asked, Said, Shape, content, event, list, say, text};

pub struct Chat;

impl Shape for Chat {
    fn read(&self, _path: &str, _query: &str, body: &Value) -> Asked {
        let mut asked = Asked {
            model: text(&body["model"]),
            stream: body["stream"] == json!(true),
            ..Asked::default()
        };
        let mut add = |text: String| asked.blocks.push(Block::plain(text));
        if !body["response_format"].is_null() {
            add(format!("format {}", body["response_format"]));
        }
        for tool in list(&body["tools"]) {
            asked.tools.push(text(&tool["function"]["name"]));
            add(format!("tool {tool}"));
        }
        let mut system = Vec::new();
        for message in list(&body["messages"]) {
            add(format!("message {message}"));
            let said = content(&message["content"]);
            match message["role"].as_str() {
                Some("system" | "developer") => system.push(said),
                Some("assistant") => {
                    say(&mut asked.messages, Role::Assistant, said);
                    for tool in list(&message["tool_calls"]) {
                        let function = &tool["function"];
                        let called = format!(
                            "{} {}",
                            text(&function["name"]),
                            text(&function["arguments"])
                        );
                        say(&mut asked.messages, Role::Assistant, called);
                    }
                }
                Some("tool") => say(&mut asked.messages, Role::Tool, said),
                _ => say(&mut asked.messages, Role::User, said),
            }
        }
        asked.system = system.join("\n");
        asked
    }

    fn open(&self, call: &Call) -> String {
        chunk(
            call,
            &json!({ "role": "assistant", "content": "" }),
            &Value::Null,
        )
    }

    fn piece(&self, call: &Call, text: &str) -> String {
        chunk(call, &json!({ "content": text }), &Value::Null)
    }

    fn close(&self, call: &Call, _text: &str) -> String {
        chunk(call, &json!({}), &json!("stop")) + &end(call)
    }

    fn tool(&self, call: &Call, name: &str, input: &Value) -> String {
        let mut called = tool_call(call, name, input);
        called["index"] = json!(0);
        let delta = json!({ "role": "assistant", "content": null, "tool_calls": [called] });
        chunk(call, &delta, &Value::Null)
            + &chunk(call, &json!({}), &json!("tool_calls"))
            + &end(call)
    }

    fn plain(&self, call: &Call, said: &Said) -> Value {
        let (message, reason) = match said {
            Said::Text(text) => (json!({ "role": "assistant", "content": text }), "stop"),
            Said::Tool(name, input) => {
                let called = tool_call(call, name, input);
                (
                    json!({ "role": "assistant", "content": null, "tool_calls": [called] }),
                    "tool_calls",
                )
            }
        };
        json!({
            "id": id(call), "object": "chat.completion", "created": 1_700_000_000, "model": call.model,
            "choices": [{ "index": 0, "message": message, "finish_reason": reason }], "usage": usage(call),
        })
    }

    fn error(&self, code: u16, message: &str) -> Value {
        openai_error(code, message)
    }
}

fn id(call: &Call) -> String {
    format!("chatcmpl-{:06}", call.number)
}

fn tool_call(call: &Call, name: &str, input: &Value) -> Value {
    json!({
        "id": format!("call_{:06}", call.number), "type": "function",
        "function": { "name": name, "arguments": input.to_string() },
    })
}

fn chunk(call: &Call, delta: &Value, finish: &Value) -> String {
    event(&json!({
        "id": id(call), "object": "chat.completion.chunk", "created": 1_700_000_000, "model": call.model,
        "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }],
    }))
}

/// The usage, where it was asked for, and the end mark.
fn end(call: &Call) -> String {
    let mut end = String::new();
    if call.body["stream_options"]["include_usage"] == json!(true) {
        end = event(&json!({
            "id": id(call), "object": "chat.completion.chunk", "created": 1_700_000_000, "model": call.model,
            "choices": [], "usage": usage(call),
        }));
    }
    end + "data: [DONE]\n\n"
}

fn usage(call: &Call) -> Value {
    let used = call.usage;
    json!({
        "prompt_tokens": used.input,
        "prompt_tokens_details": { "cached_tokens": used.cached },
        "completion_tokens": used.output,
        "total_tokens": used.input + used.output,
    })
}
