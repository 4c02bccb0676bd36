//! What is wrong with the words of the command line: in at most three lines, as every other error.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use poag_core::suggest::nearest;

/// The error in poag's own form, or none where clap shows help or the version. `words` are those of the process,
/// without the program.
pub fn said(error: &clap::Error, program: &Command, words: &[OsString]) -> Option<String> {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return None;
    }
    let verbs = verbs(program, words);
    let verb = verbs.last().copied().unwrap_or(program);
    let name: Vec<&str> = verbs.iter().map(|command| command.get_name()).collect();
    let name = name.join(" ");
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let wrong = text(ContextKind::InvalidSubcommand).unwrap_or_default();
            let known = verb.get_subcommands().filter(|known| !known.is_hide_set());
            let close = nearest(wrong, known.map(Command::get_name));
            let of = if verbs.len() > 1 {
                format!(" of `{name}`")
            } else {
                String::new()
            };
            format!("there is no verb '{wrong}'{of}{}", did_you_mean(close))
        }
        ErrorKind::UnknownArgument => {
            let wrong = text(ContextKind::InvalidArg).unwrap_or_default();
            let kind = if wrong.starts_with('-') {
                "option"
            } else {
                "argument"
            };
            let known = flags(&verbs);
            let close = nearest(wrong, known.iter().map(String::as_str));
            format!("`{name}` takes no {kind} '{wrong}'{}", did_you_mean(close))
        }
        kind => {
            let close = match (kind, error.get(ContextKind::ValidValue)) {
                (ErrorKind::InvalidValue, Some(ContextValue::Strings(known))) => nearest(
                    text(ContextKind::InvalidValue).unwrap_or_default(),
                    known.iter().map(String::as_str),
                ),
                _ => None,
            };
            format!("{}{}", first_paragraph(error), did_you_mean(close))
        }
    };
    Some(format!(
        "{what}\nrepair: `{name} --help` shows what it takes"
    ))
}

fn did_you_mean(close: Option<&str>) -> String {
    close.map_or_else(String::new, |name| format!("; did you mean '{name}'?"))
}

/// The program and the verbs that the words name, one inside the other.
fn verbs<'a>(program: &'a Command, words: &[OsString]) -> Vec<&'a Command> {
    let mut found = vec![program];
    let mut at = program;
    for word in words.iter().take_while(|word| *word != "--") {
        if let Some(verb) = word.to_str().and_then(|word| at.find_subcommand(word)) {
            found.push(verb);
            at = verb;
        }
    }
    found
}

/// Every option of the last verb, and those of the ones around it that it takes too.
fn flags(verbs: &[&Command]) -> Vec<String> {
    let last = verbs.len().saturating_sub(1);
    let all = verbs.iter().enumerate().flat_map(|(at, verb)| {
        let taken = verb
            .get_arguments()
            .filter(move |arg| at == last || arg.is_global_set());
        taken.filter(|arg| !arg.is_hide_set())
    });
    all.filter_map(|arg| Some(format!("--{}", arg.get_long()?)))
        .collect()
}

/// What clap says before it tells what it takes, in one line.
fn first_paragraph(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let lines = text.lines().take_while(|line| !line.trim().is_empty());
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn each_mistake_is_named_with_what_was_probably_meant() {
        for (line, expected) in [
            (
                "grahp",
                "there is no verb 'grahp'; did you mean 'graph'?\nrepair: `poag --help` shows what it takes",
            ),
            (
                "quantum",
                "there is no verb 'quantum'\nrepair: `poag --help` shows what it takes",
            ),
            (
                "checkpoints prnue",
                "there is no verb 'prnue' of `poag checkpoints`; did you mean 'prune'?\nrepair: `poag checkpoints --help` shows what it takes",
            ),
            (
                "ask --bakend librarian x",
                "`poag ask` takes no option '--bakend'; did you mean '--backend'?\nrepair: `poag ask --help` shows what it takes",
            ),
            (
                "ask --flaek . x",
                "`poag ask` takes no option '--flaek'; did you mean '--flake'?\nrepair: `poag ask --help` shows what it takes",
            ),
            (
                "graph . more",
                "`poag graph` takes no argument 'more'\nrepair: `poag graph --help` shows what it takes",
            ),
            (
                "learn --jobs many",
                "invalid value 'many' for '--jobs <N>': write a number from 1 to 64\nrepair: `poag learn --help` shows what it takes",
            ),
            (
                "graph --json --dot",
                "the argument '--json' cannot be used with '--dot'\nrepair: `poag graph --help` shows what it takes",
            ),
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let program = std::iter::once("poag".into()).chain(words.clone());
            let error = Cli::try_parse_from(program).unwrap_err();
            let said = said(&error, &Cli::command(), &words);
            assert_eq!(said.as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn help_is_left_to_clap() {
        for line in ["--help", "ask --help", "--version"] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let program = std::iter::once("poag".into()).chain(words.clone());
            let error = Cli::try_parse_from(program).unwrap_err();
            assert_eq!(said(&error, &Cli::command(), &words), None, "{line}");
        }
    }
}
