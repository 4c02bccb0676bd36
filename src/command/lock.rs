//! `poag lock lint`: inputs that stand in flake.lock more than once, and the `follows` that join them.

use std::io::IsTerminal as _;

use clap::{Args, Subcommand};
use serde_json::json;
use similar::TextDiff;

use super::context::{engine, target};
use super::global::Global;
use crate::error::{Error, exit};
use crate::flake_lock::join::{InputDifference, JoinPlan};
use crate::terminal;

/// Shown of what looks alike and stays.
const SHOWN: usize = 10;

const EXAMPLES: &str = "\
Examples:
  poag lock lint
  poag lock lint --fix
  poag lock lint --fix --yes && nix flake metadata

Joined is only what is one and the same: the same reference, locked at the same revision, with the same inputs in turn.
Other branches, other revisions and inputs with `flake = false` stay apart; what looks alike and stays is told.

--fix asks the nix on PATH, on a copy, whether each `follows` leaves every input where it is, and proposes what it
proves. Only inputs of inputs are joined (`inputs.a.inputs.b.follows`), which every Nix from 2.26 on locks alike.";

/// Looks after flake.lock
#[derive(Args, Debug)]
pub struct LockArgs {
    #[command(subcommand)]
    verb: LockVerb,
}

#[derive(Debug, Subcommand)]
enum LockVerb {
    Lint(Lint),
}

/// Finds inputs that are in flake.lock more than once and that `follows` would join (exit code 1 when there are any)
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
struct Lint {
    /// Show the edits of flake.nix that join them, and write them and flake.lock once you confirm
    #[arg(long)]
    fix: bool,
    /// Write without asking
    #[arg(long, requires = "fix")]
    yes: bool,
    /// For a script: what to join, what stays, nodes and bytes before and after
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
pub async fn run(args: LockArgs, global: Global) -> Result<u8, Error> {
    let LockVerb::Lint(args) = args.verb;
    let engine = engine(&global)?;
    let target = target(&engine, &global, None)?;
    let lint = engine.lint_lock(&target, args.fix).await?;
    let plan = &lint.plan;
    if args.json {
        let report = json!({ "joins": plan.joins, "left": plan.left, "before": plan.before, "after": plan.after });
        terminal::json(format!("{report:#}\n").as_bytes())?;
    } else {
        terminal::people(&report(plan, args.fix))?;
        for edit in &lint.edits {
            let diff = TextDiff::from_lines(&edit.before, &edit.after);
            let name = &edit.name;
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
    if !args.fix || !(args.yes || agreed(lint.edits.len())?) {
        return Ok(exit::FAILURE);
    }
    lint.write()?;
    let proven_by = lint.proven_by.as_deref().unwrap_or("nix");
    terminal::note(&format!(
        "written: {} flake.nix and flake.lock; {proven_by} locks every input where it was",
        lint.edits.len()
    ));
    Ok(exit::OK)
}

fn report(plan: &JoinPlan, fixing: bool) -> String {
    let mut text = String::new();
    let mut line = |words: String| text += &(words + "\n");
    let (before, after) = (plan.before, plan.after);
    if plan.joins.is_empty() {
        line(format!(
            "{} nodes, {} bytes: {}",
            before.nodes,
            before.bytes,
            match plan.left.is_empty() {
                true => "every input is there once",
                false => "nothing to join",
            }
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
            InputDifference::OtherRef => "another branch or revision is asked for",
            InputDifference::OtherRevision => {
                "the same is asked for, locked at another revision; joined by hand, one of them moves"
            }
            InputDifference::OtherInputs => "the same source with other inputs",
            InputDifference::OtherUse => "one is a flake, the other only files",
            InputDifference::OtherReference => {
                "they lock the same now, and are asked for under other references"
            }
            InputDifference::TooDeep => {
                "they are the same, which only the flake in between can say for every nix"
            }
            InputDifference::Unproven => "they are the same, and nix does not prove the join",
        };
        let says = left.says.as_deref().filter(|says| !says.is_empty());
        line(format!(
            "  left: {} beside {}: {why}{}",
            left.input.join("/"),
            left.other.join("/"),
            says.map_or_else(String::new, |says| format!(" ({says})"))
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
