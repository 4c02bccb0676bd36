//! Writing: one message, behind the last one that is known.

use super::super::packed::Packed;
use super::super::{Batch, LedgerError, NewStream, places};
use super::body::{self, ArtifactLine, RowHead, RowIndex, StoredContent};
use super::known::{KnownStream, StoredPlaces, take_in};
use super::{NatsCalls, lock};

/// Contents of at least so many bytes are objects.
const OBJECT: usize = 8 << 10;
/// What a message holds beside its payload, in bytes.
const HEADERS: usize = 16 << 10;

/// A message to write.
struct Outgoing {
    head: RowHead,
    payload: Vec<u8>,
    index: RowIndex,
    /// Objects that nobody needs where it is not written.
    objects: Vec<String>,
}

impl NatsCalls {
    pub async fn create(&self, stream: &NewStream<'_>, batch: &Batch) -> Result<u64, LedgerError> {
        check(stream.id, &StoredPlaces::new(), batch)?;
        let head = RowHead::new(stream.kind, stream.subject);
        let outgoing = self.outgoing(head, batch).await?;
        match self
            .link
            .commit(stream.id, 0, &outgoing.head, outgoing.payload.into())
            .await?
        {
            Some(_) => Ok(outgoing.head.last),
            None => {
                self.discard(&outgoing.objects).await;
                Err(LedgerError::Exists {
                    stream: stream.id.to_owned(),
                })
            }
        }
    }

    pub async fn append(
        &self,
        stream: &str,
        expected: u64,
        batch: &Batch,
    ) -> Result<u64, LedgerError> {
        let mut remembered = lock(&self.known).remove(stream);
        loop {
            let from_memory = remembered.is_some();
            let known = match remembered.take() {
                Some(known) => known,
                None => self.known(stream).await?,
            };
            match allowed(stream, &known, expected, batch) {
                Ok(()) => {}
                // What was known may be out of date.
                Err(_) if from_memory => continue,
                Err(error) => return Err(error),
            }
            if batch.events.is_empty()
                && batch.reserve.is_empty()
                && batch.fill.is_empty()
                && !batch.close
            {
                self.remember(stream, known);
                return Ok(expected);
            }
            if let Some(last) = self.write(stream, known, batch).await? {
                return Ok(last);
            }
        }
    }

    /// Adds a message to a stream; none where somebody else was first.
    async fn write(
        &self,
        stream: &str,
        mut known: KnownStream,
        batch: &Batch,
    ) -> Result<Option<u64>, LedgerError> {
        let head = RowHead {
            born: Some(known.born),
            object: None,
            ..known.head.clone()
        };
        let Outgoing {
            head,
            payload,
            index,
            objects,
        } = self.outgoing(head, batch).await?;
        let Some(sequence) = self
            .link
            .commit(stream, known.sequence, &head, payload.into())
            .await?
        else {
            self.discard(&objects).await;
            return Ok(None);
        };
        take_in(&mut known.places, sequence, &index);
        let last = head.last;
        (known.head, known.sequence) = (head, sequence);
        if !known.head.closed {
            self.remember(stream, known);
        }
        Ok(Some(last))
    }

    /// The message of a batch behind that of `head`. Its objects are written.
    async fn outgoing(&self, mut head: RowHead, batch: &Batch) -> Result<Outgoing, LedgerError> {
        let reserve = batch
            .reserve
            .iter()
            .map(|(name, content)| (name, content.as_ref()));
        let fill = batch
            .fill
            .iter()
            .map(|(name, content)| (name, Some(content)));
        let (mut index, mut inline, mut objects) = (RowIndex::default(), Vec::new(), Vec::new());
        for (name, content) in reserve.chain(fill) {
            let content = match content {
                None => None,
                Some(content) => {
                    let packed = Packed::of(content);
                    let object = match packed.bytes.len() >= OBJECT {
                        true => Some(self.link.put(&packed.bytes).await?),
                        false => None,
                    };
                    match &object {
                        Some(object) => objects.push(object.clone()),
                        None => inline.extend_from_slice(&packed.bytes),
                    }
                    Some(StoredContent {
                        stored: packed.bytes.len(),
                        size: packed.size,
                        object,
                    })
                }
            };
            index.artifacts.push(ArtifactLine {
                name: name.clone(),
                content,
            });
        }
        head.last += batch.events.len() as u64;
        head.row += 1;
        head.closed |= batch.close;
        self.sized(head, batch, index, &inline, objects).await
    }

    /// A payload that is too large for a message is an object.
    async fn sized(
        &self,
        mut head: RowHead,
        batch: &Batch,
        index: RowIndex,
        inline: &[u8],
        mut objects: Vec<String>,
    ) -> Result<Outgoing, LedgerError> {
        let mut payload = body::write(batch, &index, inline);
        if payload.len() + HEADERS > self.link.most() {
            let object = self.link.put(&payload).await?;
            objects.push(object.clone());
            head.object = Some(object);
            payload.clear();
        }
        Ok(Outgoing {
            head,
            payload,
            index,
            objects,
        })
    }

    /// Objects that were not needed; one that stays only takes room.
    async fn discard(&self, objects: &[String]) {
        for object in objects {
            let _ = self.link.delete(object).await;
        }
    }

    pub async fn remove(&self, stream: &str) -> Result<(), LedgerError> {
        let known = self.closed(stream).await?;
        // Objects first: where this ends half-way, the stream is there still, to be removed again.
        for row in self
            .link
            .rows(stream, known.born.0, known.sequence, known.head.row)
            .await?
        {
            let index = match &row.head.object {
                // It was removed before.
                Some(_) => match self.body(&row).await {
                    Ok(body) => body.index,
                    Err(_) => continue,
                },
                None => self.body(&row).await?.index,
            };
            let contents = index
                .artifacts
                .into_iter()
                .filter_map(|entry| entry.content);
            for object in contents
                .filter_map(|content| content.object)
                .chain(row.head.object)
            {
                self.link.delete(&object).await?;
            }
        }
        self.link.purge(stream).await
    }

    pub async fn remove_artifacts(&self, stream: &str, prefix: &str) -> Result<(), LedgerError> {
        loop {
            let mut known = self.closed(stream).await?;
            let removed = known
                .places
                .iter()
                .filter(|(name, _)| name.starts_with(prefix));
            let objects: Vec<String> = removed
                .filter_map(|(_, spot)| spot.as_ref()?.content.object.clone())
                .collect();
            let index = RowIndex {
                removed: Some(prefix.to_owned()),
                ..RowIndex::default()
            };
            known.head.born = Some(known.born);
            known.head.row += 1;
            known.head.object = None;
            let payload = body::write(&Batch::default(), &index, &[]);
            let written = self
                .link
                .commit(stream, known.sequence, &known.head, payload.into())
                .await?;
            if written.is_some() {
                self.discard(&objects).await;
                return Ok(());
            }
        }
    }

    async fn closed(&self, stream: &str) -> Result<KnownStream, LedgerError> {
        let known = self.known(stream).await?;
        match known.head.closed {
            true => Ok(known),
            false => Err(LedgerError::Unfinished {
                stream: stream.to_owned(),
            }),
        }
    }
}

/// Whether a batch may be added to a stream as it is known.
fn allowed(
    stream: &str,
    known: &KnownStream,
    expected: u64,
    batch: &Batch,
) -> Result<(), LedgerError> {
    if known.head.closed {
        return Err(LedgerError::Closed {
            stream: stream.to_owned(),
        });
    }
    if known.head.last != expected {
        return Err(LedgerError::Conflict {
            stream: stream.to_owned(),
            expected,
            found: known.head.last,
        });
    }
    check(stream, &known.places, batch)
}

fn check(stream: &str, known: &StoredPlaces, batch: &Batch) -> Result<(), LedgerError> {
    match places::problem(|name| known.get(name).map(Option::is_some), batch) {
        None => Ok(()),
        Some((name, problem)) => Err(LedgerError::Place {
            stream: stream.to_owned(),
            name: name.to_owned(),
            problem,
        }),
    }
}
