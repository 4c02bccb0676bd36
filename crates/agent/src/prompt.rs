//! The words around a turn for backends that read text, and the reading of what they answer.

use std::path::Path;

use serde_json::Value;
use thiserror::Error;

use super::{Persona, TurnRequest};

/// Longest answer that is looked at, in bytes.
pub const ANSWER_BYTES: usize = 4 << 20;

/// What differs from backend to backend in what an agent is told: the same for all turns of a backend.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// How its agent reads files, in a sentence or two.
    pub reading: &'static str,
    /// How a turn ends.
    pub ending: Ending,
}

impl Frame {
    /// What of it stands in a sealed conversation, as a backend's frozen part names it.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let ending = match self.ending {
            Ending::Structured(words) => words,
            Ending::Message => "message",
        };
        vec![self.reading.to_owned(), ending.to_owned()]
    }
}

/// The one way in which a turn ends.
#[derive(Clone, Copy, Debug)]
pub enum Ending {
    /// The backend asks for the object itself and holds it to the schema, so that the schema is not told in words: how
    /// to end, in a sentence or two.
    Structured(&'static str),
    /// The last message is the object; the schema is told in words.
    Message,
}

/// What a conversation begins with: how turns go, the shape of every answer, and what the speaker knows.
/// The same for all turns of a checkpoint, and for the same persona the same bytes always.
#[must_use]
pub fn front(persona: &Persona, frame: &Frame) -> String {
    let mut front = rules(persona, frame);
    front.push_str("\n\n");
    front.push_str(&known(persona));
    front.push('\n');
    front
}

/// The part of [`front`] before the pack, for backends that take it as a system prompt.
#[must_use]
pub fn rules(persona: &Persona, frame: &Frame) -> String {
    let ending = match frame.ending {
        Ending::Structured(words) => words.to_owned(),
        Ending::Message => shape(&persona.schema),
    };
    format!(
        "{}\n\n{}\n\n## How a turn ends\n\n{ending}",
        persona.instructions.trim(),
        frame.reading
    )
}

/// The pack, under its heading.
#[must_use]
pub fn known(persona: &Persona) -> String {
    format!("# What you know\n\n{}", persona.pack.trim())
}

/// How a turn ends where the last message is the object.
#[must_use]
pub fn shape(schema: &Value) -> String {
    let mut schema = schema.clone();
    spare_words(&mut schema);
    format!(
        "Your last message is exactly one JSON object that fits this JSON Schema, with nothing before or after it:\n\n{schema}"
    )
}

/// Takes out of a schema what is for readers: the words around it say that.
fn spare_words(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            // A property may have one of these names; its value is a schema.
            fields.retain(|name, value| {
                let annotates = ["$schema", "title", "description"].contains(&name.as_str());
                !(annotates && value.is_string())
            });
            fields.values_mut().for_each(spare_words);
        }
        Value::Array(items) => items.iter_mut().for_each(spare_words),
        _ => {}
    }
}

/// What a turn is asked: see [`question`] and [`task`].
#[must_use]
pub fn asked(request: &TurnRequest) -> String {
    match &request.writing {
        None => question(&request.input),
        Some(writing) => task(&request.input, &writing.folder),
    }
}

/// A task to be carried out, as its document says: `task` with `title`, `prompt`, `outputs` and `checks`; `context`, what there
/// is to know; `previous`, why the try before came to nothing. The turn ends with the same object as every other, so that what
/// is cached stays the same, and each of its fields has a meaning for work.
#[must_use]
pub fn task(input: &Value, folder: &Path) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
    let list = |value: &Value| {
        let items = value.as_array().into_iter().flatten();
        items
            .filter_map(Value::as_str)
            .map(|item| format!("- `{item}`\n"))
            .collect::<String>()
    };
    let task = &input["task"];
    let mut words = format!("# {}\n", text(&task["title"]));
    for part in [text(&task["prompt"]), text(&input["context"])] {
        if !part.is_empty() {
            words.push_str(&format!("\n{part}\n"));
        }
    }
    let (outputs, checks) = (list(&task["outputs"]), list(&input["checks"]));
    if !outputs.is_empty() {
        words.push_str(&format!(
            "\n## What must be there when it is done\n\n{outputs}"
        ));
    }
    if !checks.is_empty() {
        words.push_str(&format!(
            "\n## What must be green when it is done\n\n{checks}"
        ));
    }
    if input["previous"].is_object() {
        let (reason, log) = (&input["previous"]["reason"], &input["previous"]["log"]);
        words.push_str(&format!(
            "\n## The try before\n\nIt came to nothing: {}\n\n{}",
            text(reason),
            text(log)
        ));
        words.push('\n');
    }
    let folder = folder.display();
    format!(
        "{words}\n## Now\n\nCarry this task out: in this turn you may change the files of your own flake, in `{folder}`, and no \
         others. {TASK}"
    )
}

/// How a turn that changes files goes and ends.
const TASK: &str = "Look at a file there before you change it. Commit nothing. Call the tool `check` with the result that you mean to \
    give: it runs the checks of the task and says what is wrong. End when they are green, with the JSON object of a turn, in which \
    `answer.markdown` says what you did, `edits` names each file that you changed, and `verdict` is\n\
    - `accept` where the task is done,\n\
    - `object`, with the reason and your own name in `to`, where it cannot be done; what a person must decide first stands in `decisions`.";

/// One question: the input as JSON. It comes last, after everything that can be cached.
#[must_use]
pub fn question(input: &Value) -> String {
    let json = serde_json::to_string_pretty(input).unwrap_or_default();
    format!(
        "Take this turn. Its input:\n\n{json}\n\nEnd it as you were told, with one JSON object."
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

    fn persona() -> Persona {
        Persona {
            speaker: "farm".into(),
            instructions: "# How you work\n".into(),
            pack: "\nThe cow.\n".into(),
            schema: std::sync::Arc::new(json!({
                "$schema": "draft", "title": "Turn", "type": "object",
                "properties": {"title": {"type": "string", "description": "what it is called"}}
            })),
            folder: "/farm".into(),
            settings: Default::default(),
            search_path: None,
        }
    }

    #[test]
    fn the_schema_is_told_once_without_words_and_only_where_nothing_else_holds_to_it() {
        let reading = "Read with your eyes.";
        let bare = r#"{"type":"object","properties":{"title":{"type":"string"}}}"#;
        let ending = Ending::Message;
        let front = super::front(&persona(), &Frame { reading, ending });
        assert_eq!(front.matches(bare).count(), 1, "{front}");
        assert_eq!(front.matches("\"title\"").count(), 1, "{front}");
        let ending = Ending::Structured("End by the tool.");
        let front = super::front(&persona(), &Frame { reading, ending });
        assert_eq!(
            front,
            "# How you work\n\nRead with your eyes.\n\n## How a turn ends\n\nEnd by the tool.\n\n# What you know\n\nThe cow.\n"
        );
    }

    #[test]
    fn a_task_is_told_in_words_with_why_the_try_before_came_to_nothing() {
        let first = json!({
            "context": "It greets.\n", "previous": null, "checks": ["nix flake check"],
            "task": {"id": "t1", "title": "Be polite", "prompt": "Say please.", "outputs": []},
        });
        let first = task(&first, Path::new("/farm"));
        let begin = "# Be polite\n\nSay please.\n\nIt greets.\n\n## What must be green when it is done\n\n- `nix flake check`\n\n## Now\n\n";
        assert!(first.starts_with(begin), "{first}");
        let again = json!({"task": {"title": "Be polite"}, "previous": {"reason": "a check is red", "log": "expected please"}});
        let again = task(&again, Path::new("/farm"));
        let before = "# Be polite\n\n## The try before\n\nIt came to nothing: a check is red\n\nexpected please\n\n## Now";
        assert!(again.starts_with(before), "{again}");
    }

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
