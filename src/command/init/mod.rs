//! `poag init`: a flake that is there, or a folder, gets its expert.

mod choose;
mod extra;
mod next;
mod show;
mod source;

use std::io::{IsTerminal as _, stdin};
use std::path::{Path, PathBuf};

use clap::Args;

use super::context::engine;
use super::global::Global;
use super::style;
use crate::engine::{EngineError, InitScope, write_proposal};
use crate::error::{Error, exit};
use crate::init::{FileEdit, InitError, Proposal, ProposalOutcome};
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  poag init --dry-run              what would be written, and what it rests on
  poag init                        the same, then asks, then writes flake.nix and poag.nix
  poag init --all --yes            every flake and every package of this repository, without a question
  poag init --all --only 'crates/*'  only those packages, by folder or name
  poag init --dev                  keeps poag out of this flake's inputs: dev/flake.nix
  poag init ./new-part             a folder that has no flake.nix yet
  poag init --ci github --hook     afterwards: a workflow and a hook that keep experts fresh

The declaration goes into poag.nix, and two or three lines of flake.nix name it. Packages are those
that Cargo, npm, pnpm, yarn, Go, uv, Poetry, Maven and Gradle list; edges are what their manifests
say. Roles and contracts come from manifests, READMEs and code. Each has a line of evidence. What
poag does not understand it does not touch: then it says which lines to add where, and ends with
exit code 9. It writes what it shows and nothing else. Afterwards `poag learn` makes poag.lock.";

/// Proposes the experts of a repository from its files, and declares them in flake.nix and poag.nix once you confirm
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Init {
    /// The flake's folder, or one that becomes a flake [default: the flake here, else this folder]
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Also every package and every flake in a subfolder; those below templates, tests, docs and examples are passed by
    #[arg(long, short)]
    all: bool,
    /// With --all: only packages whose folder or name matches, as `crates/*`; may be given several times
    #[arg(long, value_name = "GLOB", requires = "all")]
    only: Vec<String>,
    /// Write without asking
    #[arg(long, short)]
    yes: bool,
    /// Only show
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// For a script: declarations, evidence and differences; writes only with --yes
    #[arg(long)]
    json: bool,
    /// A flake of its own in dev/, so that who uses this flake does not get poag as an input
    #[arg(long)]
    dev: bool,
    /// Declare in flake.nix itself, without a poag.nix
    #[arg(long)]
    inline: bool,
    /// Where poag comes from, as flake.nix is to say it: `git+file:///path/to/poag`
    #[arg(long, value_name = "REF", env = "POAG_URL")]
    poag_url: Option<String>,
    /// Instead writes a workflow that fails when an expert is stale, and comments with the repair
    #[arg(long, value_name = "HOST", conflicts_with_all = ["all", "dev"])]
    ci: Option<extra::Host>,
    /// Instead writes a hook that lets the experts learn before a commit: .githooks/pre-commit
    #[arg(long, conflicts_with_all = ["all", "dev"])]
    hook: bool,
}

/// Runs the verb.
pub async fn run(args: Init, global: Global) -> Result<u8, Error> {
    let engine = engine(&global)?;
    let folder = folder(&args, &global, &engine.settings().folder)?;
    if args.ci.is_some() || args.hook {
        return extra::run(&args, &folder, global.quiet);
    }
    let scope = InitScope {
        all: args.all,
        dev: args.dev,
        inline: args.inline,
    };
    let survey = engine.survey(&folder, scope).await?;
    let mut proposals = Vec::new();
    for place in &survey.folders {
        let only_shown = args.json || args.dry_run;
        let url = source::url(args.poag_url.as_deref(), place, &survey, only_shown)?;
        let chosen = choose::packages(&args, &survey, place)?;
        proposals.push(survey.propose(place, &url, &chosen)?);
    }
    if !global.quiet {
        choose::notes(&args, &survey);
    }
    let by_hand = proposals
        .iter()
        .any(|one| matches!(one.outcome, ProposalOutcome::ByHand { .. }));
    let edits: usize = proposals.iter().map(|one| files(one).len()).sum();
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
    } else if write && !global.quiet {
        next::steps(&engine.settings().folder, &folder, &proposals);
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

/// The files that a proposal writes.
fn files(proposal: &Proposal) -> &[FileEdit] {
    match &proposal.outcome {
        ProposalOutcome::Edit { files, .. } => files,
        _ => &[],
    }
}
