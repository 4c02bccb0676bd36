//! What every expert is told about councils, whatever backend it thinks with.

use serde_json::{Value, json};

/// How turns go. A part of every checkpoint: a change here means that all experts are primed anew.
pub const INSTRUCTIONS: &str = include_str!("brief.md");

/// What a priming turn asks for: a map, which stays in the conversation that every turn is forked from.
const MAP: &str = "Nobody asks anything yet. Draw the map of your flake that you will work from, as `notes`: at most 24, \
each one line of at most 300 characters that begins with its kind. `invariant:` what must hold whoever changes what, and \
where it is enforced. `recipe:` for a typical change (a new option, a field, a message, a format) the files it touches, in \
order, as the flake's guides say or as its code shows. `trap:` what looks right there and breaks. `relied on:` for each \
contract the names and behaviour that consumers build on. Name paths and symbols that you have read; leave out what the \
outline says already and what you do not know. Leave everything else empty and accept.";

/// The same after a change of the flake.
const CHANGED: &str = "Your flake has changed since you read it. What you know now differs from what you were given as \
follows (lines with - are gone, lines with + are new). Where they differ, this is right. Say in `notes`, in the form of \
your map, what of it changes or is new; leave everything else empty and accept.";

/// The input of a priming turn: a real turn, so that everything before the first question is cached. The same for
/// the same expert, always.
#[must_use]
pub fn priming(expert: &str) -> Value {
    json!({
        "schemaVersion": super::message::TURN_VERSION,
        "expert": expert,
        "turn": 0,
        "request": MAP,
        "unread": [], "previous": null, "asked": [], "neighbors": {}
    })
}

/// The input of a turn that tells what changed since the pack was read.
#[must_use]
pub fn difference(expert: &str, difference: &str) -> Value {
    let mut input = priming(expert);
    input["request"] = json!(CHANGED);
    input["difference"] = json!(difference);
    input
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::schema;

    /// Names of all fields in a schema.
    fn fields(schema: &Value, found: &mut Vec<String>) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            found.extend(properties.keys().cloned());
        }
        match schema {
            Value::Object(all) => all.values().for_each(|one| fields(one, found)),
            Value::Array(all) => all.iter().for_each(|one| fields(one, found)),
            _ => {}
        }
    }

    #[test]
    fn the_brief_names_every_field_of_an_answer() {
        let mut found = Vec::new();
        fields(&schema::turn_result(), &mut found);
        assert!(found.len() > 20, "{found:?}");
        // Where something stands is said in words.
        found.retain(|field| !["lines", "markdown", "question"].contains(&field.as_str()));
        for field in found {
            let named = INSTRUCTIONS.contains(&format!("`{field}`"))
                || INSTRUCTIONS.contains(&format!("\"{field}\""));
            assert!(named, "the brief lacks {field}");
        }
    }

    #[test]
    fn the_brief_names_every_field_of_a_question() {
        let input = schema::published();
        let (_, input) = input
            .iter()
            .find(|(name, _)| name.starts_with("turn-input"))
            .unwrap();
        for field in input["properties"].as_object().unwrap().keys() {
            if !["schemaVersion", "expert", "turn"].contains(&field.as_str()) {
                assert!(INSTRUCTIONS.contains(&format!("`{field}`")), "{field}");
            }
        }
    }
}
