//! One turn of a conversation: what goes in and what comes out.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AgentError, Start, Usage};

/// What a backend is set to for one speaker.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Model name, in the backend's own terms.
    pub model: Option<String>,
    /// The program and its arguments, for backends that start any.
    pub command: Option<Vec<String>>,
    /// The server, for backends that ask one; none for what the person's environment names.
    pub server: Option<ServerSettings>,
}

/// The API by which a server is asked. Which of them it offers cannot be seen without a turn that costs, so that nobody
/// guesses: it is named.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ServerApi {
    /// Chat completions, which every compatible server has.
    #[default]
    Chat,
    /// Responses, which has a model's own thoughts go on from one tool to the next.
    Responses,
}

/// A server of models, and what it costs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServerSettings {
    /// Where its API stands, such as `http://localhost:11434/v1`.
    pub base_url: Option<String>,
    /// The environment variable that holds its key.
    pub key_env: Option<String>,
    /// Which of OpenAI's two APIs it is asked by.
    pub api: ServerApi,
    /// US dollars for a million tokens sent that were in no cache.
    pub usd_per_million_input: Option<f64>,
    /// The same of tokens that were; none where they cost the same.
    pub usd_per_million_cached: Option<f64>,
    /// The same of tokens received.
    pub usd_per_million_output: Option<f64>,
}

/// Whom a backend speaks as: the same for all turns of a speaker, and what its checkpoint holds.
#[derive(Clone, Debug)]
pub struct Persona {
    /// Its name.
    pub speaker: String,
    /// How turns go, for every speaker the same; empty for backends that need no words.
    pub instructions: Arc<str>,
    /// What the speaker knows from the start; empty unless
    /// [`super::Capabilities::reads_pack`].
    pub pack: Arc<str>,
    /// JSON Schema of every output, those of priming turns too.
    pub schema: Arc<Value>,
    /// Folder of the speaker's files; nobody can write there.
    pub folder: PathBuf,
    /// What the backend is set to.
    pub settings: Settings,
    /// Where programs are looked for; none takes that of this process.
    pub search_path: Option<OsString>,
}

/// One turn to take.
#[derive(Clone, Debug)]
pub struct TurnRequest {
    /// Whom the backend speaks as.
    pub persona: Arc<Persona>,
    /// Where the conversation starts.
    pub start: Start,
    /// The question, as JSON; its shape is the caller's.
    pub input: Value,
    /// Wall clock for this turn.
    pub timeout: Duration,
    /// Correlation variables for a process, such as `POAG_RUN`.
    pub correlation: Vec<(String, String)>,
    /// Tools that the agent may use in this turn, where [`super::Capabilities::takes_tools`].
    pub tools: Option<ToolServer>,
    /// Where the agent may write in this turn; none where it only reads.
    pub writing: Option<Writing>,
}

/// What an agent may change in one turn.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Writing {
    /// The top of the worktree that it works in, an absolute path without links: nothing outside of it may change, but
    /// for folders of the turn's own.
    pub worktree: PathBuf,
    /// The flake's folder in it, an absolute path: where the agent is.
    pub folder: PathBuf,
    /// Bytes of one file that it may write.
    pub file_bytes: u64,
    /// Whether it may use the network beyond what its backend needs.
    pub network: bool,
}

/// A server of the Model Context Protocol on standard input and output, started by the agent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ToolServer {
    /// Its name, which prefixes its tools.
    pub name: String,
    /// Program, an absolute path.
    pub program: PathBuf,
    /// Arguments.
    pub args: Vec<String>,
    /// Its whole environment; the agent's own, with its keys, must not reach it.
    pub env: Vec<(String, String)>,
    /// Names of its tools, without the server's name.
    pub tools: Vec<String>,
}

/// What came of one turn.
#[derive(Debug)]
pub struct TurnOutput {
    /// The answer as JSON, not validated yet, or why there is none.
    pub outcome: Result<Value, AgentError>,
    /// What it cost, also where it failed.
    pub usage: Usage,
    /// What was said, word by word.
    pub raw: Raw,
}

impl TurnOutput {
    /// An answer for nothing, from a backend that has no words.
    #[must_use]
    pub fn free(outcome: Result<Value, AgentError>) -> Self {
        Self {
            outcome,
            usage: Usage::default(),
            raw: Raw::default(),
        }
    }
}

impl From<AgentError> for TurnOutput {
    fn from(error: AgentError) -> Self {
        Self::free(Err(error))
    }
}

/// What was exchanged with a program, for the record; bounded by whoever started it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Raw {
    /// What it was given.
    pub sent: Vec<u8>,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}
