//! `poag run show ID --turn EXPERT/TURN`: what a turn was given and gave, word by word.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json as value};

use super::{say, say_json};
use crate::command::style;
use crate::engine::TurnArtifacts;
use crate::error::Error;

/// Shows every attempt.
pub fn show(attempts: TurnArtifacts, as_json: bool) -> Result<u8, Error> {
    if as_json {
        let attempts: BTreeMap<u32, BTreeMap<String, Value>> = attempts
            .into_iter()
            .map(|(attempt, found)| {
                let found = found.into_iter();
                (
                    attempt,
                    found.map(|(what, bytes)| (what, content(bytes))).collect(),
                )
            })
            .collect();
        return say_json(&attempts);
    }
    let mut out = String::new();
    for (attempt, found) in attempts {
        for (what, bytes) in found {
            let size = bytes.len();
            let heading = format!("{what} of attempt {attempt}, {size} bytes");
            let _ = writeln!(out, "{}", style::bold(heading));
            let text = String::from_utf8_lossy(&bytes);
            let _ = writeln!(out, "{}\n", text.trim_end_matches('\n'));
        }
    }
    say(&out)
}

/// JSON as it is, other text as a string, other bytes in base64.
fn content(bytes: Vec<u8>) -> Value {
    match String::from_utf8(bytes) {
        Ok(text) => value!({ "text": text }),
        Err(error) => value!({ "base64": STANDARD.encode(error.as_bytes()) }),
    }
}
