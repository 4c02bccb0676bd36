//! `poag mcp`: the experts as tools of a person's own coding agent.

#![expect(clippy::disallowed_methods, reason = "the command line reads it")]

use clap::Args;

use std::env;
use std::path::PathBuf;
use std::sync::Arc;

use super::consent::CommandArgs;
use super::context::{engine_with, target};
use super::global::Global;
use crate::engine::{Engine, ProjectRef};
use crate::error::{Error, exit};
use crate::mcp;

const EXAMPLES: &str = "\
Examples:
  claude mcp add poag -- nix run .#poag -- mcp
  codex mcp add poag -- nix run .#poag -- mcp

Its tools: `ask` gives a plan, `experts` lists who there is, `pack` gives what one knows.";

/// Serves the experts as tools to a coding agent, over the Model Context Protocol on standard input and output
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Mcp {
    /// Serve an expert's agent during its turn instead; poag itself starts it so
    #[arg(long, hide = true)]
    turn: bool,
}

/// Runs the verb.
pub async fn run(args: Mcp, global: Global) -> Result<u8, Error> {
    match args.turn {
        true => mcp::serve(turn()).await?,
        false => mcp::serve(mcp::person::Person::new(handler(&global)?)).await?,
    }
    Ok(exit::OK)
}

/// The turn that the environment names.
fn turn() -> mcp::turn::Turn {
    let socket = env::var_os(mcp::turn::SOCKET).map(PathBuf::from);
    mcp::turn::Turn::new(socket, env::var(mcp::turn::TOKEN).ok())
}

fn handler(global: &Global) -> Result<mcp::Handler, Error> {
    let global = Global {
        quiet: true,
        ..global.clone()
    };
    let engine = engine_with(&global, &CommandArgs::default())?;
    let reach = Everywhere {
        engine: engine.clone(),
        global,
    };
    Ok(mcp::Handler::new(engine, Arc::new(reach)))
}

/// Whoever starts this program may name any flake.
struct Everywhere {
    engine: Engine,
    global: Global,
}

impl mcp::Reach for Everywhere {
    fn flake(&self, word: Option<&str>) -> Result<ProjectRef, String> {
        match word {
            Some(word) => self.engine.flake(word).map_err(|error| error.to_string()),
            None => target(&self.engine, &self.global, None).map_err(|error| error.to_string()),
        }
    }

    fn covers(&self, _: &str) -> bool {
        true
    }
}
