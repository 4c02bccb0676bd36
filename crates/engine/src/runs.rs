//! The runs of this machine: which there are, what is known of one, and what becomes of old ones.

mod prune;
mod types;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::debate::{self, DebateError};
use super::run::transcript::Transcript;
use super::run::{self, Artifacts, Run, RunEvent, RunHistory, RunKind, export};
use super::{Engine, EngineError, ProjectRef};
use poag_core::council::Event;
use poag_core::debate::DebateEvent;
use poag_ledger::{Ledger as _, SqliteLedger};

pub use types::{
    DebateDetails, DebateView, PruneRuns, PrunedRuns, RunDetails, RunState, RunSummary,
};

/// What a turn leaves behind, in the order in which it comes to be.
const ORDER: [&str; 7] = [
    "request", "sent", "stdout", "stderr", "answer", "usage", "error",
];

/// Attempt → what a turn left behind, in the order in which it came to be: name, content.
pub type TurnArtifacts = BTreeMap<u32, Vec<(String, Vec<u8>)>>;

/// The runs in an open ledger.
pub struct RunLedger {
    engine: Engine,
    pub(super) ledger: SqliteLedger,
}

impl Engine {
    /// The runs of this machine.
    ///
    /// # Errors
    /// When there is no state folder, or the ledger cannot be opened.
    pub fn runs(&self) -> Result<RunLedger, EngineError> {
        let (engine, ledger) = (self.clone(), self.ledger()?);
        Ok(RunLedger { engine, ledger })
    }
}

impl RunLedger {
    /// Runs, the newest first: of one flake or of all, at most `limit`.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn list(
        &self,
        flake: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Vec<RunSummary>, EngineError> {
        let runs = run::list(&self.ledger, flake, limit)?.into_iter();
        runs.map(|run| self.summary(run)).collect()
    }

    /// Runs of all flakes that began before the one named, the newest first, at most `limit`; none where there is no such run.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn list_before(
        &self,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<RunSummary>, EngineError> {
        let runs = run::list_before(&self.ledger, before, limit)?.into_iter();
        runs.map(|run| self.summary(run)).collect()
    }

    /// A run as its stream stands: nothing of its events is read.
    ///
    /// # Errors
    /// When there is no such run, or the ledger cannot be read.
    pub fn run(&self, run: &str) -> Result<Run, EngineError> {
        run::one(&self.ledger, run)
    }

    /// A run as a list shows it.
    ///
    /// # Errors
    /// When there is no such run, or the ledger cannot be read.
    pub fn one(&self, run: &str) -> Result<RunSummary, EngineError> {
        self.summary(run::one(&self.ledger, run)?)
    }

    /// The events of a run after that number, in order.
    ///
    /// # Errors
    /// When there is no such run, or it cannot be read.
    pub fn events(&self, run: &str, after: u64) -> Result<Vec<RunEvent>, EngineError> {
        run::one(&self.ledger, run)?;
        Ok(run::events_after(&self.ledger, run, after)?)
    }

    fn summary(&self, run: Run) -> Result<RunSummary, EngineError> {
        let holder = match run.finished {
            true => None,
            false => self.ledger.holder(&run.id)?,
        };
        // A run of another version is listed all the same.
        let first = self.ledger.first(&run.id)?;
        let begun = first.and_then(|event| match run.kind {
            RunKind::Council => match event.value() {
                Ok(Event::RunStarted(started)) => Some((started.root, started.request)),
                _ => None,
            },
            RunKind::Debate => match debate::event(&event) {
                Ok(DebateEvent::DebateStarted(start)) => Some((start.root, start.topic)),
                _ => None,
            },
        });
        let (root, request) = begun.unzip();
        Ok(RunSummary {
            state: RunState::of(run.finished, holder.as_ref()),
            holder,
            root,
            request,
            run,
        })
    }

    /// The id of the latest run: of one flake or of all.
    ///
    /// # Errors
    /// When there is none, or the ledger cannot be read.
    pub fn latest(&self, flake: Option<&str>) -> Result<String, EngineError> {
        let latest = run::list(&self.ledger, flake, Some(1))?.pop();
        latest.map(|run| run.id).ok_or_else(|| EngineError::NoRun {
            flake: flake.unwrap_or("any flake").to_owned(),
        })
    }

    /// The id that a word names: the id itself, or a beginning of it that no other run has.
    ///
    /// # Errors
    /// When no run is named so, or more than one, or the ledger cannot be read.
    pub fn find(&self, word: &str) -> Result<String, EngineError> {
        run::find(&self.ledger, word)
    }

    /// What a run was put to.
    ///
    /// # Errors
    /// When there is no such run, or what it was put to is not there any more.
    pub fn target(&self, run: &str) -> Result<ProjectRef, EngineError> {
        let flake = self.ledger.stream(run)?.subject;
        let folder = flake.strip_prefix("path:").map(Path::new);
        match folder.filter(|folder| folder.is_dir() && !folder.join("flake.nix").exists()) {
            Some(pack) => self.engine.packed(pack),
            None => self.engine.flake(&flake),
        }
    }

    /// The graph as it was when a run began, and every event.
    ///
    /// # Errors
    /// When there is no such run, or it cannot be read.
    pub fn history(&self, run: &str) -> Result<RunHistory, EngineError> {
        Ok(run::history(&self.ledger, run)?)
    }

    /// What happened in a run.
    ///
    /// # Errors
    /// When there is no such run, or it cannot be read or replayed.
    pub fn details(&self, run: &str) -> Result<RunDetails, EngineError> {
        let history = self.history(run)?;
        // By its events, so that what is told of it is of one moment.
        let finished = history.is_finished();
        let holder = match finished {
            true => None,
            false => self.ledger.holder(run)?,
        };
        Ok(RunDetails {
            state: RunState::of(finished, holder.as_ref()),
            transcript: Transcript::of(&history.council()?, &history.events),
            flake: self.ledger.stream(run)?.subject,
            holder,
        })
    }

    /// What happened in a debate; none where the run is none.
    ///
    /// # Errors
    /// When there is no such run, or it cannot be read or replayed.
    pub fn debate(&self, run: &str) -> Result<Option<DebateDetails>, EngineError> {
        let stream = self.ledger.stream(run)?;
        if stream.kind != RunKind::Debate.stream() {
            return Ok(None);
        }
        let mut events = Vec::new();
        for recorded in self.ledger.events(run, 0)? {
            let event = debate::event(&recorded).map_err(|misfit| DebateError::Unreadable {
                run: run.to_owned(),
                problem: misfit.to_string(),
            })?;
            events.push((recorded.at, event));
        }
        let replica = debate::open(&self.ledger, run)?;
        Ok(Some(DebateDetails {
            debate: replica.state().0.clone(),
            events,
            flake: stream.subject,
            holder: match stream.closed {
                true => None,
                false => self.ledger.holder(run)?,
            },
        }))
    }

    /// Refuses what would show a submission before its round closes.
    fn refuse_hidden(&self, run: &str, round: Option<u32>) -> Result<(), EngineError> {
        let open = self
            .debate(run)?
            .and_then(|details| details.debate.open_round());
        match open.filter(|open| round.is_none_or(|round| round == *open)) {
            Some(_) => {
                let run = run.to_owned();
                Err(DebateError::Hidden { run }.into())
            }
            None => Ok(()),
        }
    }

    /// What a turn was given and gave, word by word. `turn` is `EXPERT/TURN`, or `EXPERT/TURN/ATTEMPT`.
    ///
    /// # Errors
    /// When nothing is left of such a turn, or the ledger cannot be read.
    pub fn turn(&self, run: &str, turn: &str) -> Result<TurnArtifacts, EngineError> {
        let prefix = format!("turn/{}/", turn.trim_matches('/'));
        let round = turn.trim_matches('/').split('/').nth(1);
        self.refuse_hidden(run, round.and_then(|round| round.parse().ok()))?;
        let mut attempts: BTreeMap<u32, BTreeMap<usize, (String, Vec<u8>)>> = BTreeMap::new();
        let artifacts = Artifacts::of(&self.ledger, run)?;
        for name in artifacts.names() {
            let Some(rest) = name.strip_prefix(&prefix) else {
                continue;
            };
            // EXPERT/TURN/ATTEMPT/WHAT; an attempt may be named too.
            let named = || prefix.trim_end_matches('/').rsplit('/').next();
            let (attempt, what) = match rest.split_once('/') {
                Some((attempt, what)) => (attempt, what),
                None => (named().unwrap_or_default(), rest),
            };
            let (Ok(attempt), false) = (attempt.parse(), what.contains('/')) else {
                continue;
            };
            let found = attempts.entry(attempt).or_default();
            if let Some(bytes) = artifacts.read(name)? {
                let at = ORDER.iter().position(|known| *known == what);
                found.insert(at.unwrap_or(ORDER.len()), (what.to_owned(), bytes));
            }
        }
        if attempts.is_empty() {
            return Err(EngineError::NoSuchTurn {
                run: run.to_owned(),
                turn: turn.to_owned(),
            });
        }
        let attempts = attempts.into_iter();
        Ok(attempts
            .map(|(attempt, found)| (attempt, found.into_values().collect()))
            .collect())
    }

    /// Writes everything that is known of a run, one JSON object a line; see [`export`].
    ///
    /// # Errors
    /// When there is no such run, it is a debate with an open round, or it cannot be read or written.
    pub fn export(&self, run: &str, out: &mut dyn Write) -> Result<(), EngineError> {
        self.refuse_hidden(run, None)?;
        Ok(export::write(&self.ledger, run, out)?)
    }
}
