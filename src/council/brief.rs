//! What every expert is told about councils, whatever backend it thinks with.

use serde_json::{Value, json};

/// How turns go. A part of every checkpoint: a change here means that all experts are primed anew.
pub const INSTRUCTIONS: &str = include_str!("brief.md");

/// The input of a priming turn: a real turn, so that everything before the first question is cached.
#[must_use]
pub fn priming(expert: &str) -> Value {
    json!({
        "schemaVersion": super::message::TURN_VERSION,
        "expert": expert,
        "turn": 0,
        "request": "Nobody asks anything yet. Say in one note what your flake is for; leave everything else empty and accept.",
        "unread": [], "previous": null, "asked": [], "neighbors": {}
    })
}

/// The input of a turn that tells what changed since the pack was read.
#[must_use]
pub fn difference(expert: &str, difference: &str) -> Value {
    let mut input = priming(expert);
    input["request"] = json!(
        "Your flake has changed since you read it. What you know now differs from what you were given as follows (lines with - are gone, lines with + are new). Where they differ, this is right. Say in one note what changed; leave everything else empty and accept."
    );
    input["difference"] = json!(difference);
    input
}
