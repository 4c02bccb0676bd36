//! The backend `claude-code`: the command line program of Claude Code, once per turn, without a terminal.
//!
//! A checkpoint is a copy of its session file, which any number of turns fork. What the program sends
//! for a turn from a checkpoint is the same, block by block, up to the question, so that everything
//! before comes from the provider's cache: see [`invocation::frozen`] for what that takes.

mod envelope;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod invocation;
mod login;
mod schema;
mod session;
mod version;

use std::path::Path;
use std::sync::Mutex;

use super::headless;
use super::process::{Invocation, Launcher, ProcessOutput, Workplace};
use super::{
    Agent, AgentError, Capabilities, Checkpoint, Fault, Pending, Raw, Settings, TurnOutput,
    TurnRequest,
};
use invocation::ClaudeTurn;
pub(super) use invocation::SWITCHES;
use version::Version;

/// The backend's name, as flakes write it.
pub const NAME: &str = "claude-code";

/// How to get the program.
fn install() -> String {
    format!(
        "install it (`npm install -g @anthropic-ai/claude-code@{}` or newer), name it in agent.command, or ask again with --backend librarian",
        version::OLDEST
    )
}

/// Claude Code.
pub struct ClaudeCode {
    launcher: Launcher,
    /// Programs that were found, and their versions.
    found: Mutex<Vec<(Vec<String>, Version)>>,
}

impl ClaudeCode {
    /// Its turns run in workplaces of that launcher.
    #[must_use]
    pub fn new(launcher: Launcher) -> Self {
        Self {
            launcher,
            found: Mutex::default(),
        }
    }

    fn workplace(&self) -> Result<Workplace, AgentError> {
        let place = self.launcher.workplace();
        place.map_err(no_folder)
    }

    async fn version(&self, settings: &Settings) -> Result<Version, AgentError> {
        let (program, words) = invocation::program(settings);
        let key = [std::slice::from_ref(&program), words.as_slice()].concat();
        let known = self.found.lock().ok().and_then(|found| {
            let mut known = found.iter().filter(|(command, _)| *command == key);
            known.next().map(|(_, version)| *version)
        });
        if let Some(version) = known {
            return Ok(version);
        }
        let place = self.workplace()?;
        let env = invocation::environment(&place).map_err(no_folder)?;
        let invocation = Invocation {
            program,
            args: words
                .iter()
                .map(Into::into)
                .chain(["--version".into()])
                .collect(),
            env,
            folder: place.path().to_owned(),
            wall: None,
        };
        let said = place.run(&invocation, b"", version::ALLOWED).await;
        let said = said.map_err(|error| error.into_agent(NAME, &install()))?;
        let version = version::read(&said)?;
        if let Ok(mut found) = self.found.lock() {
            found.push((key, version));
        }
        Ok(version)
    }

    /// Takes a turn in a workplace, which holds the session afterwards.
    async fn take(&self, turn: &ClaudeTurn<'_>) -> TurnOutput {
        let prepared = match turn.prepare() {
            Ok(prepared) => prepared,
            Err(error) => return error.into(),
        };
        let allowed = turn.request.timeout;
        let said = turn
            .place
            .run(&prepared.invocation, &prepared.prompt, allowed);
        let said = said.await;
        if let Some(login) = prepared.login {
            login.keep();
        }
        let (said, failed) = headless::ended(said, NAME, &install());
        let ProcessOutput {
            code,
            stdout,
            stderr,
        } = said;
        let last = session::last(&turn.config(), &turn.session);
        let (outcome, usage) = envelope::read(code, &stdout, &stderr, &last);
        TurnOutput {
            outcome: failed.map_or(outcome, Err),
            usage,
            raw: Raw {
                sent: prepared.prompt,
                stdout,
                stderr,
            },
        }
    }
}

impl Agent for ClaudeCode {
    fn name(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            fork: true,
            portable: true,
            deterministic: false,
            paid: true,
            reads_pack: true,
            takes_tools: true,
        }
    }

    fn probe<'a>(&'a self, settings: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(async move {
            let version = self.version(settings).await?;
            Ok(version.to_string())
        })
    }

    fn frozen(&self, settings: &Settings) -> Vec<String> {
        invocation::frozen(settings)
    }

    // As ENABLE_PROMPT_CACHING_1H asks for it.
    fn prompt_cache(&self) -> std::time::Duration {
        std::time::Duration::from_secs(3600)
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move {
            let place = match self.workplace() {
                Ok(place) => place,
                Err(error) => return error.into(),
            };
            self.take(&ClaudeTurn::new(&request, &place)).await
        })
    }

    fn seal<'a>(
        &'a self,
        request: TurnRequest,
        into: &'a Path,
    ) -> Pending<'a, (TurnOutput, Option<Checkpoint>)> {
        Box::pin(async move {
            let place = match self.workplace() {
                Ok(place) => place,
                Err(error) => return (error.into(), None),
            };
            let turn = ClaudeTurn::new(&request, &place);
            let mut output = self.take(&turn).await;
            if output.outcome.is_err() {
                return (output, None);
            }
            match session::seal(&turn.config(), &turn.session, into) {
                Ok(()) => {
                    let sealed = Checkpoint {
                        id: turn.session.clone(),
                        folder: into.to_owned(),
                    };
                    (output, Some(sealed))
                }
                Err(reason) => {
                    // The turn was paid for, so that its usage must come back.
                    let reason = format!("its session cannot be kept: {reason}");
                    output.outcome = Err(AgentError::usual(Fault::Failed, NAME, reason));
                    (output, None)
                }
            }
        })
    }
}

/// A workplace in which nothing can be written.
fn no_folder(error: std::io::Error) -> AgentError {
    let reason = format!("its private folder cannot be made: {error}");
    let repair = "make room on the disk, or name another place with POAG_STATE_DIR";
    AgentError::new(Fault::Unavailable, NAME, reason, repair)
}
