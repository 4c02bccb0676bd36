//! Where an agent lives for one turn: a private home, with no more of the person's than what lets it
//! reach a model, and an empty folder to work in.

#![expect(clippy::disallowed_methods, reason = "private homes of agents")]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::NAME;
use super::{claude, opencode};
use crate::environment::Environment;
use crate::process::{Invocation, Launcher, Live, Workplace};
use crate::{AgentError, Fault, TurnRequest};

/// The folder that sessions work in.
const EMPTY: &str = "empty";
/// What agents are given of the person's environment: the ways to their models.
const PASSED: [&str; 12] = [
    "ANTHROPIC_*",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "OPENAI_*",
    "OPENCODE_API_KEY",
    "GEMINI_*",
    "GOOGLE_*",
    "MISTRAL_*",
    "OPENROUTER_*",
    "DEEPSEEK_*",
    "GROQ_*",
    "XAI_*",
    "OLLAMA_*",
];
/// Keys that may be in an agent's environment without being in ours.
const KEYS: [&str; 6] = [
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "OPENAI_API_KEY",
    "OPENCODE_API_KEY",
    "GEMINI_API_KEY",
];
/// Names that are no part of a conversation, wherever they lie: what can be fetched again, what is
/// written anew for each turn, and keys.
const NOT_SEALED: [&str; 11] = [
    ".cache",
    ".npm",
    ".config",
    "node_modules",
    "log",
    "logs",
    "locks",
    "cache",
    "auth.json",
    ".credentials.json",
    "backups",
];

/// Names of variables that agents have and what they start must not have.
pub(super) fn keys() -> BTreeSet<String> {
    let (plain, passed) = (Environment::scrubbed(&[]), Environment::scrubbed(&PASSED));
    let ours = passed.iter().filter_map(|(name, _)| name.to_str());
    let ours = ours.filter(|name| plain.get(name).is_none());
    ours.chain(KEYS).map(str::to_owned).collect()
}

/// A private home.
pub(super) struct AcpHome {
    workplace: Workplace,
    home: PathBuf,
    /// Temporary files, which are no part of a conversation.
    temporary: PathBuf,
    empty: PathBuf,
}

impl AcpHome {
    /// A new one.
    pub(super) fn new(launcher: &Launcher) -> Result<Self, AgentError> {
        let workplace = launcher.workplace().map_err(|error| broken(&error))?;
        let home = workplace
            .subfolder("home")
            .map_err(|error| broken(&error))?;
        let temporary = workplace.subfolder("tmp").map_err(|error| broken(&error))?;
        let empty = empty(launcher.folder()).map_err(|error| broken(&error))?;
        Ok(Self {
            workplace,
            home,
            temporary,
            empty,
        })
    }

    /// The folder that sessions work in: the same for all turns, since agents tell their model its
    /// name, and caches begin there.
    pub(super) fn empty(&self) -> &Path {
        &self.empty
    }

    /// What it must be able to write.
    pub(super) fn own(&self) -> [PathBuf; 2] {
        [self.home.clone(), self.temporary.clone()]
    }

    /// Starts an agent.
    pub(super) fn start(&self, invocation: &Invocation) -> Result<Live, AgentError> {
        let started = self.workplace.start(invocation);
        started.map_err(|error| {
            error.into_agent(NAME, "install it, or name another with --agent-command")
        })
    }

    /// The environment of an agent.
    pub(super) fn environment(&self, request: Option<&TurnRequest>) -> Environment {
        let env = Environment::scrubbed(&PASSED)
            .with("HOME", &self.home)
            .with("TMPDIR", &self.temporary)
            .with_all(claude::ENVIRONMENT.iter().copied())
            .with_all(opencode::ENVIRONMENT);
        match request {
            Some(request) => env.of_turn(request),
            None => env,
        }
    }

    /// Writes the settings of agents that take more than an environment.
    pub(super) fn configure(&self, request: &TurnRequest) -> Result<(), AgentError> {
        opencode::configure(&self.home, request).map_err(|error| broken(&error))
    }

    /// Copies the sessions into an empty folder. The agent must have ended.
    pub(super) fn seal(&self, place: &Path) -> io::Result<()> {
        copy(&self.home, place)
    }

    /// Takes sessions back.
    pub(super) fn restore(&self, from: &Path) -> Result<(), AgentError> {
        copy(from, &self.home).map_err(|error| broken(&error))
    }
}

/// The empty folder, which nobody may write to.
fn empty(folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join(EMPTY);
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o500)
        .create(&path)?;
    match fs::read_dir(&path)?.next() {
        None => Ok(path),
        Some(_) => Err(io::Error::other(format!(
            "{} must be empty: remove what lies there",
            path.display()
        ))),
    }
}

/// Copies files and folders; links and sockets are no conversation.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let sealed = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !NOT_SEALED.iter().any(|name| entry.file_name() == *name)
    };
    for entry in WalkDir::new(from).into_iter().filter_entry(sealed) {
        let entry = entry?;
        let Ok(path) = entry.path().strip_prefix(from) else {
            continue;
        };
        let target = to.join(path);
        if entry.file_type().is_dir() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(target)?;
        } else if entry.file_type().is_file() {
            fs::write(target, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// A place that cannot be made or copied.
pub(super) fn broken(error: &io::Error) -> AgentError {
    let reason = format!("no private home can be made for its agent: {error}");
    let repair = "see that poag's state folder may be written, then ask again";
    AgentError::new(Fault::Unavailable, NAME, reason, repair)
}
