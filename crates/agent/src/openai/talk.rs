//! One conversation with a server: calls, the tools that the model calls in between, and the answer in the end.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response};
use serde_json::{Value, json};

use super::server::{ApiServer, told};
use super::wire::{ModelReply, REPLY_BYTES};
use super::{NAME, fault, responses, tools};
use crate::codex::strict;
use crate::prompt::{self, NoAnswer};
use crate::{AgentError, Fault, ServerApi, TurnRequest, Usage};

/// Calls of one turn: as many as it takes to look around, and no endless loop.
const CALLS: usize = 64;
/// Bytes of the body of a refusal that are read.
const REFUSAL_BYTES: usize = 64 << 10;

/// What a server takes, as far as it has told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Offer {
    /// A JSON Schema that it holds answers to.
    pub schema: bool,
    /// Tools.
    pub tools: bool,
    /// Of chat completions, that it counts tokens in a stream; of responses, that it seals the model's thoughts.
    pub extras: bool,
}

impl Default for Offer {
    fn default() -> Self {
        Self {
            schema: true,
            tools: true,
            extras: true,
        }
    }
}

impl Offer {
    /// Less, where there is less.
    fn less(self) -> Option<Self> {
        match self {
            Self { schema: true, .. } => Some(Self {
                schema: false,
                ..self
            }),
            Self { extras: true, .. } => Some(Self {
                extras: false,
                ..self
            }),
            Self { tools: true, .. } => Some(Self {
                tools: false,
                ..self
            }),
            _ => None,
        }
    }
}

/// The conversation as far as it has come.
pub struct Talk {
    pub server: ApiServer,
    client: Client,
    model: String,
    pub messages: Vec<Value>,
    pub offer: Offer,
    pub stall: Duration,
    pub usage: Usage,
    /// The question, for the record.
    pub asked: String,
    /// What the model said and what its tools gave, a line each, for the record.
    pub said: String,
}

impl Talk {
    /// One that goes on with these messages.
    pub fn new(server: ApiServer, client: Client, model: String, messages: Vec<Value>) -> Self {
        let asked = messages
            .last()
            .map(|last| last["content"].as_str().unwrap_or_default());
        Self {
            asked: asked.unwrap_or_default().to_owned(),
            server,
            client,
            model,
            messages,
            offer: Offer::default(),
            stall: Duration::MAX,
            usage: Usage::default(),
            said: String::new(),
        }
    }

    /// Takes the turn: the one JSON object that the model ends it with. An answer that is none is asked for again, once.
    pub async fn answer(&mut self, request: &TurnRequest) -> Result<Value, AgentError> {
        let schema = &request.persona.schema;
        let mut mended = false;
        for _ in 0..CALLS {
            let reply = self.call(schema).await?;
            for message in reply.messages() {
                self.add(message);
            }
            if !reply.tools.is_empty() {
                for called in &reply.tools {
                    let content = tools::call(request, called).await;
                    self.add(match self.server.api {
                        ServerApi::Chat => {
                            json!({ "role": "tool", "tool_call_id": called.id, "content": content })
                        }
                        ServerApi::Responses => responses::result(called, &content),
                    });
                }
                continue;
            }
            let no_answer = match prompt::object(&reply.content) {
                Ok(answer) => return Ok(strict::loosen(answer, schema)),
                Err(no_answer) => no_answer,
            };
            if mended {
                let fault = match no_answer {
                    NoAnswer::Empty => Fault::Silent,
                    NoAnswer::Large(_) | NoAnswer::NotJson { .. } => Fault::Invalid,
                };
                return Err(AgentError::usual(fault, NAME, no_answer.to_string()));
            }
            mended = true;
            let again = format!(
                "That does not end the turn: {no_answer}. End it with the JSON object alone."
            );
            self.messages
                .push(json!({ "role": "user", "content": again }));
        }
        let reason = format!("it called tools {CALLS} times without coming to an end");
        Err(AgentError::usual(Fault::Limit, NAME, reason))
    }

    /// Puts a message behind the conversation, and into the record.
    fn add(&mut self, message: Value) {
        self.said.push_str(&message.to_string());
        self.said.push('\n');
        self.messages.push(message);
    }

    /// One reply, with less of what the server takes where it refuses more.
    async fn call(&mut self, schema: &Value) -> Result<ModelReply, AgentError> {
        loop {
            let (status, error) = match self.once(schema).await? {
                Ok(reply) => {
                    self.usage += Usage::from(reply.usage);
                    return Ok(reply);
                }
                Err(refused) => refused,
            };
            // Which of what was asked a server does not know, each says in other words; what else it refuses it refuses again.
            let unclear = matches!(status, 400 | 422 | 500 | 501) && error.fault != Fault::TooLong;
            match self
                .offer
                .less()
                .filter(|_| unclear && error.fault != Fault::Unavailable)
            {
                Some(less) => self.offer = less,
                None => return Err(error),
            }
        }
    }

    fn body(&self, schema: &Value) -> Value {
        match self.server.api {
            ServerApi::Chat => self.completion(schema),
            ServerApi::Responses => {
                let schema = self.offer.schema.then(|| strict::schema(schema));
                let tools = self.offer.tools.then(tools::offered);
                let mut body = responses::body(&self.model, &self.messages, schema, tools);
                if self.offer.extras {
                    body["include"] = json!(["reasoning.encrypted_content"]);
                }
                body
            }
        }
    }

    fn completion(&self, schema: &Value) -> Value {
        // The order is that in which servers cache: what is the same in every turn comes first.
        let mut body = json!({ "model": self.model, "messages": self.messages, "stream": true });
        if self.offer.tools {
            body["tools"] = tools::offered();
        }
        if self.offer.schema {
            let schema =
                json!({ "name": "turn", "strict": true, "schema": strict::schema(schema) });
            body["response_format"] = json!({ "type": "json_schema", "json_schema": schema });
        }
        if self.offer.extras {
            body["stream_options"] = json!({ "include_usage": true });
        }
        body
    }

    /// One call: the reply, or the status and reason with which it was refused.
    async fn once(
        &self,
        schema: &Value,
    ) -> Result<Result<ModelReply, (u16, AgentError)>, AgentError> {
        let mut call = self
            .client
            .post(self.server.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "text/event-stream, application/json")
            .body(self.body(schema).to_string());
        if let Some((name, value)) = self.server.authorization() {
            call = call.header(name, value);
        }
        let response = tokio::time::timeout(self.stall, call.send()).await;
        let response = response.map_err(|_| self.stalled())?.map_err(unreached)?;
        let status = response.status();
        let header = |name| {
            response
                .headers()
                .get(&name)
                .and_then(|value| value.to_str().ok().map(str::to_owned))
        };
        let (kind, wait) = (header(CONTENT_TYPE), header(RETRY_AFTER));
        if !status.is_success() {
            let body = self.read(response, REFUSAL_BYTES).await.unwrap_or_default();
            let body = serde_json::from_slice(&body)
                .unwrap_or_else(|_| json!({ "error": String::from_utf8_lossy(&body) }));
            let status = status.as_u16();
            let error = match fault::lacks(self.server.api, status, &body) {
                Some(lacks) => lacks,
                None => fault::of(Some(status), &body, fault::wait(wait.as_deref())),
            };
            return Ok(Err((status, error)));
        }
        let streams = kind.is_some_and(|kind| kind.starts_with("text/event-stream"));
        if !streams {
            let body = self.read(response, REPLY_BYTES).await?;
            return ModelReply::whole(self.server.api, &body)?.ended().map(Ok);
        }
        let mut reply = ModelReply::new(self.server.api);
        let (mut response, mut bytes) = (response, 0);
        while let Some(piece) = self.piece(&mut response).await? {
            bytes += piece.len();
            if bytes > REPLY_BYTES {
                return Err(AgentError::usual(
                    Fault::Invalid,
                    NAME,
                    "the reply does not end",
                ));
            }
            reply.take(&piece)?;
        }
        reply.ended().map(Ok)
    }

    async fn read(&self, mut response: Response, most: usize) -> Result<Vec<u8>, AgentError> {
        let mut body = Vec::new();
        while let Some(piece) = self.piece(&mut response).await? {
            body.extend_from_slice(&piece);
            if body.len() > most {
                body.truncate(most);
                break;
            }
        }
        Ok(body)
    }

    async fn piece(&self, response: &mut Response) -> Result<Option<Vec<u8>>, AgentError> {
        let piece = tokio::time::timeout(self.stall, response.chunk()).await;
        let piece = piece.map_err(|_| self.stalled())?;
        let piece = piece.map_err(|error| {
            let reason = format!("the connection broke: {}", told(&error.without_url()));
            AgentError::usual(Fault::Cut, NAME, reason)
        })?;
        Ok(piece.map(|bytes| bytes.to_vec()))
    }

    fn stalled(&self) -> AgentError {
        let stall = poag_core::duration::shown(self.stall);
        let reason = format!("the server said nothing for {stall}");
        AgentError::usual(Fault::Unreachable, NAME, reason)
    }
}

fn unreached(error: reqwest::Error) -> AgentError {
    let reason = format!(
        "the server cannot be reached: {}",
        told(&error.without_url())
    );
    AgentError::usual(Fault::Unreachable, NAME, reason)
}
