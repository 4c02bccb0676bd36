//! What a server is started with, and what it says once it listens.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use poag_engine::{EngineError, ProjectRef};
use thiserror::Error;

use crate::tokens::TokenError;

/// With what a server works.
#[derive(Clone, Debug)]
pub struct ServeSettings {
    /// The flakes that it answers about; nobody can name another.
    pub flakes: Vec<ProjectRef>,
    /// The TCP address, of loopback unless `behind_proxy` is set; port 0 is any free one.
    pub listen: Option<SocketAddr>,
    /// The unix socket, in a folder that only its owner can enter.
    pub socket: Option<PathBuf>,
    /// Where the same is served as files, over 9P2000.
    pub nine: Vec<NinePlace>,
    /// Whether a proxy in front of it encrypts, so that another address than loopback may be listened at.
    pub behind_proxy: bool,
    /// Other names than its address that it is reached by, as they stand in `Host`.
    pub hosts: Vec<String>,
    /// Under which name is recorded what comes through the socket, from local clients and from the pages.
    pub person: String,
    /// Backends that can be used on this machine, for works of flakes that declare none.
    pub installed: Vec<String>,
    /// How much it takes.
    pub bounds: Bounds,
}

/// Where files are served.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NinePlace {
    /// A TCP address, of loopback unless a proxy encrypts; port 0 is any free one.
    Address(SocketAddr),
    /// A unix socket, in a folder that only its owner can enter.
    Socket(PathBuf),
}

/// How much a server takes from others.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of a body.
    pub body: usize,
    /// Time for the head of a request, and for the wait before it on an open connection.
    pub head_time: Duration,
    /// Time for a body.
    pub body_time: Duration,
    /// Time for the other side to take in what is written to it.
    pub write_time: Duration,
    /// Connections at a time.
    pub connections: usize,
    /// Requests that change something, by one caller: so many a second, and ten times as many at once.
    pub changes_per_second: f64,
    /// Requests without a right to anything: so many a second over all, and ten times as many at once.
    pub strangers_per_second: f64,
    /// Questions under way at a time.
    pub questions: usize,
    /// How often an event stream without events is kept alive.
    pub alive: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            body: 1 << 20,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(20),
            write_time: Duration::from_secs(30),
            connections: 4096,
            changes_per_second: 10.0,
            strangers_per_second: 5.0,
            questions: 8,
            alive: Duration::from_secs(15),
        }
    }
}

/// Where a server listens.
#[derive(Clone, Debug)]
pub struct Listening {
    /// The address over TCP: `http://127.0.0.1:4280`.
    pub url: Option<String>,
    /// The unix socket.
    pub socket: Option<PathBuf>,
    /// Where the same is served as files.
    pub nine: Vec<NinePlace>,
    /// A link that logs a browser in, once, within ten minutes.
    pub login: Option<String>,
    /// The file with the token of this machine's own clients.
    pub token_file: PathBuf,
    /// Name of each served flake → the flake.
    pub flakes: Vec<(String, String)>,
}

/// Why a server cannot start, or had to stop.
#[derive(Debug, Error)]
pub enum ServeError {
    /// See [`EngineError`].
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// See [`TokenError`].
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Nothing to listen at.
    #[error(
        "there is nothing to listen at\nrepair: name an address with --listen, a socket with --socket, or a place for files with --9p"
    )]
    Nowhere,
    /// An address that others can reach.
    #[error(
        "{0} can be reached from other machines, and nothing here encrypts\nrepair: listen at 127.0.0.1, or put a proxy with TLS in front and say --behind-proxy"
    )]
    Open(SocketAddr),
    /// It cannot listen there.
    #[error(
        "cannot listen at {place}: {source}\nrepair: stop what listens there, or name another place with {option}"
    )]
    Listen {
        /// The address or path.
        place: String,
        /// The option that names another.
        option: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// The system has no random bytes.
    #[error("the system gives no random bytes: {0}\nrepair: see that /dev/urandom can be read")]
    Random(io::Error),
    /// A thread could not be started.
    #[error("cannot start: {0}\nrepair: see the limits of this process (`ulimit -a`)")]
    Thread(io::Error),
}
