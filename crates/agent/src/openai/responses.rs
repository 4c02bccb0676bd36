//! Responses on the wire: <https://platform.openai.com/docs/api-reference/responses>. Nothing is stored by the server: the
//! whole conversation is sent each time, with the model's thoughts as it sealed them.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::wire::{CalledTool, ModelReply, ReportedUsage};

/// What of an item of output is the server's own, and is not sent back.
const OF_SERVER: [&str; 2] = ["id", "status"];

/// The body of a call; `messages` are what is said before: the first of them are the instructions.
pub fn body(model: &str, messages: &[Value], schema: Option<Value>, tools: Option<Value>) -> Value {
    let (instructions, input) = match messages.split_first() {
        Some((first, rest)) if first["role"] == "system" => (first["content"].clone(), rest),
        _ => (Value::Null, messages),
    };
    let mut body = json!({
        "model": model, "instructions": instructions, "input": input, "stream": true, "store": false,
    });
    if let Some(tools) = tools {
        let all = tools.as_array().into_iter().flatten();
        body["tools"] = all.map(|tool| flat(&tool["function"])).collect();
    }
    if let Some(schema) = schema {
        body["text"] = json!({
            "format": { "type": "json_schema", "name": "turn", "strict": true, "schema": schema },
        });
    }
    body
}

/// A tool as it is offered there: not inside of another object, and not in strict mode, which is otherwise on.
fn flat(function: &Value) -> Value {
    let mut tool = function.clone();
    tool["type"] = json!("function");
    tool["strict"] = json!(false);
    tool
}

/// What a tool gave, as an item of the conversation.
pub fn result(called: &CalledTool, content: &str) -> Value {
    json!({ "type": "function_call_output", "call_id": called.id, "output": content })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ResponseUsage {
    input_tokens: u64,
    output_tokens: u64,
    input_tokens_details: Option<super::wire::CachedTokens>,
}

/// Takes in an event of a stream.
pub fn event(reply: &mut ModelReply, event: &Value) {
    match event["type"].as_str().unwrap_or_default() {
        "response.output_text.delta" => {
            let delta = event["delta"].as_str().unwrap_or_default();
            reply.content.push_str(delta);
        }
        "response.output_item.done" => reply.items.push(event["item"].clone()),
        "response.completed" | "response.incomplete" | "response.failed" => {
            whole(reply, &event["response"]);
        }
        "error" => {
            // The error itself, or the fields of one.
            let error = match &event["error"] {
                Value::Null => event,
                error => error,
            };
            reply.failure = Some(json!({ "error": error }));
        }
        _ => {}
    }
}

/// Takes in a response as it stands in the end.
pub fn whole(reply: &mut ModelReply, response: &Value) {
    if !response["error"].is_null() {
        reply.failure = Some(response.clone());
    }
    if let Ok(usage) = ResponseUsage::deserialize(&response["usage"]) {
        reply.usage = ReportedUsage {
            prompt_tokens: usage.input_tokens,
            completion_tokens: usage.output_tokens,
            prompt_tokens_details: usage.input_tokens_details,
        };
    }
    match response["output"].as_array() {
        Some(items) if !items.is_empty() => reply.items.clone_from(items),
        _ => {}
    }
    let incomplete = response["incomplete_details"]["reason"].as_str();
    reply.finish = match (response["status"].as_str(), incomplete) {
        (Some("completed"), _) => Some("stop".to_owned()),
        (_, Some("max_output_tokens")) => Some("length".to_owned()),
        (_, Some(reason)) => Some(reason.to_owned()),
        (_, None) => None,
    };
}

/// What the items of a reply say: its words, and the tools that it calls.
pub fn ended(reply: &mut ModelReply) {
    let mut words = String::new();
    for item in &reply.items {
        let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        match item["type"].as_str() {
            Some("message") => {
                for part in item["content"].as_array().into_iter().flatten() {
                    words.push_str(part["text"].as_str().unwrap_or_default());
                    if let Some(why) = part["refusal"].as_str() {
                        words.push_str(why);
                    }
                }
            }
            Some("function_call") => reply.tools.push(CalledTool {
                id: text("call_id"),
                name: text("name"),
                arguments: text("arguments"),
            }),
            _ => {}
        }
    }
    if !reply.items.is_empty() {
        reply.content = words;
    }
}

/// A reply as items of the conversation.
pub fn messages(reply: &ModelReply) -> Vec<Value> {
    if reply.items.is_empty() {
        return vec![json!({ "role": "assistant", "content": reply.content })];
    }
    // A thought that is not sealed stands with the server, which stores nothing.
    let kept =
        |item: &&Value| item["type"] != "reasoning" || item["encrypted_content"].as_str().is_some();
    let own = |item: &Value| {
        let fields = item.as_object().into_iter().flatten();
        let fields = fields.filter(|(name, _)| !OF_SERVER.contains(&name.as_str()));
        let fields: Map<String, Value> = fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        Value::Object(fields)
    };
    reply.items.iter().filter(kept).map(own).collect()
}

#[cfg(test)]
mod tests {
    use poag_core::agent::ServerApi;

    use super::*;
    use crate::{Fault, Usage};

    fn streamed(events: &[Value]) -> Result<ModelReply, crate::AgentError> {
        let mut reply = ModelReply::new(ServerApi::Responses);
        for event in events {
            reply.take(format!("event: x\ndata: {event}\n\n").as_bytes())?;
        }
        reply.ended()
    }

    #[test]
    fn words_tools_thoughts_and_tokens_are_those_of_the_last_event() {
        let output = json!([
            { "type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "sealed" },
            { "type": "reasoning", "id": "rs_2", "summary": [] },
            { "type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
              "content": [{ "type": "output_text", "text": "{\"ä\":1}" }] },
            { "type": "function_call", "id": "fc_1", "status": "completed", "call_id": "call_1",
              "name": "read", "arguments": "{\"path\":\"x\"}" },
        ]);
        let usage = json!({ "input_tokens": 7, "input_tokens_details": { "cached_tokens": 5 }, "output_tokens": 2 });
        let done = json!({ "status": "completed", "output": output, "usage": usage });
        let reply = streamed(&[
            json!({ "type": "response.created", "response": { "status": "in_progress", "output": [], "usage": null, "error": null } }),
            json!({ "type": "response.output_text.delta", "delta": "{\"ä" }),
            json!({ "type": "response.something_new", "delta": "no words" }),
            json!({ "type": "response.output_text.delta", "delta": "\":1}" }),
            json!({ "type": "response.completed", "response": done }),
        ])
        .unwrap();
        assert_eq!(reply.content, "{\"ä\":1}");
        assert_eq!(reply.tools[0].id, "call_1");
        let sent = reply.messages();
        assert_eq!(
            sent[0],
            json!({ "type": "reasoning", "summary": [], "encrypted_content": "sealed" })
        );
        assert_eq!(
            sent.len(),
            3,
            "a thought that is not sealed is not sent: {sent:?}"
        );
        let usage = Usage::from(reply.usage);
        assert_eq!(
            (usage.input_tokens, usage.cached_tokens, usage.output_tokens),
            (7, 5, 2)
        );
    }

    #[test]
    fn a_server_that_ends_each_item_alone_is_understood() {
        let item = json!({ "type": "message", "role": "assistant", "content": [{ "type": "output_text", "text": "{}" }] });
        let reply = streamed(&[
            json!({ "type": "response.output_item.done", "item": item }),
            json!({ "type": "response.completed", "response": { "status": "completed" } }),
        ]);
        assert_eq!(reply.unwrap().content, "{}");
    }

    #[test]
    fn what_failed_or_broke_off_is_no_reply() {
        let delta = json!({ "type": "response.output_text.delta", "delta": "{" });
        let failed = |response: Value| json!({ "type": "response.failed", "response": response });
        let code = |code: &str| json!({ "status": "failed", "error": { "code": code, "message": "so it is" } });
        let incomplete = |reason: &str| json!({ "type": "response.incomplete", "response": { "status": "incomplete", "incomplete_details": { "reason": reason } } });
        for (last, expected) in [
            (failed(code("rate_limit_exceeded")), Fault::Busy),
            (failed(code("server_error")), Fault::Unreachable),
            (failed(code("context_length_exceeded")), Fault::TooLong),
            (incomplete("max_output_tokens"), Fault::Limit),
            (incomplete("content_filter"), Fault::Failed),
            (
                json!({ "type": "error", "code": "insufficient_quota", "message": "no credit" }),
                Fault::Denied,
            ),
            (delta.clone(), Fault::Cut),
        ] {
            let error = streamed(&[delta.clone(), last.clone()]).unwrap_err();
            assert_eq!(error.fault, expected, "{last}: {error}");
        }
        assert_eq!(streamed(&[]).unwrap_err().fault, Fault::Cut);
    }
}
