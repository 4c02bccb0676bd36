//! The command line: its words, its exit codes, and what happens on Ctrl-C.

#![expect(clippy::disallowed_methods, reason = "the command line reads it")]

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::CompleteEnv;

use crate::agent::guard;
use crate::command::global::Global;
use crate::command::remote::not_routed;
#[cfg(feature = "serve")]
use crate::command::serve;
use crate::command::{
    ask, check, checkpoints, completions, debate, doctor, experts, explain, export, graph, init,
    learn, lock, man, mcp, pack, runs, session, snippet, task, vote, work,
};
use crate::error::Error;
use crate::folders;
use crate::terminal;
use poag_core::clean;

const AFTER_HELP: &str = "\
Exit codes:
  0  done
  1  any other error
  2  invalid command line
  3  an expert is stale, or has not learned its flake yet; or an export is not what it knows
  4  nothing was found
  5  invalid declaration
  6  nix failed
  7  no expert could answer
  8  the experts do not agree; the plan shows the dissent. A debate is a tie
  9  a flake.nix must be edited by hand
  10  something is missing that poag cannot do without
  11  the board of a work does not allow it: somebody else has the task, or its lease has ended
  12  a work or a debate waits for a person
  130  interrupted (`poag ask --resume` goes on)

Standard output carries only the result; progress and errors go to standard error.";

/// Turns a graph of Nix flakes into a graph of experts, and a request into one plan.
#[derive(Debug, Parser)]
#[command(name = "poag", version, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Ask(ask::AskArgs),
    Debate(debate::DebateArgs),
    Init(init::Init),
    Graph(graph::GraphArgs),
    Learn(learn::Learn),
    Check(check::CheckArgs),
    Pack(pack::PackArgs),
    Explain(explain::Explain),
    Export(export::ExportArgs),
    Experts(experts::Experts),
    Runs(runs::RunsArgs),
    Run(runs::RunArgs),
    Work(work::WorkArgs),
    Task(task::TaskVerbArgs),
    Session(session::SessionArgs),
    Snippet(snippet::SnippetArgs),
    #[cfg(feature = "serve")]
    Serve(serve::ServeArgs),
    Mcp(mcp::Mcp),
    Checkpoints(checkpoints::Checkpoints),
    Lock(lock::LockArgs),
    Vote(vote::VoteArgs),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
    Man(man::ManPages),
}

impl Verb {
    /// Whether it sees to Ctrl-C itself: a server ends so, and a question that a server was asked is stopped there.
    fn ends_itself(&self, global: &Global) -> bool {
        match self {
            #[cfg(feature = "serve")]
            Self::Serve(_) => true,
            Self::Ask(_) => global.server().is_some(),
            _ => false,
        }
    }

    /// Its name, where it is done on this machine alone, whatever server is named.
    fn here_alone(&self) -> Option<&'static str> {
        Some(match self {
            Self::Ask(_)
            | Self::Graph(_)
            | Self::Pack(_)
            | Self::Experts(_)
            | Self::Runs(_)
            | Self::Run(_)
            | Self::Work(_)
            | Self::Task(_)
            | Self::Session(_)
            | Self::Snippet(_) => return None,
            Self::Debate(_) => "debate",
            Self::Init(_) => "init",
            Self::Learn(_) => "learn",
            Self::Check(_) => "check",
            Self::Explain(_) => "explain",
            Self::Export(_) => "export",
            #[cfg(feature = "serve")]
            Self::Serve(_) => "serve",
            Self::Mcp(_) => "mcp",
            Self::Checkpoints(_) => "checkpoints",
            Self::Lock(_) => "lock",
            Self::Vote(_) => "vote",
            Self::Doctor(_) => "doctor",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        })
    }
}

/// Runs poag on the words of this process.
#[must_use]
pub fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|word| word == guard::VERB) {
        return guard::main(words);
    }
    keep_to_oneself();
    if std::env::var_os(completions::ASKED_BY).is_some() {
        CompleteEnv::with_factory(|| completions::completing(Cli::command())).complete();
    }
    terminal::clean_panics();
    folders::mend_temporary();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(source) => return report(&Error::Runtime { source }),
    };
    let ends_itself = cli.verb.ends_itself(&cli.global);
    let result = runtime.block_on(async {
        tokio::select! {
            result = run(cli) => result,
            _ = tokio::signal::ctrl_c(), if !ends_itself => Err(Error::Interrupted),
        }
    });
    // A search that is under way on another thread is not waited for.
    runtime.shutdown_background();
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => report(&error),
    }
}

async fn run(cli: Cli) -> Result<u8, Error> {
    let global = cli.global;
    if let Some(verb) = cli.verb.here_alone() {
        not_routed(&global, &format!("`poag {verb}`"))?;
    }
    match cli.verb {
        Verb::Ask(args) => ask::run(args, global).await,
        Verb::Debate(args) => debate::run(args, global).await,
        Verb::Init(args) => init::run(args, global).await,
        Verb::Graph(args) => graph::run(args, global).await,
        Verb::Learn(args) => learn::run(args, global).await,
        Verb::Check(args) => check::run(args, global).await,
        Verb::Pack(args) => pack::run(args, global).await,
        Verb::Explain(args) => explain::run(args, global).await,
        Verb::Export(args) => export::run(args, global).await,
        Verb::Experts(args) => experts::run(args, global).await,
        Verb::Runs(args) => runs::run(args, global).await,
        Verb::Run(args) => runs::run_one(args, global).await,
        Verb::Work(args) => work::run(args, global).await,
        Verb::Task(args) => task::run(args, global).await,
        Verb::Session(args) => session::run(args, global).await,
        Verb::Snippet(args) => snippet::run(args, &global).await,
        #[cfg(feature = "serve")]
        Verb::Serve(args) => serve::run(args, global).await,
        Verb::Mcp(args) => mcp::run(args, global).await,
        Verb::Checkpoints(args) => checkpoints::run(args, global).await,
        Verb::Lock(args) => lock::run(args, global).await,
        Verb::Vote(args) => vote::run(&args),
        Verb::Doctor(args) => doctor::run(args, global).await,
        Verb::Completions(args) => completions::run(&args),
        Verb::Man(args) => man::run(args, Cli::command()),
    }
}

/// Keeps programs of the same user from reading this process through `/proc` or a debugger: its environment can
/// hold keys. See PR_SET_DUMPABLE(2const). Guards do without, for they hold no more than agents may know.
fn keep_to_oneself() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Help, or what is wrong with the words of the command line. They, and variables that help shows, can be
/// anything: then clap's colours go, since they cannot be told from those of the words.
fn usage(error: &clap::Error) -> ExitCode {
    let code = ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    let own: Vec<_> = std::env::args_os().skip(1).collect();
    if let Some(text) = usage::said(error, &Cli::command(), &own) {
        terminal::note(&crate::command::style::error(&text));
        return code;
    }
    let words = std::env::args_os().chain(std::env::vars_os().map(|(_, value)| value));
    let plain = error.render().to_string();
    let foreign = |word: &std::ffi::OsString| !clean::is_clean(&word.to_string_lossy());
    let harmless = clean::is_clean(&plain) && !words.into_iter().any(|word| foreign(&word));
    // A closed standard output or error leaves nobody to tell.
    let _ = match (harmless, error.use_stderr()) {
        (true, _) => error.print(),
        (false, true) => {
            terminal::question(&plain);
            Ok(())
        }
        (false, false) => terminal::people(&plain),
    };
    code
}

fn report(error: &Error) -> ExitCode {
    // A reader that went away (`poag graph | head`) is no failure to talk about.
    if !error.is_broken_pipe() {
        let text = crate::command::style::error(&error.to_string());
        terminal::note(&text);
    }
    ExitCode::from(error.exit_code())
}

mod usage;

#[cfg(test)]
mod declaration;
#[cfg(test)]
pub(crate) mod reference;
#[cfg(test)]
mod schemas;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_exit_code_is_documented() {
        for code in crate::error::exit::ALL {
            let line = format!("\n  {code}  ");
            assert!(AFTER_HELP.contains(&line), "{code} is not in --help");
        }
    }
}
