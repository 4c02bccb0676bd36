//! What goes into a ledger and what comes out.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::LedgerError;

/// Largest body of one event, in bytes of JSON.
pub const EVENT_BYTES: usize = 64 << 20;
/// Largest artifact, in bytes.
pub const ARTIFACT_BYTES: usize = 64 << 20;
/// Longest stream id, kind, subject or artifact name, in bytes.
pub const NAME_BYTES: usize = 512;

/// A stream to make.
#[derive(Clone, Copy, Debug)]
pub struct NewStream<'a> {
    /// Unique; letters, digits, `-`, `_` and `.` only, as it also names a file.
    pub id: &'a str,
    /// What sort of events it holds.
    pub kind: &'a str,
    /// What it is about, to find it by.
    pub subject: &'a str,
}

/// A stream as it stands.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stream {
    /// Its id.
    pub id: String,
    /// What sort of events it holds.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// Milliseconds since 1970 in UTC.
    pub created: i64,
    /// Whether it takes no more events.
    pub closed: bool,
}

/// Which streams to list. Empty fields do not filter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Only this kind.
    pub kind: Option<&'a str>,
    /// Only about this.
    pub subject: Option<&'a str>,
    /// Only closed, or only open ones.
    pub closed: Option<bool>,
    /// Only streams that were made before this one; none where there is no such stream.
    pub before: Option<&'a str>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// An event to append: always valid JSON, since it is made from a value.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub(super) version: u32,
    pub(super) kind: String,
    pub(super) body: String,
}

impl NewEvent {
    /// An event of that version and kind.
    ///
    /// # Errors
    /// When the value has no JSON form or a larger one than [`EVENT_BYTES`].
    pub fn new(version: u32, kind: &str, value: &impl Serialize) -> Result<Self, LedgerError> {
        let body = serde_json::to_string(value).map_err(|source| LedgerError::Encode {
            kind: kind.to_owned(),
            source,
        })?;
        bounded(&format!("an event '{kind}'"), body.len(), EVENT_BYTES)?;
        bounded("the kind of an event", kind.len(), NAME_BYTES)?;
        Ok(Self {
            version,
            kind: kind.to_owned(),
            body,
        })
    }
}

/// An event as it was recorded.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// Its number in the stream, from 1 without gaps.
    pub seq: u64,
    /// Version of the shape of its body.
    pub version: u32,
    /// What happened.
    pub kind: String,
    /// When, in milliseconds since 1970 in UTC.
    pub at: i64,
    /// The JSON text.
    pub body: String,
}

impl Recorded {
    /// The body as a value.
    ///
    /// # Errors
    /// When the body has another shape.
    pub fn value<T: DeserializeOwned>(&self) -> Result<T, LedgerError> {
        serde_json::from_str(&self.body).map_err(|source| LedgerError::Decode {
            seq: self.seq,
            kind: self.kind.clone(),
            source,
        })
    }
}

/// What is written at once, all or nothing.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Events, in order.
    pub events: Vec<NewEvent>,
    /// Places of artifacts to make, with their content where it is known already. A place whose name ends
    /// in `/` is one for every name below it.
    pub reserve: Vec<(String, Option<Vec<u8>>)>,
    /// Contents to put into places that are there and empty.
    pub fill: Vec<(String, Vec<u8>)>,
    /// Whether the stream takes no more events after these.
    pub close: bool,
}

/// Refuses what is larger than its bound.
pub(super) fn bounded(what: &str, bytes: usize, bound: usize) -> Result<(), LedgerError> {
    if bytes > bound {
        return Err(LedgerError::TooLarge {
            what: what.to_owned(),
            bytes,
            bound,
        });
    }
    Ok(())
}
