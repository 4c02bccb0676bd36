//! Programs that agents are: each in a process group of its own, behind a [`guard`], in a private
//! workplace, with a scrubbed environment, a wall clock and a bound on what it may say.

#![expect(
    clippy::disallowed_methods,
    reason = "the door to agents, through their guard"
)]

mod launcher;
mod workplace;

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub use launcher::Launcher;
use launcher::locked;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};

use super::environment::Environment;
use super::guard::{self, Containment, walk};
pub use super::program::find;
use super::program::own_program;
use super::wall::{Wall, WallKind};
use super::{AgentError, Fault};
use poag_core::duration;

/// Most of a program's standard output that is kept, in bytes; more ends it.
pub const STDOUT_BYTES: usize = 16 << 20;
/// Most of its standard error that is kept, in bytes; more is dropped.
pub const STDERR_BYTES: usize = 1 << 20;
/// How long a guard may take to end what is below it.
const CLEANING: Duration = Duration::from_secs(5);

/// Why a program gave nothing.
#[derive(Debug, Error)]
pub enum ProcessError {
    /// It is not there.
    #[error("there is no program '{program}' on PATH")]
    NotFound {
        /// As it was named.
        program: String,
    },
    /// It could not be started, or its workplace not be made.
    #[error("cannot start '{program}': {source}")]
    Start {
        /// As it was named.
        program: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The wall clock ran out.
    #[error("no answer within {}", duration::shown(*allowed))]
    Timeout {
        /// The wall clock.
        allowed: Duration,
        /// What it had said by then.
        said: ProcessOutput,
    },
    /// It said more than anybody reads.
    #[error("it said more than {STDOUT_BYTES} bytes")]
    TooMuch {
        /// The beginning.
        said: ProcessOutput,
    },
}

impl ProcessError {
    /// The same as an agent's failure; `install` says how to get the program.
    #[must_use]
    pub fn into_agent(self, backend: &str, install: &str) -> AgentError {
        let reason = self.to_string();
        match self {
            Self::NotFound { .. } => AgentError::new(Fault::Unavailable, backend, reason, install),
            Self::Start { .. } => AgentError::usual(Fault::Unavailable, backend, reason),
            Self::Timeout { allowed, .. } => AgentError::timeout(backend, allowed),
            Self::TooMuch { .. } => AgentError::usual(Fault::Invalid, backend, reason),
        }
    }

    /// What the program had said.
    #[must_use]
    pub fn said(&self) -> ProcessOutput {
        match self {
            Self::Timeout { said, .. } | Self::TooMuch { said } => said.clone(),
            Self::NotFound { .. } | Self::Start { .. } => ProcessOutput::default(),
        }
    }
}

/// What a program said.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct ProcessOutput {
    /// Exit code; none when it was ended.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error, its beginning.
    pub stderr: Vec<u8>,
}

impl fmt::Debug for ProcessOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begin = |bytes: &[u8]| {
            let begin = bytes.get(..bytes.len().min(400)).unwrap_or_default();
            format!("{} bytes: {}", bytes.len(), String::from_utf8_lossy(begin))
        };
        f.debug_struct("Said")
            .field("code", &self.code)
            .field("stdout", &begin(&self.stdout))
            .field("stderr", &begin(&self.stderr))
            .finish()
    }
}

/// A program to run.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// A name on this process's own PATH, or a path.
    pub program: String,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// All of its environment. `PATH` in it, which a flake's dev shell may have a part in, is only for what
    /// the program starts itself.
    pub env: Environment,
    /// Its current folder.
    pub folder: PathBuf,
    /// What it may write; none lets it write what this user can.
    pub wall: Option<Wall>,
}

/// A private folder. Dropped, it is gone.
#[derive(Debug)]
pub struct Workplace {
    leash: Option<File>,
    folder: Option<tempfile::TempDir>,
    guard: PathBuf,
    containment: Option<Containment>,
    wall: Option<WallKind>,
    started: AtomicU32,
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // A guard that still cleans up removes the folder again when it is done.
        self.leash = None;
        self.folder = None;
    }
}

impl Workplace {
    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder
            .as_ref()
            .map_or(Path::new(""), |folder| folder.path())
    }

    /// How what a program may write is held to here.
    #[must_use]
    pub fn wall_kind(&self) -> WallKind {
        self.wall.unwrap_or_else(|| WallKind::best(&self.guard))
    }

    /// Runs a program to its end, gives it `stdin`, and takes what it says. Dropping the future ends
    /// it together with the workplace.
    ///
    /// # Errors
    /// When it is not there, takes too long or says too much. Its exit code is for the caller to judge.
    pub async fn run(
        &self,
        invocation: &Invocation,
        stdin: &[u8],
        allowed: Duration,
    ) -> Result<ProcessOutput, ProcessError> {
        let mut live = self.start(invocation)?;
        let mut said = ProcessOutput::default();
        let (mut input, mut output) = (live.stdin.take(), live.stdout.take());
        let Live {
            stderr,
            child,
            watched,
            ..
        } = &mut live;
        let began = tokio::time::Instant::now();
        let talk = async {
            let feed = async {
                if let Some(input) = &mut input {
                    // A program may answer without reading everything.
                    let _ = input.write_all(stdin).await;
                }
                input = None;
                Ok(())
            };
            tokio::try_join!(
                feed,
                collect(output.as_mut(), &mut said.stdout, STDOUT_BYTES, true),
                collect(stderr.as_mut(), &mut said.stderr, STDERR_BYTES, false),
            )
        };
        // An agent that killed its guard would hold its output open for as long as it likes.
        let guarded = async {
            let status = child.wait().await.ok();
            watched.ended(status);
            std::future::pending().await
        };
        let talk = async {
            tokio::select! {
                talked = talk => talked,
                never = guarded => never,
            }
        };
        match tokio::time::timeout(allowed, talk).await {
            // It may close its output and stay.
            Ok(Ok(_)) => {
                let left = allowed.saturating_sub(began.elapsed());
                if let Ok(code) = tokio::time::timeout(left, live.wait()).await {
                    said.code = code;
                    return Ok(said);
                }
                live.end().await;
                Err(ProcessError::Timeout { allowed, said })
            }
            Ok(Err(Full)) => {
                live.end().await;
                Err(ProcessError::TooMuch { said })
            }
            Err(_) => {
                live.end().await;
                Err(ProcessError::Timeout { allowed, said })
            }
        }
    }

    /// Starts a program to talk with.
    ///
    /// # Errors
    /// When it is not there.
    pub fn start(&self, invocation: &Invocation) -> Result<Live, ProcessError> {
        let program = &invocation.program;
        let (path, before) =
            own_program(program).map_err(|program| ProcessError::NotFound { program })?;
        let failed = |source| ProcessError::Start {
            program: program.clone(),
            source,
        };
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let leash = self.path().join(format!("{}-{number}", guard::LEASH));
        let held = locked(&leash).map_err(failed)?;
        let containment = match self.containment {
            Some(containment) => containment,
            None => Containment::best(&self.guard),
        };
        if containment == Containment::Walk {
            walk::adopt_orphans();
        }
        let wall = invocation.wall.as_ref();
        let wall = wall.filter(|_| self.wall_kind() == WallKind::Kernel);
        // The wall is built by poag in between, which then becomes the program.
        let (path, before) = match wall {
            None => (path, before),
            Some(wall) => {
                let words = wall.words().into_iter();
                let words = words.chain([path.into_os_string()]).chain(before);
                (self.guard.clone(), words.collect())
            }
        };
        let starting = walk::Starting::begin();
        let mut child = tokio::process::Command::new(&self.guard)
            .arg(guard::VERB)
            .arg(containment.word())
            .arg(leash)
            .arg(path)
            .args(before)
            .args(&invocation.args)
            .env_clear()
            .envs(invocation.env.iter())
            .current_dir(&invocation.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        starting.started(child.id());
        Ok(Live {
            watched: Watched {
                guard: child.id(),
                containment,
            },
            stdin: child.stdin.take(),
            stdout: child.stdout.take(),
            stderr: child.stderr.take(),
            child,
            leash: Some(held),
        })
    }
}

/// A program under way, behind its guard. Dropped, it is ended with all that it started.
#[derive(Debug)]
pub struct Live {
    /// Its standard input.
    pub stdin: Option<ChildStdin>,
    /// Its standard output.
    pub stdout: Option<ChildStdout>,
    /// Its standard error; somebody must read it.
    pub stderr: Option<ChildStderr>,
    /// The guard; it ends when the program does, with its exit code.
    child: Child,
    // Closing it is what makes the guard end everything.
    leash: Option<File>,
    watched: Watched,
}

/// What may be left of an agent when its guard has ended.
#[derive(Debug)]
struct Watched {
    /// The guard's process id; none once it has ended.
    guard: Option<u32>,
    containment: Containment,
}

impl Watched {
    /// Ends what the agent has left behind where it killed its guard.
    fn ended(&mut self, status: Option<ExitStatus>) {
        if let Some(guard) = self.guard.take() {
            let killed = status.is_none_or(|status| status.code().is_none());
            walk::ended(guard, killed && self.containment == Containment::Walk);
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.leash = None;
        match self.child.try_wait() {
            Ok(Some(status)) => self.watched.ended(Some(status)),
            // It cleans up by itself. Whether an agent kills it meanwhile is not waited for.
            Ok(None) => {}
            Err(_) => self.watched.ended(None),
        }
    }
}

impl Live {
    /// Waits for its end, and gives its exit code; none when it was ended.
    pub async fn wait(&mut self) -> Option<i32> {
        let status = self.child.wait().await.ok();
        self.watched.ended(status);
        status?.code()
    }

    /// Ends the program and all it started, and waits until they are gone.
    pub async fn end(&mut self) {
        self.stdin = None;
        self.leash = None;
        match tokio::time::timeout(CLEANING, self.child.wait()).await {
            Ok(status) => self.watched.ended(status.ok()),
            Err(_) => {
                let _ = self.child.start_kill();
                self.watched.ended(None);
            }
        }
    }
}

/// There was more than may be kept.
struct Full;

/// Reads to the end and keeps `most` bytes; what is more is dropped, or an error where it is `strict`.
async fn collect<R: AsyncRead + Unpin>(
    from: Option<&mut R>,
    into: &mut Vec<u8>,
    most: usize,
    strict: bool,
) -> Result<(), Full> {
    let Some(from) = from else { return Ok(()) };
    let mut buffer = vec![0; 16 << 10];
    loop {
        let read = from.read(&mut buffer).await.unwrap_or(0);
        if read == 0 {
            return Ok(());
        }
        let free = most.saturating_sub(into.len());
        into.extend_from_slice(buffer.get(..read.min(free)).unwrap_or_default());
        if read > free && strict {
            return Err(Full);
        }
    }
}
