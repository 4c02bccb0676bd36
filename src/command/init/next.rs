//! What to do after writing: commands that can be pasted as they stand.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::files;
use crate::command::style;
use crate::init::{DeclarationShape, Proposal, ProposalOutcome};
use crate::terminal;

/// Lock files that are named one by one.
const MANY: usize = 12;

/// Says what was written, and the commands that follow in `here`.
pub fn steps(here: &Path, folder: &Path, proposals: &[Proposal]) {
    let written: Vec<&Proposal> = proposals
        .iter()
        .filter(|one| !files(one).is_empty())
        .collect();
    for file in written
        .iter()
        .flat_map(|one| files(one).iter().map(|file| one.folder.join(file.name)))
    {
        terminal::note(&format!(
            "{} {}",
            style::good("wrote"),
            shown(folder, &file)
        ));
    }
    terminal::note("next:");
    if here != folder {
        terminal::note(&format!("  cd {}", word(&folder.display().to_string())));
    }
    if let Some(command) = format(folder, &written) {
        terminal::note(&format!("  {command}"));
    }
    let tops = tops(&written);
    for top in &tops {
        terminal::note(&format!(
            "  nix run {}#poag -- learn --all",
            reference(folder, top)
        ));
    }
    let paths: Vec<String> = paths(folder, &written, &tops)
        .iter()
        .map(|path| word(path))
        .collect();
    terminal::note(&format!("  git add {}", paths.join(" ")));
    terminal::note("  git commit -m \"Declare the experts\"");
    for top in &tops {
        let top = reference(folder, top);
        terminal::note(&format!("  nix run {top}#poag -- check --all"));
        terminal::note(format!("  nix flake check {top}").trim_end_matches(" ."));
    }
    let whole = |one: &&Proposal| {
        matches!(
            &one.outcome,
            ProposalOutcome::Edit {
                shape: DeclarationShape::Whole,
                ..
            }
        )
    };
    if written.iter().any(whole) {
        terminal::note(&format!(
            "{} what was wrapped keeps its indentation, so that the difference stays small; a formatter would move it",
            style::dim("note:")
        ));
    }
}

/// The flakes that no other one depends on: they learn for all.
fn tops<'p>(written: &[&'p Proposal]) -> Vec<&'p Proposal> {
    let below: BTreeSet<&str> = written
        .iter()
        .flat_map(|one| one.declaration.neighbors.keys().map(String::as_str))
        .collect();
    let tops = written
        .iter()
        .filter(|one| !below.contains(one.declaration.name.as_str()));
    tops.copied().collect()
}

/// Everything that is new or changed once `tops` have learned for all.
fn paths(folder: &Path, written: &[&Proposal], tops: &[&Proposal]) -> Vec<String> {
    let mut own = Vec::new();
    let mut locks = Vec::new();
    for proposal in written {
        own.extend(
            files(proposal)
                .iter()
                .map(|file| proposal.folder.join(file.name)),
        );
        // Nix writes that of the flake it is started for, which holds those of the flakes below it.
        let lock = proposal.folder.join("flake.lock");
        if lock.exists() || tops.iter().any(|top| top.folder == proposal.folder) {
            own.push(lock);
        }
        let code = normal(&proposal.folder.join(&proposal.declaration.src));
        locks.push(code.join("poag.lock"));
        let experts = proposal.declaration.experts.values();
        locks.extend(experts.map(|expert| code.join(&expert.folder).join("poag.lock")));
    }
    let mut out: Vec<String> = own.iter().map(|path| shown(folder, path)).collect();
    match locks.len() > MANY {
        true => out.push(":(glob)**/poag.lock".into()),
        false => out.extend(locks.iter().map(|path| shown(folder, path))),
    }
    out
}

/// The flake's own formatter, where it has one: poag does not run what a repository declares.
fn format(folder: &Path, written: &[&Proposal]) -> Option<String> {
    let with = written.iter().find(|one| {
        let flake = files(one).iter().find(|file| file.name == "flake.nix");
        let text = flake
            .and_then(|file| file.before.as_deref())
            .unwrap_or_default();
        one.folder == folder && (text.contains("formatter") || text.contains("treefmt"))
    })?;
    let names = files(with).iter().map(|file| file.name).collect::<Vec<_>>();
    Some(format!("nix fmt -- {}", names.join(" ")))
}

/// A flake, as nix takes it from the folder that was asked for.
fn reference(folder: &Path, proposal: &Proposal) -> String {
    let path = shown(folder, &proposal.folder);
    match path.as_str() {
        "" => ".".into(),
        path => word(&format!("./{path}")),
    }
}

fn shown(folder: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(folder).unwrap_or(path);
    inner.to_string_lossy().into_owned()
}

/// Without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => (),
            Component::ParentDir => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}

/// A word of a shell's command line.
fn word(text: &str) -> String {
    shell_words::quote(text).into_owned()
}
