//! Reading messages.

use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::header;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::message::StreamMessage;
use async_nats::jetstream::stream::{LastRawMessageError, LastRawMessageErrorKind};
use bytes::Bytes;
use futures_util::TryStreamExt as _;

use super::super::LedgerError;
use super::super::damaged::Damaged;
use super::body::{HEADER, RowHead};
use super::link::{LinkFailure, NatsLink};

/// Messages that are fetched at once.
const FETCHED: usize = 500;

/// A message as it stands in the server.
pub(super) struct StoredRow {
    pub head: RowHead,
    pub sequence: u64,
    /// The server's time, in milliseconds since 1970 in UTC.
    pub at: i64,
    pub id: String,
    pub payload: Bytes,
}

impl NatsLink {
    /// The last message of a stream.
    pub async fn last(&self, stream: &str) -> Result<Option<StoredRow>, LedgerError> {
        let subject = self.subject(stream);
        let ask = || async { found(self.events.get_last_raw_message_by_subject(&subject).await) };
        let message = self.patiently("read the end of a stream", ask).await?;
        message.map(|message| self.row(message)).transpose()
    }

    /// The first message of a stream from a number of the server on.
    pub async fn next(&self, stream: &str, from: u64) -> Result<Option<StoredRow>, LedgerError> {
        let subject = self.subject(stream);
        let ask = || async {
            found(
                self.events
                    .get_first_raw_message_by_subject(&subject, from)
                    .await,
            )
        };
        let message = self.patiently("read a stream", ask).await?;
        message.map(|message| self.row(message)).transpose()
    }

    fn row(&self, message: StreamMessage) -> Result<StoredRow, LedgerError> {
        let at = millis(message.time.unix_timestamp_nanos());
        let StreamMessage {
            headers,
            sequence,
            payload,
            ..
        } = message;
        self.row_of(&headers, sequence, at, payload)
    }

    fn row_of(
        &self,
        headers: &HeaderMap,
        sequence: u64,
        at: i64,
        payload: Bytes,
    ) -> Result<StoredRow, LedgerError> {
        let text = headers.get(HEADER).ok_or(Damaged("it has no header"));
        let head = text.and_then(|text| RowHead::read(text.as_str()));
        Ok(StoredRow {
            head: head.map_err(|source| self.failed("read a message", source))?,
            sequence,
            at,
            id: headers
                .get(header::NATS_MESSAGE_ID)
                .map(ToString::to_string)
                .unwrap_or_default(),
            payload,
        })
    }

    /// The messages of a stream from a number of the server to another, in order; about so many.
    pub async fn rows(
        &self,
        stream: &str,
        from: u64,
        to: u64,
        about: u64,
    ) -> Result<Vec<StoredRow>, LedgerError> {
        let mut rows = Vec::new();
        if about > 6 {
            let policy = DeliverPolicy::ByStartSequence {
                start_sequence: from,
            };
            rows = self
                .scan(&self.subject(stream), policy, false)
                .await?
                .into_iter()
                .map(|(_, row)| row)
                .collect();
            rows.retain(|row| row.sequence <= to);
            return Ok(rows);
        }
        let mut from = from;
        while from <= to {
            let Some(row) = self
                .next(stream, from)
                .await?
                .filter(|row| row.sequence <= to)
            else {
                break;
            };
            from = row.sequence + 1;
            rows.push(row);
        }
        Ok(rows)
    }

    /// The last message of every stream, without its payload, with the id of the stream.
    pub async fn ends(&self) -> Result<Vec<(String, StoredRow)>, LedgerError> {
        let subject = format!("{}.ledger.>", self.address.prefix);
        let found = self
            .scan(&subject, DeliverPolicy::LastPerSubject, true)
            .await?;
        let id = |subject: String| {
            subject
                .rsplit('.')
                .next()
                .unwrap_or_default()
                .replace('=', ".")
        };
        Ok(found
            .into_iter()
            .map(|(subject, row)| (id(subject), row))
            .collect())
    }

    async fn scan(
        &self,
        subject: &str,
        policy: DeliverPolicy,
        headers: bool,
    ) -> Result<Vec<(String, StoredRow)>, LedgerError> {
        let found = self.patiently("read messages", || async {
            let config = pull::Config {
                deliver_policy: policy,
                ack_policy: AckPolicy::None,
                filter_subject: subject.to_owned(),
                headers_only: headers,
                inactive_threshold: Duration::from_secs(30),
                memory_storage: true,
                num_replicas: 1,
                ..pull::Config::default()
            };
            let consumer = self
                .events
                .create_consumer(config)
                .await
                .map_err(LinkFailure::of)?;
            let mut all = Vec::new();
            let mut pending = consumer.cached_info().num_pending;
            while pending > 0 {
                let fetch = consumer
                    .fetch()
                    .max_messages(FETCHED)
                    .expires(Duration::from_secs(5));
                let part: Vec<_> = fetch
                    .messages()
                    .await
                    .map_err(LinkFailure::of)?
                    .try_collect()
                    .await
                    .map_err(LinkFailure::boxed)?;
                // What was removed meanwhile is not pending any more.
                pending = match part.last() {
                    Some(last) => last.info().map_err(LinkFailure::boxed)?.pending,
                    None => 0,
                };
                all.extend(part);
            }
            let name = &consumer.cached_info().name;
            // It would end by itself, later.
            let _ = self.events.delete_consumer(name).await;
            Ok::<_, LinkFailure>(all)
        });
        let mut rows = Vec::new();
        for message in found.await? {
            let info = message
                .info()
                .map_err(|source| self.failed("read messages", source))?;
            let (sequence, at) = (
                info.stream_sequence,
                millis(info.published.unix_timestamp_nanos()),
            );
            let headers = message.headers.as_ref().cloned().unwrap_or_default();
            let row = self.row_of(&headers, sequence, at, message.payload.clone())?;
            rows.push((message.subject.to_string(), row));
        }
        Ok(rows)
    }
}

fn millis(nanos: i128) -> i64 {
    i64::try_from(nanos / 1_000_000).unwrap_or_default()
}

fn found(
    answer: Result<StreamMessage, LastRawMessageError>,
) -> Result<Option<StreamMessage>, LastRawMessageError> {
    match answer {
        Ok(message) => Ok(Some(message)),
        Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => Ok(None),
        Err(error) => Err(error),
    }
}
