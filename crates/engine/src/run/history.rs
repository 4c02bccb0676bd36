//! Runs in the ledger: which there are, what happened in one, and its replay.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::log::{GRAPH, KIND};
use crate::EngineError;
use crate::run::error::CouncilError;
use poag_core::council::assemble;
use poag_core::council::event::{EVENT_VERSION, Event, Started};
use poag_core::council::identity;
use poag_core::council::machine::Council;
use poag_core::expert::Graph;
use poag_core::plan::Plan;
use poag_ledger::{Filter, Ledger, LedgerError, Recorded, Stream};

/// A run, as a list shows it.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Its id; ids sort by time.
    pub id: String,
    /// The flake that was asked.
    pub flake: String,
    /// When it began, in milliseconds since 1970 in UTC.
    pub created: i64,
    /// Whether it came to its end.
    pub finished: bool,
    /// What sort of run it is.
    pub kind: RunKind,
}

/// What a run is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RunKind {
    /// Experts discuss a request.
    Council,
    /// Participants answer a question, and vote.
    Debate,
}

impl RunKind {
    const ALL: [Self; 2] = [Self::Council, Self::Debate];

    /// The kind of stream that holds it.
    pub(crate) const fn stream(self) -> &'static str {
        match self {
            Self::Council => KIND,
            Self::Debate => "debate",
        }
    }
}

/// An event with its place in the run.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunEvent {
    /// Its number, from 1.
    pub seq: u64,
    /// When, in milliseconds since 1970 in UTC.
    pub at: i64,
    /// What happened.
    pub event: Event,
}

/// All that is known of a run: its events, and the graph as it was.
#[derive(Clone, Debug)]
pub struct RunHistory {
    /// The run's id.
    pub run: String,
    /// The graph when the run began.
    pub graph: Graph,
    /// Every event.
    pub events: Vec<RunEvent>,
}

impl RunHistory {
    /// The council as far as it has come; [`poag_core::council::assemble`] tells who was asked and
    /// why, and [`Council::messages`] what was said.
    ///
    /// # Errors
    /// When the events do not fit each other.
    pub fn council(&self) -> Result<Council<'_>, CouncilError> {
        replay(&self.graph, &self.run, &self.events)
    }

    /// Whether the run came to its end.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        let last = self.events.last().map(|event| &event.event);
        matches!(last, Some(Event::RunFinished { .. }))
    }

    /// The plan that follows from the events: the recorded one, byte for byte, where the run came to its
    /// end; else what it would be if it ended here.
    ///
    /// # Errors
    /// When the events do not fit each other, or another plan was recorded.
    pub fn plan(&self) -> Result<Plan, CouncilError> {
        let plan = assemble(&self.council()?);
        match self.events.last() {
            Some(RunEvent {
                seq,
                event: Event::RunFinished { plan: recorded },
                ..
            }) if **recorded != plan => {
                let problem = "another plan was recorded than follows from the events";
                Err(replay_error(&self.run, *seq, problem.into()))
            }
            _ => Ok(plan),
        }
    }
}

/// Runs, newest first; of one flake, or of all.
///
/// # Errors
/// When the ledger cannot be read.
pub fn list(
    ledger: &dyn Ledger,
    flake: Option<&str>,
    limit: Option<u32>,
) -> Result<Vec<Run>, LedgerError> {
    let mut runs = Vec::new();
    for kind in RunKind::ALL {
        let streams = ledger.streams(&Filter {
            kind: Some(kind.stream()),
            subject: flake,
            limit,
            ..Filter::default()
        })?;
        runs.extend(streams.into_iter().map(run));
    }
    // Ids sort by time.
    runs.sort_by(|one: &Run, other| other.id.cmp(&one.id));
    runs.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
    Ok(runs)
}

/// Runs on all flakes that were made before the one named, newest first.
///
/// # Errors
/// When the ledger cannot be read.
pub fn list_before(
    ledger: &dyn Ledger,
    before: Option<&str>,
    limit: u32,
) -> Result<Vec<Run>, LedgerError> {
    let mut runs = Vec::new();
    for kind in RunKind::ALL {
        let streams = ledger.streams(&Filter {
            kind: Some(kind.stream()),
            before,
            limit: Some(limit),
            ..Filter::default()
        })?;
        runs.extend(streams.into_iter().map(run));
    }
    runs.sort_by(|one: &Run, other| other.id.cmp(&one.id));
    runs.truncate(limit as usize);
    Ok(runs)
}

/// The run of that id.
///
/// # Errors
/// When there is none, or the ledger cannot be read.
pub fn one(ledger: &dyn Ledger, id: &str) -> Result<Run, EngineError> {
    match ledger.stream(id) {
        Ok(stream) if RunKind::ALL.iter().any(|kind| kind.stream() == stream.kind) => {
            Ok(run(stream))
        }
        Ok(_) | Err(LedgerError::Unknown { .. } | LedgerError::Name { .. }) => {
            Err(EngineError::NoSuchRun {
                word: id.to_owned(),
                count: 0,
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// The latest council on a flake that did not come to its end.
///
/// # Errors
/// When the ledger cannot be read.
pub fn unfinished(ledger: &dyn Ledger, flake: &str) -> Result<Option<Run>, LedgerError> {
    latest_open(ledger, flake, RunKind::Council)
}

/// The latest run of a kind on a flake that did not come to its end.
pub(crate) fn latest_open(
    ledger: &dyn Ledger,
    flake: &str,
    kind: RunKind,
) -> Result<Option<Run>, LedgerError> {
    let streams = ledger.streams(&Filter {
        kind: Some(kind.stream()),
        subject: Some(flake),
        closed: Some(false),
        limit: Some(1),
        ..Filter::default()
    })?;
    Ok(streams.into_iter().next().map(run))
}

/// The id that a word names: the id itself, or a beginning of it that no other run has.
///
/// # Errors
/// When no run is named so, or more than one, or the ledger cannot be read.
pub fn find(ledger: &dyn Ledger, word: &str) -> Result<String, EngineError> {
    let mut found: Vec<String> = list(ledger, None, None)?
        .into_iter()
        .map(|run| run.id)
        .filter(|id| !word.is_empty() && id.starts_with(word))
        .collect();
    match (found.len(), found.iter().position(|id| id == word)) {
        (_, Some(exact)) => Ok(found.swap_remove(exact)),
        (1, None) => Ok(found.remove(0)),
        (count, None) => Err(EngineError::NoSuchRun {
            word: word.to_owned(),
            count,
        }),
    }
}

/// Everything about one run.
///
/// # Errors
/// When there is no such run, or it cannot be read.
pub fn history(ledger: &dyn Ledger, run: &str) -> Result<RunHistory, CouncilError> {
    let events = events(ledger, run)?;
    let graph = graph(ledger, run)?.map_err(|problem| replay_error(run, 1, problem))?;
    Ok(RunHistory {
        run: run.to_owned(),
        graph,
        events,
    })
}

/// The state that a run's events lead to. The same events give the same state, and so the same plan.
///
/// # Errors
/// When the events do not begin with a start, or one does not fit.
pub fn replay<'g>(
    graph: &'g Graph,
    run: &str,
    events: &[RunEvent],
) -> Result<Council<'g>, CouncilError> {
    let started = started(run, events)?;
    let mut council = Council::new(graph, started.clone());
    for event in events.iter().skip(1) {
        council
            .apply(&event.event)
            .map_err(|refused| replay_error(run, event.seq, refused.to_string()))?;
    }
    Ok(council)
}

/// The events of a run, in order.
pub(super) fn events(ledger: &dyn Ledger, run: &str) -> Result<Vec<RunEvent>, CouncilError> {
    let stream = ledger.stream(run).map_err(CouncilError::ledger(run))?;
    if stream.kind == RunKind::Debate.stream() {
        let run = run.to_owned();
        return Err(CouncilError::NoCouncil { run });
    }
    let events = ledger.events(run, 0).map_err(CouncilError::ledger(run))?;
    read(run, events)
}

/// The events of a run after that number, in order.
///
/// # Errors
/// When there is no such run, or it cannot be read.
pub fn events_after(
    ledger: &dyn Ledger,
    run: &str,
    after: u64,
) -> Result<Vec<RunEvent>, CouncilError> {
    let events = ledger
        .events(run, after)
        .map_err(CouncilError::ledger(run))?;
    read(run, events)
}

/// Events as they were recorded, read.
pub(super) fn read(run: &str, events: Vec<Recorded>) -> Result<Vec<RunEvent>, CouncilError> {
    let event = |recorded: Recorded| {
        if recorded.version != EVENT_VERSION {
            let found = recorded.version;
            let problem = format!("it has version {found}, this poag reads {EVENT_VERSION}");
            return Err(replay_error(run, recorded.seq, problem));
        }
        Ok(RunEvent {
            seq: recorded.seq,
            at: recorded.at,
            event: recorded.value().map_err(CouncilError::ledger(run))?,
        })
    };
    events.into_iter().map(event).collect()
}

/// Refuses to go on with another graph than the run began with, and says what differs.
pub(super) fn same_graph(
    ledger: &dyn Ledger,
    run: &str,
    now: &Graph,
    events: &[RunEvent],
) -> Result<(), CouncilError> {
    if started(run, events)?.graph == identity::of(now) {
        return Ok(());
    }
    let mut changed = Vec::new();
    if let Ok(before) = graph(ledger, run)? {
        let alone = |graph: &Graph, name: &str| {
            let expert = graph.expert(name)?.clone();
            let mut one = graph.clone();
            one.experts.clear();
            one.experts.insert(name.to_owned(), expert);
            Some(identity::of(&one))
        };
        let mut names: Vec<&String> = before.experts.keys().chain(now.experts.keys()).collect();
        names.sort();
        names.dedup();
        let differs = |name: &&&String| alone(&before, name) != alone(now, name);
        changed = names
            .iter()
            .filter(differs)
            .map(|name| format!("'{name}'"))
            .collect();
    }
    let changed = match changed.is_empty() {
        true => "the graph of experts".to_owned(),
        false => changed.join(", "),
    };
    Err(CouncilError::Changed {
        run: run.to_owned(),
        changed,
    })
}

/// How long a run was driven so far, without the time when nobody was at it.
pub(super) fn driven(events: &[RunEvent]) -> Duration {
    let pairs = events.iter().zip(events.iter().skip(1));
    let busy = pairs.filter(|(_, next)| !matches!(next.event, Event::Resumed { .. }));
    busy.map(|(one, next)| {
        Duration::from_millis(u64::try_from(next.at.saturating_sub(one.at)).unwrap_or(0))
    })
    .sum()
}

pub(super) fn started<'m>(run: &str, events: &'m [RunEvent]) -> Result<&'m Started, CouncilError> {
    match events.first().map(|event| &event.event) {
        Some(Event::RunStarted(started)) => Ok(started),
        _ => Err(replay_error(
            run,
            1,
            "the run does not begin with its start".into(),
        )),
    }
}

/// The graph that was kept with the run.
pub(crate) fn graph(ledger: &dyn Ledger, run: &str) -> Result<Result<Graph, String>, CouncilError> {
    let bytes = ledger
        .artifact(run, GRAPH)
        .map_err(CouncilError::ledger(run))?;
    Ok(match bytes {
        Some(bytes) => Graph::from_json(&bytes).map_err(|error| error.to_string()),
        None => Err("the graph of the run was not kept".into()),
    })
}

pub(super) fn replay_error(run: &str, seq: u64, problem: String) -> CouncilError {
    CouncilError::Replay {
        run: run.to_owned(),
        seq,
        problem,
    }
}

fn run(stream: Stream) -> Run {
    let mut kinds = RunKind::ALL.into_iter();
    let kind = kinds.find(|kind| kind.stream() == stream.kind);
    Run {
        kind: kind.unwrap_or(RunKind::Council),
        id: stream.id,
        flake: stream.subject,
        created: stream.created,
        finished: stream.closed,
    }
}
