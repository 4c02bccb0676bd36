//! A stream as this process knows it. Writing finds out by itself whether that is out of date, since the server compares the
//! number of the last message; reading asks for that first.

use std::collections::BTreeMap;

use super::body::{ArtifactLine, RowHead, RowIndex, StoredContent};

/// A stream up to one message of it.
#[derive(Clone, Debug)]
pub(super) struct KnownStream {
    pub head: RowHead,
    /// The server's number and time of its first message.
    pub born: (u64, i64),
    /// The server's number of the last message.
    pub sequence: u64,
    /// Its artifacts.
    pub places: StoredPlaces,
}

/// An artifact's name → where its content stands; none where nothing has come.
pub(super) type StoredPlaces = BTreeMap<String, Option<StoredSpot>>;

/// Where a content stands.
#[derive(Clone, Debug)]
pub(super) struct StoredSpot {
    /// The server's number of the message.
    pub sequence: u64,
    /// Where it begins among the contents in that.
    pub from: usize,
    pub content: StoredContent,
}

/// Takes in the artifacts of a message.
pub(super) fn take_in(places: &mut StoredPlaces, sequence: u64, index: &RowIndex) {
    if let Some(prefix) = &index.removed {
        places.retain(|name, _| !name.starts_with(prefix.as_str()));
    }
    for (ArtifactLine { name, content }, from) in super::body::offsets(&index.artifacts) {
        let spot = content.clone().map(|content| StoredSpot {
            sequence,
            from,
            content,
        });
        // A place first, its content later.
        if spot.is_some() || !places.contains_key(name) {
            places.insert(name.clone(), spot);
        }
    }
}
