//! Where streams stand, as this process knows it: their last row and event, and the places of their artifacts.
//!
//! What is known may be out of date, as other processes write too. Writing finds out by itself, since no two
//! rows have one number; reading asks whether anybody wrote.

use std::collections::HashMap;

use rusqlite::Connection;

use super::names::{self, Span};
use super::row::{self, EventRow};
use super::{Batch, streams};

/// Streams that are known at a time.
const STREAMS: usize = 32;

/// An artifact and what is wrong with its place.
pub(super) type SpotProblem<'a> = Option<(&'a str, &'static str)>;

/// What is known of some streams.
#[derive(Debug, Default)]
pub(super) struct StreamCache {
    streams: HashMap<String, StreamState>,
    /// The state of the file when it was last compared.
    version: i64,
}

/// Where one stream stands.
#[derive(Debug)]
pub(super) struct StreamState {
    /// The stream's key.
    pub id: i64,
    pub closed: bool,
    /// Its rows.
    pub rows: u32,
    /// The number of its last event.
    pub last: u64,
    /// None while nobody asked for them.
    places: Option<ArtifactSpots>,
}

/// An artifact's name → where its content stands; none where nothing has come.
pub(super) type ArtifactSpots = HashMap<String, Option<Spot>>;

/// Where a content stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub row: u32,
    pub span: Span,
}

impl StreamCache {
    pub fn knows(&self, stream: &str) -> bool {
        self.streams.contains_key(stream)
    }

    /// Where a stream stands, from memory or from the file; none where there is no such stream.
    pub fn get(
        &mut self,
        at: &Connection,
        stream: &str,
    ) -> rusqlite::Result<Option<&mut StreamState>> {
        if !self.knows(stream) {
            let Some((id, closed)) = streams::key(at, stream)? else {
                return Ok(None);
            };
            let (rows, last) = row::end(at, id)?;
            self.put(
                stream,
                StreamState {
                    id,
                    closed,
                    rows,
                    last,
                    places: None,
                },
            );
        }
        Ok(self.streams.get_mut(stream))
    }

    /// The same, after nobody else wrote since.
    pub fn now(
        &mut self,
        at: &Connection,
        stream: &str,
    ) -> rusqlite::Result<Option<&mut StreamState>> {
        let version = at
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        if version != self.version {
            self.streams.clear();
            self.version = version;
        }
        self.get(at, stream)
    }

    pub fn put(&mut self, stream: &str, standing: StreamState) {
        if self.streams.len() >= STREAMS {
            self.streams.clear();
        }
        self.streams.insert(stream.to_owned(), standing);
    }

    pub fn forget(&mut self, stream: &str) {
        self.streams.remove(stream);
    }
}

impl StreamState {
    /// A stream that was just made.
    pub fn new(id: i64) -> Self {
        Self {
            id,
            closed: false,
            rows: 0,
            last: 0,
            places: Some(ArtifactSpots::new()),
        }
    }

    /// The artifacts that it has.
    pub fn places(&mut self, at: &Connection) -> rusqlite::Result<&ArtifactSpots> {
        let places = match self.places.take() {
            Some(places) => places,
            None => {
                let mut places = ArtifactSpots::new();
                row::each_names(at, self.id, |row, names| take_in(&mut places, row, names))?;
                places
            }
        };
        Ok(self.places.insert(places))
    }

    /// What is wrong with the first artifact of a batch that has no place.
    pub fn problem<'a>(
        &mut self,
        at: &Connection,
        batch: &'a Batch,
    ) -> rusqlite::Result<SpotProblem<'a>> {
        if batch.reserve.is_empty() && batch.fill.is_empty() {
            return Ok(None);
        }
        let places = self.places(at)?;
        let known = |name: &str| places.get(name).map(Option::is_some);
        Ok(super::places::problem(known, batch))
    }

    /// Takes in a row that was added.
    pub fn added(&mut self, row: &EventRow) -> rusqlite::Result<()> {
        self.rows += 1;
        self.last = row.last;
        match &mut self.places {
            Some(places) => take_in(places, self.rows, &row.names),
            None => Ok(()),
        }
    }
}

fn take_in(places: &mut ArtifactSpots, row: u32, names: &str) -> rusqlite::Result<()> {
    for entry in names::read(names)? {
        let spot = entry.content.map(|span| Spot { row, span });
        // A place first, its content later.
        if spot.is_some() || !places.contains_key(entry.name) {
            places.insert(entry.name.to_owned(), spot);
        }
    }
    Ok(())
}
