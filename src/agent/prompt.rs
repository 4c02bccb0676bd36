//! The words around a turn for backends that read text, and the reading of what they answer.

use serde_json::Value;
use thiserror::Error;

use super::Persona;

/// Longest answer that is looked at, in bytes.
pub const ANSWER_BYTES: usize = 4 << 20;

/// What a conversation begins with: how turns go, the shape of every answer, and what the speaker knows.
/// The same for all turns of a checkpoint, and for the same persona the same bytes always.
#[must_use]
pub fn front(persona: &Persona) -> String {
    let mut front = rules(persona);
    front.push_str("\n\n# What you know\n\n");
    front.push_str(persona.pack.trim());
    front.push('\n');
    front
}

/// The part of [`front`] before the pack, for backends that take it as a system prompt.
#[must_use]
pub fn rules(persona: &Persona) -> String {
    format!(
        "{}\n\n## The shape of every answer\n\nExactly one JSON object that fits this JSON Schema, and nothing before or after it:\n\n```json\n{}\n```",
        persona.instructions.trim(),
        persona.schema
    )
}

/// One question: the input as JSON. It comes last, after everything that can be cached.
#[must_use]
pub fn question(input: &Value) -> String {
    let json = serde_json::to_string_pretty(input).unwrap_or_default();
    format!(
        "Take this turn. Its input:\n\n{json}\n\nAnswer with one JSON object that fits the schema of every answer."
    )
}

/// Why a text is no answer.
#[derive(Debug, Error)]
pub enum NoAnswer {
    /// Nothing was said.
    #[error("it ended without a word")]
    Empty,
    /// Too much was said.
    #[error("its answer has {0} bytes, {ANSWER_BYTES} are looked at")]
    Large(usize),
    /// There is no JSON object in it, or more than one.
    #[error("its answer is no JSON object: it begins with {begin:?}")]
    NotJson {
        /// The first words of it.
        begin: String,
        /// What the parser says.
        source: serde_json::Error,
    },
}

/// The one JSON object that an answer is: alone, in one fence, or with words around it.
///
/// # Errors
/// When there is none. Whether it fits its schema is for the caller to say.
pub fn object(answer: &str) -> Result<Value, NoAnswer> {
    let text = answer.trim();
    if text.is_empty() {
        return Err(NoAnswer::Empty);
    }
    if text.len() > ANSWER_BYTES {
        return Err(NoAnswer::Large(text.len()));
    }
    let first = match serde_json::from_str::<Value>(text) {
        Ok(value @ Value::Object(_)) => return Ok(value),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    let inside = text.find('{').zip(text.rfind('}'));
    if let Some((from, to)) = inside
        && let Some(part) = text.get(from..=to)
        && let Ok(value @ Value::Object(_)) = serde_json::from_str(part)
    {
        return Ok(value);
    }
    let source = first.unwrap_or_else(|| serde::de::Error::custom("not an object"));
    let begin = text.chars().take(60).collect();
    Err(NoAnswer::NotJson { begin, source })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_object_is_found_alone_in_a_fence_and_between_words() {
        for text in [
            r#"{"a":{"b":1}}"#,
            "  {\"a\": {\"b\": 1}}\n",
            "```json\n{\"a\":{\"b\":1}}\n```",
            "Here it is:\n{\"a\":{\"b\":1}}\nDone.",
        ] {
            assert_eq!(object(text).unwrap(), json!({"a": {"b": 1}}), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_answer() {
        for text in [
            "",
            " \n",
            "I would rather talk",
            "[1]",
            "7",
            "{\"a\":",
            "{} and {}",
            "{\"a\":1",
        ] {
            assert!(object(text).is_err(), "{text}");
        }
        assert!(matches!(
            object(&"x".repeat(ANSWER_BYTES + 1)),
            Err(NoAnswer::Large(_))
        ));
    }
}
