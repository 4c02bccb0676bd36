//! The words of a request: from the command line, from standard input, or from the person's editor.

#![expect(
    clippy::disallowed_methods,
    reason = "the command line reads it; the person's editor"
)]

use std::io::{IsTerminal as _, Write as _};
use std::process::Command;

use crate::command::print;
use crate::engine::EngineError;
use crate::engine::run::error::REQUEST_BYTES;
use crate::error::Error;
use crate::terminal;

/// What names the person's editor, the first that names one.
const EDITORS: [&str; 2] = ["VISUAL", "EDITOR"];
/// What the file that is edited begins with.
const HINT: &str = "
# What is wanted? Save and close the file to ask; an empty one asks nothing.
# Lines that begin with '#' are left out.
";

/// The request that these words make. `-` is standard input; without any word it is standard input where that is no
/// terminal, else what the person writes in their editor.
pub fn of(words: &[String]) -> Result<String, Error> {
    match words {
        [] if std::io::stdin().is_terminal() && terminal::error_is_terminal() => edited(),
        [] => match piped()? {
            text if text.is_empty() => Err(Error::Usage(
                "there is no request: standard input is empty\nrepair: poag ask \"what you want\""
                    .into(),
            )),
            text => Ok(text),
        },
        [word] if word == "-" => piped(),
        words => Ok(words.join(" ")),
    }
}

fn piped() -> Result<String, Error> {
    Ok(print::piped(REQUEST_BYTES as u64 + 1)?.trim().to_owned())
}

fn edited() -> Result<String, Error> {
    let editor = EDITORS.iter().find_map(|name| std::env::var(name).ok());
    let editor = editor.unwrap_or_default();
    let words = shell_words::split(&editor).unwrap_or_default();
    let [program, arguments @ ..] = words.as_slice() else {
        return Err(Error::Usage(
            "there is no request\nrepair: poag ask \"what you want\", or name an editor in $EDITOR to write it in".into(),
        ));
    };
    let mut file = tempfile::Builder::new()
        .prefix("poag-request-")
        .suffix(".md")
        .tempfile()?;
    file.write_all(HINT.as_bytes())?;
    let ended = Command::new(program)
        .args(arguments)
        .arg(file.path())
        .status()
        .map_err(EngineError::file(program))?;
    if !ended.success() {
        return Err(Error::Usage(format!(
            "{program} ended with a failure, and nothing was asked\nrepair: poag ask \"what you want\", or name another editor in $EDITOR"
        )));
    }
    let text = std::fs::read_to_string(file.path())?;
    match stripped(&text) {
        text if text.is_empty() => Err(Error::Usage(
            "nothing was written, and nothing was asked\nrepair: poag ask \"what you want\"".into(),
        )),
        text => Ok(text),
    }
}

/// The text without the lines that only explain.
fn stripped(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_explain_are_no_part_of_a_request() {
        assert_eq!(stripped(HINT), "");
        let written = format!("Greet politely.\n\n  # 2 ways\n{HINT}");
        assert_eq!(stripped(&written), "Greet politely.\n\n  # 2 ways");
    }
}
