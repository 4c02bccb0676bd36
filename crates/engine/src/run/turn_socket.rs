//! Where turns under way call: a socket in a private folder, a token for each turn, one call for each
//! connection. What is called is handed to the one loop that drives the council.

#![expect(
    clippy::disallowed_methods,
    reason = "the folder of temporary files, for sockets; a socket, in the folder of temporary files"
)]

use std::collections::HashMap;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use poag_core::council::event::TurnId;
use poag_core::council::gossip::{Call, CallResult, LINE_BYTES, SOCKET, TOKEN, TokenCall};

/// Connections at the same time; more wait.
const CONNECTIONS: usize = 64;
/// Time to say what is wanted.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest path of a socket that every system takes, in bytes.
const PATH_BYTES: usize = 100;

/// A call of a turn under way. Whoever called has gone when `answer` is closed.
pub(crate) struct TurnCall {
    pub turn: TurnId,
    pub call: Call,
    pub answer: oneshot::Sender<CallResult>,
}

/// The socket of one council; it is made when the first turn is admitted.
pub(crate) struct TurnSocket {
    tokens: Arc<Mutex<HashMap<String, TurnId>>>,
    calls: mpsc::Sender<TurnCall>,
    open: Mutex<Option<Open>>,
    /// Where the folder of the socket is made, where its path is short enough.
    preferred: Option<PathBuf>,
}

struct Open {
    socket: PathBuf,
    task: JoinHandle<()>,
    _folder: TempDir,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl TurnSocket {
    /// The socket, and the receiver of its calls.
    pub fn new(preferred: Option<&Path>) -> (Arc<Self>, mpsc::Receiver<TurnCall>) {
        let (calls, out) = mpsc::channel(CONNECTIONS);
        let socket = Self {
            tokens: Arc::default(),
            calls,
            open: Mutex::default(),
            preferred: preferred.map(Path::to_owned),
        };
        (Arc::new(socket), out)
    }

    /// What a turn must know to call; only on a runtime.
    pub fn admit(&self, turn: &TurnId) -> io::Result<Vec<(String, String)>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match &mut *open {
            Some(open) => open,
            closed => closed.insert(self.listen()?),
        };
        let token = uuid::Uuid::new_v4().simple().to_string();
        let socket = open.socket.display().to_string();
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.insert(token.clone(), turn.clone());
        Ok(vec![(SOCKET.into(), socket), (TOKEN.into(), token)])
    }

    /// The turn has ended: nothing of it is heard any more.
    pub fn dismiss(&self, turn: &TurnId) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.retain(|_, other| other != turn);
    }

    fn listen(&self) -> io::Result<Open> {
        let folder = folder(self.preferred.as_deref())?;
        let socket = folder.path().join("s");
        let listener = UnixListener::bind(&socket)?;
        let task = tokio::spawn(accept(
            listener,
            Arc::clone(&self.tokens),
            self.calls.clone(),
        ));
        Ok(Open {
            socket,
            task,
            _folder: folder,
        })
    }
}

/// A folder that only this user can enter, with a short path.
fn folder(preferred: Option<&Path>) -> io::Result<TempDir> {
    let short = |place: &PathBuf| {
        let long = place.as_os_str().len() + "/poag-123456/s".len();
        place.is_absolute() && long <= PATH_BYTES
    };
    let preferred = preferred.map(Path::to_owned).into_iter();
    let mut places = preferred.chain([tempfile::env::temp_dir()]).filter(short);
    let make = |place: &Path| {
        let mut folder = tempfile::Builder::new();
        folder
            .prefix("poag-")
            .permissions(Permissions::from_mode(0o700));
        folder.tempdir_in(place)
    };
    match places.find_map(|place| make(&place).ok()) {
        Some(folder) => Ok(folder),
        None => make(Path::new("/tmp")),
    }
}

async fn accept(
    listener: UnixListener,
    tokens: Arc<Mutex<HashMap<String, TurnId>>>,
    calls: mpsc::Sender<TurnCall>,
) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        if connections.len() >= CONNECTIONS {
            connections.join_next().await;
            continue;
        }
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, Arc::clone(&tokens), calls.clone()));
            }
            // Out of files, for instance: that passes.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve(
    stream: UnixStream,
    tokens: Arc<Mutex<HashMap<String, TurnId>>>,
    calls: mpsc::Sender<TurnCall>,
) {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let answer = match tokio::time::timeout(PATIENCE, read(&mut reader)).await {
        Err(_) | Ok(None) => return,
        Ok(Some(Err(problem))) => CallResult::Failed(problem),
        Ok(Some(Ok(TokenCall { token, call }))) => {
            let turn = {
                let tokens = tokens.lock().unwrap_or_else(PoisonError::into_inner);
                tokens.get(&token).cloned()
            };
            match turn {
                None => over(),
                Some(turn) => {
                    let (answer, answered) = oneshot::channel();
                    if calls.send(TurnCall { turn, call, answer }).await.is_err() {
                        return;
                    }
                    tokio::select! {
                        answer = answered => answer.unwrap_or_else(|_| over()),
                        // Nothing follows a call: the caller has gone.
                        _ = reader.read_u8() => return,
                    }
                }
            }
        }
    };
    let mut line = serde_json::to_vec(&answer).unwrap_or_default();
    line.push(b'\n');
    // Whoever has gone does not need it.
    let _ = writer.write_all(&line).await;
}

/// One call; none where nothing was said.
async fn read(
    reader: &mut BufReader<tokio::net::unix::OwnedReadHalf>,
) -> Option<Result<TokenCall, String>> {
    let mut line = Vec::new();
    let mut bounded = reader.take(LINE_BYTES as u64);
    bounded.read_until(b'\n', &mut line).await.ok()?;
    match line.last() {
        None => None,
        Some(b'\n') => Some(serde_json::from_slice(&line).map_err(|error| {
            format!("this is no call: {error}\nrepair: use the `poag` of the same version")
        })),
        Some(_) => Some(Err(format!(
            "a call has at most {LINE_BYTES} bytes\nrepair: say less"
        ))),
    }
}

/// What is said to a turn that is not under way.
pub(crate) fn over() -> CallResult {
    CallResult::Failed(
        "this turn is not under way any more\nrepair: end it; the council goes on without it"
            .into(),
    )
}
