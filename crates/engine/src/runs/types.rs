//! What is said of runs, and asked about them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::run::Run;
use crate::run::transcript::Transcript;
use poag_core::debate::{Debate, DebateEvent, DebateResult, DebateStart, TieRule};
use poag_ledger::Holder;

/// How far a run has come.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// It came to its end.
    Finished,
    /// No process drives it; it can be resumed.
    Interrupted,
    /// A process drives it.
    UnderWay,
}

impl RunState {
    /// That of a run which this process drives, if any.
    #[must_use]
    pub fn of(finished: bool, holder: Option<&Holder>) -> Self {
        match (finished, holder) {
            (true, _) => Self::Finished,
            (false, Some(_)) => Self::UnderWay,
            (false, None) => Self::Interrupted,
        }
    }
}

/// A run in a list.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary {
    /// Its id, flake and time.
    #[serde(flatten)]
    pub run: Run,
    /// How far it has come.
    pub state: RunState,
    /// The process that drives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
    /// The expert that was asked first; none where a poag of another version wrote the run.
    pub root: Option<String>,
    /// The request; none as above.
    pub request: Option<String>,
}

/// A run from its request to its end.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunDetails {
    /// How far it has come.
    pub state: RunState,
    /// Who was asked by whom and why, what each said, what it cost.
    pub transcript: Transcript,
    /// The flake that was asked.
    pub flake: String,
    /// The process that drives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
}

/// A debate from its question to its end.
#[derive(Clone, Debug)]
pub struct DebateDetails {
    /// As far as it has come.
    pub debate: Debate,
    /// Every event, with when it happened, in milliseconds since 1970 in UTC. Those of an open round hold what is hidden.
    pub events: Vec<(i64, DebateEvent)>,
    /// The flake that was asked.
    pub flake: String,
    /// The process that drives it.
    pub holder: Option<Holder>,
}

/// Which runs are removed.
#[derive(Clone, Copy, Debug)]
pub struct PruneRuns {
    /// Those that began then or before, in milliseconds since 1970 in UTC, and came to their end; none for no age.
    pub before: Option<i64>,
    /// The oldest beyond so many bytes of all that came to their end; none for any size.
    pub most_bytes: Option<u64>,
    /// Whether only what turns left behind word by word goes, and events and plans stay.
    pub artifacts_only: bool,
    /// Whether nothing is removed, only counted.
    pub dry_run: bool,
}

/// What was removed, or would be.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PrunedRuns {
    /// Runs of which something was removed.
    pub runs: u32,
    /// Bytes that they held.
    pub bytes: u64,
    /// Bytes by which the ledger's file is smaller.
    pub freed: u64,
    /// Runs that the rule names, had they come to their end: they stay.
    pub open: usize,
    /// Runs by whose plan a work goes on, or that somebody is at in this moment: they stay.
    pub needed: usize,
    /// Runs that the rule does not name.
    pub kept: usize,
}

/// A debate as it is shown: what it began with, and what came of it so far. Nothing of an open round stands in it.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DebateView {
    /// What it began with.
    pub start: DebateStart,
    /// How far it has come.
    pub state: RunState,
    /// The round that is open, of which nothing is shown.
    pub open_round: Option<u32>,
    /// Labels among which a person must choose.
    pub tied: Vec<String>,
    /// What came of it so far.
    pub result: DebateResult,
}

impl DebateDetails {
    /// It as it is shown.
    #[must_use]
    pub fn view(&self) -> DebateView {
        let debate = &self.debate;
        let waits = debate.open_round().is_none() && debate.tie_break().is_none();
        let asks = debate.start().tie == TieRule::Ask && debate.result().is_none();
        DebateView {
            start: debate.start().clone(),
            state: RunState::of(debate.result().is_some(), self.holder.as_ref()),
            open_round: debate.open_round(),
            tied: match waits && asks {
                true => debate.tied(),
                false => Vec::new(),
            },
            result: debate.outcome(),
        }
    }
}
