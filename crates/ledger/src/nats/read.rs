//! Reading: the list of streams, one stream, its events and artifacts.

use bytes::Bytes;

use super::super::{Filter, LedgerError, Recorded, Stream, Weight};
use super::body::{self, RowBody, RowHead};
use super::known::{KnownStream, StoredPlaces, take_in};
use super::rows::StoredRow;
use super::{NatsCalls, STREAMS, lock};

/// How far a stream was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadEnd {
    born: u64,
    row: u64,
    last: u64,
    sequence: u64,
}

/// The server's number and time of a stream's first message.
fn born(row: &StoredRow) -> (u64, i64) {
    row.head.born.unwrap_or((row.sequence, row.at))
}

impl NatsCalls {
    async fn end(&self, stream: &str) -> Result<StoredRow, LedgerError> {
        self.link
            .last(stream)
            .await?
            .ok_or_else(|| Self::unknown(stream))
    }

    pub async fn stream(&self, id: &str) -> Result<Stream, LedgerError> {
        let row = self.end(id).await?;
        Ok(stream(id.to_owned(), &row))
    }

    pub async fn streams(&self, filter: &Filter<'_>) -> Result<Vec<Stream>, LedgerError> {
        let mut all = self.link.ends().await?;
        all.sort_by_key(|(_, row)| std::cmp::Reverse(born(row)));
        let before = filter.before.map(|before| {
            let place = all.iter().position(|(id, _)| id == before);
            place.map_or(all.len(), |place| place + 1)
        });
        let passes = |row: &StoredRow| {
            let RowHead {
                kind,
                subject,
                closed,
                ..
            } = &row.head;
            filter.kind.is_none_or(|wanted| wanted == kind)
                && filter.subject.is_none_or(|wanted| wanted == subject)
                && filter.closed.is_none_or(|wanted| wanted == *closed)
        };
        let found = all
            .into_iter()
            .skip(before.unwrap_or(0))
            .filter(|(_, row)| passes(row));
        let limit = filter.limit.map_or(usize::MAX, |limit| limit as usize);
        Ok(found
            .take(limit)
            .map(|(id, row)| stream(id, &row))
            .collect())
    }

    pub async fn events(&self, stream: &str, after: u64) -> Result<Vec<Recorded>, LedgerError> {
        let row = self.end(stream).await?;
        let end = ReadEnd {
            born: born(&row).0,
            row: row.head.row,
            last: row.head.last,
            sequence: row.sequence,
        };
        let mut events = Vec::new();
        if end.last > after {
            events = self.body(&row).await?.events;
            if events.first().is_none_or(|first| first.seq > after + 1) {
                events = self.earlier(stream, after, end).await?;
            }
            events.retain(|event| event.seq > after);
        }
        let mut ends = lock(&self.ends);
        if ends.len() >= STREAMS {
            ends.clear();
        }
        ends.insert(stream.to_owned(), end);
        Ok(events)
    }

    /// The events of a stream up to an end, beginning at the latest with the one after `after`.
    async fn earlier(
        &self,
        stream: &str,
        after: u64,
        end: ReadEnd,
    ) -> Result<Vec<Recorded>, LedgerError> {
        let read = lock(&self.ends).get(stream).copied();
        let read = read.filter(|read| read.born == end.born && read.last <= after);
        let (from, known) = read.map_or((end.born, 0), |read| (read.sequence + 1, read.row));
        let about = end.row.saturating_sub(known);
        let mut events = Vec::new();
        for row in self.link.rows(stream, from, end.sequence, about).await? {
            events.extend(self.body(&row).await?.events);
        }
        Ok(events)
    }

    /// What a message holds.
    pub async fn body(&self, row: &StoredRow) -> Result<RowBody, LedgerError> {
        let payload = match &row.head.object {
            Some(object) => Bytes::from(self.link.get(object).await?),
            None => row.payload.clone(),
        };
        let body = body::read(&payload, row.head.last, row.at);
        body.map_err(|source| self.link.failed("read a message", source))
    }

    /// A stream as it is now.
    pub async fn known(&self, stream: &str) -> Result<KnownStream, LedgerError> {
        let end = self.end(stream).await?;
        let known = lock(&self.known).remove(stream);
        let known = known.filter(|known| known.born.0 == born(&end).0);
        let (mut places, from, had) = match known {
            Some(known) if known.sequence == end.sequence => return Ok(known),
            Some(known) => (known.places, known.sequence + 1, known.head.row),
            None => (StoredPlaces::new(), born(&end).0, 0),
        };
        let missing = end.head.row.saturating_sub(had);
        if missing > 1 {
            for row in self
                .link
                .rows(stream, from, end.sequence - 1, missing)
                .await?
            {
                take_in(&mut places, row.sequence, &self.body(&row).await?.index);
            }
        }
        take_in(&mut places, end.sequence, &self.body(&end).await?.index);
        Ok(KnownStream {
            born: born(&end),
            sequence: end.sequence,
            head: end.head,
            places,
        })
    }

    pub fn remember(&self, stream: &str, known: KnownStream) {
        let mut all = lock(&self.known);
        if all.len() >= STREAMS {
            all.clear();
        }
        all.insert(stream.to_owned(), known);
    }

    pub async fn artifacts(&self, stream: &str) -> Result<Vec<(String, Option<u64>)>, LedgerError> {
        let known = self.known(stream).await?;
        let size = |spot: &super::known::StoredSpot| spot.content.size as u64;
        let all = known
            .places
            .iter()
            .map(|(name, spot)| (name.clone(), spot.as_ref().map(size)));
        let all = all.collect();
        self.remember(stream, known);
        Ok(all)
    }

    pub async fn artifact(&self, stream: &str, name: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        let known = self.known(stream).await?;
        let spot = known.places.get(name).cloned().flatten();
        self.remember(stream, known);
        let Some(spot) = spot else {
            return Ok(None);
        };
        let content = match &spot.content.object {
            Some(object) => body::content(&self.link.get(object).await?, 0, &spot.content),
            None => {
                let rows = self
                    .link
                    .rows(stream, spot.sequence, spot.sequence, 1)
                    .await?;
                let row = rows.first().ok_or_else(|| Self::unknown(stream))?;
                body::content(&self.body(row).await?.inline, spot.from, &spot.content)
            }
        };
        content
            .map(Some)
            .map_err(|source| self.link.failed("read an artifact", source))
    }

    pub async fn weight(&self, stream: &str, prefix: &str) -> Result<Weight, LedgerError> {
        let known = self.known(stream).await?;
        let mut weight = Weight::default();
        for (name, spot) in &known.places {
            if let Some(spot) = spot.as_ref().filter(|_| name.starts_with(prefix)) {
                weight.artifacts += spot.content.stored as u64;
            }
        }
        let rows = self
            .link
            .rows(stream, known.born.0, known.sequence, known.head.row)
            .await?;
        for row in rows {
            let events = self.body(&row).await?.events;
            weight.events += events
                .iter()
                .map(|event| event.body.len() as u64)
                .sum::<u64>();
        }
        self.remember(stream, known);
        Ok(weight)
    }
}

fn stream(id: String, row: &StoredRow) -> Stream {
    Stream {
        id,
        kind: row.head.kind.clone(),
        subject: row.head.subject.clone(),
        created: born(row).1,
        closed: row.head.closed,
    }
}
