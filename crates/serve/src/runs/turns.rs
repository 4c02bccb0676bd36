//! What one turn of a run was given and gave, word by word.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OfRun, of_council};
use crate::api::Call;
use crate::problem::Problem;

/// Which turn.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichTurn {
    /// The expert and the number of its turn: `hello-rs/2`.
    turn: String,
}

/// What a turn left behind.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct TurnRecord {
    /// Every attempt, in order.
    attempts: Vec<AttemptArtifacts>,
}

/// What one attempt left behind.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct AttemptArtifacts {
    /// Its number, from 1.
    attempt: u32,
    /// In the order in which it came to be.
    artifacts: Vec<TurnArtifact>,
}

/// Something that an attempt left behind.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct TurnArtifact {
    /// What it is: `request`, `sent`, `stdout`, `stderr`, `answer`, `usage` or `error`.
    name: String,
    /// Its bytes, in base64.
    base64: String,
}

pub(crate) async fn turn(call: Call<OfRun, WhichTurn>) -> Result<TurnRecord, Problem> {
    let turn = call.query.turn;
    let read = move |runs: &poag_engine::RunLedger, run: &str| runs.turn(run, &turn);
    let attempts = of_council(&call.server, call.path.run, read).await?;
    let artifact = |(name, bytes): (String, Vec<u8>)| TurnArtifact {
        name,
        base64: STANDARD.encode(bytes),
    };
    let attempt = |(attempt, found): (u32, Vec<_>)| AttemptArtifacts {
        attempt,
        artifacts: found.into_iter().map(artifact).collect(),
    };
    Ok(TurnRecord {
        attempts: attempts.into_iter().map(attempt).collect(),
    })
}
