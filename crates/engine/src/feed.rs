//! Everything that happens on this machine, in one order: the events of all runs and works.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Engine, EngineError};
use poag_ledger::{Changes, FeedEntry, Ledger as _, SqliteLedger};

/// What an event belongs to.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FeedKind {
    /// A run.
    Run,
    /// A work.
    Work,
}

/// An event with its place among all events.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FeedEvent {
    /// Its number among all events of the ledger.
    pub number: u64,
    /// What it belongs to.
    pub of: FeedKind,
    /// The id of that run or work.
    pub id: String,
    /// The flake of that run or work.
    #[serde(skip)]
    pub flake: String,
    /// Its number in that run or work, from 1 without gaps.
    pub seq: u64,
    /// When, in milliseconds since 1970 in UTC.
    pub at: i64,
    /// What happened, in one word.
    pub kind: String,
    /// What happened, as `poag run export` and `poag work log --jsonl` have it.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub event: Box<RawValue>,
    /// Whether its run or work takes no more events.
    #[serde(skip)]
    pub closed: bool,
}

/// A part of what happens.
#[derive(Debug)]
pub struct FeedEvents {
    /// Events, in order.
    pub events: Vec<FeedEvent>,
    /// Numbers, from and to, of events that were removed with their run or work.
    pub removed: Vec<(u64, u64)>,
    /// The number up to which the feed was read; that after which it was to be read where there is nothing more.
    pub end: u64,
}

/// The events of an open ledger, in order.
pub struct EventFeed {
    ledger: SqliteLedger,
}

impl Engine {
    /// The events of this machine, in order.
    ///
    /// # Errors
    /// When there is no state folder, or the ledger cannot be opened.
    pub fn feed(&self) -> Result<EventFeed, EngineError> {
        let ledger = self.ledger()?;
        Ok(EventFeed { ledger })
    }

    /// The folder of the ledger, where a server keeps what is its own.
    ///
    /// # Errors
    /// When there is no state folder.
    pub fn state_folder(&self) -> Result<PathBuf, EngineError> {
        self.state()
    }
}

impl EventFeed {
    /// The number of the last event of all; 0 where there was none yet.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn end(&self) -> Result<u64, EngineError> {
        Ok(self.ledger.feed_end()?)
    }

    /// Events after number `after`, in order: those of at most `most` writes.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn after(&self, after: u64, most: u32) -> Result<FeedEvents, EngineError> {
        let part = self.ledger.feed(after, most)?;
        Ok(FeedEvents {
            events: part.entries.into_iter().filter_map(event).collect(),
            removed: part.removed,
            end: part.end,
        })
    }

    /// The events of one run or work after its event `after`, in order, and whether it takes no more of them. Their
    /// [`FeedEvent::number`] is not looked up, and 0.
    ///
    /// # Errors
    /// When there is none of that id, or the ledger cannot be read.
    pub fn of(&self, id: &str, after: u64) -> Result<(Vec<FeedEvent>, bool), EngineError> {
        // First whether it is closed: what is closed later, has its last events later.
        let stream = self.ledger.stream(id)?;
        let closed = stream.closed;
        let events = self.ledger.events(id, after)?.into_iter();
        let entries = events.map(|recorded| FeedEntry {
            number: 0,
            stream: stream.clone(),
            event: recorded,
        });
        Ok((entries.filter_map(event).collect(), closed))
    }

    /// The number that changes whenever another process writes; see [`SqliteLedger::data_version`].
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn version(&self) -> Result<i64, EngineError> {
        Ok(self.ledger.data_version()?)
    }

    /// Hears of what is written from now on.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes::of(self.ledger.path())
    }
}

/// An event of a run or a work; none of anything else that the ledger holds.
fn event(entry: FeedEntry) -> Option<FeedEvent> {
    let FeedEntry {
        number,
        stream,
        event,
    } = entry;
    let of = match stream.kind.as_str() {
        super::run::KIND | DEBATE => FeedKind::Run,
        super::work::KIND => FeedKind::Work,
        _ => return None,
    };
    let body = match stream.kind == DEBATE {
        true => unsaid(&event.kind, event.body)?,
        false => event.body,
    };
    Some(FeedEvent {
        number,
        of,
        id: stream.id,
        flake: stream.subject,
        seq: event.seq,
        at: event.at,
        kind: event.kind,
        event: RawValue::from_string(body).ok()?,
        closed: stream.closed,
    })
}

/// The kind of stream that holds a debate.
const DEBATE: &str = super::run::history::RunKind::Debate.stream();

/// An event of a debate without what was said in it: that is hidden until its round closes, and stands in the view of the
/// debate from then on. A feed is read again from any place, and would tell it too early.
fn unsaid(kind: &str, body: String) -> Option<String> {
    let said = match kind {
        "submitted" => "submission",
        "voted" => "ranking",
        "answerRefused" => "failure",
        _ => return Some(body),
    };
    let mut event: serde_json::Value = serde_json::from_str(&body).ok()?;
    event.as_object_mut()?.remove(said);
    Some(event.to_string())
}

#[cfg(test)]
mod tests {
    use super::unsaid;

    #[test]
    fn what_was_said_in_a_debate_is_in_no_feed() {
        for kind in ["submitted", "voted", "answerRefused"] {
            let body = r#"{"event":"x","turn":{"expert":"ada"},"submission":"secret","ranking":"secret","failure":"secret"}"#;
            let told = unsaid(kind, body.into()).unwrap();
            assert!(
                told.contains("ada") && told.matches("secret").count() == 2,
                "{told}"
            );
        }
        assert_eq!(unsaid("roundOpened", "{}".into()).as_deref(), Some("{}"));
    }
}
