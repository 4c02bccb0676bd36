//! What keeps experts fresh once they are declared: a workflow of a code host, and a hook before commits.

use std::path::Path;

use clap::ValueEnum;

use super::Init;
use crate::command::style;
use crate::engine::Upkeep;
use crate::error::{Error, exit};
use crate::terminal;

/// Code hosts that there is a workflow for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Host {
    /// GitHub Actions: .github/workflows/poag.yml
    Github,
}

/// Shows and writes what was asked for.
pub fn run(args: &Init, folder: &Path, quiet: bool) -> Result<u8, Error> {
    let wanted = [
        args.ci.map(|_| Upkeep::Workflow),
        args.hook.then_some(Upkeep::Hook),
    ];
    let mut changes = Vec::new();
    for file in wanted.into_iter().flatten() {
        match file.is_in(folder)? {
            true => say(quiet, &format!("{} is there already", file.name())),
            false => changes.push(file),
        }
    }
    let shown: Vec<_> = changes
        .iter()
        .map(|file| serde_json::json!({ "file": file.name(), "diff": file.difference() }))
        .collect();
    if !args.json {
        for file in &changes {
            terminal::people(&file.difference())?;
        }
    }
    let write = !changes.is_empty()
        && !args.dry_run
        && (args.yes || (!args.json && super::agreed(changes.len())?));
    if write {
        for file in &changes {
            file.write(folder)?;
            say(quiet, &format!("{} {}", style::good("wrote"), file.name()));
        }
        if args.hook {
            say(quiet, "next: git config core.hooksPath .githooks");
        }
    }
    if args.json {
        let document = serde_json::json!({ "schemaVersion": 1, "written": write, "files": shown });
        terminal::json(format!("{document:#}\n").as_bytes())?;
    }
    Ok(exit::OK)
}

fn say(quiet: bool, text: &str) {
    if !quiet {
        terminal::note(text);
    }
}
