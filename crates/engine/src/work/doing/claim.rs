//! What an actor answered, read as a claim.

use poag_agent::{AgentError, Usage, command};
use poag_core::council::message::{TurnResult, Verdict};
use poag_core::work::{Outcome, OutcomeKind};
use serde_json::Value;

/// Version of an `Outcome`.
const VERSION: u32 = 1;
/// Bytes of a summary or question that are kept.
const WORDS: usize = command::work::SUMMARY_BYTES;

/// The claim in an answer: the small document of a program, or the turn of an expert, whose verdict says whether it is done.
pub(super) fn read(backend: &str, answer: Result<Value, AgentError>, usage: Usage) -> Outcome {
    let read = answer.and_then(|answer| match backend {
        command::NAME => of_program(answer, usage),
        _ => of_turn(backend, answer, usage),
    });
    read.unwrap_or_else(|error| failed(error, usage))
}

/// An attempt whose backend gave no answer.
fn failed(error: AgentError, usage: Usage) -> Outcome {
    Outcome {
        fault: Some(error.fault),
        ..outcome(OutcomeKind::Failed, cut(error.to_string()), usage)
    }
}

fn outcome(kind: OutcomeKind, summary: String, usage: Usage) -> Outcome {
    let question = (kind == OutcomeKind::Asking).then(|| summary.clone());
    Outcome {
        schema_version: VERSION,
        outcome: kind,
        summary,
        outputs: Vec::new(),
        usage,
        conversation: None,
        question,
        fault: None,
    }
}

fn of_program(answer: Value, usage: Usage) -> Result<Outcome, AgentError> {
    let kind = match answer["outcome"].as_str() {
        Some("done") => OutcomeKind::Done,
        Some("asking") => OutcomeKind::Asking,
        _ => OutcomeKind::Failed,
    };
    let summary = answer["summary"].as_str().unwrap_or_default().to_owned();
    let outputs = answer["outputs"].as_array().cloned().unwrap_or_default();
    let outputs = outputs.iter().filter_map(Value::as_str);
    Ok(Outcome {
        outputs: outputs.map(str::to_owned).collect(),
        ..outcome(kind, cut(summary), usage)
    })
}

fn of_turn(backend: &str, answer: Value, usage: Usage) -> Result<Outcome, AgentError> {
    let turn: TurnResult = serde_json::from_value(answer).map_err(|error| {
        let reason = format!("its answer is no turn: {error}");
        AgentError::usual(poag_agent::Fault::Invalid, backend, reason)
    })?;
    let said = turn.answer.map(|answer| answer.markdown);
    let said = said.or_else(|| (!turn.notes.is_empty()).then(|| turn.notes.join("\n")));
    let (kind, summary) = match turn.verdict {
        Verdict::Accept => (OutcomeKind::Done, said.unwrap_or_default()),
        Verdict::Amend { reason } => (OutcomeKind::Done, said.unwrap_or(reason)),
        Verdict::Object { reason, .. } if turn.decisions.is_empty() => {
            (OutcomeKind::Failed, reason)
        }
        Verdict::Object { reason, .. } => {
            let questions = turn.decisions.iter();
            let questions: Vec<String> = questions
                .map(|decision| format!("- {} ({})", decision.question, decision.proposal))
                .collect();
            let words = format!("{reason}\n{}", questions.join("\n"));
            (OutcomeKind::Asking, words)
        }
    };
    Ok(outcome(kind, cut(summary), usage))
}

/// At most so many bytes of a text, cut between two characters.
fn cut(mut text: String) -> String {
    if text.len() > WORDS {
        let end = (0..=WORDS).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or(0));
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use poag_agent::Fault;

    fn turn(verdict: Value, decisions: Value) -> Outcome {
        let answer = json!({
            "schemaVersion": 1, "edits": [], "asks": [], "verdict": verdict, "decisions": decisions,
            "answer": { "markdown": "said please", "citations": [], "confidence": null },
        });
        read("codex", Ok(answer), Usage::default())
    }

    #[test]
    fn the_verdict_of_a_turn_says_whether_it_is_done() {
        let done = turn(json!({"verdict": "accept"}), json!([]));
        assert_eq!(
            (done.outcome, done.summary.as_str()),
            (OutcomeKind::Done, "said please")
        );
        let object = json!({"verdict": "object", "reason": "no such file", "to": "hello"});
        let failed = turn(object.clone(), json!([]));
        assert_eq!(
            (failed.outcome, failed.summary.as_str()),
            (OutcomeKind::Failed, "no such file")
        );
        let asked = json!([{"question": "Which word?", "proposal": "please"}]);
        let asking = turn(object, asked);
        assert_eq!(asking.outcome, OutcomeKind::Asking);
        assert_eq!(
            asking.question.as_deref(),
            Some("no such file\n- Which word? (please)")
        );
    }

    #[test]
    fn what_is_no_answer_is_a_failure_with_its_sort() {
        let strange = read("codex", Ok(json!({"done": true})), Usage::default());
        assert_eq!(
            (strange.outcome, strange.fault),
            (OutcomeKind::Failed, Some(Fault::Invalid))
        );
        let busy = AgentError::usual(Fault::Busy, "codex", "too many requests");
        let busy = read("codex", Err(busy), Usage::default());
        assert_eq!(
            (busy.outcome, busy.fault),
            (OutcomeKind::Failed, Some(Fault::Busy))
        );
        assert!(busy.summary.contains("too many requests"));
    }

    #[test]
    fn a_program_says_it_in_its_own_document() {
        let answer =
            json!({"schemaVersion": 1, "outcome": "asking", "summary": "Which?", "outputs": ["a"]});
        let asking = read("command", Ok(answer), Usage::default());
        assert_eq!(asking.outcome, OutcomeKind::Asking);
        assert_eq!(asking.question.as_deref(), Some("Which?"));
        assert_eq!(asking.outputs, ["a"]);
    }
}
