//! What a program reads and writes that carries out a task: the attempt's document on its standard input, one small document
//! on its standard output. Its current folder is its flake in the worktree; nothing outside of the worktree can be written.
//!
//! ```sh
//! #!/bin/sh
//! # What is to be done is on standard input; the files are here.
//! attempt=$(cat)
//! prompt=$(printf %s "$attempt" | jq -r .task.prompt)
//! if my-editor --apply "$prompt" .; then
//!   jq -n --arg s "applied: $prompt" '{schemaVersion: 1, outcome: "done", summary: $s}'
//! else
//!   jq -n '{schemaVersion: 1, outcome: "failed", summary: "my-editor could not apply it"}'
//! fi
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::NAME;
use super::protocol::ProgramUsage;
use crate::process::ProcessOutput;
use crate::{AgentError, Fault, Usage};

/// The version of [`WorkAnswer`].
pub const WORK_VERSION: u32 = 1;
/// Bytes of an answer that are looked at.
pub const WORK_BYTES: usize = 1 << 20;
/// Bytes of a summary.
pub const SUMMARY_BYTES: usize = 64 << 10;
/// Outputs that an answer may name, and bytes of each.
const OUTPUTS: (usize, usize) = (1000, 1024);

/// What a program that carries out a task writes on its standard output, and nothing else.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkAnswer {
    /// Version of this document: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: u32,
    /// How it ended, as the program sees it.
    pub outcome: WorkOutcome,
    /// What was done, why it failed, or what is asked, in a few sentences; at most 64 KiB.
    pub summary: String,
    /// Outputs of the task that are there now: paths below the current folder.
    #[serde(default)]
    pub outputs: Vec<String>,
    /// What it cost; what is not known is left out.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Map<String, Value>>")]
    pub usage: Option<ProgramSpent>,
}

/// How a program says that it ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WorkOutcome {
    /// It is done; nothing of that is believed before it is proven.
    Done,
    /// It cannot be done, or not so.
    Failed,
    /// A person is needed; the summary is the question.
    Asking,
}

/// What it cost, opaque to callers.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct ProgramSpent(ProgramUsage);

/// The attempt's document, as one line.
pub(super) fn sent(input: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(input).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// What a program that ended has answered: `{outcome, summary, outputs}`, checked.
pub(super) fn read(said: &ProcessOutput) -> (Result<Value, AgentError>, Usage) {
    let invalid = |reason: String| AgentError::usual(Fault::Invalid, NAME, reason);
    let (bytes, most) = (said.stdout.len(), WORK_BYTES);
    if said.stdout.trim_ascii().is_empty() {
        let error = match said.code {
            Some(0) => AgentError::usual(Fault::Silent, NAME, "its program ended without a word"),
            _ => super::broken(said),
        };
        return (Err(error), Usage::default());
    }
    if bytes > most {
        let reason = format!("its answer has {bytes} bytes, {most} are looked at");
        return (Err(invalid(reason)), Usage::default());
    }
    let answer: WorkAnswer = match serde_json::from_slice(&said.stdout) {
        Ok(answer) => answer,
        Err(_) if said.code != Some(0) => return (Err(super::broken(said)), Usage::default()),
        Err(error) => {
            let text = String::from_utf8_lossy(&said.stdout);
            let begin: String = text.trim().chars().take(60).collect();
            let reason =
                format!("its answer is not what it must be ({error}): it begins with {begin:?}");
            return (Err(invalid(reason)), Usage::default());
        }
    };
    let usage = answer.usage.as_ref().map(|usage| usage.0.into());
    let usage = usage.unwrap_or_default();
    let checked = check(answer).map_err(invalid).and_then(|answer| {
        // Whoever ended badly has not done it, whatever is said.
        match said.code {
            Some(0) => Ok(answer),
            _ if answer["outcome"] != "done" => Ok(answer),
            _ => Err(super::broken(said)),
        }
    });
    (checked, usage)
}

fn check(answer: WorkAnswer) -> Result<Value, String> {
    let version = answer.schema_version;
    if version != WORK_VERSION {
        return Err(format!(
            "its answer has schemaVersion {version}, {WORK_VERSION} is read"
        ));
    }
    if answer.summary.len() > SUMMARY_BYTES {
        return Err(format!("its summary has more than {SUMMARY_BYTES} bytes"));
    }
    let (most, bytes) = OUTPUTS;
    if answer.outputs.len() > most || answer.outputs.iter().any(|output| output.len() > bytes) {
        return Err(format!(
            "it names more than {most} outputs, or one of more than {bytes} bytes"
        ));
    }
    Ok(serde_json::json!({
        "schemaVersion": version,
        "outcome": answer.outcome,
        "summary": answer.summary,
        "outputs": answer.outputs,
    }))
}
