//! `poag check`: the verdict of `nix flake check` on freshness, without building anything.

#![expect(clippy::disallowed_methods, reason = "the command line reads it")]

use std::collections::BTreeMap;
use std::io;

use clap::Args;

use super::context::open;
use super::global::Global;
use super::style;
use crate::engine::sarif;
use crate::error::{Error, exit};
use crate::expert::{Expert, Freshness, Status};
use crate::terminal;

/// Tells whether experts still know their flakes (exit code 3 when not)
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// The experts to check [default: the flake's own]
    #[arg(value_name = "EXPERT", conflicts_with = "all")]
    experts: Vec<String>,
    /// Every expert of this repository in the graph
    #[arg(long, short)]
    all: bool,
    /// For a script: name → verdict, with what differs
    #[arg(long)]
    json: bool,
    /// For a code host: SARIF 2.1.0, one result for each thing that differs
    #[arg(long, conflicts_with = "json")]
    sarif: bool,
}

/// Runs the verb.
pub async fn run(args: CheckArgs, global: Global) -> Result<u8, Error> {
    // Somebody else relies on this verdict: nix itself is asked.
    let no_cache = global.no_cache || in_ci();
    let project = open(&Global { no_cache, ..global }).await?;
    let experts = match args.all {
        true => project.local(),
        false => project.named(&args.experts)?,
    };
    if args.sarif {
        let log = serde_json::to_string_pretty(&sarif(&experts)).map_err(io::Error::other)?;
        terminal::json((log + "\n").as_bytes())?;
    } else if args.json {
        let verdicts: BTreeMap<&str, &Freshness> = experts
            .iter()
            .map(|expert| (expert.name.as_str(), &expert.freshness))
            .collect();
        let verdicts = serde_json::json!({ "experts": verdicts });
        terminal::json(format!("{verdicts:#}\n").as_bytes())?;
    } else {
        for expert in &experts {
            terminal::people(&format!("{}\n", line(expert)))?;
        }
    }
    let mut experts = experts.iter();
    let fresh = experts.all(|expert| expert.freshness.status == Status::Fresh);
    Ok(if fresh { exit::OK } else { exit::STALE })
}

/// Whether this is a run of continuous integration: `CI` is set, as all code hosts do, and not to `false` or `0`.
pub fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|ci| {
        let ci = ci.to_string_lossy().to_lowercase();
        !matches!(ci.trim(), "" | "false" | "0")
    })
}

fn line(expert: &Expert) -> String {
    match expert.freshness.status {
        Status::Fresh => format!("{} is {}", style::bold(&expert.name), style::good("fresh")),
        Status::Stale | Status::Unlearned => expert.freshness.message.trim_end().to_string(),
    }
}
