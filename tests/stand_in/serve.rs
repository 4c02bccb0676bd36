//! The server: which request asks a model, and how each reply is sent.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::channel::{Channel, Sender};
use http_body_util::{BodyExt, Full, combinators::BoxBody};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::cache::count;
use super::call::{Api, Call, Role};
use super::shape::{Asked, Said, Shape};
use super::{Reply, Shared};

type Body = BoxBody<Bytes, io::Error>;
type Sent = Result<Response<Body>, io::Error>;

/// The tool by which Claude Code takes an answer that has a schema.
const STRUCTURED: &str = "StructuredOutput";

/// Serves until the other end of `stopped` is gone.
pub fn run(listener: std::net::TcpListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = TcpListener::from_std(listener).unwrap();
        let accept = async {
            loop {
                if let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(connection(stream, Arc::clone(&shared)));
                }
            }
        };
        tokio::select! {
            _ = stopped => {}
            () = accept => {}
        }
    });
    // A script may be blocked for ever; nobody waits for it.
    runtime.shutdown_background();
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
    // An error is a reply that closes the connection, or an agent that went away.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Sent {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let path = head.uri.path().to_owned();
    let query = head.uri.query().unwrap_or_default();
    let Some(api) = asks_model(&path) else {
        let aside = format!("{} {path}", head.method);
        shared.asides.lock().unwrap().push(aside);
        return Ok(harmless(&path, &body));
    };
    let asked = api.shape().read(&path, query, &body);
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        })
        .collect();
    reply(api, asked, headers, body, shared).await
}

/// The API of a request that asks a model for something.
fn asks_model(path: &str) -> Option<Api> {
    let path = path.trim_end_matches('/');
    if path.ends_with("/messages") {
        Some(Api::Anthropic)
    } else if path.ends_with("/responses") {
        Some(Api::Responses)
    } else if path.ends_with("/chat/completions") {
        Some(Api::Chat)
    } else if path.ends_with(":generateContent") || path.ends_with(":streamGenerateContent") {
        Some(Api::Gemini)
    } else {
        None
    }
}

/// An answer to whatever else an agent asks.
fn harmless(path: &str, body: &Value) -> Response<Body> {
    let tokens = || count(&body.to_string());
    let answer = if path.ends_with("/count_tokens") {
        json!({ "input_tokens": tokens() })
    } else if path.ends_with(":countTokens") {
        json!({ "totalTokens": tokens() })
    } else if path.ends_with("/models") {
        json!({ "object": "list", "data": [], "models": [] })
    } else {
        json!({})
    };
    whole(200, "application/json", answer.to_string())
}

async fn reply(
    api: Api,
    asked: Asked,
    headers: Vec<(String, String)>,
    body: Value,
    shared: Arc<Shared>,
) -> Sent {
    let (accounted, pending) = {
        let cache = shared.cache.lock().unwrap();
        cache.account(api, &asked.model, &asked.blocks)
    };
    let mut call = Call {
        number: 0,
        api,
        model: asked.model,
        headers,
        body,
        system: asked.system,
        messages: asked.messages,
        tools: asked.tools,
        blocks: asked.blocks.into_iter().map(|block| block.text).collect(),
        usage: accounted,
    };
    {
        let mut calls = shared.calls.lock().unwrap();
        call.number = calls.len();
        calls.push(call.clone());
    }

    // The script may block, for instance until a second call has come.
    let asking = tokio::task::spawn_blocking({
        let (shared, call) = (Arc::clone(&shared), call.clone());
        move || (shared.script)(&call)
    });
    let reply = asking.await.unwrap_or_else(|_| Reply::Status {
        code: 400,
        retry_after: None,
        message: "the script of the stand-in panicked".into(),
    });
    let reply = settle(reply, &call);

    call.usage = match output(&reply) {
        Some(text) => {
            shared.cache.lock().unwrap().write(pending);
            super::Accounted {
                output: count(&text),
                ..accounted
            }
        }
        None => super::Accounted::default(),
    };
    shared.calls.lock().unwrap()[call.number].usage = call.usage;
    send(call, asked.stream, reply).await
}

/// `Structured` as what it comes to for this call.
fn settle(reply: Reply, call: &Call) -> Reply {
    let Reply::Structured(value) = reply else {
        return reply;
    };
    if call.tools.iter().any(|name| name == STRUCTURED) {
        return Reply::Tool {
            name: STRUCTURED.to_owned(),
            input: value,
        };
    }
    Reply::Text(value.to_string())
}

/// What the model says in a reply; nothing when it failed before the first word.
fn output(reply: &Reply) -> Option<String> {
    match reply {
        Reply::Text(text)
        | Reply::StallAfter(text)
        | Reply::Cut(text)
        | Reply::EndEarly(text)
        | Reply::Slow { text, .. } => Some(text.clone()),
        Reply::Structured(value) => Some(value.to_string()),
        Reply::Tool { name, input } => Some(format!("{name} {input}")),
        Reply::Status { .. } | Reply::Stall | Reply::Refuse | Reply::Garbage => None,
    }
}

async fn send(call: Call, stream: bool, reply: Reply) -> Sent {
    let shape = call.api.shape();
    match reply {
        Reply::Status {
            code,
            retry_after,
            message,
        } => {
            let body = shape.error(code, &message).to_string();
            let mut response = whole(code, "application/json", body);
            if let Some(seconds) = retry_after {
                response.headers_mut().insert("retry-after", seconds.into());
            }
            Ok(response)
        }
        Reply::Stall => std::future::pending().await,
        Reply::Refuse => Err(io::Error::other("refused, as the script says")),
        Reply::Garbage => Ok(whole(
            200,
            "text/html",
            "<p>Welcome to the proxy</p>".into(),
        )),
        Reply::Tool { name, input } if stream => Ok(whole(
            200,
            "text/event-stream",
            shape.tool(&call, &name, &input),
        )),
        Reply::Tool { name, input } => Ok(plain(shape, &call, &Said::Tool(&name, &input))),
        Reply::Structured(value) => Ok(said(
            call,
            stream,
            value.to_string(),
            Duration::ZERO,
            End::Whole,
        )),
        Reply::Text(text) => Ok(said(call, stream, text, Duration::ZERO, End::Whole)),
        Reply::Slow { text, pause } => Ok(said(call, stream, text, pause, End::Whole)),
        Reply::StallAfter(text) => Ok(said(call, stream, text, Duration::ZERO, End::Open)),
        Reply::Cut(text) => Ok(said(call, stream, text, Duration::ZERO, End::Cut)),
        Reply::EndEarly(text) => Ok(said(call, stream, text, Duration::ZERO, End::Early)),
    }
}

fn plain(shape: &dyn Shape, call: &Call, said: &Said) -> Response<Body> {
    whole(200, "application/json", shape.plain(call, said).to_string())
}

/// How a text ends.
#[derive(Clone, Copy)]
enum End {
    Whole,
    Open,
    Cut,
    Early,
}

/// Text piece by piece: of a stream its events, else parts of the JSON.
fn said(call: Call, stream: bool, text: String, pause: Duration, end: End) -> Response<Body> {
    let shape = call.api.shape();
    let (kind, mut pieces, last) = if stream {
        let mut pieces = vec![shape.open(&call)];
        pieces.extend(cut(&text).map(|piece| shape.piece(&call, &piece)));
        ("text/event-stream", pieces, shape.close(&call, &text))
    } else {
        let body = shape.plain(&call, &Said::Text(&text)).to_string();
        if matches!(end, End::Whole) && pause.is_zero() {
            return whole(200, "application/json", body);
        }
        let mut pieces: Vec<_> = cut(&body).collect();
        let last = pieces.pop().unwrap_or_default();
        ("application/json", pieces, last)
    };
    if matches!(end, End::Whole) {
        pieces.push(last);
    }
    let (mut sender, body) = Channel::<Bytes, io::Error>::new(8);
    tokio::spawn(async move {
        for piece in pieces {
            tokio::time::sleep(pause).await;
            if sender.send_data(Bytes::from(piece)).await.is_err() {
                return;
            }
        }
        finish(sender, end).await;
    });
    response(200, kind, body.boxed())
}

async fn finish(sender: Sender<Bytes, io::Error>, end: End) {
    match end {
        End::Whole | End::Early => drop(sender),
        End::Open => std::future::pending().await,
        End::Cut => {
            // What was sent must reach the agent before the connection breaks.
            tokio::time::sleep(Duration::from_millis(20)).await;
            sender.abort(io::Error::other("cut, as the script says"));
        }
    }
}

/// A text in at most eight pieces.
fn cut(text: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    let size = letters.len().div_ceil(8).max(1);
    let pieces: Vec<String> = letters
        .chunks(size)
        .map(|piece| piece.iter().collect())
        .collect();
    pieces.into_iter()
}

fn whole(code: u16, kind: &str, body: String) -> Response<Body> {
    let body = Full::new(Bytes::from(body)).map_err(|never: Infallible| match never {});
    response(code, kind, body.boxed())
}

fn response(code: u16, kind: &str, body: Body) -> Response<Body> {
    Response::builder()
        .status(code)
        .header("content-type", kind)
        .header("request-id", "req_stand_in")
        .body(body)
        .unwrap()
}
