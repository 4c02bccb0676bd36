//! One message of a stream: what was written at once.
//!
//! The header `Poag` is JSON and tells of the stream as it is after the message, so that the last message of each subject is
//! the list of all streams. The payload is a line of JSON, the events as in `events.rs`, and contents of artifacts one after
//! the other. Larger contents are objects; so is a whole payload that is too large for a message.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::super::damaged::Damaged;
use super::super::packed::unpack;
use super::super::{Batch, Recorded, events};

/// The name of the header.
pub(super) const HEADER: &str = "Poag";
/// Version of this form.
const VERSION: u32 = 1;

/// A stream after a message of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct RowHead {
    pub version: u32,
    pub kind: String,
    pub subject: String,
    /// The server's number and time of the first message, in milliseconds since 1970 in UTC; none in that itself.
    pub born: Option<(u64, i64)>,
    /// The number of the last event.
    pub last: u64,
    /// The number of this message in its stream, from 1.
    pub row: u64,
    pub closed: bool,
    /// The object that holds the payload instead.
    pub object: Option<String>,
}

impl RowHead {
    pub fn new(kind: &str, subject: &str) -> Self {
        Self {
            version: VERSION,
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            born: None,
            last: 0,
            row: 0,
            closed: false,
            object: None,
        }
    }

    pub fn read(text: &str) -> Result<Self, Damaged> {
        let head: Self = serde_json::from_str(text)
            .map_err(|_| Damaged("its header is not as it was written"))?;
        match head.version == VERSION {
            true => Ok(head),
            false => Err(Damaged("another version of poag wrote it")),
        }
    }
}

/// What stands in the first line of a payload.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct RowIndex {
    /// Bytes of the events.
    pub events: usize,
    pub artifacts: Vec<ArtifactLine>,
    /// The artifacts whose names begin so were removed.
    pub removed: Option<String>,
}

/// An artifact, or its empty place.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct ArtifactLine {
    pub name: String,
    pub content: Option<StoredContent>,
}

/// Where a content stands.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct StoredContent {
    /// Bytes as they stand there, and of the content.
    pub stored: usize,
    pub size: usize,
    /// Its object; else it is in the payload.
    pub object: Option<String>,
}

/// The payload of a batch whose artifacts are these, with the bytes of those that are no objects.
pub(super) fn write(batch: &Batch, index: &RowIndex, inline: &[u8]) -> Vec<u8> {
    let mut text = String::new();
    for event in &batch.events {
        events::put(&mut text, event);
    }
    let index = serde_json::json!({
        "events": text.len(),
        "artifacts": index.artifacts,
        "removed": index.removed,
    });
    let mut payload = index.to_string().into_bytes();
    payload.push(b'\n');
    payload.extend_from_slice(text.as_bytes());
    payload.extend_from_slice(inline);
    payload
}

/// A payload, taken apart.
pub(super) struct RowBody {
    pub events: Vec<Recorded>,
    pub index: RowIndex,
    /// Contents that are in the payload.
    pub inline: Bytes,
}

/// Takes a payload apart whose last event has the number `last`.
pub(super) fn read(payload: &Bytes, last: u64, at: i64) -> Result<RowBody, Damaged> {
    let damaged = || Damaged("its payload is not as it was written");
    let line = payload
        .iter()
        .position(|&byte| byte == b'\n')
        .ok_or_else(damaged)?;
    let index: RowIndex = serde_json::from_slice(&payload[..line]).map_err(|_| damaged())?;
    let to = (line + 1)
        .checked_add(index.events)
        .filter(|&to| to <= payload.len());
    let to = to.ok_or_else(damaged)?;
    let text = std::str::from_utf8(&payload[line + 1..to]).map_err(|_| damaged())?;
    Ok(RowBody {
        events: events::read(text, last, at)?,
        index,
        inline: payload.slice(to..),
    })
}

/// Where the contents of some artifacts begin in what is in the payload.
pub(super) fn offsets(artifacts: &[ArtifactLine]) -> impl Iterator<Item = (&ArtifactLine, usize)> {
    artifacts.iter().scan(0_usize, |from, entry| {
        let here = *from;
        if let Some(content) = entry
            .content
            .as_ref()
            .filter(|content| content.object.is_none())
        {
            *from = from.saturating_add(content.stored);
        }
        Some((entry, here))
    })
}

/// The content of that size, from bytes that begin there.
pub(super) fn content(
    bytes: &[u8],
    from: usize,
    content: &StoredContent,
) -> Result<Vec<u8>, Damaged> {
    let span = from
        .checked_add(content.stored)
        .and_then(|to| bytes.get(from..to));
    unpack(
        span.ok_or(Damaged("its artifacts are longer than their contents"))?,
        content.size,
    )
}
