//! One connection: requests come in, each is answered apart from the others, and one that waits can be given up.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::client::Client;
use super::failure::NineFailure;
use super::wire::{HEAD, NO_TAG, NineReply, NineRequest, decode, encode};
use crate::settings::Bounds;

/// Longest message before a length is agreed on.
const FIRST: u32 = 8 << 10;
/// Requests of one client that are answered at a time.
const AT_A_TIME: usize = 128;
/// Requests to give up the same other one.
const GIVING_UP: usize = 16;
/// Answers that wait to be sent.
const WAITING: usize = 64;

/// Requests under way, by tag.
#[derive(Default)]
struct UnderWay {
    requests: HashMap<u16, PendingRequest>,
    last: u64,
}

struct PendingRequest {
    /// Tells it from an earlier one with the same tag.
    number: u64,
    /// What ends it; none for one that changes something, which is waited for.
    abort: Option<AbortHandle>,
    /// Requests that are answered right after it.
    after: Vec<u16>,
}

/// What the tasks of a connection share.
struct SharedConnection {
    client: Client,
    under_way: Mutex<UnderWay>,
    out: mpsc::Sender<Vec<u8>>,
}

impl SharedConnection {
    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, tag: u16, reply: &NineReply) -> io::Result<()> {
        let sent = self.out.send(encode(tag, reply)).await;
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    async fn refuse(&self, tag: u16, failure: &NineFailure) -> io::Result<()> {
        let text = failure.text();
        self.send(tag, &NineReply::Error { text }).await
    }

    /// Gives up all that is under way.
    fn give_up(&self) {
        for (_, request) in self.under_way().requests.drain() {
            if let Some(abort) = request.abort {
                abort.abort();
            }
        }
    }
}

/// Serves a connection until the other side goes, or says what is no 9P.
pub(super) async fn serve<S>(stream: S, client: Client, bounds: Bounds)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut stopping = client.tree.server.stopping.clone();
    let (reads, mut writes) = tokio::io::split(stream);
    let (out, mut replies) = mpsc::channel::<Vec<u8>>(WAITING);
    let shared = Arc::new(SharedConnection {
        client,
        under_way: Mutex::default(),
        out,
    });
    let written = async {
        while let Some(reply) = replies.recv().await {
            if writes.write_all(&reply).await.is_err() {
                break;
            }
        }
    };
    // What goes wrong on a connection concerns its other side alone.
    tokio::select! {
        _ = requests(reads, &shared, bounds) => {}
        () = written => {}
        _ = stopping.wait_for(|stop| *stop) => {}
    }
    shared.give_up();
}

async fn requests<R>(mut reads: R, shared: &Arc<SharedConnection>, bounds: Bounds) -> io::Result<()>
where
    R: AsyncRead + Unpin,
{
    loop {
        let client = &shared.client;
        let most = match client.msize() {
            0 => FIRST,
            agreed => agreed,
        };
        let mut size = [0; 4];
        // Who was let in may be silent for as long as they like.
        let time = match client.is_attached() {
            true => Duration::MAX,
            false => bounds.head_time,
        };
        within(time, reads.read_exact(&mut size)).await?;
        let length = u32::from_le_bytes(size);
        if (length as usize) < HEAD || length > most {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut message = vec![0; length as usize];
        message[..4].copy_from_slice(&size);
        within(bounds.body_time, reads.read_exact(&mut message[4..])).await?;
        match decode(&message) {
            Ok((tag, request)) => take(shared, tag, request).await?,
            Err(malformed) => {
                let failure = NineFailure::other(malformed.why);
                shared.refuse(malformed.tag, &failure).await?;
            }
        }
    }
}

async fn within<T>(time: Duration, read: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match tokio::time::timeout(time, read).await {
        Ok(read) => read,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}

async fn take(shared: &Arc<SharedConnection>, tag: u16, request: NineRequest) -> io::Result<()> {
    match request {
        NineRequest::Version { msize, version } => {
            shared.give_up();
            let reply = shared.client.version(msize, &version);
            shared.send(tag, &reply).await
        }
        NineRequest::Flush { tag: old } => flush(shared, tag, old).await,
        _ if shared.client.msize() == 0 => {
            let failure = NineFailure::other("no version is agreed on");
            shared.refuse(tag, &failure).await
        }
        request => begin(shared, tag, request).await,
    }
}

/// Gives a request up: at once where it only reads, else once it is done.
async fn flush(shared: &Arc<SharedConnection>, tag: u16, old: u16) -> io::Result<()> {
    {
        let mut under_way = shared.under_way();
        match under_way.requests.get_mut(&old) {
            Some(PendingRequest {
                abort: None, after, ..
            }) => {
                if after.len() >= GIVING_UP {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                after.push(tag);
                return Ok(());
            }
            Some(PendingRequest {
                abort: Some(abort), ..
            }) => {
                abort.abort();
                under_way.requests.remove(&old);
            }
            // It was answered.
            None => {}
        }
    }
    shared.send(tag, &NineReply::Flush).await
}

/// Has a request answered, apart from those that come after it.
async fn begin(shared: &Arc<SharedConnection>, tag: u16, request: NineRequest) -> io::Result<()> {
    let reads = matches!(
        request,
        NineRequest::Read { .. } | NineRequest::Stat { .. } | NineRequest::Auth { .. }
    );
    let refused = {
        let mut under_way = shared.under_way();
        if tag == NO_TAG || under_way.requests.contains_key(&tag) {
            Some(NineFailure::other("the tag is in use"))
        } else if under_way.requests.len() >= AT_A_TIME {
            Some(NineFailure::TooMany)
        } else {
            under_way.last += 1;
            let number = under_way.last;
            let own = Arc::clone(shared);
            let task = tokio::spawn(async move {
                let reply = own.client.answer(request).await;
                own.answered((tag, number), &reply).await;
            });
            let request = PendingRequest {
                number,
                abort: reads.then(|| task.abort_handle()),
                after: Vec::new(),
            };
            under_way.requests.insert(tag, request);
            None
        }
    };
    match refused {
        Some(failure) => shared.refuse(tag, &failure).await,
        None => Ok(()),
    }
}

impl SharedConnection {
    /// Sends an answer, unless it was given up; then nothing more is said under that tag.
    async fn answered(&self, (tag, number): (u16, u64), reply: &NineReply) {
        let Ok(place) = self.out.reserve().await else {
            return;
        };
        let after = {
            let mut under_way = self.under_way();
            match under_way.requests.get(&tag) {
                Some(request) if request.number == number => {}
                _ => return,
            }
            let request = under_way.requests.remove(&tag);
            // Under the lock, so that whoever gives it up now is answered after it.
            place.send(encode(tag, reply));
            request.map(|request| request.after).unwrap_or_default()
        };
        for tag in after {
            let _ = self.send(tag, &NineReply::Flush).await;
        }
    }
}
