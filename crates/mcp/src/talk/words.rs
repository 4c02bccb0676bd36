//! What the tools for sessions take and give.

use poag_core::session::SessionStatus;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// With whom a session is to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TalkWith {
    /// The expert. Default: the flake's own.
    #[serde(default)]
    pub expert: Option<String>,
    /// What the session is to be called: letters, digits, `-` and `_`. Default: as the expert.
    #[serde(default)]
    pub name: Option<String>,
    /// Who thinks. Default: as the flake says.
    #[serde(default)]
    pub backend: Option<String>,
    /// With which model, in the words of the backend.
    #[serde(default)]
    pub model: Option<String>,
    /// The flake whose experts are meant: a folder or any flake reference. Default: the flake here.
    #[serde(default)]
    pub flake: Option<String>,
}

/// Which session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedSession {
    /// Its name, or the beginning of its id.
    pub session: String,
}

/// What is said in a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaidTo {
    /// Its name, or the beginning of its id.
    pub session: String,
    /// The message, whole: the expert knows what was said in this session before, and nothing of any other.
    pub text: String,
    /// Names of sessions whose last output is put behind it.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub from: Vec<String>,
    /// Names of snippets that are put behind it.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub with: Vec<String>,
}

/// For what is waited.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitFor {
    /// Its name, or the beginning of its id.
    pub session: String,
    /// For at most so many seconds. Default: 600.
    #[serde(default)]
    #[schemars(range(min = 1, max = 3600))]
    pub seconds: Option<u64>,
}

/// How a session stands.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ToldSession {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The expert.
    pub expert: String,
    /// `idle`, `running`, `await` (there is output), `failed` or `closed`.
    #[schemars(with = "String")]
    pub status: SessionStatus,
    /// How many messages were said.
    pub messages: usize,
}

/// The last output of a session.
#[derive(Debug, JsonSchema, Serialize)]
pub struct HeardOutput {
    /// `idle`, `running`, `await` (there is output), `failed` or `closed`.
    #[schemars(with = "String")]
    pub status: SessionStatus,
    /// The number of the message that it answers; none where there is no output yet.
    pub number: Option<u32>,
    /// The output, as Markdown.
    pub text: Option<String>,
    /// Why the last message has no answer, where it has none.
    pub failure: Option<String>,
}
