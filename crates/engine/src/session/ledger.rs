//! The sessions of this machine: which there are, and one of them opened.

use poag_core::session::{SESSION_EVENT_VERSION, Session, SessionEvent, SessionStatus};
use poag_ledger::{Filter, Ledger as _, NewEvent, Recorded, Replayed, SqliteLedger, Stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::SessionMisfit;
use super::{OpenSession, SessionError};
use crate::{Engine, EngineError};

/// The kind of stream that holds a session.
pub(super) const KIND: &str = "session";

/// The sessions in an open ledger.
pub struct SessionLedger {
    pub(super) ledger: SqliteLedger,
}

/// A session in a list.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionSummary {
    /// Its id; ids sort by time.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The flake.
    pub flake: String,
    /// The expert.
    pub expert: String,
    /// When it was opened, in milliseconds since 1970 in UTC.
    pub created: i64,
    /// How it stands.
    pub status: SessionStatus,
    /// How many messages were said.
    pub messages: usize,
    /// What all of it cost, in US dollars, as far as backends say.
    pub cost_usd: f64,
}

impl Engine {
    /// The sessions of this machine.
    ///
    /// # Errors
    /// When there is no state folder, or the ledger cannot be opened.
    pub fn sessions(&self) -> Result<SessionLedger, EngineError> {
        let ledger = self.ledger()?;
        Ok(SessionLedger { ledger })
    }
}

impl SessionLedger {
    /// Sessions, the newest first: of one flake or of all, open ones or all, at most `most` where that is given. One that a
    /// poag of another version wrote is left out.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn list(
        &self,
        flake: Option<&str>,
        closed_too: bool,
        most: Option<u32>,
    ) -> Result<Vec<SessionSummary>, SessionError> {
        let streams = self.ledger.streams(&Filter {
            limit: most,
            ..which(flake, (!closed_too).then_some(false))
        })?;
        let summary = |stream: Stream| {
            let open = self.open(&stream.id).ok()?;
            let session = open.session();
            Some(SessionSummary {
                name: session.start.name.clone(),
                expert: session.start.expert.clone(),
                status: session.status(),
                messages: session.messages.len(),
                cost_usd: session.usage().cost_usd,
                flake: stream.subject,
                created: stream.created,
                id: stream.id,
            })
        };
        Ok(streams.into_iter().filter_map(summary).collect())
    }

    /// The id that a word names: the name of an open session, else of the newest closed one; of one flake or of all; or
    /// the beginning of an id.
    ///
    /// # Errors
    /// When none is named so, or more than one, or the ledger cannot be read.
    pub fn find(&self, word: &str, flake: Option<&str>) -> Result<String, SessionError> {
        let all = self.names(flake, None)?;
        let named = |closed: bool| {
            let fits =
                move |(stream, name): &&(Stream, String)| name == word && stream.closed == closed;
            all.iter().find(fits)
        };
        if let Some((stream, _)) = named(false).or_else(|| named(true)) {
            return Ok(stream.id.clone());
        }
        let mut ids = all
            .iter()
            .filter(|(stream, _)| word.len() > 3 && stream.id.starts_with(word));
        match (ids.next(), ids.count()) {
            (Some((stream, _)), 0) => Ok(stream.id.clone()),
            (first, more) => Err(SessionError::NoSuchSession {
                word: word.chars().take(80).collect(),
                count: usize::from(first.is_some()) + more,
            }),
        }
    }

    /// Sessions with their names, the newest first, each told by its beginning alone.
    pub(super) fn names(
        &self,
        flake: Option<&str>,
        closed: Option<bool>,
    ) -> Result<Vec<(Stream, String)>, SessionError> {
        let mut all = Vec::new();
        for stream in self.ledger.streams(&which(flake, closed))? {
            let first = self.ledger.first(&stream.id)?;
            let start = first.and_then(|first| SessionState::begin(&first).ok());
            all.extend(start.map(|session| (stream, session.0.start.name)));
        }
        Ok(all)
    }

    /// Whether a process has messages of a session answered now.
    ///
    /// # Errors
    /// When that cannot be looked at.
    pub fn is_driven(&self, id: &str) -> Result<bool, SessionError> {
        Ok(self.ledger.holder(id)?.is_some())
    }

    /// A session, as far as it has come.
    ///
    /// # Errors
    /// When there is none of that id, or it cannot be read.
    pub fn open(&self, id: &str) -> Result<OpenSession<'_>, SessionError> {
        OpenSession::of(&self.ledger, id)
    }
}

/// The streams of sessions: of one flake or of all, closed, open or both.
fn which(flake: Option<&str>, closed: Option<bool>) -> Filter<'_> {
    Filter {
        kind: Some(KIND),
        subject: flake,
        closed,
        ..Filter::default()
    }
}

/// A session as a state of a stream.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SessionState(pub Session);

impl Replayed for SessionState {
    type Refusal = SessionMisfit;

    fn begin(first: &Recorded) -> Result<Self, SessionMisfit> {
        match event(first)? {
            SessionEvent::Opened { start } => Ok(Self(Session::new(*start)?)),
            other => Err(SessionMisfit::Unreadable(format!(
                "a session begins with its opening, not with '{}'",
                other.word()
            ))),
        }
    }

    fn take(&mut self, recorded: &Recorded) -> Result<(), SessionMisfit> {
        Ok(self.0.apply(&event(recorded)?)?)
    }
}

/// An event as it was recorded, read.
fn event(recorded: &Recorded) -> Result<SessionEvent, SessionMisfit> {
    if recorded.version != SESSION_EVENT_VERSION {
        return Err(SessionMisfit::version(recorded, SESSION_EVENT_VERSION));
    }
    recorded
        .value()
        .map_err(|error| SessionMisfit::Unreadable(error.to_string()))
}

/// An event as it is written.
pub(super) fn new_event(event: &SessionEvent) -> Result<NewEvent, SessionError> {
    Ok(NewEvent::new(SESSION_EVENT_VERSION, event.word(), event)?)
}
