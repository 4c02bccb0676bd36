//! One turn: what the agent is given, how long it may take, and how its end becomes an event.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::artifacts;
use super::ended::EndedTurn;
use super::flake_tree::FlakeTree;
use super::participant::{BackendSelection, Participant, TurnContext};
use super::turn_socket::TurnSocket;
use poag_agent::{AgentError, TurnOutput, TurnRequest, Usage};
use poag_core::council::event::{Event, Failure, FailureKind, TurnId};
use poag_core::council::message::{TurnInput, TurnResult};
use poag_core::council::{Limits, check};
use poag_core::expert::{Expert, Graph};

/// An answer of so many bytes of JSON is kept only where it differs from what its event says: comparing is
/// quicker than packing it.
const LARGE: usize = 4 << 10;
/// What an agent gets beyond its own time to end by itself and clean up behind it.
pub(crate) const GRACE: Duration = Duration::from_secs(10);
/// Longest reason of a failure that is kept, in bytes.
const REASON_BYTES: usize = 8 << 10;

/// How long a turn of an expert may take outside of a council, which has limits of its own.
pub(crate) fn turn_time(expert: &Expert) -> Duration {
    let seconds = expert.agent.timeout_seconds;
    Duration::from_secs(seconds.unwrap_or(Limits::default().turn_seconds))
}

/// A turn to take.
pub(super) struct Job {
    pub turn: TurnId,
    pub expert: Arc<Expert>,
    pub input: TurnInput,
    pub context: TurnContext,
    pub backends: Arc<dyn BackendSelection>,
    /// Who took the expert's turns so far.
    pub participant: Option<Participant>,
    /// Where it can be called from within the turn.
    pub socket: Arc<TurnSocket>,
}

/// What an agent made of it.
pub(crate) struct TakenTurn {
    pub participant: Option<Participant>,
    pub output: TurnOutput,
}

/// Takes a turn. Dropping the future stops it.
pub(super) async fn take(job: Job) -> TakenTurn {
    let participant = match job.participant {
        Some(participant) => participant,
        None => match job.backends.connect(&job.expert, &job.context).await {
            Ok(participant) => participant,
            Err(output) => {
                return TakenTurn {
                    participant: None,
                    output: *output,
                };
            }
        },
    };
    let input = job
        .backends
        .enrich(&job.expert, &participant.persona.pack, job.input)
        .await;
    let asked = AskedTurn {
        turn: job.turn,
        input: serde_json::to_value(input).unwrap_or_default(),
        context: job.context,
        backends: job.backends,
        socket: job.socket,
    };
    converse(participant, asked).await
}

/// What a participant is asked in one turn, whatever it is about.
pub(crate) struct AskedTurn {
    pub turn: TurnId,
    pub input: Value,
    pub context: TurnContext,
    pub backends: Arc<dyn BackendSelection>,
    /// Where it can be called from within the turn.
    pub socket: Arc<TurnSocket>,
}

/// Takes a turn with a participant that is there. Dropping the future stops it.
pub(crate) async fn converse(participant: Participant, asked: AskedTurn) -> TakenTurn {
    let AskedTurn { turn, context, .. } = asked;
    let tools = match participant.agent.capabilities().takes_tools {
        true => asked.backends.tools(&turn),
        false => None,
    };
    let tools = tools.map(|mut server| {
        // Without a socket its tools say that they are of no use: the turn can do without them.
        let way = asked.socket.admit(&turn).unwrap_or_default();
        server.env.extend(way);
        server
    });
    let timeout = context.timeout;
    let request = TurnRequest {
        persona: Arc::clone(&participant.persona),
        start: participant.start.clone(),
        input: asked.input,
        timeout,
        correlation: vec![
            ("POAG_RUN".into(), context.run),
            ("POAG_EXPERT".into(), turn.expert),
            (
                "POAG_TURN".into(),
                format!("{}/{}", turn.turn, turn.attempt),
            ),
        ],
        tools,
        writing: None,
    };
    let output = tokio::time::timeout(timeout + GRACE, participant.agent.turn(request)).await;
    let output =
        output.unwrap_or_else(|_| AgentError::timeout(participant.agent.name(), timeout).into());
    TakenTurn {
        participant: Some(participant),
        output,
    }
}

/// A turn's end as an event, with what it left behind.
pub(super) struct JudgedTurn {
    pub event: Event,
    pub left: EndedTurn,
}

/// Judges what an agent made of a turn: a valid result, or a failure that is never an answer. Where the
/// agent ends with no valid result, the last one that it checked and that was right counts.
pub(super) fn judge(
    turn: TurnId,
    backend: String,
    deterministic: bool,
    output: TurnOutput,
    checked: Option<TurnResult>,
    (graph, repository): (&Graph, Option<&Path>),
) -> JudgedTurn {
    let TurnOutput {
        outcome,
        usage,
        raw,
    } = output;
    let usage = sane(usage);
    let mut left = EndedTurn {
        raw,
        usage,
        ..EndedTurn::default()
    };
    let accepted = outcome
        .map_err(|error| failure(error.fault, error.to_string(), error.fault.retry()))
        .and_then(|output| {
            left.answer = serde_json::to_vec(&output).ok();
            let bytes = left.answer.as_ref().map_or(usize::MAX, Vec::len);
            // A deterministic agent would say the same again.
            let result = accept(&output, bytes, &turn, graph, repository)
                .map_err(|reason| failure(FailureKind::Invalid, reason, !deterministic))?;
            if bytes >= LARGE && artifacts::answer(&result).as_ref() == Some(&output) {
                left.answer = None;
            }
            Ok(result)
        });
    let result = match (accepted, checked) {
        (Ok(result), _) => result,
        (Err(failure), Some(result)) => {
            left.error = Some(failure.reason);
            left.answer = serde_json::to_vec(&result).ok();
            result
        }
        (Err(failure), None) => return failed(turn, backend, failure, left),
    };
    JudgedTurn {
        event: Event::TurnFinished {
            turn,
            backend,
            result: Box::new(result),
            usage,
        },
        left,
    }
}

fn accept(
    output: &Value,
    bytes: usize,
    turn: &TurnId,
    graph: &Graph,
    repository: Option<&Path>,
) -> Result<TurnResult, String> {
    let Some(expert) = graph.expert(&turn.expert) else {
        return Err("the graph does not hold this expert".into());
    };
    let tree = FlakeTree::of(expert, repository);
    check::accept(output, bytes, expert, graph, &tree).map_err(|error| error.to_string())
}

/// A turn whose agent panicked.
pub(super) fn panicked(turn: TurnId, backend: String) -> JudgedTurn {
    let reason = "the backend itself failed\nrepair: this is a defect of poag, report it with the lines above";
    let failure = failure(FailureKind::Failed, reason.into(), false);
    failed(turn, backend, failure, EndedTurn::default())
}

fn failed(turn: TurnId, backend: String, failure: Failure, mut left: EndedTurn) -> JudgedTurn {
    left.error = Some(failure.reason.clone());
    JudgedTurn {
        event: Event::TurnFailed {
            turn,
            backend,
            failure,
            usage: left.usage,
        },
        left,
    }
}

/// Why a turn came to nothing, within bounds.
pub(crate) fn failure(kind: FailureKind, mut reason: String, retry: bool) -> Failure {
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
pub(crate) fn sane(mut usage: Usage) -> Usage {
    if !usage.cost_usd.is_finite() || usage.cost_usd < 0.0 {
        usage.cost_usd = 0.0;
    }
    usage
}
