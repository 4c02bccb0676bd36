//! What turns left behind: the artifacts in the ledger, and what each turn was given, which follows from the
//! events and is not kept a second time.

use std::collections::BTreeMap;

use super::log::{json, name};
use super::runs::{self, Story};
use crate::council::error::CouncilError;
use crate::council::event::Event;
use crate::council::machine::Council;
use crate::ledger::Ledger;

/// The artifacts of a run.
pub struct Papers<'l> {
    ledger: &'l dyn Ledger,
    run: String,
    /// Name → what follows from the events; none where the ledger holds the content or the empty place.
    names: BTreeMap<String, Option<Vec<u8>>>,
}

impl<'l> Papers<'l> {
    /// Those of a run, the empty places too.
    ///
    /// # Errors
    /// When there is no such run, or it cannot be read.
    pub fn of(ledger: &'l dyn Ledger, run: &str) -> Result<Self, CouncilError> {
        let names = ledger.artifacts(run).map_err(CouncilError::ledger(run))?;
        let mut names: BTreeMap<_, _> = names.into_iter().map(|(name, _)| (name, None)).collect();
        // Where the place of a turn is gone, so is all that was in it. Older runs kept what turns were given.
        let is_missing = |place: &String| {
            place.starts_with("turn/")
                && place.ends_with('/')
                && !names.contains_key(&format!("{place}request"))
        };
        let missing: Vec<String> = names
            .keys()
            .filter(|name| is_missing(name))
            .cloned()
            .collect();
        if !missing.is_empty() {
            let mut requests = requests(&runs::story(ledger, run)?)?;
            for place in missing {
                let name = format!("{place}request");
                if let Some(request) = requests.remove(&name) {
                    names.insert(name, Some(request));
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

/// Name of the artifact → what a turn was given when it started, for every attempt.
fn requests(story: &Story) -> Result<BTreeMap<String, Vec<u8>>, CouncilError> {
    let started = runs::started(&story.run, &story.moments)?;
    let mut council = Council::new(&story.graph, started.clone());
    let mut requests = BTreeMap::new();
    for moment in story.moments.iter().skip(1) {
        if let Event::TurnStarted { turn, messages } = &moment.event {
            let input = council.input(turn, messages);
            requests.insert(name(turn, "request"), json(&input));
        }
        council
            .apply(&moment.event)
            .map_err(|refused| runs::replay_error(&story.run, moment.seq, refused.to_string()))?;
    }
    Ok(requests)
}
