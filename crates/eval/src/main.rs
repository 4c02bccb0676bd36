//! Measures how good poag's plans are on real requests, and learns from them what a file's likelihood is computed from.
//!
//! A case is a request in a user's words, the commit before it was done, and the files that were changed for it. `plan`
//! decides for each case what a plan would name, and prints precision, recall and F1 beside the best constant cut of the
//! same ranking. `answers` does the same for questions, whose right lines are known. `turns` counts what experts that think with a model are given of it. `fit` learns the weights of
//! `crates/librarian/src/rank/likelihood.rs` anew and judges them with each repository left out in turn.
//!
//! `grades` lists how right the plans were that were carried out here. `replay` asks a repository its own past again, without cases, and `staleness` counts how often its experts go stale.

#![expect(
    clippy::disallowed_methods,
    reason = "measurements, which nobody ships"
)]

mod answers;
mod cases;
mod error;
mod experts;
mod fit;
mod grades;
mod plan;
mod replay;
mod staleness;
mod turns;
mod workplace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::BenchError;

/// Measurements of poag on real requests
#[derive(Parser)]
#[command(name = "poag-eval")]
struct EvalCli {
    #[command(subcommand)]
    verb: EvalVerb,
    /// No progress on standard error
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum EvalVerb {
    /// Precision, recall and F1 of what plans name, case by case
    Plan(Arguments),
    /// The right files and packages among what experts that think with a model are given, case by case
    Turns(Arguments),
    /// Whether the passages that answer a question are the right ones, beside a plain search, question by question
    Answers(Arguments),
    /// Learns the weights of likelihoods from cases, and prints them
    Fit(Arguments),
    Grades(grades::Grades),
    Replay(replay::Replay),
    Staleness(staleness::Staleness),
}

/// Where the cases and their repositories are.
#[derive(clap::Args)]
struct Arguments {
    /// Cases, one JSON object a line: id, repo (owner/name), commit, kind (change or usage), text, files, and lines for questions
    #[arg(long, required = true)]
    cases: Vec<PathBuf>,
    /// The folder of the repositories, each at owner+name/repo as a git directory or a checkout
    #[arg(long)]
    mirror: PathBuf,
}

fn main() -> ExitCode {
    let EvalCli { verb, quiet } = EvalCli::parse();
    let done: Result<(), Box<dyn std::error::Error>> = match verb {
        EvalVerb::Plan(arguments) => {
            plan::run(&arguments.cases, &arguments.mirror).map_err(Into::into)
        }
        EvalVerb::Turns(arguments) => {
            turns::run(&arguments.cases, &arguments.mirror).map_err(Into::into)
        }
        EvalVerb::Answers(arguments) => {
            answers::run(&arguments.cases, &arguments.mirror).map_err(Into::into)
        }
        EvalVerb::Fit(arguments) => {
            fit::run(&arguments.cases, &arguments.mirror).map_err(Into::into)
        }
        EvalVerb::Grades(arguments) => grades::run(&arguments),
        EvalVerb::Replay(arguments) => until_stopped(replay::run(arguments, quiet)),
        EvalVerb::Staleness(arguments) => until_stopped(staleness::run(arguments, quiet)),
    };
    let Err(error) = done else {
        return ExitCode::SUCCESS;
    };
    eprintln!("error: {error}");
    match error.downcast_ref() {
        Some(BenchError::Stopped) => ExitCode::from(130),
        _ => ExitCode::FAILURE,
    }
}

/// Measures until it is done, or Ctrl-C is pressed: what it leaves behind goes then, too.
fn until_stopped(
    measuring: impl Future<Output = Result<(), BenchError>>,
) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let done = runtime.block_on(async {
        tokio::select! {
            done = measuring => done,
            _ = tokio::signal::ctrl_c() => Err(BenchError::Stopped),
        }
    });
    runtime.shutdown_background();
    Ok(done?)
}

/// A line of progress on standard error.
fn tell(quiet: bool, text: &str) {
    if !quiet {
        eprintln!("poag-eval: {text}");
    }
}
