//! A local stand-in for the models' APIs, which the real command line agents talk to in tests and benchmarks.
//!
//! It speaks what the agents speak: Anthropic Messages, OpenAI Responses, OpenAI Chat Completions and Gemini, streamed
//! and plain, each with its provider's error shapes and prompt cache. What the model says is a script: a function from
//! the call to the reply.
//!
//! ```ignore
//! let model = StandIn::start(|call| match call.last_user() {
//!     "ping" => Reply::Text("pong".into()),
//!     _ => Reply::Status { code: 529, retry_after: None, message: "overloaded".into() },
//! });
//! // ANTHROPIC_BASE_URL = model.url(), GOOGLE_GEMINI_BASE_URL = model.url(), base_url of Codex = model.url() + "/v1"
//! ```
//!
//! It listens on 127.0.0.1 at a free port, on a thread of its own, until it is dropped.

#![allow(
    dead_code,
    unused_imports,
    clippy::allow_attributes,
    reason = "several test crates include this module, and each uses another part of it"
)]

mod anthropic;
mod cache;
mod call;
mod chat;
mod clis;
mod gemini;
mod responses;
mod serve;
mod shape;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::oneshot;

pub use cache::{Accounted, count};
pub use call::{Api, Call, Role};
pub use clis::{clis, clis_or_skip};

/// What the model answers to one call.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Text, streamed in several pieces.
    Text(String),
    /// JSON: as a call of the tool `StructuredOutput` where that is offered (Claude Code), else as text.
    Structured(Value),
    /// The model calls a tool; the agent runs it and calls again. Its result is then `Call::tool_result`.
    Tool {
        /// As offered in `Call::tools`.
        name: String,
        /// What the tool is given.
        input: Value,
    },
    /// An HTTP status, with a body in the provider's own error shape.
    Status {
        /// Such as 401, 429, 529, or 400 with the message "prompt is too long".
        code: u16,
        /// Seconds of the header `retry-after`.
        retry_after: Option<u64>,
        /// The error's message.
        message: String,
    },
    /// The call is accepted, and never a byte is sent.
    Stall,
    /// This text is streamed, then nothing more comes, and the connection stays open.
    StallAfter(String),
    /// This text is streamed, then the connection breaks in the middle of the stream.
    Cut(String),
    /// This text is streamed, then the stream ends properly, though without the events that end an answer.
    EndEarly(String),
    /// The text in eight pieces, with a pause before each.
    Slow {
        /// All that is said.
        text: String,
        /// Waited before each piece.
        pause: Duration,
    },
    /// The connection is closed without a response.
    Refuse,
    /// Status 200 with a body that is neither JSON nor a stream of events.
    Garbage,
}

type Script = dyn Fn(&Call) -> Reply + Send + Sync;

/// What all connections share.
struct Shared {
    script: Box<Script>,
    calls: Mutex<Vec<Call>>,
    asides: Mutex<Vec<String>>,
    cache: Mutex<cache::Cache>,
}

/// A server on 127.0.0.1 that answers as the models' providers would.
pub struct StandIn {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl StandIn {
    /// Listens at once. The script sees each call before it is answered, and is called in parallel for parallel calls;
    /// it may block. A script that panics answers 400, so that the agent does not try again.
    pub fn start(script: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Self {
        let shared = Arc::new(Shared {
            script: Box::new(script),
            calls: Mutex::default(),
            asides: Mutex::default(),
            cache: Mutex::default(),
        });
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || serve::run(listener, shared, stopped)
        });
        Self {
            address,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every call so far that asked the model for something, in the order of arrival.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.calls.lock().unwrap().clone()
    }

    /// `METHOD /path` of every other request, such as counting tokens or listing models.
    pub fn asides(&self) -> Vec<String> {
        self.shared.asides.lock().unwrap().clone()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
