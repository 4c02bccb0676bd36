//! `poag lock lint`: inputs that stand in flake.lock more than once, and the `follows` that join them.

use std::collections::BTreeMap;
use std::fs;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use similar::TextDiff;

use super::Context;
use super::global::Global;
use crate::engine::inside::{self, Permissions};
use crate::error::{Error, exit};
use crate::flake_lock::join::{Join, Plan, Why, plan};
use crate::flake_lock::{FlakeLockError, Lock, edit};
use crate::git;
use crate::nix::FlakeRef;
use crate::terminal;

/// Shown of what looks alike and stays.
const SHOWN: usize = 10;

const EXAMPLES: &str = "\
Examples:
  poag lock lint
  poag lock lint --fix
  poag lock lint --fix --yes && nix flake metadata

Joined is only what is one and the same: the same wish, locked at the same revision, with the same inputs in turn.
Other branches, other revisions and inputs with `flake = false` stay apart; what looks alike and stays is told.";

/// Looks after flake.lock
#[derive(Args, Debug)]
pub struct LockArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Lint(Lint),
}

/// Finds inputs that are in flake.lock more than once and that `follows` would join (exit code 1 when there are any)
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
struct Lint {
    /// Show the edits of flake.nix that join them, and write them and flake.lock after a yes
    #[arg(long)]
    fix: bool,
    /// Write without asking
    #[arg(long, requires = "fix")]
    yes: bool,
    /// For a script: what to join, what stays, nodes and bytes before and after
    #[arg(long)]
    json: bool,
}

/// One flake.nix, as it is and as it should be.
struct Edit {
    file: PathBuf,
    shown: String,
    before: String,
    after: String,
}

/// Runs the verb.
pub fn run(args: LockArgs, global: Global) -> Result<u8, Error> {
    let Verb::Lint(args) = args.verb;
    let context = Context::new(global, None)?;
    let FlakeRef::Local {
        folder, repository, ..
    } = &context.flake
    else {
        return Err(Error::Usage(
            "its flake.lock is not on this machine\nrepair: go to a checkout of it".into(),
        ));
    };
    let text = read(&plain(&folder.join("flake.lock"), repository)?)?;
    let dir = folder.strip_prefix(repository).unwrap_or(Path::new(""));
    let plan = plan(&Lock::parse(text.as_bytes())?, &dir.to_string_lossy());
    let edits = if args.fix {
        edits(folder, repository, &plan.joins)?
    } else {
        Vec::new()
    };
    if args.json {
        let report = json!({ "joins": plan.joins, "left": plan.left, "before": plan.before, "after": plan.after });
        terminal::json(format!("{report:#}\n").as_bytes())?;
    } else {
        terminal::people(&report(&plan, args.fix))?;
        for edit in &edits {
            let diff = TextDiff::from_lines(&edit.before, &edit.after);
            let name = &edit.shown;
            let diff = diff
                .unified_diff()
                .header(&format!("a/{name}"), &format!("b/{name}"))
                .to_string();
            terminal::people(&diff)?;
        }
    }
    if plan.joins.is_empty() {
        return Ok(exit::OK);
    }
    if !args.fix || !(args.yes || agreed(edits.len())?) {
        return Ok(exit::FAILURE);
    }
    // Nix would not look into the flakes below for what they say now, and would lock others anew.
    let lock = Edit {
        file: plain(&folder.join("flake.lock"), repository)?,
        shown: String::new(),
        before: text,
        after: plan.lock.text(),
    };
    let all = || edits.iter().chain([&lock]);
    all().try_for_each(writable)?;
    all().try_for_each(|edit| write(edit, repository))?;
    terminal::note(&format!(
        "written: {} flake.nix and flake.lock, no input moved; nix agrees: nix flake metadata {}",
        edits.len(),
        folder.display()
    ));
    Ok(exit::OK)
}

fn report(plan: &Plan, fixing: bool) -> String {
    let mut text = String::new();
    let mut line = |words: String| text += &(words + "\n");
    let (before, after) = (plan.before, plan.after);
    if plan.joins.is_empty() {
        line(format!(
            "{} nodes, {} bytes: every input is there once",
            before.nodes, before.bytes
        ));
    } else {
        line(format!(
            "{} nodes, {} bytes; about {} nodes, {} bytes with {} more `follows`",
            before.nodes,
            before.bytes,
            after.nodes,
            after.bytes,
            plan.joins.len()
        ));
    }
    if !fixing {
        for join in &plan.joins {
            line(format!("  {}: {}", name(&join.flake), join.statement()));
        }
    }
    for left in plan.left.iter().take(SHOWN) {
        let why = match left.why {
            Why::OtherRef => "another branch or revision is asked for",
            Why::OtherRevision => {
                "the same is asked for, locked at another revision; joined by hand, one of them moves"
            }
            Why::OtherInputs => "the same source with other inputs",
            Why::OtherUse => "one is a flake, the other only files",
        };
        line(format!(
            "  left: {} beside {}: {why}",
            left.input.join("/"),
            left.other.join("/")
        ));
    }
    if plan.left.len() > SHOWN {
        line(format!("  left: … and {} more", plan.left.len() - SHOWN));
    }
    if !plan.joins.is_empty() && !fixing {
        line("repair: poag lock lint --fix".into());
    }
    text
}

fn name(flake: &str) -> String {
    if flake.is_empty() {
        "flake.nix".into()
    } else {
        format!("{flake}/flake.nix")
    }
}

/// Every flake.nix with its new text; nothing is written yet.
fn edits(folder: &Path, repository: &Path, joins: &[Join]) -> Result<Vec<Edit>, Error> {
    let mut edits: BTreeMap<&str, Edit> = BTreeMap::new();
    for join in joins {
        let edit = match edits.entry(&join.flake) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let file = plain(&folder.join(&join.flake).join("flake.nix"), repository)?;
                let before = read(&file)?;
                let shown = file.strip_prefix(repository).unwrap_or(&file);
                entry.insert(Edit {
                    shown: shown.display().to_string(),
                    after: before.clone(),
                    before,
                    file,
                })
            }
        };
        edit.after = edit::add(&edit.after, &join.input, &join.follows).map_err(|reason| {
            FlakeLockError::Edit {
                file: edit.file.clone(),
                reason: reason.into(),
                statement: join.statement(),
            }
        })?;
    }
    Ok(edits.into_values().collect())
}

/// The file itself, which must be a plain one inside the repository.
fn plain(file: &Path, repository: &Path) -> Result<PathBuf, Error> {
    let refused = |reason| FlakeLockError::Write {
        file: file.into(),
        reason,
        repair: "edit the file that it stands for by hand",
    };
    let found = file
        .symlink_metadata()
        .map_err(|source| failed(file, source))?;
    let real = file.canonicalize().map_err(|source| failed(file, source))?;
    if !found.is_file() || !real.starts_with(repository) {
        return Err(refused("it is no file of this repository").into());
    }
    Ok(real)
}

fn agreed(count: usize) -> Result<bool, Error> {
    if !std::io::stdin().is_terminal() {
        terminal::note("nothing is written: say --yes where nobody can be asked");
        return Ok(false);
    }
    terminal::question(&format!("write {count} flake.nix, and flake.lock? [y/N] "));
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Whether git could bring the file back, and it is still the one that was shown.
fn writable(edit: &Edit) -> Result<(), Error> {
    let refused = |reason, repair| {
        Err(FlakeLockError::Write {
            file: edit.file.clone(),
            reason,
            repair,
        }
        .into())
    };
    if !git::is_tracked(&edit.file) {
        return refused(
            "git does not track it, and could not bring it back",
            "git add it first",
        );
    }
    if read(&edit.file)? != edit.before {
        return refused("it changed meanwhile", "look again: poag lock lint --fix");
    }
    Ok(())
}

/// Whole or not at all, with the mode it had.
fn write(edit: &Edit, repository: &Path) -> Result<(), Error> {
    let file = &edit.file;
    let inner = file.strip_prefix(repository).unwrap_or(file);
    Ok(inside::write(
        repository,
        inner,
        edit.after.as_bytes(),
        Permissions::Kept,
    )?)
}

fn read(file: &Path) -> Result<String, Error> {
    fs::read_to_string(file).map_err(|source| failed(file, source))
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.into(),
        source,
    }
}
