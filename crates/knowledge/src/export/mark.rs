//! The line that tells an export from what a person wrote: what made it, from whom, and in which state.

use sha2::{Digest as _, Sha256};

use super::Form;
use poag_core::hex;

const BEGIN: &str = "<!-- Made by \"poag export ";
const STATE: &str = ", state ";
const END: &str = "; edits are lost. -->";
/// Lines at the start of a file among which it stands: front matter and titles come before.
const LINES: usize = 64;
/// Hex digits of a state.
const DIGITS: usize = 32;

/// The line for a text. The state is the beginning of the hex SHA-256 of all that stands around the line: everything
/// that was taken from the expert, and nothing that it does not show. So it changes exactly when the text does.
pub(super) fn line(form: Form, expert: &str, body: &str) -> String {
    format!(
        "{BEGIN}{}\" from the expert {expert}{STATE}{}{END}",
        form.name(),
        state(body)
    )
}

fn state(body: &str) -> String {
    let mut hex = hex(&Sha256::digest(body.as_bytes()));
    hex.truncate(DIGITS);
    hex
}

/// Whether a text is an export, or was one before somebody edited it.
pub(super) fn is_export(text: &str) -> bool {
    find(text).is_some()
}

/// Whether a text is an export as it was written.
pub(super) fn is_untouched(text: &str) -> bool {
    let Some((place, found)) = find(text) else {
        return false;
    };
    let end = (place + found.len() + 1).min(text.len());
    let body = [&text[..place], &text[end..]].concat();
    let stated = found
        .strip_suffix(END)
        .and_then(|line| line.rsplit_once(STATE));
    stated.is_some_and(|(_, stated)| stated == state(&body))
}

/// Where the line begins, and the line.
fn find(text: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n').take(LINES) {
        if line.starts_with(BEGIN) {
            return Some((at, line.trim_end_matches('\n')));
        }
        at += line.len();
    }
    None
}
