//! Writing messages and objects.

use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::object_store::DeleteErrorKind;
use bytes::Bytes;
use tokio::io::AsyncReadExt as _;

use super::super::LedgerError;
use super::super::types::ARTIFACT_BYTES;
use super::body::{HEADER, RowHead};
use super::link::{LinkFailure, NatsLink, PAUSES};

impl NatsLink {
    /// Adds a message behind the one of that number, 0 for the first of a stream. Returns its number; none where somebody
    /// else was first.
    pub async fn commit(
        &self,
        stream: &str,
        after: u64,
        head: &RowHead,
        payload: Bytes,
    ) -> Result<Option<u64>, LedgerError> {
        let (subject, id) = (self.subject(stream), self.unique());
        let message = PublishMessage::build()
            .header(HEADER, ascii(head).as_str())
            .message_id(&id)
            .expected_last_subject_sequence(after)
            .payload(payload);
        let (mut pause, mut asked) = (PAUSES.0, false);
        loop {
            let tried = match self
                .context
                .send_publish(subject.clone(), message.clone())
                .await
            {
                Ok(acknowledged) => acknowledged.await,
                Err(error) => Err(error),
            };
            let error = match tried {
                Ok(ack) => return Ok(Some(ack.sequence)),
                Err(error) => error,
            };
            match error.kind() {
                PublishErrorKind::WrongLastSequence if asked => return self.written(stream, after, &id).await,
                PublishErrorKind::WrongLastSequence => return Ok(None),
                PublishErrorKind::TimedOut
                | PublishErrorKind::BrokenPipe
                | PublishErrorKind::MaxAckPending
                // Nobody answers: the server is on its way up.
                | PublishErrorKind::StreamNotFound => {}
                _ if self.passes(&error) => {}
                _ => return Err(self.failed("append to a stream", error)),
            }
            // It may have been written, and the answer lost.
            asked = true;
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// The number of the message of that id, among those after a number.
    async fn written(
        &self,
        stream: &str,
        after: u64,
        id: &str,
    ) -> Result<Option<u64>, LedgerError> {
        let mut from = after + 1;
        while let Some(row) = self.next(stream, from).await? {
            if row.id == id {
                return Ok(Some(row.sequence));
            }
            from = row.sequence + 1;
        }
        Ok(None)
    }

    /// Removes all messages of a stream.
    pub async fn purge(&self, stream: &str) -> Result<(), LedgerError> {
        let subject = self.subject(stream);
        self.patiently("remove a stream", || async {
            self.events.purge().filter(&subject).await
        })
        .await?;
        Ok(())
    }

    /// Keeps bytes under a new name.
    pub async fn put(&self, bytes: &[u8]) -> Result<String, LedgerError> {
        self.patiently("write an artifact", || async {
            let name = self.unique();
            let mut rest = bytes;
            self.objects
                .0
                .put(name.as_str(), &mut rest)
                .await
                .map(|_| name)
        })
        .await
    }

    /// The bytes of that name.
    pub async fn get(&self, name: &str) -> Result<Vec<u8>, LedgerError> {
        self.patiently("read an artifact", || async {
            let object = self.objects.0.get(name).await.map_err(LinkFailure::of)?;
            let mut bytes = Vec::new();
            let most = 3 * ARTIFACT_BYTES as u64;
            object
                .take(most)
                .read_to_end(&mut bytes)
                .await
                .map_err(LinkFailure::of)?;
            Ok::<_, LinkFailure>(bytes)
        })
        .await
    }

    /// Removes what has that name, if anything.
    pub async fn delete(&self, name: &str) -> Result<(), LedgerError> {
        self.patiently("remove an artifact", || async {
            match self.objects.0.delete(name).await {
                Err(error) if matches!(error.kind(), DeleteErrorKind::NotFound) => Ok(()),
                done => done,
            }
        })
        .await
    }
}

/// JSON that a header can hold.
fn ascii(head: &RowHead) -> String {
    let mut text = String::new();
    for c in serde_json::json!(head).to_string().chars() {
        match c.is_ascii() {
            true => text.push(c),
            false => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                // Writing to a string does not fail.
                let _ = std::fmt::Write::write_fmt(&mut text, format_args!("\\u{unit:04x}"));
            }),
        }
    }
    text
}
