//! The backend `command`: any program that reads one JSON document and writes one, see [`protocol`].

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod protocol;
pub mod work;

use std::path::Path;
use std::time::Duration;

use super::environment::Environment;
use super::process::{Invocation, Launcher, ProcessOutput, Workplace};
use super::program::locate;
use super::wall::Wall;
use super::{
    AgentError, Capabilities, Fault, Pending, Raw, Settings, TurnOutput, TurnRequest, Usage,
};
use protocol::{ProgramAnswer, Request};

/// The backend's name.
pub const NAME: &str = "command";
/// Lines of standard error that a failure quotes.
const QUOTED_LINES: usize = 5;
/// Longest line that is quoted, in characters.
const QUOTED_CHARS: usize = 400;

/// Any program.
pub struct Command {
    launcher: Launcher,
}

impl Command {
    /// Runs programs in workplaces of this launcher.
    #[must_use]
    pub fn new(launcher: Launcher) -> Self {
        Self { launcher }
    }

    async fn take(&self, request: &TurnRequest) -> TurnOutput {
        let started = self.workplace(request);
        let (workplace, invocation) = match started {
            Ok(started) => started,
            Err(error) => return error.into(),
        };
        let sent = match &request.writing {
            None => Request::of(request).to_bytes(),
            Some(_) => work::sent(&request.input),
        };
        let ended = workplace.run(&invocation, &sent, request.timeout);
        // A program may close its output and stay.
        let ended = tokio::time::timeout(request.timeout + Duration::from_secs(1), ended).await;
        let (said, read) = match ended {
            Ok(Ok(said)) => {
                let read = match &request.writing {
                    None => read(&said),
                    Some(_) => work::read(&said),
                };
                (said, read)
            }
            Ok(Err(error)) => (error.said(), (Err(failed(error)), Usage::default())),
            Err(_) => {
                let error = AgentError::timeout(NAME, request.timeout);
                (ProcessOutput::default(), (Err(error), Usage::default()))
            }
        };
        TurnOutput {
            outcome: read.0,
            usage: read.1,
            raw: Raw {
                sent,
                stdout: said.stdout,
                stderr: said.stderr,
            },
        }
    }

    fn workplace(&self, request: &TurnRequest) -> Result<(Workplace, Invocation), AgentError> {
        let persona = &request.persona;
        let command = persona.settings.command.as_deref().unwrap_or_default();
        let program = locate(NAME, command)?;
        let workplace = self.launcher.workplace().map_err(no_place)?;
        let home = workplace.subfolder("home").map_err(no_place)?;
        let temporary = workplace.subfolder("tmp").map_err(no_place)?;
        let own = [home.clone(), temporary.clone()];
        let (folder, wall) = match &request.writing {
            // Not the speaker's folder: what lies there must not be taken for the program's own.
            None => (workplace.subfolder("work").map_err(no_place)?, None),
            Some(writing) => (writing.folder.clone(), Some(Wall::of(writing, own))),
        };
        let invocation = Invocation {
            program: program.to_string_lossy().into_owned(),
            args: command.iter().skip(1).map(Into::into).collect(),
            env: environment(request, &home).with("TMPDIR", temporary),
            folder,
            wall,
        };
        Ok((workplace, invocation))
    }
}

fn environment(request: &TurnRequest, home: &Path) -> Environment {
    let mut env = Environment::scrubbed(&[]);
    // Whatever writes has a home of its own: that of the person is outside of its wall.
    if env.get("HOME").is_none() || request.writing.is_some() {
        env = env.with("HOME", home);
    }
    env.of_turn(request)
}

fn no_place(error: std::io::Error) -> AgentError {
    let reason = format!("no folder for its turn can be made: {error}");
    AgentError::new(
        Fault::Unavailable,
        NAME,
        reason,
        "see that poag's state folder may be written",
    )
}

fn failed(error: super::process::ProcessError) -> AgentError {
    error.into_agent(NAME, "install it, or name another with --agent-command")
}

/// What a program that ended has answered.
fn read(said: &ProcessOutput) -> (Result<serde_json::Value, AgentError>, Usage) {
    let answer = ProgramAnswer::read(&said.stdout);
    let usage = answer
        .as_ref()
        .map_or(Usage::default(), |answer| answer.usage);
    let outcome = match answer {
        Ok(ProgramAnswer {
            outcome: Err(error),
            ..
        }) => Err(error),
        _ if said.code != Some(0) => Err(broken(said)),
        Ok(ProgramAnswer {
            outcome: Ok(output),
            ..
        }) => Ok(output),
        Err(error) => Err(error),
    };
    (outcome, usage)
}

/// A program that ended badly and did not say why in its answer.
fn broken(said: &ProcessOutput) -> AgentError {
    let mut reason = match said.code {
        Some(code) => format!("its program ended with exit code {code}"),
        None => "its program was ended".to_owned(),
    };
    for line in String::from_utf8_lossy(&said.stderr)
        .lines()
        .take(QUOTED_LINES)
    {
        reason.push('\n');
        reason.extend(line.chars().take(QUOTED_CHARS));
    }
    AgentError::usual(Fault::Failed, NAME, reason)
}

impl super::Agent for Command {
    fn name(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            // Nobody knows what a program spends.
            paid: true,
            reads_pack: true,
            ..Capabilities::default()
        }
    }

    fn probe<'a>(&'a self, settings: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        let found = locate(NAME, settings.command.as_deref().unwrap_or_default());
        let version = found.map(|_| format!("protocol {}", protocol::VERSION));
        Box::pin(std::future::ready(version))
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move { self.take(&request).await })
    }
}
