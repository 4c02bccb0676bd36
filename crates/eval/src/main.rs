//! Measures how good poag's plans are on real requests, and learns from them what a file's likelihood is computed from.
//!
//! A case is a request in a user's words, the commit before it was done, and the files that were changed for it. `plan`
//! decides for each case what a plan would name, and prints precision, recall and F1 beside the best constant cut of the
//! same ranking. `turns` counts what experts that think with a model are given of it. `fit` learns the weights of `src/librarian/rank/likelihood.rs` anew and judges them with each repository
//! left out in turn.

mod cases;
mod fit;
mod plan;
mod turns;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measurements of poag on real requests
#[derive(Parser)]
#[command(name = "poag-eval")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Precision, recall and F1 of what plans name, case by case
    Plan(Arguments),
    /// The right files and packages among what experts that think with a model are given, case by case
    Turns(Arguments),
    /// Learns the weights of likelihoods from cases, and prints them
    Fit(Arguments),
}

/// Where the cases and their repositories are.
#[derive(clap::Args)]
struct Arguments {
    /// Cases, one JSON object a line: id, repo (owner/name), commit, kind (change or usage), text, files
    #[arg(long, required = true)]
    cases: Vec<PathBuf>,
    /// The folder of the repositories, each at owner+name/repo as a git directory or a checkout
    #[arg(long)]
    mirror: PathBuf,
}

fn main() -> ExitCode {
    let done = match Cli::parse().verb {
        Verb::Plan(arguments) => plan::run(&arguments.cases, &arguments.mirror),
        Verb::Turns(arguments) => turns::run(&arguments.cases, &arguments.mirror),
        Verb::Fit(arguments) => fit::run(&arguments.cases, &arguments.mirror),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
