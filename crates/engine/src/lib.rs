//! What poag does, as functions: a server, the MCP server, a worker and the command line all call these.
//!
//! An [`Engine`] is made once, from [`EngineSettings`]: folders, the program that supervises agents, which programs
//! may be started, and who hears of progress. Nothing else is looked up: no environment variable, no working
//! directory, no terminal; only programs that it starts inherit the environment. A flake is named ([`Engine::flake`]), and is then asked ([`Engine::ask`],
//! [`Engine::resume`]) or opened ([`Engine::open`]) for everything that needs its graph. Dropping a future cancels
//! what it does; an interrupted run can be resumed.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "a test makes and starts what it needs"
    )
)]

mod ask;
mod backends;
pub mod checkpoint;
mod checkpoints;
pub mod debate;
pub mod deliverable;
mod error;
pub mod exit;
mod explain;
mod export;
mod feed;
mod init;
mod inside;
mod keyed;
mod learn;
mod lint;
pub mod notify;
mod pack;
pub mod poag_lock;
mod progress;
mod project;
pub mod run;
mod runs;
mod sarif;
pub mod session;
#[cfg(test)]
mod testing;
mod thread;
pub mod vote;
pub mod work;
pub mod work_report;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use ask::{AskRequest, ResumeRequest};
pub use backends::BackendChoice;
pub use backends::consent::{Consent, ServerConsent};
pub use checkpoints::{CheckpointState, ListedCheckpoint};
pub use error::{EngineError, OwnFolder};
pub use explain::{Latest, PartInRun};
pub use export::{ExportFile, Exported, facts};
pub use feed::{EventFeed, FeedEvent, FeedEvents, FeedKind};
pub use init::{InitScope, InitSurvey, PackageChoice, Upkeep, write_proposal};
pub use inside::InsideError;
pub use keyed::KeyedAsk;
pub use learn::{Learned, Priming};
pub use lint::{LockEdit, LockLint};
pub use pack::{read_graph, write_pack};
pub use poag_env::folders::make_private;
pub use poag_knowledge::pack::Pack;
pub use poag_ledger::{Changes, Holder, LedgerError};
pub use poag_librarian::NAME as DEFAULT_BACKEND;
pub use poag_nix::FlakeRef;
pub use progress::Progress;
pub use project::{Project, ProjectRef, find};
pub use runs::{
    DebateDetails, DebateView, PruneRuns, PrunedRuns, RunDetails, RunLedger, RunState, RunSummary,
    TurnArtifacts,
};
pub use sarif::sarif;
pub use thread::on_own_thread;

use checkpoint::Store;
use inside::Permissions;
use poag_agent::process::Launcher;
use poag_agent::{Agent, ToolServer};
use poag_ledger::SqliteLedger;
use poag_nix::Nix;

/// With what an engine works.
#[derive(Clone)]
pub struct EngineSettings {
    /// Absolute path of the folder for what can be made again: graphs, indexes, packs. It is made when it is
    /// needed. Without it, what needs it fails with [`EngineError::NoFolder`].
    pub cache: Option<PathBuf>,
    /// Absolute path of the folder for the ledger, checkpoints and the private folders of turns. As `cache`.
    pub state: Option<PathBuf>,
    /// Absolute path of a folder for sockets that only their owner can use, such as `$XDG_RUNTIME_DIR`. Where it is
    /// none or too long for a socket, they are made among temporary files.
    pub sockets: Option<PathBuf>,
    /// Absolute path that relative flake references are relative to.
    pub folder: PathBuf,
    /// The program of poag, which supervises the programs of agents. Without it, only the librarian answers.
    pub program: Option<PathBuf>,
    /// The server of the tools that agents have in their turns; without it they have none.
    pub tools: Option<ToolServer>,
    /// Backends beside those of poag, by name; one of the same name takes its place.
    pub agents: BTreeMap<String, Arc<dyn Agent>>,
    /// Which programs may be started beside nix, git and the known agents.
    pub consent: Consent,
    /// Whether nothing is taken from caches.
    pub no_cache: bool,
    /// Takes the commands of nix, ready to be pasted, and what nix says, line by line.
    pub trace: Option<fn(&str)>,
    /// Gives what a variable holds by whose name a flake names a secret.
    pub variable: fn(&str) -> Option<String>,
    /// Who hears of what takes time and of what a person should know.
    pub progress: Arc<dyn Progress>,
}

impl EngineSettings {
    /// Settings with a cache, a state and a working folder, all absolute, with which only the librarian answers and
    /// nobody hears of progress.
    #[must_use]
    pub fn new(cache: PathBuf, state: PathBuf, folder: PathBuf) -> Self {
        Self {
            cache: Some(cache),
            state: Some(state),
            sockets: None,
            folder,
            program: None,
            tools: None,
            agents: BTreeMap::new(),
            consent: Consent::default(),
            no_cache: false,
            trace: None,
            variable: |_| None,
            progress: Arc::new(()),
        }
    }
}

/// poag without a command line. A clone is the same engine.
#[derive(Clone)]
pub struct Engine {
    settings: Arc<EngineSettings>,
}

impl Engine {
    /// An engine with these settings; nothing is started or made yet.
    #[must_use]
    pub fn new(settings: EngineSettings) -> Self {
        Self {
            settings: Arc::new(settings),
        }
    }

    /// What it was made with.
    #[must_use]
    pub fn settings(&self) -> &EngineSettings {
        &self.settings
    }

    /// The one door to nix.
    #[must_use]
    pub fn nix(&self) -> Nix {
        Nix::new(self.settings.trace)
    }

    /// The ledger, made where there is none.
    fn ledger(&self) -> Result<SqliteLedger, EngineError> {
        Ok(SqliteLedger::open(&self.ledger_file()?)?)
    }

    /// The checkpoints of this machine's user.
    ///
    /// # Errors
    /// When there is no state folder.
    pub fn store(&self) -> Result<Store, EngineError> {
        let folder = self.state()?.join("checkpoints");
        Ok(Store::new(folder, self.ledger_file()?))
    }

    /// Writes a file that a person named, relative to [`EngineSettings::folder`]: whole or not at all, and in a
    /// repository through no link.
    ///
    /// # Errors
    /// When something else is in its place, or it cannot be written.
    pub fn write(&self, file: &Path, text: &str) -> Result<(), EngineError> {
        let file = self.settings.folder.join(file);
        Ok(inside::write_named(
            &file,
            text.as_bytes(),
            Permissions::Kept,
        )?)
    }

    /// Starts programs of agents, each in a private folder of its own and below a supervisor.
    fn launcher(&self) -> Result<Launcher, EngineError> {
        let program = self.settings.program.clone();
        let program = program.ok_or(EngineError::NoProgram)?;
        let folder = self.state()?.join("turns");
        Launcher::new(program, &folder).map_err(EngineError::file(folder))
    }

    fn ledger_file(&self) -> Result<PathBuf, EngineError> {
        Ok(self.state()?.join("ledger.sqlite"))
    }

    fn cache(&self) -> Result<PathBuf, EngineError> {
        let folder = self.settings.cache.clone();
        folder.ok_or(EngineError::NoFolder(OwnFolder::Cache))
    }

    fn state(&self) -> Result<PathBuf, EngineError> {
        let folder = self.settings.state.clone();
        folder.ok_or(EngineError::NoFolder(OwnFolder::State))
    }
}
