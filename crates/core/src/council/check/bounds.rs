//! Sizes: of the whole output, of each list and of each text.

use std::io::Write;

use serde_json::Value;

use super::Invalid;
use crate::council::message::{Ask, TurnResult, Verdict};

/// Most bytes of JSON in one output.
pub const OUTPUT_BYTES: usize = 1 << 20;
/// Most levels of lists and objects in one output; a turn has five.
const DEPTH: usize = 16;

const EDITS: usize = 500;
const EVIDENCE: usize = 64;
const CITATIONS: usize = 256;
const ASKS: usize = 64;
const NOTES: usize = 128;
const STEPS: usize = 64;
const DECISIONS: usize = 32;
const STEP_BYTES: usize = 1000;
const PERCENT: usize = 100;
const PATH_BYTES: usize = 1024;
const NAME_BYTES: usize = 256;
const LINE_BYTES: usize = 4 << 10;
const TEXT_BYTES: usize = 32 << 10;
const ANSWER_BYTES: usize = 256 << 10;

/// Whether a value is nested no deeper than any turn could be.
#[must_use]
pub fn depth_within(value: &Value) -> bool {
    within_levels(value, DEPTH)
}

fn within_levels(value: &Value, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return false;
    };
    match value {
        Value::Array(items) => items.iter().all(|item| within_levels(item, below)),
        Value::Object(fields) => fields.values().all(|field| within_levels(field, below)),
        _ => true,
    }
}

/// Bytes of the value as JSON without spaces.
pub fn json_bytes(value: &Value) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    match serde_json::to_writer(&mut count, value) {
        Ok(()) => count.0,
        Err(_) => usize::MAX,
    }
}

/// Refuses lists and texts beyond their bounds.
pub(super) fn check(result: &TurnResult) -> Result<(), Invalid> {
    count("edits", result.edits.len(), EDITS)?;
    for edit in &result.edits {
        text("a path", &edit.path, PATH_BYTES)?;
        text("an instruction", &edit.instruction, TEXT_BYTES)?;
        let likelihood = edit.likelihood.map_or(0, usize::from);
        within("a likelihood", likelihood, "percent", PERCENT)?;
        count("the evidence of an edit", edit.evidence.len(), EVIDENCE)?;
        for evidence in &edit.evidence {
            text("a piece of evidence", &evidence.what, LINE_BYTES)?;
        }
    }
    if let Some(answer) = &result.answer {
        text("the answer", &answer.markdown, ANSWER_BYTES)?;
        count("citations", answer.citations.len(), CITATIONS)?;
        for citation in &answer.citations {
            text("a path", &citation.path, PATH_BYTES)?;
        }
    }
    count("asks", result.asks.len(), ASKS)?;
    result.asks.iter().try_for_each(ask)?;
    match &result.verdict {
        Verdict::Accept => {}
        Verdict::Amend { reason } => text("the reason of a verdict", reason, TEXT_BYTES)?,
        Verdict::Object { reason, to } => {
            text("the reason of a verdict", reason, TEXT_BYTES)?;
            text("the name of a neighbour", to, NAME_BYTES)?;
        }
    }
    count("notes", result.notes.len(), NOTES)?;
    for note in &result.notes {
        text("a note", note, LINE_BYTES)?;
    }
    count("steps", result.steps.len(), STEPS)?;
    for step in &result.steps {
        text("a step", &step.what, STEP_BYTES)?;
        let proof = step.proof.as_deref().unwrap_or_default();
        text("the proof of a step", proof, STEP_BYTES)?;
    }
    count("decisions", result.decisions.len(), DECISIONS)?;
    for decision in &result.decisions {
        text("the question of a decision", &decision.question, LINE_BYTES)?;
        text("the proposal of a decision", &decision.proposal, LINE_BYTES)?;
    }
    Ok(())
}

/// Refuses texts beyond their bounds.
pub(super) fn ask(ask: &Ask) -> Result<(), Invalid> {
    text("the name of a neighbour", &ask.to, NAME_BYTES)?;
    text("a question", &ask.text, TEXT_BYTES)?;
    text("the reason of an ask", &ask.reason, LINE_BYTES)?;
    let contract = ask.contract.as_deref().unwrap_or_default();
    text("the name of a contract", contract, NAME_BYTES)
}

fn count(what: &str, size: usize, bound: usize) -> Result<(), Invalid> {
    within(what, size, "entries", bound)
}

fn text(what: &str, text: &str, bound: usize) -> Result<(), Invalid> {
    within(what, text.len(), "bytes", bound)
}

fn within(what: &str, size: usize, unit: &'static str, bound: usize) -> Result<(), Invalid> {
    if size > bound {
        return Err(Invalid::Bound {
            what: what.to_owned(),
            size,
            unit,
            bound,
        });
    }
    Ok(())
}
