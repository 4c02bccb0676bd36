//! `poag completions`: what a shell completes. The script that is printed asks poag itself for each word, so that it knows
//! the experts and runs that are there, and never an option that this poag has not.

use std::ffi::OsStr;
use std::time::Duration;

use clap::builder::StyledStr;
use clap::{Arg, Args, Command, ValueEnum};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::Shells;

use super::context::{engine, target};
use super::global::Global;
use super::runs::{LAST, told};
use crate::agent::backends;
use crate::engine::DEFAULT_BACKEND;
use crate::error::{Error, exit};
use crate::terminal;

/// The variable by which a shell's script asks for what a word can be.
pub const ASKED_BY: &str = "COMPLETE";
/// How long nix may take for the names of the experts, while somebody waits for a word.
const PATIENCE: Duration = Duration::from_secs(3);
/// Runs that are offered, the newest first.
const RUNS: u32 = 20;

const EXAMPLES: &str = "\
Examples:
  bash: source <(poag completions bash)                      in ~/.bashrc
  zsh:  source <(poag completions zsh)                       in ~/.zshrc
  fish: poag completions fish > ~/.config/fish/completions/poag.fish

It completes verbs, options, backends, and the experts and runs of the flake here.";

/// Prints what lets a shell complete poag's words
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: ShellName,
}

/// A shell that can be told.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ShellName {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

/// Runs the verb.
pub fn run(args: &Completions) -> Result<u8, Error> {
    let name = args.shell.to_possible_value();
    let name = name.as_ref().map_or("", |name| name.get_name());
    let shells = Shells::builtins();
    let mut script = Vec::new();
    if let Some(shell) = shells.completer(name) {
        shell.write_registration(ASKED_BY, "poag", "poag", "poag", &mut script)?;
    }
    terminal::document(&String::from_utf8_lossy(&script))?;
    Ok(exit::OK)
}

/// The whole command line, whose words know what they can be by what their values are called.
pub fn completing(command: Command) -> Command {
    command.mut_args(with_values).mut_subcommands(completing)
}

fn with_values(arg: Arg) -> Arg {
    let names = arg.get_value_names().unwrap_or_default();
    let name = names.first().map(ToString::to_string);
    let candidates = match name.as_deref().unwrap_or_default() {
        "EXPERT" | "NAME" => experts,
        "EXPERT/TURN" => || each(experts(), "/"),
        "RUN" | "ID" | "ID|FILE" => runs,
        "[EXPERT=]BACKEND" => || [backend_names(), each(experts(), "=")].concat(),
        "[EXPERT=]MODEL" | "[EXPERT=]COMMAND" => || each(experts(), "="),
        _ => return arg,
    };
    let backend = name.as_deref() == Some("[EXPERT=]BACKEND");
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        let typed = typed.to_string_lossy();
        let named = typed.split_once('=').filter(|_| backend);
        let all = match named {
            Some((expert, _)) => each_after(&format!("{expert}="), backend_names()),
            None => candidates(),
        };
        all.into_iter()
            .filter(|(word, _)| word.starts_with(&*typed))
            .map(|(word, help)| {
                let help = (!help.is_empty()).then(|| StyledStr::from(help));
                CompletionCandidate::new(word).help(help)
            })
            .collect::<Vec<_>>()
    }))
}

/// Words, each with what it means.
type Words = Vec<(String, String)>;

fn each(words: Words, end: &str) -> Words {
    let words = words.into_iter();
    words.map(|(word, help)| (word + end, help)).collect()
}

fn each_after(begin: &str, words: Words) -> Words {
    let words = words.into_iter();
    let behind = |(word, help)| (format!("{begin}{word}"), help);
    words.map(behind).collect()
}

fn backend_names() -> Words {
    let names = std::iter::once(DEFAULT_BACKEND).chain(backends::NAMES);
    names.map(|name| (name.to_owned(), String::new())).collect()
}

/// Of every verb, where nobody said anything.
fn silent() -> Global {
    Global {
        flake: None,
        verbose: false,
        quiet: true,
        no_cache: false,
        server: None,
    }
}

/// The experts of the flake here; none where it cannot be read in time.
fn experts() -> Words {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let (Ok(runtime), Ok(engine)) = (runtime, engine(&silent())) else {
        return Words::new();
    };
    let Ok(target) = target(&engine, &silent(), None) else {
        return Words::new();
    };
    let opened = runtime.block_on(async {
        let opened = tokio::time::timeout(PATIENCE, engine.open(&target));
        opened.await.ok()?.ok()
    });
    runtime.shutdown_background();
    let Some(project) = opened else {
        return Words::new();
    };
    let experts = project.graph.experts.values();
    experts
        .map(|expert| (expert.name.clone(), told::cut(&expert.role, 60)))
        .collect()
}

/// The latest runs of every flake.
fn runs() -> Words {
    let runs = engine(&silent()).and_then(|engine| Ok(engine.runs()?));
    let listed = runs.and_then(|runs| Ok(runs.list(None, Some(RUNS))?));
    let last = (LAST.to_owned(), "the latest of the flake here".to_owned());
    let listed = listed.unwrap_or_default().into_iter().map(|row| {
        let request = told::cut(&row.request.unwrap_or_default(), 60);
        (row.run.id, request)
    });
    std::iter::once(last).chain(listed).collect()
}
