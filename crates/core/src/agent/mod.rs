//! What a backend is: [`Agent`], one way for experts to think. It knows conversations, not councils: a turn is JSON in, JSON
//! out, and its caller says what both must look like.

mod error;
mod turn;
mod usage;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use error::{AgentError, Fault};
pub use turn::{
    Persona, Raw, ServerApi, ServerSettings, Settings, ToolServer, TurnOutput, TurnRequest, Writing,
};
pub use usage::Usage;

/// What a backend can do.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Capabilities {
    /// Can start a turn from a sealed checkpoint.
    pub fork: bool,
    /// A checkpoint made on one machine can be used on another.
    pub portable: bool,
    /// Gives the same output for the same input.
    pub deterministic: bool,
    /// Spends money or quota.
    pub paid: bool,
    /// Wants the speaker's pack; a backend that reads the folder itself is spared building it.
    pub reads_pack: bool,
    /// Takes a tool server, see [`ToolServer`].
    pub takes_tools: bool,
}

/// Where a turn starts.
#[derive(Clone, Debug)]
pub enum Start {
    /// An empty conversation: instructions and pack come first.
    New,
    /// A copy of a sealed conversation that already holds them.
    Checkpoint(Checkpoint),
}

/// A primed conversation, sealed: forked for each use, never resumed in place.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Checkpoint {
    /// The backend's own name of the conversation.
    pub id: String,
    /// Folder with the backend's files of it, poag's own copy. The backend only reads it.
    pub folder: PathBuf,
}

/// A future on the heap, so that backends can stand behind one pointer.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One way for experts to think.
pub trait Agent: Send + Sync {
    /// The backend's name, as flakes write it.
    fn name(&self) -> &str;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Finds out whether it can be used now, without spending anything, and gives its version.
    fn probe<'a>(&'a self, settings: &'a Settings) -> Pending<'a, Result<String, AgentError>>;

    /// Everything beside pack, instructions, schema, model and version that a checkpoint depends on:
    /// the flags that are the same for all turns from it, in one order always.
    fn frozen(&self, _settings: &Settings) -> Vec<String> {
        Vec::new()
    }

    /// How long its provider keeps the prompts of its conversations in a cache, as the backend asks for it.
    fn prompt_cache(&self) -> Duration {
        Duration::from_secs(5 * 60)
    }

    /// Takes one turn. Dropping the future ends every process that it started.
    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput>;

    /// Takes one turn, and leaves the conversation as it stands after it in `place`, an empty folder.
    /// The checkpoint's `folder` is `place`. A request that starts from a checkpoint gives a new one on
    /// top of it. Only where [`Capabilities::fork`].
    fn seal<'a>(
        &'a self,
        request: TurnRequest,
        place: &'a Path,
    ) -> Pending<'a, (TurnOutput, Option<Checkpoint>)> {
        let _ = place;
        Box::pin(async move { (self.turn(request).await, None) })
    }
}
