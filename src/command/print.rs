//! What verbs print for scripts, and what they read from standard input.

use std::io::Read as _;

use serde::Serialize;

use crate::engine::EngineError;
use crate::error::{Error, exit};
use crate::terminal;

/// Prints a value as one line of JSON.
pub fn json_line(value: &impl Serialize) -> Result<u8, Error> {
    let mut json = serde_json::to_vec(value).map_err(EngineError::from)?;
    json.push(b'\n');
    terminal::json(&json)?;
    Ok(exit::OK)
}

/// A text with a line break at its end.
pub fn whole(text: String) -> String {
    match text.ends_with('\n') {
        true => text,
        false => text + "\n",
    }
}

/// The beginning of standard input, at most so many bytes. One more than the engine takes lets it refuse what is too long.
pub fn piped(most: u64) -> Result<String, Error> {
    let mut text = String::new();
    std::io::stdin().take(most).read_to_string(&mut text)?;
    Ok(text)
}
