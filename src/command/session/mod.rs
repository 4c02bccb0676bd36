//! `poag session`: a conversation with one expert that is open.

mod look;
mod remote;
mod talk;

use clap::{Args, Subcommand, ValueEnum};

use super::consent::CommandArgs;
use super::context::{engine, here, person};
use super::global::Global;
use super::remote::Remote;
use crate::engine::session::SessionLedger;
use crate::engine::{Engine, EngineError};
use crate::error::{Error, exit};

const EXAMPLES: &str = "\
Examples:
  poag session open hello-rs --backend claude-code
  poag session say hello-rs \"How is a locale added?\"
  poag session wait hello-rs
  poag session out hello-rs
  poag session say hello-rs --wait \"And where is that tested?\"
  poag session say hello-py --from hello-rs \"What does this mean for you?\"
  poag session close hello-rs

SESSION is the name of a session of this flake, or the beginning of a session's id. A message is taken at once; it waits
until those before it are answered. `out` has the last answer until the next one takes its place. Exit code 7: the last
message has no answer, and `out` says why.";

/// Talks with one expert: it remembers what was said, and nobody waits
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct SessionArgs {
    #[command(subcommand)]
    verb: SessionVerb,
}

#[derive(Debug, Subcommand)]
enum SessionVerb {
    /// Opens a session, and prints its name
    Open {
        /// The expert [default: the flake's own]
        #[arg(value_name = "EXPERT")]
        expert: Option<String>,
        /// What it is to be called: letters, digits, `-` and `_` [default: as the expert]
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Who thinks, where it is not as the flake declares
        #[arg(long, value_name = "BACKEND")]
        backend: Option<String>,
        /// With which model, in the words of the backend
        #[arg(long, value_name = "MODEL")]
        model: Option<String>,
        #[command(flatten)]
        commands: CommandArgs,
    },
    /// Says something to the expert
    Say(talk::SayInSession),
    /// Prints the last answer
    Out {
        /// The session
        #[arg(value_name = "SESSION")]
        session: String,
        /// As the expert gave it
        #[arg(long)]
        json: bool,
    },
    /// Waits until nothing is under way, and prints how the session stands
    Wait {
        /// The session
        #[arg(value_name = "SESSION")]
        session: String,
        /// For at most so long
        #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
        timeout: u64,
    },
    /// Prints how it stands: idle, running, await (there is output), failed or closed
    Status {
        /// The session
        #[arg(value_name = "SESSION")]
        session: String,
        /// With what is known of it
        #[arg(long)]
        json: bool,
    },
    /// Tells all that was said
    Log {
        /// The session
        #[arg(value_name = "SESSION")]
        session: String,
        /// For a script
        #[arg(long)]
        json: bool,
    },
    /// Stops what is under way, or begins the conversation anew with a short account of it
    Ctl {
        /// The session
        #[arg(value_name = "SESSION")]
        session: String,
        /// What
        #[arg(value_name = "WORD")]
        word: Control,
    },
    /// Closes it; what was said stays readable
    Close {
        /// The session
        #[arg(value_name = "SESSION")]
        session: String,
    },
    /// Lists the open sessions of this flake, newest first
    List {
        /// Those of every flake, and closed ones
        #[arg(long)]
        all: bool,
        /// For a script
        #[arg(long)]
        json: bool,
    },
    /// Has every message answered that waits
    #[command(hide = true)]
    Drive {
        /// The session's id
        id: String,
    },
}

/// What can be done to a session.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Control {
    /// Gives up what is under way and what waits
    Interrupt,
    /// Begins the conversation anew, with a short account of what was said
    Compact,
    /// Closes it
    Close,
}

/// Runs the verb.
pub async fn run(args: SessionArgs, global: Global) -> Result<u8, Error> {
    if let Some(server) = Remote::of(&global).await? {
        return remote::run(args.verb, &server, &global).await;
    }
    match args.verb {
        SessionVerb::Open {
            expert,
            name,
            backend,
            model,
            commands,
        } => {
            let chosen = talk::Opening {
                expert,
                name,
                backend,
                model,
            };
            talk::open(chosen, &commands, &global).await
        }
        SessionVerb::Say(args) => talk::say(args, &global).await,
        SessionVerb::Wait { session, timeout } => talk::wait(&session, timeout, &global).await,
        SessionVerb::Drive { id } => {
            super::detach::leave_terminal();
            engine(&global)?.drive_session(&id).await?;
            Ok(exit::OK)
        }
        SessionVerb::Out { session, json } => look::out(&session, json, &global),
        SessionVerb::Status { session, json } => look::status(&session, json, &global),
        SessionVerb::Log { session, json } => look::log(&session, json, &global),
        SessionVerb::List { all, json } => look::list(all, json, &global),
        SessionVerb::Ctl { session, word } => control(&session, word, &global),
        SessionVerb::Close { session } => control(&session, Control::Close, &global),
    }
}

fn control(session: &str, word: Control, global: &Global) -> Result<u8, Error> {
    let (_, sessions, id) = meant(global, session)?;
    let mut open = sessions.open(&id).map_err(EngineError::from)?;
    let by = person();
    let done = match word {
        Control::Interrupt => open.interrupt(&by),
        Control::Compact => open.compact(&by),
        Control::Close => open.close(&by),
    };
    done.map_err(EngineError::from)?;
    Ok(exit::OK)
}

/// The sessions, and the id of the one that is meant.
fn meant(global: &Global, word: &str) -> Result<(Engine, SessionLedger, String), Error> {
    let engine = engine(global)?;
    let sessions = engine.sessions()?;
    let flake = here(&engine, global)?;
    let id = sessions
        .find(word, flake.as_deref())
        .or_else(|error| sessions.find(word, None).map_err(|_| error))
        .map_err(EngineError::from)?;
    Ok((engine, sessions, id))
}
