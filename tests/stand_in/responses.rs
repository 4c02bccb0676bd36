//! OpenAI Responses: <https://platform.openai.com/docs/api-reference/responses>.

use serde_json::{Value, json};

use super::cache::Block;
use super::call::{Call, Role};
use super::shape::{Asked, Said, Shape, content, events, list, say, text, without};

pub struct Responses;

impl Shape for Responses {
    fn read(&self, _path: &str, _query: &str, body: &Value) -> Asked {
        let mut asked = Asked {
            model: text(&body["model"]),
            stream: body["stream"] == json!(true),
            system: text(&body["instructions"]),
            ..Asked::default()
        };
        let mut add = |text: String| asked.blocks.push(Block::plain(text));
        // The schema of an answer stands before everything else.
        if !body["text"]["format"].is_null() {
            add(format!("format {}", body["text"]["format"]));
        }
        for tool in list(&body["tools"]) {
            add(format!("tool {tool}"));
        }
        asked.tools = offered(body).flat_map(names).collect();
        add(format!("system {}", asked.system));
        match &body["input"] {
            Value::String(said) => {
                add(format!("input {said}"));
                say(&mut asked.messages, Role::User, said.clone());
            }
            input => {
                for item in list(input) {
                    add(format!("input {}", without(item, &["id", "status"])));
                    let (role, said) = read_item(item);
                    say(&mut asked.messages, role, said);
                }
            }
        }
        asked
    }

    fn open(&self, call: &Call) -> String {
        events(&[
            json!({ "type": "response.created", "response": response(call, "in_progress", &json!([])) }),
            json!({ "type": "response.in_progress", "response": response(call, "in_progress", &json!([])) }),
            json!({ "type": "response.output_item.added", "output_index": 0, "item": said(call, "in_progress", None) }),
            json!({
                "type": "response.content_part.added", "item_id": item_id(call), "output_index": 0,
                "content_index": 0, "part": { "type": "output_text", "text": "", "annotations": [] },
            }),
        ])
    }

    fn piece(&self, call: &Call, text: &str) -> String {
        events(&[json!({
            "type": "response.output_text.delta", "item_id": item_id(call), "output_index": 0, "content_index": 0,
            "delta": text,
        })])
    }

    fn close(&self, call: &Call, text: &str) -> String {
        let item = said(call, "completed", Some(text));
        events(&[
            json!({
                "type": "response.output_text.done", "item_id": item_id(call), "output_index": 0, "content_index": 0,
                "text": text,
            }),
            json!({
                "type": "response.content_part.done", "item_id": item_id(call), "output_index": 0, "content_index": 0,
                "part": item["content"][0],
            }),
            json!({ "type": "response.output_item.done", "output_index": 0, "item": item }),
            json!({ "type": "response.completed", "response": response(call, "completed", &json!([item])) }),
        ])
    }

    fn tool(&self, call: &Call, name: &str, input: &Value) -> String {
        let item = called(call, name, input);
        let empty = match item["type"].as_str() {
            Some("custom_tool_call") => "input",
            _ => "arguments",
        };
        let mut added = item.clone();
        added[empty] = json!("");
        added["status"] = json!("in_progress");
        let mut all = vec![
            json!({ "type": "response.created", "response": response(call, "in_progress", &json!([])) }),
        ];
        let mut output = Vec::new();
        if let Some(thought) = thought(call) {
            all.push(
                json!({ "type": "response.output_item.done", "output_index": 0, "item": thought }),
            );
            output.push(thought);
        }
        let at = output.len();
        output.push(item.clone());
        all.extend([
            json!({ "type": "response.output_item.added", "output_index": at, "item": added }),
            json!({ "type": "response.output_item.done", "output_index": at, "item": item }),
            json!({ "type": "response.completed", "response": response(call, "completed", &json!(output)) }),
        ]);
        events(&all)
    }

    fn plain(&self, call: &Call, what: &Said) -> Value {
        let item = match what {
            Said::Text(text) => said(call, "completed", Some(text)),
            Said::Tool(name, input) => called(call, name, input),
        };
        response(call, "completed", &json!([item]))
    }

    fn error(&self, code: u16, message: &str) -> Value {
        openai_error(code, message)
    }
}

/// What the model thought before it called a tool, sealed; where that was asked for, and nothing is stored.
fn thought(call: &Call) -> Option<Value> {
    let sealed = json!("reasoning.encrypted_content");
    let wanted =
        call.body["store"] == json!(false) && list(&call.body["include"]).contains(&sealed);
    wanted.then(|| {
        json!({
            "type": "reasoning", "id": format!("rs_{:06}", call.number), "summary": [],
            "encrypted_content": format!("sealed before call {}", call.number),
        })
    })
}

/// The error shape of all of OpenAI's APIs.
pub fn openai_error(code: u16, message: &str) -> Value {
    let (kind, name) = match code {
        400 if message.contains("too long") || message.contains("context") => {
            ("invalid_request_error", json!("context_length_exceeded"))
        }
        401 => ("invalid_request_error", json!("invalid_api_key")),
        429 => ("requests", json!("rate_limit_exceeded")),
        500.. => ("server_error", Value::Null),
        _ => ("invalid_request_error", Value::Null),
    };
    json!({ "error": { "message": message, "type": kind, "param": null, "code": name } })
}

/// The tools; newer models have theirs in the first item of the input.
fn offered(body: &Value) -> impl Iterator<Item = &Value> {
    let items = list(&body["input"]).iter();
    let more = items.flat_map(|item| list(&item["tools"]));
    list(&body["tools"]).iter().chain(more)
}

/// A tool's name; those of a namespace as `NAMESPACE/NAME`.
fn names(tool: &Value) -> Vec<String> {
    let name = match tool["name"].as_str() {
        Some(name) => name.to_owned(),
        None => text(&tool["type"]),
    };
    match tool["tools"].as_array() {
        Some(inner) => inner
            .iter()
            .map(|tool| format!("{name}/{}", text(&tool["name"])))
            .collect(),
        None => vec![name],
    }
}

fn read_item(item: &Value) -> (Role, String) {
    match item["type"].as_str() {
        Some("function_call") => (
            Role::Assistant,
            format!("{} {}", text(&item["name"]), text(&item["arguments"])),
        ),
        Some("custom_tool_call") => (
            Role::Assistant,
            format!("{} {}", text(&item["name"]), text(&item["input"])),
        ),
        Some("reasoning") => (Role::Assistant, String::new()),
        Some("function_call_output" | "custom_tool_call_output") => {
            (Role::Tool, content(&item["output"]))
        }
        _ => {
            let role = match item["role"].as_str() {
                Some("assistant") => Role::Assistant,
                Some("system" | "developer") => Role::System,
                _ => Role::User,
            };
            (role, content(&item["content"]))
        }
    }
}

fn item_id(call: &Call) -> String {
    format!("msg_{:06}", call.number)
}

fn said(call: &Call, status: &str, text: Option<&str>) -> Value {
    let parts: Vec<Value> = text
        .iter()
        .map(|text| json!({ "type": "output_text", "text": text, "annotations": [] }))
        .collect();
    json!({ "type": "message", "id": item_id(call), "role": "assistant", "status": status, "content": parts })
}

/// A call of a tool, in the form in which the tool was offered.
fn called(call: &Call, name: &str, input: &Value) -> Value {
    let id = format!("call_{:06}", call.number);
    if let Some((namespace, name)) = name.split_once('/') {
        let inner = |tool: &&Value| tool["name"] == json!(namespace);
        let mut inner = offered(&call.body)
            .filter(inner)
            .flat_map(|tool| list(&tool["tools"]));
        if inner.any(|tool| tool["name"] == json!(name) && tool["type"] == json!("custom")) {
            return json!({
                "type": "custom_tool_call", "id": format!("ctc_{:06}", call.number), "call_id": id,
                "namespace": namespace, "name": name, "input": input.as_str().unwrap_or_default(),
                "status": "completed",
            });
        }
        return json!({
            "type": "function_call", "id": format!("fc_{:06}", call.number), "call_id": id, "namespace": namespace,
            "name": name, "arguments": input.to_string(), "status": "completed",
        });
    }
    let custom = |tool: &Value| tool["name"] == json!(name) && tool["type"] == json!("custom");
    if offered(&call.body).any(custom) {
        return json!({
            "type": "custom_tool_call", "id": format!("ctc_{:06}", call.number), "call_id": id, "name": name,
            "input": input.as_str().unwrap_or_default(), "status": "completed",
        });
    }
    json!({
        "type": "function_call", "id": format!("fc_{:06}", call.number), "call_id": id, "name": name,
        "arguments": input.to_string(), "status": "completed",
    })
}

fn response(call: &Call, status: &str, output: &Value) -> Value {
    let used = call.usage;
    let usage = json!({
        "input_tokens": used.input,
        "input_tokens_details": { "cached_tokens": used.cached },
        "output_tokens": used.output,
        "output_tokens_details": { "reasoning_tokens": 0 },
        "total_tokens": used.input + used.output,
    });
    json!({
        "id": format!("resp_{:06}", call.number), "object": "response", "created_at": 1_700_000_000, "status": status,
        "model": call.model, "output": output, "error": null,
        "usage": if status == "completed" { usage } else { Value::Null },
    })
}
