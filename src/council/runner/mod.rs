//! Holds a council: takes the turns that the state machine names, and puts every event into the
//! ledger before it takes effect, so that a run that was killed goes on where it was.

mod casting;
mod desk;
mod drive;
pub mod export;
mod folder;
mod live;
mod log;
mod papers;
mod promised;
mod runs;
mod turn;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

pub use casting::{Casting, Errand, Member, Observer};
pub use folder::Folder;
pub use papers::Papers;
pub use runs::{Moment, Run, Story, list, replay, story, unfinished};

use super::error::{CouncilError, REQUEST_BYTES};
use super::event::{Event, Started};
use super::identity;
use super::limits::Limits;
use super::machine::Council;
use super::plan::Plan;
use crate::expert::{Graph, Status};
use crate::ledger::Ledger;
use log::Log;

/// A request to a council.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// What the person typed.
    pub request: &'a str,
    /// The flake that is asked, in one form always, to find its runs by.
    pub flake: &'a str,
    /// How far the council may go.
    pub limits: Limits,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The run's id.
    pub run: String,
    /// The plan.
    pub plan: Plan,
    /// Turns taken in this process; those that finished before are not taken again.
    pub taken: usize,
}

/// Holds a new council. Dropping the future stops every turn under way; the run can then be resumed.
///
/// # Errors
/// When the request is not one, or the ledger fails. What agents do wrong is in the plan.
pub async fn ask(
    graph: &Graph,
    question: &Question<'_>,
    casting: Arc<dyn Casting>,
    ledger: &dyn Ledger,
    watch: &mut dyn Observer,
) -> Result<Outcome, CouncilError> {
    let bytes = question.request.len();
    if question.request.trim().is_empty() || bytes > REQUEST_BYTES {
        return Err(CouncilError::Request { bytes });
    }
    let run = uuid::Uuid::now_v7().to_string();
    let claim = ledger.claim(&run).map_err(CouncilError::ledger(&run))?;
    let started = started(graph, question, &run, casting.as_ref());
    let log = Log::begin(ledger, graph, question.flake, &started)?;
    watch.begun(&run, false);
    let limit = Duration::from_secs(started.limits.seconds);
    let council = Council::new(graph, started);
    let outcome = drive::drive(council, log, casting, watch, limit).await;
    drop(claim);
    outcome
}

/// Goes on with a run that did not come to its end: turns that finished are not taken again, turns
/// that were under way are. A run that did come to its end gives its plan at once.
///
/// # Errors
/// When another process drives the run, the flakes changed since, or the ledger fails.
pub async fn resume(
    graph: &Graph,
    run: &str,
    casting: Arc<dyn Casting>,
    ledger: &dyn Ledger,
    watch: &mut dyn Observer,
) -> Result<Outcome, CouncilError> {
    let claim = ledger.claim(run).map_err(CouncilError::ledger(run))?;
    let moments = runs::moments(ledger, run)?;
    if let Some(Event::RunFinished { plan }) = moments.last().map(|moment| &moment.event) {
        return Ok(Outcome {
            run: run.to_owned(),
            plan: plan.as_ref().clone(),
            taken: 0,
        });
    }
    runs::same_graph(ledger, run, graph, &moments)?;
    let council = replay(graph, run, &moments)?;
    let last = moments.last().map_or(0, |moment| moment.seq);
    let log = Log::again(ledger, run, last);
    watch.begun(run, true);
    let limit = Duration::from_secs(council.started().limits.seconds);
    let left = limit.saturating_sub(runs::driven(&moments));
    let outcome = drive::drive(council, log, casting, watch, left).await;
    drop(claim);
    outcome
}

fn started(graph: &Graph, question: &Question<'_>, run: &str, casting: &dyn Casting) -> Started {
    let stale = graph
        .experts
        .values()
        .filter(|expert| expert.freshness.status != Status::Fresh);
    let backends = graph.experts.values();
    Started {
        run: run.to_owned(),
        request: question.request.to_owned(),
        root: graph.root.clone(),
        graph: identity::of(graph),
        limits: question.limits.clone(),
        backends: backends
            .map(|expert| (expert.name.clone(), casting.backend(expert)))
            .collect(),
        stale: stale
            .map(|expert| (expert.name.clone(), expert.freshness.repair.clone()))
            .collect(),
    }
}
