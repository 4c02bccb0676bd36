//! Where connections come in, how long each may take, and how the server stops.

#![expect(clippy::disallowed_methods, reason = "sockets of the server")]

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use poag_engine::Engine;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower_service::Service as _;

use crate::checks::Connection;
use crate::feed::Feed;
use crate::io::Bounded;
use crate::nine::NineListeners;
use crate::routes::router;
use crate::server::{Parts, Server};
use crate::settings::{Bounds, Listening, ServeError, ServeSettings};
use crate::tokens::TokenStore;

/// How long answers that are under way may take when the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// Bytes of the head of a request.
const HEAD: usize = 64 << 10;
/// How long keys of clients are kept, in milliseconds.
const KEYS: i64 = 24 * 60 * 60 * 1000;
/// Waits before another connection is taken in, when the system has none to give.
pub(crate) const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` is there. Says where it listens once it does. Runs that it drives are interrupted when it stops; all
/// that happened in them is recorded, and they can be resumed.
///
/// # Errors
/// When it cannot listen, or its files cannot be used.
pub async fn serve(
    engine: Engine,
    settings: ServeSettings,
    ready: impl FnOnce(&Listening),
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    more_files();
    let tcp = match settings.listen {
        Some(address) => Some(tcp_at(address, settings.behind_proxy, "--listen").await?),
        None => None,
    };
    let unix = settings.socket.as_deref();
    let unix = unix.map(|path| unix_at(path, "--socket")).transpose()?;
    let nine = NineListeners::new(&settings).await?;
    if tcp.is_none() && unix.is_none() && nine.places().is_empty() {
        return Err(ServeError::Nowhere);
    }
    let tokens = TokenStore::new(&engine.state_folder()?);
    let token_file = tokens.local()?;
    engine
        .runs()?
        .forget_keys(jiff::Timestamp::now().as_millisecond() - KEYS)?;
    let feed = Feed::start(&engine)?;
    let address = tcp.as_ref().and_then(|tcp| tcp.local_addr().ok());
    let (stopping, stops) = watch::channel(false);
    let socket = settings.socket.clone();
    let bounds = settings.bounds;
    let server = Arc::new(Server::new(Parts {
        engine,
        tokens,
        feed,
        hosts: hosts(address, &settings.hosts),
        port: address.map_or(0, |address| address.port()),
        stopping: stops,
        settings,
    }));
    tokio::spawn(crate::metrics::follow(Arc::clone(&server)));
    let url = address.map(|address| format!("http://{address}"));
    let word = server.logins.link().map_err(ServeError::Random)?;
    ready(&Listening {
        login: url.as_ref().map(|url| format!("{url}/login?once={word}")),
        url,
        socket: socket.clone(),
        nine: nine.places(),
        token_file,
        flakes: server
            .flakes
            .iter()
            .map(|flake| (flake.name.clone(), flake.subject.clone()))
            .collect(),
    });
    // What cannot be read now is told to whoever asks for it.
    let _ = crate::sessions::left_behind(&server).await;
    let door = Door {
        router: router(&server),
        bounds,
        permits: Arc::new(Semaphore::new(bounds.connections)),
        graceful: GracefulShutdown::new(),
    };
    tokio::select! {
        () = door.tcp(tcp) => {}
        () = door.unix(unix) => {}
        () = nine.run(&server, &door.permits) => {}
        () = stop => {}
    }
    // Streams of events end by themselves, with a word about it.
    stopping.send_replace(true);
    server.driving.cancel_all();
    server.feed.stop();
    tokio::select! {
        () = door.graceful.shutdown() => {}
        () = tokio::time::sleep(GRACE) => {}
    }
    if let Some(socket) = socket {
        // Another server may have taken its place, which it then finds itself.
        let _ = std::fs::remove_file(socket);
    }
    nine.remove();
    Ok(())
}

/// What takes connections in.
struct Door {
    router: Router,
    bounds: Bounds,
    permits: Arc<Semaphore>,
    graceful: GracefulShutdown,
}

impl Door {
    async fn tcp(&self, listener: Option<TcpListener>) {
        let Some(listener) = listener else {
            return std::future::pending().await;
        };
        loop {
            let permit = self.permit().await;
            match listener.accept().await {
                Ok((stream, _)) => {
                    // Events are small, and wanted at once.
                    let _ = stream.set_nodelay(true);
                    self.connected(stream, Connection::Tcp, permit);
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn unix(&self, listener: Option<UnixListener>) {
        let Some(listener) = listener else {
            return std::future::pending().await;
        };
        loop {
            let permit = self.permit().await;
            match listener.accept().await {
                Ok((stream, _)) if is_same_user(&stream) => {
                    self.connected(stream, Connection::Socket, permit);
                }
                // Another user, whom the folder of the socket let in: not a word.
                Ok(_) => {}
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }

    fn connected<S>(&self, stream: S, connection: Connection, permit: Option<OwnedSemaphorePermit>)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let router = self.router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut router = router.clone();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(connection);
            async move { Ok::<_, Infallible>(answer(router.call(request).await)) }
        });
        let io = TokioIo::new(Bounded::new(stream, self.bounds.write_time));
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.bounds.head_time)
            .max_buf_size(HEAD)
            .serve_connection(io, service);
        let watcher: Watcher = self.graceful.watcher();
        tokio::spawn(async move {
            // What goes wrong on a connection concerns its other side alone.
            let _ = watcher.watch(served).await;
            drop(permit);
        });
    }
}

fn answer<T>(done: Result<T, Infallible>) -> T {
    match done {
        Ok(answer) => answer,
        Err(never) => match never {},
    }
}

/// Listens at an address; at one that others can reach only where a proxy encrypts.
pub(crate) async fn tcp_at(
    address: SocketAddr,
    behind_proxy: bool,
    option: &'static str,
) -> Result<TcpListener, ServeError> {
    if !address.ip().is_loopback() && !behind_proxy {
        return Err(ServeError::Open(address));
    }
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| ServeError::Listen {
        place: address.to_string(),
        option,
        source,
    })
}

/// Listens at a socket, in a folder that only its owner can enter.
pub(crate) fn unix_at(path: &Path, option: &'static str) -> Result<UnixListener, ServeError> {
    let failed = |source| ServeError::Listen {
        place: path.display().to_string(),
        option,
        source,
    };
    if let Some(folder) = path.parent() {
        poag_engine::make_private(folder).map_err(failed)?;
    }
    match std::os::unix::net::UnixStream::connect(path) {
        // Somebody answers there.
        Ok(_) => return Err(failed(io::ErrorKind::AddrInUse.into())),
        // What a server that was killed left behind.
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            std::fs::remove_file(path).map_err(failed)?;
        }
        Err(_) => {}
    }
    UnixListener::bind(path).map_err(failed)
}

fn is_same_user(stream: &UnixStream) -> bool {
    let own = rustix::process::geteuid().as_raw();
    stream.peer_cred().is_ok_and(|peer| peer.uid() == own)
}

/// The names under which a server at that address may be meant.
fn hosts(address: Option<SocketAddr>, more: &[String]) -> Vec<String> {
    let mut hosts: Vec<String> = more.iter().map(|host| host.to_ascii_lowercase()).collect();
    if let Some(address) = address {
        let port = address.port();
        hosts.push(address.to_string());
        let own = ["localhost", "127.0.0.1", "[::1]"];
        hosts.extend(own.map(|host| format!("{host}:{port}")));
        if port == 80 {
            hosts.extend(own.map(str::to_owned));
        }
    }
    hosts
}

/// Lets this process have as many open files as the system allows it: each listener is one.
fn more_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it is refused, there are as many as before.
    let _ = setrlimit(Resource::Nofile, limit);
}
