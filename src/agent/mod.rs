//! Backends: how an expert thinks. This room knows conversations, not councils: a turn is JSON in,
//! JSON out, and whoever asks says what both must look like.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

/// What a backend can do.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Capabilities {
    /// Can start a turn from a sealed checkpoint.
    pub fork: bool,
    /// Gives the same output for the same input.
    pub deterministic: bool,
    /// Spends money or quota.
    pub paid: bool,
    /// Wants the speaker's pack; a backend that reads the folder itself is spared building it.
    pub reads_pack: bool,
}

/// Where a turn starts.
#[derive(Clone, Debug)]
pub enum Start {
    /// An empty conversation: the pack comes first.
    New,
    /// A copy of a sealed conversation that already holds the pack.
    Checkpoint(Checkpoint),
}

/// A primed conversation, sealed: forked for each use, never resumed in place.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Checkpoint {
    /// The backend's own name of it.
    pub id: String,
    /// The file that holds it, where the backend keeps one.
    pub file: Option<PathBuf>,
}

/// One turn to take.
#[derive(Clone, Debug)]
pub struct TurnRequest {
    /// Whom the backend speaks as.
    pub speaker: String,
    /// What the speaker knows from the start; empty unless [`Capabilities::reads_pack`].
    pub pack: String,
    /// Folder of the speaker's files; nobody can write there.
    pub folder: PathBuf,
    /// The question, as JSON; its shape is the caller's.
    pub input: Value,
    /// JSON Schema of the output.
    pub schema: Arc<Value>,
    /// Where the conversation starts.
    pub start: Start,
    /// Wall clock for this turn.
    pub timeout: Duration,
    /// Correlation variables for a process, such as `POAG_RUN`.
    pub correlation: Vec<(String, String)>,
}

/// What came back from one turn. The output has not been validated yet.
#[derive(Clone, Debug)]
pub struct TurnOutput {
    /// The answer as JSON.
    pub output: Value,
    /// What it cost.
    pub usage: Usage,
}

/// What turns cost, in tokens and money.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Tokens sent.
    pub input_tokens: u64,
    /// Of these, tokens read from a prompt cache.
    pub cached_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// US dollars, as the backend says.
    pub cost_usd: f64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.cached_tokens += other.cached_tokens;
        self.output_tokens += other.output_tokens;
        self.cost_usd += other.cost_usd;
    }
}

/// Why a turn gave no answer. Never taken for one.
#[derive(Debug, Error)]
pub enum AgentError {
    /// The backend cannot be used here.
    #[error("backend '{backend}' cannot be used: {reason}\nrepair: {repair}")]
    Unavailable {
        /// The backend's name.
        backend: String,
        /// What is missing.
        reason: String,
        /// What to do.
        repair: String,
    },
    /// It took longer than allowed.
    #[error("no answer within {0:?}\nrepair: ask again with a longer --timeout")]
    Timeout(Duration),
    /// It ran and failed.
    #[error("backend '{backend}' failed: {reason}\nrepair: {repair}")]
    Failed {
        /// The backend's name.
        backend: String,
        /// What it said.
        reason: String,
        /// What to do.
        repair: String,
    },
}

/// A future on the heap, so that backends can stand behind one pointer.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One way for experts to think.
pub trait Agent: Send + Sync {
    /// The backend's name, as flakes write it.
    fn name(&self) -> &str;
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// Finds out whether it can be used now, without spending anything.
    fn probe(&self) -> Pending<'_, Result<(), AgentError>>;
    /// Takes one turn.
    fn turn(&self, request: TurnRequest) -> Pending<'_, Result<TurnOutput, AgentError>>;
    /// Seals a conversation that already holds the speaker's pack, where [`Capabilities::fork`].
    fn seal(&self, request: TurnRequest) -> Pending<'_, Result<Option<Checkpoint>, AgentError>>;
}
