//! The backend `acp`: any agent of the Agent Client Protocol on standard input and output, such as
//! `opencode acp`. See <https://agentclientprotocol.com>.

mod claude;
mod fault;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod heard;
mod home;
mod opencode;
mod permission;
mod talk;
mod turned;
mod wire;

use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::process::{Invocation, Launcher, Live, STDERR_BYTES};
use super::program::locate;
use super::wall::Wall;
use super::{
    AgentError, Capabilities, Checkpoint, Fault, Pending, Raw, Settings, Start, TurnOutput,
    TurnRequest, Usage,
};
use heard::Heard;
use home::AcpHome;
use talk::Talk;
use turned::Turned;
use wire::Wire;

/// The backend's name.
pub const NAME: &str = "acp";
/// What is started where nobody says otherwise.
const DEFAULT: [&str; 2] = ["opencode", "acp"];
/// How long an agent may take to say its version.
const HELLO: Duration = Duration::from_secs(60);
/// How long an agent may take to end a turn that was cancelled.
const CANCELLING: Duration = Duration::from_secs(2);

/// Any agent of the Agent Client Protocol.
pub struct Acp {
    launcher: Launcher,
}

/// A conversation that is over.
struct Over {
    outcome: Result<Turned, AgentError>,
    usage: Usage,
    raw: Raw,
}

impl Acp {
    /// Runs agents in workplaces of this launcher.
    #[must_use]
    pub fn new(launcher: Launcher) -> Self {
        Self { launcher }
    }

    async fn version(&self, settings: &Settings) -> Result<String, AgentError> {
        let command = command(settings);
        let home = AcpHome::new(&self.launcher)?;
        let invocation = invocation(&command, &home, None)?;
        let over = converse(&home, &invocation, &Talk::Hello, HELLO).await;
        over.outcome.map(|turned| turned.version)
    }

    async fn take(
        &self,
        request: &TurnRequest,
        place: Option<&Path>,
    ) -> (TurnOutput, Option<Checkpoint>) {
        match self.prepared(request) {
            Ok((home, invocation)) => {
                let talk = Talk::turn(request, home.empty());
                let over = converse(&home, &invocation, &talk, request.timeout).await;
                let (mut outcome, session) = match over.outcome {
                    Ok(turned) => (fault::answer(&turned), turned.session),
                    Err(error) => (Err(error), None),
                };
                let mut checkpoint = None;
                if let (Some(place), Some(id), true) = (place, session, outcome.is_ok()) {
                    match home.seal(place) {
                        Ok(()) => {
                            checkpoint = Some(Checkpoint {
                                id,
                                folder: place.into(),
                            })
                        }
                        Err(error) => outcome = Err(home::broken(&error)),
                    }
                }
                let output = TurnOutput {
                    outcome,
                    usage: over.usage,
                    raw: over.raw,
                };
                (output, checkpoint)
            }
            Err(error) => (error.into(), None),
        }
    }

    fn prepared(&self, request: &TurnRequest) -> Result<(AcpHome, Invocation), AgentError> {
        let command = command(&request.persona.settings);
        let home = AcpHome::new(&self.launcher)?;
        if let Start::Checkpoint(checkpoint) = &request.start {
            home.restore(&checkpoint.folder)?;
        }
        home.configure(request)?;
        let invocation = invocation(&command, &home, Some(request))?;
        Ok((home, invocation))
    }
}

fn command(settings: &Settings) -> Vec<String> {
    match &settings.command {
        Some(command) => command.clone(),
        None => DEFAULT.map(String::from).to_vec(),
    }
}

fn invocation(
    command: &[String],
    home: &AcpHome,
    request: Option<&TurnRequest>,
) -> Result<Invocation, AgentError> {
    let program = locate(NAME, command)?;
    Ok(Invocation {
        program: program.to_string_lossy().into_owned(),
        args: command.iter().skip(1).map(Into::into).collect(),
        env: home.environment(request),
        folder: home.empty().to_owned(),
        wall: request
            .and_then(|request| request.writing.as_ref())
            .map(|writing| Wall::of(writing, home.own())),
    })
}

/// Starts an agent, talks with it, and ends it.
async fn converse(home: &AcpHome, invocation: &Invocation, talk: &Talk, allowed: Duration) -> Over {
    let deadline = Instant::now() + allowed;
    let mut live = match home.start(invocation) {
        Ok(live) => live,
        Err(error) => {
            return Over {
                outcome: Err(error),
                usage: Usage::default(),
                raw: Raw::default(),
            };
        }
    };
    let heard = Heard::default();
    let mut stderr = Vec::new();
    let wire = Wire::new(&mut live);
    let record = wire.record();
    let ended = {
        let conversation = talk.hold(wire.lines(), &heard, deadline);
        let listening = listen(&mut live, &mut stderr);
        let both = async {
            tokio::select! {
                ended = conversation => ended,
                () = listening => Err(AgentError::timeout(NAME, allowed)),
            }
        };
        timeout_at(deadline + CANCELLING, both).await
    };
    let code = match record.is_over() {
        // It ended by itself, or is about to.
        true => timeout_at(Instant::now() + CANCELLING, live.wait())
            .await
            .ok()
            .flatten(),
        false => None,
    };
    live.end().await;
    let outcome = match ended {
        Ok(Err(error)) if record.is_over() => Err(fault::died(error, &heard, code, &stderr)),
        Ok(ended) => ended,
        Err(_) => Err(AgentError::timeout(NAME, allowed)),
    };
    let outcome = outcome.map_err(|error| match record.is_full() {
        true => AgentError::usual(Fault::Invalid, NAME, "it said more than anybody reads"),
        false if error.fault == Fault::Timeout => AgentError::timeout(NAME, allowed),
        false => error,
    });
    let (sent, stdout) = record.into_words();
    Over {
        outcome,
        usage: heard.usage(),
        raw: Raw {
            sent,
            stdout,
            stderr,
        },
    }
}

/// Reads standard error, and never ends.
async fn listen(live: &mut Live, into: &mut Vec<u8>) {
    use tokio::io::AsyncReadExt as _;
    let mut buffer = vec![0; 16 << 10];
    if let Some(stderr) = &mut live.stderr {
        while let Ok(read @ 1..) = stderr.read(&mut buffer).await {
            let free = STDERR_BYTES.saturating_sub(into.len());
            into.extend_from_slice(buffer.get(..read.min(free)).unwrap_or_default());
        }
    }
    std::future::pending().await
}

impl super::Agent for Acp {
    fn name(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            fork: true,
            // Agents keep their sessions by the folder they work in, which is this machine's own.
            portable: false,
            deterministic: false,
            paid: true,
            reads_pack: true,
            takes_tools: true,
        }
    }

    fn probe<'a>(&'a self, settings: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(self.version(settings))
    }

    fn frozen(&self, settings: &Settings) -> Vec<String> {
        // The options of a session decide what tools stand in front of everything else.
        let mut frozen = command(settings);
        frozen.push("options of sessions: 3".into());
        frozen.extend(talk::FRAME.words());
        frozen
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move { self.take(&request, None).await.0 })
    }

    fn seal<'a>(
        &'a self,
        request: TurnRequest,
        place: &'a Path,
    ) -> Pending<'a, (TurnOutput, Option<Checkpoint>)> {
        Box::pin(async move { self.take(&request, Some(place)).await })
    }
}
