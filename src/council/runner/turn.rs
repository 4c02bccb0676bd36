//! One turn: what the agent is given, how long it may take, and how its end becomes an event.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::casting::{Casting, Member};
use super::folder::Folder;
use crate::agent::{AgentError, TurnOutput, TurnRequest, Usage};
use crate::council::check;
use crate::council::event::{Event, Failure, FailureKind, TurnId};
use crate::expert::{Expert, Graph};

/// What an agent gets beyond its own time to end by itself and clean up behind it.
const GRACE: Duration = Duration::from_secs(5);
/// Longest reason of a failure that is kept, in bytes.
const REASON_BYTES: usize = 8 << 10;

/// A turn to take.
pub(super) struct Job {
    pub turn: TurnId,
    pub expert: Expert,
    pub input: Value,
    pub schema: Arc<Value>,
    pub run: String,
    pub timeout: Duration,
    pub casting: Arc<dyn Casting>,
    /// Who took the expert's turns so far.
    pub member: Option<Member>,
}

/// What an agent made of it.
pub(super) struct Ended {
    pub member: Option<Member>,
    pub output: Result<TurnOutput, AgentError>,
}

/// Takes a turn. Dropping the future stops it.
pub(super) async fn take(job: Job) -> Ended {
    let member = match job.member {
        Some(member) => member,
        None => match job.casting.member(&job.expert).await {
            Ok(member) => member,
            Err(error) => {
                return Ended {
                    member: None,
                    output: Err(error),
                };
            }
        },
    };
    let request = TurnRequest {
        speaker: job.expert.name,
        pack: member.pack.to_string(),
        folder: job.expert.knowledge.path,
        input: job.input,
        schema: job.schema,
        start: member.start.clone(),
        timeout: job.timeout,
        correlation: vec![
            ("POAG_RUN".into(), job.run),
            ("POAG_EXPERT".into(), job.turn.expert),
            (
                "POAG_TURN".into(),
                format!("{}/{}", job.turn.turn, job.turn.attempt),
            ),
        ],
    };
    let output = tokio::time::timeout(job.timeout + GRACE, member.agent.turn(request))
        .await
        .unwrap_or(Err(AgentError::Timeout(job.timeout)));
    Ended {
        member: Some(member),
        output,
    }
}

/// A turn's end as an event, with what it left behind.
pub(super) struct Verdict {
    pub event: Event,
    pub output: Option<Vec<u8>>,
    pub error: Option<String>,
}

/// Judges what an agent made of a turn: a valid result, or a failure that is never an answer.
pub(super) fn judge(
    turn: TurnId,
    backend: String,
    deterministic: bool,
    output: Result<TurnOutput, AgentError>,
    graph: &Graph,
) -> Verdict {
    let TurnOutput { output, usage } = match output {
        Ok(output) => output,
        Err(error) => {
            let (kind, retry) = match &error {
                AgentError::Unavailable { .. } => (FailureKind::Unavailable, false),
                AgentError::Timeout(_) => (FailureKind::Timeout, true),
                AgentError::Failed { .. } => (FailureKind::Failed, true),
            };
            let failure = failure(kind, error.to_string(), retry);
            return failed(turn, backend, failure, Usage::default(), None);
        }
    };
    let usage = sane(usage);
    let raw = serde_json::to_vec(&output).unwrap_or_default();
    let accepted = match graph.expert(&turn.expert) {
        Some(expert) => {
            let tree = Folder::new(&expert.knowledge.path);
            check::accept(&output, expert, graph, &tree).map_err(|error| error.to_string())
        }
        None => Err("the graph does not hold this expert".into()),
    };
    match accepted {
        Ok(result) => Verdict {
            event: Event::TurnFinished {
                turn,
                backend,
                result: Box::new(result),
                usage,
            },
            output: Some(raw),
            error: None,
        },
        // A deterministic agent would say the same again.
        Err(reason) => {
            let failure = failure(FailureKind::Invalid, reason, !deterministic);
            failed(turn, backend, failure, usage, Some(raw))
        }
    }
}

/// A turn whose agent panicked.
pub(super) fn panicked(turn: TurnId, backend: String) -> Verdict {
    let reason = "the backend itself failed\nrepair: this is a defect of poag, report it with the lines above";
    let failure = failure(FailureKind::Failed, reason.into(), false);
    failed(turn, backend, failure, Usage::default(), None)
}

fn failed(
    turn: TurnId,
    backend: String,
    failure: Failure,
    usage: Usage,
    output: Option<Vec<u8>>,
) -> Verdict {
    Verdict {
        error: Some(failure.reason.clone()),
        event: Event::TurnFailed {
            turn,
            backend,
            failure,
            usage,
        },
        output,
    }
}

fn failure(kind: FailureKind, mut reason: String, retry: bool) -> Failure {
    if reason.len() > REASON_BYTES {
        let cut = (0..=REASON_BYTES)
            .rev()
            .find(|at| reason.is_char_boundary(*at));
        reason.truncate(cut.unwrap_or(0));
    }
    Failure {
        kind,
        reason,
        retry,
    }
}

/// A usage that JSON can hold.
fn sane(mut usage: Usage) -> Usage {
    if !usage.cost_usd.is_finite() || usage.cost_usd < 0.0 {
        usage.cost_usd = 0.0;
    }
    usage
}
