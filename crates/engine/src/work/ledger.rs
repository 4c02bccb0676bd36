//! The works of this machine: which there are, and one of them opened.

use poag_core::work::WorkEvent;
use poag_core::work::view::WorkView;
use poag_ledger::{Filter, Holder, Ledger as _, SqliteLedger, Stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OpenWork, WorkError};
use crate::{Engine, EngineError};

/// The kind of stream that holds a work.
pub(crate) const KIND: &str = "work";
/// The artifact that holds the graph as it was when the work began.
pub(super) const GRAPH: &str = "graph";

/// The works in an open ledger.
pub struct WorkLedger {
    pub(super) ledger: SqliteLedger,
}

/// A work in a list.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkSummary {
    /// Its id; ids sort by time.
    pub id: String,
    /// The flake that was asked.
    pub flake: String,
    /// When it began, in milliseconds since 1970 in UTC.
    pub created: i64,
    /// The process that supervises it.
    pub holder: Option<Holder>,
    /// How far it has come; none where a poag of another version wrote it.
    pub state: Option<String>,
    /// What was asked for; none as above.
    pub request: Option<String>,
    /// How many tasks have landed, and how many there are.
    pub landed: (usize, usize),
}

impl Engine {
    /// The works of this machine.
    ///
    /// # Errors
    /// When there is no state folder, or the ledger cannot be opened.
    pub fn works(&self) -> Result<WorkLedger, EngineError> {
        let ledger = self.ledger()?;
        Ok(WorkLedger { ledger })
    }
}

impl WorkLedger {
    /// Works, the newest first: of one flake or of all, at most `limit`.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn list(
        &self,
        flake: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Vec<WorkSummary>, EngineError> {
        let streams = self.newest(flake, limit)?;
        let mut all = Vec::with_capacity(streams.len());
        for stream in streams {
            // A work of another version is listed all the same.
            let view = self.open(&stream.id).ok().map(|work| work.view());
            all.push(WorkSummary {
                holder: self.ledger.holder(&stream.id)?,
                state: view.as_ref().map(|view| view.state.clone()),
                landed: view.as_ref().map_or((0, 0), count),
                request: view.map(|view| view.request),
                flake: stream.subject,
                created: stream.created,
                id: stream.id,
            });
        }
        Ok(all)
    }

    /// The streams of works, the newest first.
    pub(super) fn newest(
        &self,
        flake: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Vec<Stream>, EngineError> {
        Ok(self.ledger.streams(&Filter {
            kind: Some(KIND),
            subject: flake,
            limit,
            ..Filter::default()
        })?)
    }

    /// The id that a word names: the id itself, a beginning of it that no other work has, or `last` for the newest: of one
    /// flake or of all.
    ///
    /// # Errors
    /// When no work is named so, or more than one, or the ledger cannot be read.
    pub fn find(&self, word: &str, flake: Option<&str>) -> Result<String, EngineError> {
        let streams = self.ledger.streams(&Filter {
            kind: Some(KIND),
            subject: flake.filter(|_| word == "last"),
            ..Filter::default()
        })?;
        let mut ids = streams.into_iter().map(|stream| stream.id);
        let mut found: Vec<String> = match word {
            "last" => ids.next().into_iter().collect(),
            _ => ids
                .filter(|id| !word.is_empty() && id.starts_with(word))
                .collect(),
        };
        let exact = found.iter().position(|id| id == word);
        match (found.len(), exact) {
            (_, Some(exact)) => Ok(found.swap_remove(exact)),
            (1, None) => Ok(found.remove(0)),
            (count, None) => Err(WorkError::NoSuchWork {
                word: word.to_owned(),
                count,
            }
            .into()),
        }
    }

    /// A work, as far as it has come.
    ///
    /// # Errors
    /// When there is no such work, or it cannot be read.
    pub fn open(&self, work: &str) -> Result<OpenWork<'_>, WorkError> {
        OpenWork::open(&self.ledger, work)
    }

    /// Who supervises a work now.
    ///
    /// # Errors
    /// When that cannot be looked at.
    pub fn holder(&self, work: &str) -> Result<Option<Holder>, WorkError> {
        Ok(self.ledger.holder(work)?)
    }

    /// How the tasks of an actor ended, over all works of this machine.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn track_records(&self) -> Result<super::assign::TrackRecords, WorkError> {
        let streams = self.ledger.streams(&Filter {
            kind: Some(KIND),
            ..Filter::default()
        })?;
        let mut records = super::assign::TrackRecords::default();
        for stream in streams {
            if let Ok(work) = self.open(&stream.id) {
                records.add(work.board());
            }
        }
        Ok(records)
    }
}

fn count(view: &WorkView) -> (usize, usize) {
    let landed = view.tasks.iter().filter(|task| task.state == "landed");
    (landed.count(), view.tasks.len())
}

/// An event as it is written.
pub(super) fn new_event(event: &WorkEvent) -> Result<poag_ledger::NewEvent, WorkError> {
    let version = poag_core::work::WORK_EVENT_VERSION;
    Ok(poag_ledger::NewEvent::new(version, event.kind(), event)?)
}
