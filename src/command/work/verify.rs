//! `poag work verify`.

use std::path::PathBuf;

use clap::Args;

use crate::command::context::{engine, target};
use crate::command::global::Global;
use crate::command::print::json_line;
use crate::error::{Error, exit};
use crate::terminal;
use poag_core::deliverable::DeliverableKind;

const EXAMPLES: &str = "\
Examples:
  poag work verify
  poag work verify stories breakdown --in docs/design

Exit code 1: something is missing, and each line says what. Nothing of what is looked at is run, and no network is used; a
task of the template 'design' has this as its check.";

/// What is looked at.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct VerifyArgs {
    /// Which deliverables [default: all of them]
    #[arg(value_name = "DELIVERABLE", value_parser = kinds())]
    deliverables: Vec<String>,
    /// The folder of the design, below this one
    #[arg(long = "in", value_name = "FOLDER", default_value = "docs/design")]
    folder: PathBuf,
    /// For a script
    #[arg(long)]
    json: bool,
}

fn kinds() -> Vec<&'static str> {
    DeliverableKind::ALL.map(DeliverableKind::name).to_vec()
}

/// Runs the verb.
pub async fn run(args: VerifyArgs, global: Global) -> Result<u8, Error> {
    let engine = engine(&global)?;
    let target = target(&engine, &global, None)?;
    let mut kinds = DeliverableKind::ALL.to_vec();
    let named = |kind: &DeliverableKind| args.deliverables.iter().any(|one| one == kind.name());
    kinds.retain(|kind| args.deliverables.is_empty() || named(kind));
    let reports = engine.verify_design(&target, &args.folder, &kinds).await?;
    let whole = reports.iter().all(|report| report.shortfalls.is_empty());
    if args.json {
        json_line(&reports)?;
    } else {
        let mut text = String::new();
        for report in &reports {
            for shortfall in &report.shortfalls {
                text += &format!("{}/{shortfall}\n", args.folder.display());
            }
            if report.shortfalls.is_empty() {
                text += &format!("ok: {}: {}\n", report.deliverable.name(), report.found);
            }
        }
        terminal::document(&poag_core::clean::clean(&text))?;
    }
    Ok(match whole {
        true => exit::OK,
        false => exit::FAILURE,
    })
}
