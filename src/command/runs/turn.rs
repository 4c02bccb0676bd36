//! `poag run show ID --turn EXPERT/TURN`: what a turn was given and gave, word by word.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json as value};

use super::{say, say_json};
use crate::command::style;
use crate::engine::run::Artifacts;
use crate::error::Error;
use crate::ledger::SqliteLedger;

/// In the order in which they come to be.
const ORDER: [&str; 7] = [
    "request", "sent", "stdout", "stderr", "answer", "usage", "error",
];

/// Runs the verb.
pub fn show(ledger: &SqliteLedger, run: &str, turn: &str, as_json: bool) -> Result<u8, Error> {
    let prefix = format!("turn/{}/", turn.trim_matches('/'));
    // Attempt → what → content.
    let mut attempts: BTreeMap<u32, BTreeMap<usize, (String, Vec<u8>)>> = BTreeMap::new();
    let artifacts = Artifacts::of(ledger, run)?;
    for name in artifacts.names() {
        let Some(rest) = name.strip_prefix(&prefix) else {
            continue;
        };
        // EXPERT/TURN/ATTEMPT/WHAT; an attempt may be named too.
        let (attempt, what) = match rest.split_once('/') {
            Some((attempt, what)) => (attempt, what),
            None => (
                prefix
                    .trim_end_matches('/')
                    .rsplit('/')
                    .next()
                    .unwrap_or_default(),
                rest,
            ),
        };
        let (Ok(attempt), false) = (attempt.parse(), what.contains('/')) else {
            continue;
        };
        let found = attempts.entry(attempt).or_default();
        if let Some(bytes) = artifacts.read(name)? {
            let at = ORDER.iter().position(|known| *known == what);
            found.insert(at.unwrap_or(ORDER.len()), (what.to_owned(), bytes));
        }
    }
    if attempts.is_empty() {
        return Err(Error::NoSuchTurn {
            run: run.to_owned(),
            turn: turn.to_owned(),
        });
    }
    if as_json {
        let attempts: BTreeMap<u32, BTreeMap<String, Value>> = attempts
            .into_iter()
            .map(|(attempt, found)| {
                let found = found.into_values();
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
        for (what, bytes) in found.into_values() {
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
