//! Takes checkpoints away that nobody uses any more.

use std::time::Duration;

use clap::Args;

use crate::command::context::engine;
use crate::command::global::Global;
use crate::command::style;
use crate::engine::EngineError;
use crate::engine::checkpoint::Which;
use crate::error::{Error, exit};
use crate::terminal;

/// Takes away those that were not used for a while, and all that are damaged
#[derive(Args, Debug)]
pub struct Prune {
    /// Those that were neither made nor used for so many days
    #[arg(
        long,
        value_name = "DAYS",
        default_value_t = 30,
        conflicts_with = "all"
    )]
    older_than: u32,
    /// All but those that a running poag uses
    #[arg(long)]
    all: bool,
    /// Only say which would go
    #[arg(long)]
    dry_run: bool,
}

/// Runs it.
pub fn run(args: &Prune, global: &Global) -> Result<u8, Error> {
    let which = match args.all {
        true => Which::All,
        false => Which::Idle(Duration::from_secs(u64::from(args.older_than) * 86_400)),
    };
    let store = engine(global)?.store()?;
    let gone = store
        .prune(which, args.dry_run)
        .map_err(EngineError::from)?;
    let mut text = String::new();
    for gone in &gone {
        let verb = match (gone.goes, args.dry_run) {
            (true, true) => "would go",
            (true, false) => "gone",
            (false, _) => "stays",
        };
        let key: String = gone.key.chars().take(24).collect();
        let expert = gone.expert.as_deref().unwrap_or("-");
        let line = format!("{verb}: {key} of {} ({})", style::bold(expert), gone.why);
        text.push_str(&line);
        text.push('\n');
    }
    if gone.is_empty() {
        text.push_str("nothing to prune\n");
    }
    terminal::people(&text)?;
    Ok(exit::OK)
}
