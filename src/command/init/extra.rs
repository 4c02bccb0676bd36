//! What keeps experts fresh once they are declared: a workflow of a code host, and a hook before commits.

use std::fs;
use std::io::{IsTerminal as _, stdin};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{Init, write};
use crate::command::style;
use crate::engine::inside::Permissions;
use crate::error::{Error, exit};
use crate::git;
use crate::init::{InitError, difference};
use crate::terminal;

const WORKFLOW: &str = include_str!("../../../templates/ci/github.yml");
const HOOK: &str = include_str!("../../../templates/pre-commit");

/// Code hosts that there is a workflow for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Host {
    /// GitHub Actions: .github/workflows/poag.yml
    Github,
}

/// Shows and writes what was asked for.
pub fn run(args: &Init, folder: &Path, quiet: bool) -> Result<u8, Error> {
    let root = crate::nix::repository_root(folder).unwrap_or(folder);
    if root != folder {
        return Err(InitError::NotRoot(root.to_owned()).into());
    }
    let mut wanted = Vec::new();
    if args.ci.is_some() {
        wanted.push((".github/workflows/poag.yml", WORKFLOW, 0o644));
    }
    if args.hook {
        wanted.push((".githooks/pre-commit", HOOK, 0o755));
    }
    let mut changes = Vec::new();
    for (name, text, mode) in wanted {
        let path = inside(folder, name)?;
        match fs::read_to_string(&path) {
            Ok(there) if there == text => say(quiet, &format!("{name} is there already")),
            Ok(_) => return Err(InitError::There(path).into()),
            Err(_) => changes.push((name, path, text, mode)),
        }
    }
    let shown: Vec<_> = changes
        .iter()
        .map(|(name, _, text, _)| serde_json::json!({ "file": name, "diff": difference(name, None, text) }))
        .collect();
    if !args.json {
        for (name, _, text, _) in &changes {
            terminal::people(&difference(name, None, text))?;
        }
    }
    let write = !changes.is_empty()
        && !args.dry_run
        && (args.yes || (!args.json && agreed(changes.len())?));
    if write {
        for (name, path, text, mode) in &changes {
            write::file(path, text, Permissions::Exactly(*mode))?;
            git::intend_to_add(std::slice::from_ref(path));
            say(quiet, &format!("{} {name}", style::good("wrote")));
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

/// The path of a file below a folder, with no link on the way.
fn inside(folder: &Path, name: &str) -> Result<PathBuf, InitError> {
    let mut path = folder.to_owned();
    for part in name.split('/') {
        path.push(part);
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
            return Err(InitError::Outside(path));
        }
    }
    Ok(path)
}

fn agreed(files: usize) -> Result<bool, Error> {
    match stdin().is_terminal() {
        true => super::agreed(files),
        false => Err(InitError::NobodyToAsk.into()),
    }
}

fn say(quiet: bool, text: &str) {
    if !quiet {
        terminal::note(text);
    }
}
