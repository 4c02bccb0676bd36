//! A run that a server knows.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::{say, say_json, show, turn};
use crate::command::global::Global;
use crate::command::remote::Remote;
use crate::engine::{RunDetails, RunState, TurnArtifacts};
use crate::error::{Error, exit};
use crate::plan::Plan;
use crate::terminal;
use poag_client::operations as op;

/// What one attempt at a turn left behind.
#[derive(Deserialize)]
struct SentAttempt {
    attempt: u32,
    artifacts: Vec<SentArtifact>,
}

#[derive(Deserialize)]
struct SentArtifact {
    name: String,
    base64: String,
}

/// Tells the story of a run.
pub async fn tell(
    remote: &Remote,
    run: &str,
    turn: Option<&str>,
    as_json: bool,
) -> Result<u8, Error> {
    if let Some(turn) = turn {
        return turn::show(artifacts(remote, run, turn).await?, as_json);
    }
    let details: RunDetails = remote.call(op::GET_RUN, &[run]).answer().await?;
    match as_json {
        true => say_json(&details.transcript),
        false => say(&show::text(&details)),
    }
}

async fn artifacts(remote: &Remote, run: &str, turn: &str) -> Result<TurnArtifacts, Error> {
    let call = remote.call(op::GET_TURN, &[run]).query("turn", Some(turn));
    let attempts: Vec<SentAttempt> = call.field("attempts").await?;
    let artifact = |one: SentArtifact| {
        // Bytes that are none are shown as they came.
        let bytes = STANDARD.decode(&one.base64);
        (one.name, bytes.unwrap_or(one.base64.into_bytes()))
    };
    let attempt = |one: SentAttempt| {
        let found = one.artifacts.into_iter().map(artifact);
        (one.attempt, found.collect())
    };
    Ok(attempts.into_iter().map(attempt).collect())
}

/// Writes everything that is known of a run.
pub async fn export(remote: &Remote, word: &str, global: &Global) -> Result<u8, Error> {
    let run = remote.run(word, global).await?;
    let mut out = terminal::json_lines();
    remote
        .call(op::EXPORT_RUN, &[&run])
        .copy_to(&mut out)
        .await?;
    out.flush()?;
    Ok(exit::OK)
}

/// Prints the plan of a run again.
pub async fn plan(remote: &Remote, run: &str) -> Result<(Plan, bool), Error> {
    let plan = remote.call(op::GET_PLAN, &[run]).answer().await?;
    let state: RunState = remote.call(op::GET_RUN, &[run]).field("state").await?;
    Ok((plan, state == RunState::Finished))
}
