//! The same as files, over 9P2000: what a person has with `cat` and `echo > in`, and any program that knows the protocol.
//!
//! ```text
//! experts/NAME/{in,out,status,wait,ctl,pack,contracts}   tasks/WORK.TASK/{status,log,ctl}
//! runs/ID/{plan,events}   events   snippets/NAME
//! ```
//!
//! A file that is open for reading stays as it was when it was opened; `wait` alone blocks, until the status of the session
//! is another than its client was told last. What is written counts once the file is closed. It is all done by what answers
//! over HTTP, with the same rights: who comes through the socket is the same user, who comes over TCP has a token.

#![expect(clippy::disallowed_methods, reason = "sockets of the server")]

mod changes;
mod client;
mod connection;
mod content;
mod failure;
mod fid;
mod node;
mod read;
mod tree;
mod watch;
mod wire;
mod write;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio::sync::Semaphore;

use crate::checks::Connection;
use crate::io::Bounded;
use crate::listen::{PAUSE, tcp_at, unix_at};
use crate::server::Server;
use crate::settings::{NinePlace, ServeError, ServeSettings};
use client::Client;
use tree::FileTree;

/// The option that names where files are served.
const OPTION: &str = "--9p";

/// Where connections come in.
enum NineListener {
    Tcp(TcpListener),
    Unix(UnixListener, PathBuf),
}

/// The places where files are served.
pub(crate) struct NineListeners(Vec<NineListener>);

impl NineListeners {
    /// Begins to listen.
    ///
    /// # Errors
    /// When that is not possible somewhere.
    pub async fn new(settings: &ServeSettings) -> Result<Self, ServeError> {
        let mut all = Vec::new();
        for place in &settings.nine {
            all.push(match place {
                NinePlace::Address(address) => {
                    NineListener::Tcp(tcp_at(*address, settings.behind_proxy, OPTION).await?)
                }
                NinePlace::Socket(path) => NineListener::Unix(unix_at(path, OPTION)?, path.clone()),
            });
        }
        Ok(Self(all))
    }

    /// Where it listens, as it is told.
    pub fn places(&self) -> Vec<NinePlace> {
        let place = |listener: &NineListener| match listener {
            NineListener::Tcp(tcp) => tcp.local_addr().ok().map(NinePlace::Address),
            NineListener::Unix(_, path) => Some(NinePlace::Socket(path.clone())),
        };
        self.0.iter().filter_map(place).collect()
    }

    /// Takes connections in, for ever.
    pub async fn run(&self, server: &Arc<Server>, permits: &Arc<Semaphore>) {
        let tree = Arc::new(FileTree::new(Arc::clone(server)));
        let all = self.0.iter().map(|one| accept(one, &tree, permits));
        let all: Vec<_> = all.collect();
        futures_util::future::join_all(all).await;
        std::future::pending().await
    }

    /// Takes the sockets away, when the server stops.
    pub fn remove(&self) {
        for listener in &self.0 {
            if let NineListener::Unix(_, path) = listener {
                // Another server may have taken its place, which it then finds itself.
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

async fn accept(listener: &NineListener, tree: &Arc<FileTree>, permits: &Arc<Semaphore>) {
    loop {
        let Ok(permit) = Arc::clone(permits).acquire_owned().await else {
            return;
        };
        let served = match listener {
            NineListener::Tcp(tcp) => tcp.accept().await.map(|(stream, _)| {
                // Messages are small, and wanted at once.
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream, Arc::clone(tree), Connection::Tcp))
            }),
            NineListener::Unix(unix, _) => match unix.accept().await {
                Ok((stream, _)) if is_let_in(&stream) => {
                    let tree = Arc::clone(tree);
                    Ok(tokio::spawn(serve(stream, tree, Connection::Socket)))
                }
                // Another user, whom the folder of the socket let in: not a word.
                Ok(_) => continue,
                Err(error) => Err(error),
            },
        };
        match served {
            Ok(task) => drop(tokio::spawn(async move {
                let _ = task.await;
                drop(permit);
            })),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn serve<S>(stream: S, tree: Arc<FileTree>, way: Connection)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let bounds = tree.server.settings.bounds;
    let stream = Bounded::new(stream, bounds.write_time);
    connection::serve(stream, Client::new(tree, way), bounds).await;
}

/// The same user; or root, as whom the kernel of Linux connects when it mounts, and who can be any user anyway.
fn is_let_in(stream: &UnixStream) -> bool {
    let own = rustix::process::geteuid().as_raw();
    let peer = stream.peer_cred();
    peer.is_ok_and(|peer| peer.uid() == own || peer.uid() == 0)
}

impl std::str::FromStr for NinePlace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self::Address(address));
        }
        match text.contains('/') {
            true => Ok(Self::Socket(text.into())),
            false => Err(format!(
                "{text:?} is neither an address nor the path of a socket\nrepair: write 127.0.0.1:5640, or ./poag.9p"
            )),
        }
    }
}
