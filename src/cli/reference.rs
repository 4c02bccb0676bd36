//! The page of the book about the command line is made from the command line itself, and held to it.

#![expect(
    clippy::disallowed_methods,
    reason = "the command line reads it; the book and schema/, in a test"
)]

use std::fmt::Write as _;
use std::path::Path;

use clap::{Arg, Command, CommandFactory as _};

use super::Cli;

const PAGE: &str = "docs/src/reference/command-line.md";
/// With this in the environment the test writes the page instead of comparing it.
const WRITE: &str = "POAG_WRITE_DOCS";

#[test]
fn the_page_about_the_command_line_is_what_the_command_line_says() {
    hold(PAGE, &page());
}

/// Compares a page of the book with what was made for it, or writes it.
pub(crate) fn hold(page: &str, made: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, made).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = made
        .lines()
        .zip(kept.lines())
        .find(|(made, kept)| made != kept);
    assert!(
        made == kept,
        "{page} is out of date, first at {differs:?}\nrepair: {WRITE}=1 cargo test --lib reference"
    );
}

fn page() -> String {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let mut out = String::from(
        "# The command line\n\nMade from `poag --help`; standard output carries only the result, progress and errors go to standard error.\n\n",
    );
    let global: Vec<&Arg> = command
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .collect();
    out.push_str("These options go with every verb:\n\n");
    for arg in &global {
        option(&mut out, arg);
    }
    for verb in verbs(&command) {
        section(&mut out, verb, "poag", 2);
    }
    if let Some(after) = command.get_after_help() {
        let after = after.to_string();
        let codes = after
            .lines()
            .filter_map(|line| line.strip_prefix("  ")?.split_once("  "));
        out.push_str("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
        for (code, meaning) in codes {
            let _ = writeln!(out, "| {code} | {} |", meaning.trim());
        }
    }
    out
}

fn verbs(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|verb| !verb.is_hide_set() && verb.get_name() != "help")
}

fn section(out: &mut String, verb: &Command, parent: &str, depth: usize) {
    let name = format!("{parent} {}", verb.get_name());
    let about = verb.get_long_about().or(verb.get_about());
    let _ = writeln!(out, "\n{} `{name}`\n", "#".repeat(depth.min(4)));
    if let Some(about) = about {
        let _ = writeln!(out, "{}\n", about.to_string().trim());
    }
    let own = verb
        .get_arguments()
        .filter(|arg| !arg.is_hide_set() && !arg.is_global_set());
    for arg in own.filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version")) {
        option(out, arg);
    }
    if let Some(after) = verb.get_after_long_help().or(verb.get_after_help()) {
        let _ = writeln!(out, "\n```text\n{}\n```", after.to_string().trim());
    }
    for inner in verbs(verb) {
        section(out, inner, &name, depth + 1);
    }
}

fn option(out: &mut String, arg: &Arg) {
    let flags: Vec<String> = arg
        .get_short()
        .map(|short| format!("-{short}"))
        .into_iter()
        .chain(arg.get_long().map(|long| format!("--{long}")))
        .collect();
    let takes = arg.get_action().takes_values();
    let value = arg.get_value_names().filter(|_| takes).map(|names| {
        let names = names.iter().map(ToString::to_string);
        names.collect::<Vec<_>>().join(" ")
    });
    let text = match (flags.is_empty(), value) {
        (true, Some(value)) => value,
        (true, None) => arg.get_id().to_string(),
        (false, Some(value)) => format!("{} {value}", flags.join(", ")),
        (false, None) => flags.join(", "),
    };
    let help = arg
        .get_long_help()
        .or(arg.get_help())
        .map(ToString::to_string);
    let help = help.unwrap_or_default().replace('\n', " ");
    let _ = writeln!(out, "- `{text}`: {help}");
}
