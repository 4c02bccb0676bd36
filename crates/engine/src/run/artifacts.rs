//! What turns left behind: the artifacts in the ledger, and what follows from the events and is not kept a
//! second time: what each turn was given, and what a turn answered word by word as its event says.

use std::collections::BTreeMap;

use serde_json::Value;

use super::history::{self, RunHistory};
use super::log::{json, name};
use crate::run::error::CouncilError;
use poag_core::council::event::Event;
use poag_core::council::machine::Council;
use poag_core::council::message::TurnResult;
use poag_ledger::Ledger;

/// The artifacts of a run.
pub struct Artifacts<'l> {
    ledger: &'l dyn Ledger,
    run: String,
    /// Name → what follows from the events; none where the ledger holds the content or the empty place.
    names: BTreeMap<String, Option<Vec<u8>>>,
}

impl<'l> Artifacts<'l> {
    /// Those of a run, the empty places too.
    ///
    /// # Errors
    /// When there is no such run, or it cannot be read.
    pub fn of(ledger: &'l dyn Ledger, run: &str) -> Result<Self, CouncilError> {
        let names = ledger.artifacts(run).map_err(CouncilError::ledger(run))?;
        let mut names: BTreeMap<_, _> = names.into_iter().map(|(name, _)| (name, None)).collect();
        // Where the place of a turn is gone, so is all that was in it.
        let is_turn = |name: &String| name.starts_with("turn/") && name.ends_with('/');
        let place = |name: &str| name.rfind('/').map(|at| name[..=at].to_owned());
        // Older runs kept all of it, and may have events that are not understood any more.
        let mut turns = names.keys().filter(|name| is_turn(name));
        if turns.any(|turn| !names.contains_key(&format!("{turn}request"))) {
            for (name, content) in told(&history::history(ledger, run)?)? {
                if place(&name).is_some_and(|place| names.contains_key(&place)) {
                    names.entry(name).or_insert(Some(content));
                }
            }
        }
        Ok(Self {
            ledger,
            run: run.to_owned(),
            names,
        })
    }

    /// Their names, in bytewise order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// The content of one; none where its place is empty or there is none.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, CouncilError> {
        match self.names.get(name) {
            Some(Some(content)) => Ok(Some(content.clone())),
            _ => self
                .ledger
                .artifact(&self.run, name)
                .map_err(CouncilError::ledger(&self.run)),
        }
    }
}

/// Name of the artifact → what a turn was given when it started, for every attempt, and what it answered.
fn told(history: &RunHistory) -> Result<BTreeMap<String, Vec<u8>>, CouncilError> {
    let started = history::started(&history.run, &history.events)?;
    let mut council = Council::new(&history.graph, started.clone());
    let mut told = BTreeMap::new();
    for event in history.events.iter().skip(1) {
        match &event.event {
            Event::TurnStarted { turn, messages } => {
                let input = council.input(turn, messages);
                told.insert(name(turn, "request"), json(&input));
            }
            Event::TurnFinished { turn, result, .. } => {
                told.insert(name(turn, "answer"), json(&answer(result)));
            }
            _ => {}
        }
        council.apply(&event.event).map_err(|refused| {
            history::replay_error(&history.run, event.seq, refused.to_string())
        })?;
    }
    Ok(told)
}

/// What an agent answers that says just this result.
pub(super) fn answer(result: &TurnResult) -> Option<Value> {
    serde_json::to_value(result).ok()
}
