//! The lines between poag and an agent, bounded and recorded.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use agent_client_protocol::Lines;
use futures::{Sink, Stream};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

use crate::process::{Live, STDOUT_BYTES};

/// Lines to an agent.
pub(super) type Out = Pin<Box<dyn Sink<String, Error = io::Error> + Send>>;
/// Lines from an agent.
pub(super) type In = Pin<Box<dyn Stream<Item = io::Result<String>> + Send>>;

/// What was said on both sides.
#[derive(Default)]
struct WireLog {
    sent: Vec<u8>,
    stdout: Vec<u8>,
    over: bool,
    full: bool,
}

/// The record of a wire, which outlives it.
#[derive(Clone, Default)]
pub(super) struct Record(Arc<Mutex<WireLog>>);

impl Record {
    fn words(&self) -> MutexGuard<'_, WireLog> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the agent closed its output.
    pub(super) fn is_over(&self) -> bool {
        self.words().over
    }

    /// Whether the agent said more than anybody reads.
    pub(super) fn is_full(&self) -> bool {
        self.words().full
    }

    /// What was sent and what was said.
    pub(super) fn into_words(self) -> (Vec<u8>, Vec<u8>) {
        let mut words = self.words();
        (
            std::mem::take(&mut words.sent),
            std::mem::take(&mut words.stdout),
        )
    }
}

/// Standard input and output of an agent.
pub(super) struct Wire {
    stdin: Option<ChildStdin>,
    stdout: Option<ChildStdout>,
    record: Record,
}

impl Wire {
    /// Takes both from a program.
    pub(super) fn new(live: &mut Live) -> Self {
        Self {
            stdin: live.stdin.take(),
            stdout: live.stdout.take(),
            record: Record::default(),
        }
    }

    pub(super) fn record(&self) -> Record {
        self.record.clone()
    }

    /// The wire as the protocol's crate wants it.
    pub(super) fn lines(self) -> Lines<Out, In> {
        let outgoing = futures::sink::unfold((self.stdin, self.record.clone()), send);
        let reader = self.stdout.map(BufReader::new);
        let incoming = futures::stream::unfold((reader, self.record), receive);
        Lines::new(Box::pin(outgoing), Box::pin(incoming))
    }
}

async fn send(
    (mut stdin, record): (Option<ChildStdin>, Record),
    mut line: String,
) -> io::Result<(Option<ChildStdin>, Record)> {
    line.push('\n');
    keep(&mut record.words().sent, line.as_bytes());
    if let Some(stdin) = &mut stdin {
        stdin.write_all(line.as_bytes()).await?;
        stdin.flush().await?;
    }
    Ok((stdin, record))
}

type LineStream = (Option<BufReader<ChildStdout>>, Record);

/// The next line that can be a message; agents say other things, too.
async fn receive((mut reader, record): LineStream) -> Option<(io::Result<String>, LineStream)> {
    loop {
        let mut line = Vec::new();
        let most = STDOUT_BYTES.saturating_sub(record.words().stdout.len()) as u64;
        let read = match &mut reader {
            Some(reader) if most > 0 => reader.take(most).read_until(b'\n', &mut line).await,
            _ => Ok(0),
        };
        let ended = !matches!(read, Ok(1..));
        {
            let mut words = record.words();
            keep(&mut words.stdout, &line);
            words.full |= words.stdout.len() >= STDOUT_BYTES;
            words.over |= ended && !words.full;
        }
        if ended {
            return None;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text.starts_with('{') && text.ends_with('}') {
            return Some((Ok(text.to_owned()), (reader, record)));
        }
    }
}

fn keep(words: &mut Vec<u8>, more: &[u8]) {
    let free = STDOUT_BYTES.saturating_sub(words.len());
    words.extend_from_slice(more.get(..more.len().min(free)).unwrap_or_default());
}
