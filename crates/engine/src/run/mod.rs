//! Runs a council: takes the turns that the state machine names, and puts every event into the
//! ledger before it takes effect, so that a run that was killed goes on where it was.

mod artifacts;
mod contract;
mod drive;
pub(crate) mod ended;
pub mod error;
pub mod export;
pub(crate) mod flake_tree;
mod followed;
pub(crate) mod history;
mod live;
pub(crate) mod log;
pub mod news;
mod participant;
pub(crate) mod quota;
pub(crate) mod told;
pub mod transcript;
pub(crate) mod turn;
pub(crate) mod turn_socket;
mod waiting;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

pub(super) use artifacts::Artifacts;
pub use error::CouncilError;
pub use followed::FollowedRun;
use history::replay;
pub use history::{
    Run, RunEvent, RunHistory, RunKind, events_after, find, history, list, list_before, one,
    unfinished,
};
pub use participant::{BackendSelection, Observer, Participant, TurnContext};
pub use quota::{ArtifactQuota, ArtifactRoom};

use drive::Driving;
use error::REQUEST_BYTES;
pub(crate) use log::KIND;
use log::RunLog;
use poag_core::council::event::{Event, Started};
use poag_core::council::identity;
use poag_core::council::limits::Limits;
use poag_core::council::machine::Council;
use poag_core::expert::{Graph, Status};
use poag_core::plan::Plan;
use poag_ledger::Ledger;

/// A request to a council.
#[derive(Clone, Debug)]
pub struct RunRequest<'a> {
    /// The run's id; none is a new one.
    pub run: Option<&'a str>,
    /// What the person typed.
    pub request: &'a str,
    /// The flake that is asked, in one form always, to find its runs by.
    pub flake: &'a str,
    /// How far the council may go.
    pub limits: Limits,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOutcome {
    /// The run's id.
    pub run: String,
    /// The plan.
    pub plan: Plan,
    /// Turns taken in this process; those that finished before are not taken again.
    pub taken: usize,
}

/// Runs a new council. Dropping the future stops every turn under way; the run can then be resumed.
///
/// # Errors
/// When the request is not one, or the ledger fails. What agents do wrong is in the plan.
pub async fn ask(
    graph: &Graph,
    question: &RunRequest<'_>,
    backends: Arc<dyn BackendSelection>,
    ledger: &dyn Ledger,
    watch: &mut dyn Observer,
) -> Result<RunOutcome, CouncilError> {
    let bytes = question.request.trim().len();
    if bytes == 0 || bytes > REQUEST_BYTES {
        return Err(CouncilError::Request { bytes });
    }
    let run = question.run.map_or_else(new_id, str::to_owned);
    let claim = ledger.claim(&run).map_err(CouncilError::ledger(&run))?;
    let started = started(graph, question, &run, backends.as_ref());
    let log = RunLog::begin(ledger, graph, question.flake, &started)?;
    watch.begun(&started, false);
    let limit = Duration::from_secs(started.limits.seconds);
    let council = Council::new(graph, started);
    let outcome = drive::drive(council, log, backends, watch, Driving::new(limit)).await;
    drop(claim);
    outcome
}

/// A new id of a run or a work: ids sort by the time when they were made.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Goes on with a run that did not come to its end: turns that finished are not taken again, turns
/// that were under way are. A run that did come to its end gives its plan at once.
///
/// # Errors
/// When another process drives the run, the flakes changed since, an agent cannot be used now, or the ledger fails: the
/// run then stays open.
pub async fn resume(
    graph: &Graph,
    run: &str,
    backends: Arc<dyn BackendSelection>,
    ledger: &dyn Ledger,
    watch: &mut dyn Observer,
) -> Result<RunOutcome, CouncilError> {
    let claim = ledger.claim(run).map_err(CouncilError::ledger(run))?;
    let events = history::events(ledger, run)?;
    if let Some(Event::RunFinished { plan }) = events.last().map(|event| &event.event) {
        return Ok(RunOutcome {
            run: run.to_owned(),
            plan: plan.as_ref().clone(),
            taken: 0,
        });
    }
    history::same_graph(ledger, run, graph, &events)?;
    let council = replay(graph, run, &events)?;
    let last = events.last().map_or(0, |event| event.seq);
    let log = RunLog::again(ledger, graph, run, last)?;
    let limit = Duration::from_secs(council.started().limits.seconds);
    let left = limit.saturating_sub(history::driven(&events));
    let selection = backends.selection(graph);
    watch.begun(
        &Started {
            selection: selection.clone(),
            ..council.started().clone()
        },
        true,
    );
    let driving = Driving {
        limit: left,
        resumed: Some(selection),
    };
    let outcome = drive::drive(council, log, backends, watch, driving).await;
    drop(claim);
    outcome
}

fn started(
    graph: &Graph,
    question: &RunRequest<'_>,
    run: &str,
    backends: &dyn BackendSelection,
) -> Started {
    let stale = graph
        .experts
        .values()
        .filter(|expert| expert.freshness.status != Status::Fresh);
    Started {
        run: run.to_owned(),
        request: question.request.to_owned(),
        root: graph.root.clone(),
        graph: identity::of(graph),
        limits: question.limits.clone(),
        selection: backends.selection(graph),
        stale: stale
            .map(|expert| (expert.name.clone(), expert.freshness.repair.clone()))
            .collect(),
    }
}
