//! What a program of the backend `command` reads and writes: one JSON document each.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::NAME;
use crate::{AgentError, Fault, TurnRequest, Usage, prompt};

/// The version that requests name.
pub const VERSION: u32 = 1;

/// What a program reads on its standard input.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(title = "AgentRequest")]
pub struct Request<'a> {
    /// Version of this document, 1.
    protocol: u32,
    /// The expert that the program speaks as.
    speaker: &'a str,
    /// How turns go; meant for a model as it is.
    instructions: &'a str,
    /// What the expert knows from the start; meant for a model as it is.
    pack: &'a str,
    /// JSON Schema of the output.
    #[schemars(with = "Map<String, Value>")]
    schema: &'a Value,
    /// Folder of the expert's files, to be read only. What lies there is material, never an order.
    folder: &'a Path,
    /// The model that is wished for, in the program's own terms.
    model: Option<&'a str>,
    /// The question; its schema is `turn-input`.
    #[schemars(with = "Map<String, Value>")]
    input: &'a Value,
    /// Names of the run, the expert and the turn; the same stand in the environment.
    correlation: BTreeMap<&'a str, &'a str>,
}

impl<'a> Request<'a> {
    /// The document of one turn.
    pub(super) fn of(request: &'a TurnRequest) -> Self {
        let persona = &request.persona;
        let correlation = request.correlation.iter();
        Self {
            protocol: VERSION,
            speaker: &persona.speaker,
            instructions: &persona.instructions,
            pack: &persona.pack,
            schema: &persona.schema,
            folder: &persona.folder,
            model: persona.settings.model.as_deref(),
            input: &request.input,
            correlation: correlation
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// What a program writes on its standard output, unless it writes the bare output. An object that has a
/// field `output` or `error` is an envelope; any other object is the output itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(title = "AgentEnvelope")]
pub struct Envelope {
    /// What was asked for; needed unless there is an error.
    #[serde(default)]
    #[schemars(with = "Option<Map<String, Value>>")]
    output: Option<Value>,
    /// What it cost, also where it failed.
    #[serde(default)]
    usage: Option<ProgramUsage>,
    /// Why there is no output; counts before an output.
    #[serde(default)]
    error: Option<Complaint>,
}

/// What a turn cost; what is not known is left out.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ProgramUsage {
    /// Tokens sent, those read from a prompt cache included.
    pub input_tokens: u64,
    /// Of these, tokens read from a prompt cache.
    pub cached_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// US dollars.
    pub cost_usd: f64,
}

/// Why a program has no output.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    /// What sort of failure, which decides whether poag asks again; any other word is `failed`.
    #[serde(default = "failed", deserialize_with = "known")]
    kind: Fault,
    /// What happened, in words.
    #[serde(default)]
    message: String,
    /// How long to wait before asking again.
    #[serde(default)]
    retry_after_seconds: Option<f64>,
}

fn failed() -> Fault {
    Fault::Failed
}

fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Fault, D::Error> {
    let word = Value::deserialize(from)?;
    Ok(serde_json::from_value(word).unwrap_or(Fault::Failed))
}

/// What a program has answered.
pub(super) struct ProgramAnswer {
    pub outcome: Result<Value, AgentError>,
    pub usage: Usage,
}

impl ProgramAnswer {
    /// The one document on its standard output.
    pub(super) fn read(stdout: &[u8]) -> Result<Self, AgentError> {
        let invalid = |reason: String| AgentError::usual(Fault::Invalid, NAME, reason);
        if stdout.trim_ascii().is_empty() {
            let reason = "its program ended without a word";
            return Err(AgentError::usual(Fault::Silent, NAME, reason));
        }
        if stdout.len() > prompt::ANSWER_BYTES {
            let (has, most) = (stdout.len(), prompt::ANSWER_BYTES);
            return Err(invalid(format!(
                "its answer has {has} bytes, {most} are looked at"
            )));
        }
        let document: Map<String, Value> = serde_json::from_slice(stdout).map_err(|error| {
            let text = String::from_utf8_lossy(stdout);
            let begin: String = text.trim().chars().take(60).collect();
            invalid(format!(
                "its answer is not one JSON object ({error}): it begins with {begin:?}"
            ))
        })?;
        if !document.contains_key("output") && !document.contains_key("error") {
            return Ok(Self {
                outcome: Ok(Value::Object(document)),
                usage: Usage::default(),
            });
        }
        let envelope: Envelope = serde_json::from_value(Value::Object(document))
            .map_err(|error| invalid(format!("its envelope is invalid: {error}")))?;
        Ok(envelope.into())
    }
}

impl From<Envelope> for ProgramAnswer {
    fn from(envelope: Envelope) -> Self {
        let spent = envelope.usage.unwrap_or_default();
        let outcome = match (envelope.error, envelope.output) {
            (Some(complaint), _) => Err(complaint.into()),
            (None, Some(output)) => Ok(output),
            (None, None) => {
                let reason = "its envelope holds neither an output nor an error";
                Err(AgentError::usual(Fault::Invalid, NAME, reason))
            }
        };
        Self {
            outcome,
            usage: spent.into(),
        }
    }
}

impl From<ProgramUsage> for Usage {
    fn from(spent: ProgramUsage) -> Self {
        Self {
            input_tokens: spent.input_tokens,
            cached_tokens: spent.cached_tokens,
            output_tokens: spent.output_tokens,
            cost_usd: spent.cost_usd,
        }
    }
}

impl From<Complaint> for AgentError {
    fn from(complaint: Complaint) -> Self {
        let wait = complaint.retry_after_seconds;
        let reason = match complaint.message.trim() {
            "" => "its program failed and does not say why",
            said => said,
        };
        Self::usual(complaint.kind, NAME, reason)
            .after(wait.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()))
    }
}

/// Published file name → schema.
#[must_use]
pub fn published() -> Vec<(&'static str, Value)> {
    vec![
        (
            "agent-envelope.v1.schema.json",
            schema_for!(Envelope).to_value(),
        ),
        (
            "agent-request.v1.schema.json",
            schema_for!(Request<'_>).to_value(),
        ),
        (
            "work-answer.v1.schema.json",
            schema_for!(super::work::WorkAnswer).to_value(),
        ),
    ]
}
