//! `poag init`: a flake that is there, or a folder, gets its expert.

mod extra;
mod show;
mod source;

use std::io::{IsTerminal as _, stdin};
use std::path::{Path, PathBuf};

use clap::Args;

use super::context::engine;
use super::global::Global;
use super::style;
use crate::engine::{EngineError, write_proposal};
use crate::error::{Error, exit};
use crate::init::{InitError, Proposal, ProposalOutcome};
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  poag init --dry-run              what would be written, and what it rests on
  poag init                        the same, then asks, then writes flake.nix
  poag init --all --yes            every flake of this repository, without a question
  poag init ./new-part             a folder that has no flake.nix yet
  poag init --ci github --hook     afterwards: a workflow and a hook that keep experts fresh

Name, role and contracts come from flake.nix, README, manifests and code; neighbours from inputs
that are folders of this repository, or flakes with an expert. Each has a line of evidence. What
poag does not understand it does not touch: then it says which lines to add where, and ends with
exit code 9. It writes what it shows and nothing else. Afterwards `poag learn` makes poag.lock.";

/// Proposes the expert of a flake from its files, and writes it to flake.nix once you confirm
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Init {
    /// The flake's folder, or one that becomes a flake [default: the flake here, else this folder]
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Also every flake in a subfolder; those below templates, tests and examples are passed by
    #[arg(long, short)]
    all: bool,
    /// Write without asking
    #[arg(long, short)]
    yes: bool,
    /// Only show
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// For a script: declarations, evidence and differences; writes only with --yes
    #[arg(long)]
    json: bool,
    /// Where poag comes from, as flake.nix is to say it: `git+file:///path/to/poag`
    #[arg(long, value_name = "REF", env = "POAG_URL")]
    poag_url: Option<String>,
    /// Instead writes a workflow that fails when an expert is stale, and comments with the repair
    #[arg(long, value_name = "HOST", conflicts_with = "all")]
    ci: Option<extra::Host>,
    /// Instead writes a hook that lets the experts learn before a commit: .githooks/pre-commit
    #[arg(long, conflicts_with = "all")]
    hook: bool,
}

/// Runs the verb.
pub async fn run(args: Init, global: Global) -> Result<u8, Error> {
    let engine = engine(&global)?;
    let folder = folder(&args, &global, &engine.settings().folder)?;
    if args.ci.is_some() || args.hook {
        return extra::run(&args, &folder, global.quiet);
    }
    let survey = engine.survey(&folder, args.all).await?;
    let mut proposals = Vec::new();
    for place in &survey.folders {
        let only_shown = args.json || args.dry_run;
        let url = source::url(args.poag_url.as_deref(), place, &survey, only_shown)?;
        proposals.push(survey.propose(place, &url)?);
    }
    for place in &survey.samples {
        if !global.quiet {
            let note = style::warn("note:");
            terminal::note(&format!(
                "{note} {} is passed by as a sample; `poag init {}` takes it all the same",
                place.display(),
                place.display()
            ));
        }
    }
    let by_hand = proposals
        .iter()
        .any(|one| matches!(one.outcome, ProposalOutcome::ByHand { .. }));
    let edits = proposals
        .iter()
        .filter(|one| matches!(one.outcome, ProposalOutcome::Edit { .. }))
        .count();
    if !args.json {
        show::people(&proposals)?;
    }
    let write = edits > 0 && !args.dry_run && (args.yes || (!args.json && agreed(edits)?));
    if write {
        for proposal in &proposals {
            write_proposal(proposal)?;
        }
    }
    if args.json {
        show::scripts(&proposals, write)?;
    } else if write {
        show::next(&folder, &proposals, global.quiet);
    }
    Ok(if by_hand { exit::BY_HAND } else { exit::OK })
}

/// The folder that is meant.
fn folder(args: &Init, global: &Global, here: &Path) -> Result<PathBuf, Error> {
    let named = match (&args.folder, &global.flake) {
        (Some(_), Some(_)) => {
            return Err(Error::Usage(
                "the flake is named twice\nrepair: name its folder as an argument or with --flake, not both".into(),
            ));
        }
        (Some(folder), None) => Some(folder.clone()),
        (None, Some(flake)) => Some(flake.strip_prefix("path:").unwrap_or(flake).into()),
        (None, None) => None,
    };
    let folder = match named {
        Some(folder) => here.join(folder),
        None => nearest(here).to_owned(),
    };
    match folder.canonicalize() {
        Ok(real) if real.is_dir() => Ok(real),
        _ => Err(EngineError::from(InitError::NoFolder(folder)).into()),
    }
}

/// The flake here or above it within the repository, else this folder.
fn nearest(here: &Path) -> &Path {
    let root = crate::nix::repository_root(here);
    let within = here
        .ancestors()
        .take_while(|dir| root.is_none_or(|root| dir.starts_with(root)));
    let mut within = within.filter(|dir| dir.join("flake.nix").is_file());
    match root {
        Some(_) => within.next().unwrap_or(here),
        None => here,
    }
}

/// Asks a person.
fn agreed(edits: usize) -> Result<bool, Error> {
    if !stdin().is_terminal() {
        return Err(EngineError::from(InitError::NobodyToAsk).into());
    }
    let what = if edits == 1 {
        "this".into()
    } else {
        format!("these {edits} files")
    };
    let answer = ask(&format!("Write {what}? [y/N] "))?;
    let yes = matches!(answer.to_lowercase().as_str(), "y" | "yes");
    if !yes {
        terminal::note("nothing was written");
    }
    Ok(yes)
}

/// One line from the terminal.
fn ask(question: &str) -> Result<String, Error> {
    terminal::question(&style::bold(question));
    let mut line = String::new();
    stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// The new text of a proposal.
fn after(proposal: &Proposal) -> Option<&str> {
    match &proposal.outcome {
        ProposalOutcome::Edit { after, .. } => Some(after),
        _ => None,
    }
}
