//! Opening a session, saying something in it, and waiting for the answer.

use std::time::Duration;

use clap::Args;

use super::{look, meant};
use crate::command::consent::CommandArgs;
use crate::command::context::{engine_with, person, target};
use crate::command::detach;
use crate::command::global::Global;
use crate::command::snippet::{names, text_of};
use crate::engine::session::{OpenSessionRequest, SessionLedger, given};
use crate::engine::{BackendChoice, Engine, EngineError};
use crate::error::{Error, exit};
use crate::terminal;
use poag_core::session::SessionStatus;

/// With whom a session is to be.
pub struct Opening {
    /// The expert.
    pub expert: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Who thinks.
    pub backend: Option<String>,
    /// With which model.
    pub model: Option<String>,
}

/// A message.
#[derive(Args, Debug)]
pub struct SayInSession {
    /// The session
    #[arg(value_name = "SESSION")]
    pub session: String,
    /// What; `-` reads it from standard input
    #[arg(value_name = "TEXT", required = true)]
    pub text: Vec<String>,
    /// With a snippet behind it
    #[arg(long, value_name = "snippet:NAME")]
    pub with: Vec<String>,
    /// With the last output of another session behind it; `SESSION:summary` for a short account of all that was said there
    #[arg(long, value_name = "SESSION[:summary]")]
    pub from: Option<String>,
    /// Waits for the answer and prints it
    #[arg(long)]
    pub wait: bool,
}

/// Opens a session.
pub async fn open(chosen: Opening, commands: &CommandArgs, global: &Global) -> Result<u8, Error> {
    let engine = engine_with(global, commands)?;
    let target = target(&engine, global, None)?;
    let request = OpenSessionRequest {
        expert: chosen.expert,
        name: chosen.name,
        backends: BackendChoice {
            all: chosen.backend,
            model: chosen.model,
            ..BackendChoice::default()
        },
        by: person(),
    };
    let (_, name) = engine.open_session(&target, &request).await?;
    terminal::document(&format!("{name}\n"))?;
    Ok(exit::OK)
}

/// Says something.
pub async fn say(args: SayInSession, global: &Global) -> Result<u8, Error> {
    let (engine, sessions, id) = meant(global, &args.session)?;
    let text = text_of(&args.text)?;
    let mut text = engine.with_snippets(&text, &names(&args.with)?)?;
    if let Some(from) = &args.from {
        let copied = copied(from, global)?;
        text = format!("{}\n\n{copied}", text.trim_end());
    }
    let mut open = sessions.open(&id).map_err(EngineError::from)?;
    open.say(&text, &person()).map_err(EngineError::from)?;
    detach::start(&engine, &["session", "drive", &id])?;
    if !args.wait {
        return Ok(exit::OK);
    }
    waited(&engine, &sessions, &id, Duration::MAX).await?;
    look::out(&id, false, global)
}

/// What another session has to give.
fn copied(from: &str, global: &Global) -> Result<String, Error> {
    let (name, whole) = match from.strip_suffix(":summary") {
        Some(name) => (name, true),
        None => (from, false),
    };
    let (_, sessions, id) = meant(global, name)?;
    let open = sessions.open(&id).map_err(EngineError::from)?;
    Ok(given(open.session(), whole).map_err(EngineError::from)?)
}

/// Waits, and prints how the session stands.
pub async fn wait(session: &str, seconds: u64, global: &Global) -> Result<u8, Error> {
    let (engine, sessions, id) = meant(global, session)?;
    let status = waited(&engine, &sessions, &id, Duration::from_secs(seconds)).await?;
    terminal::document(&format!("{}\n", status.word()))?;
    Ok(look::code(status))
}

/// Waits until nothing is under way; where whoever had it answered was killed, somebody else has.
async fn waited(
    engine: &Engine,
    sessions: &SessionLedger,
    id: &str,
    most: Duration,
) -> Result<SessionStatus, Error> {
    /// How often it is seen that nobody has the message answered.
    const LOOKS: Duration = Duration::from_secs(2);
    let mut open = sessions.open(id).map_err(EngineError::from)?;
    let mut left = most;
    loop {
        let status = open.session().status();
        if status != SessionStatus::Running || left.is_zero() {
            return Ok(status);
        }
        if !sessions.is_driven(id).map_err(EngineError::from)? {
            detach::start(engine, &["session", "drive", id])?;
        }
        let now = LOOKS.min(left);
        open.changed(status, now).await.map_err(EngineError::from)?;
        left = left.saturating_sub(now);
    }
}
