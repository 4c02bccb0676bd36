//! What an expert said in a session, as text.

use std::fmt::Write as _;

use poag_core::council::message::TurnResult;
use poag_core::session::{Reception, Session, SessionMessage};

use super::SessionError;

/// Characters of one message or answer in a summary.
const SHORT: usize = 600;

/// An answer as Markdown: the answer itself, the files that would change, whom else to ask, and what is doubtful.
#[must_use]
pub fn output(result: &TurnResult) -> String {
    let mut text = String::new();
    if let Some(answer) = &result.answer {
        text.push_str(answer.markdown.trim_end());
        text.push('\n');
    }
    let mut part = |title: &str, lines: Vec<String>| {
        if lines.is_empty() {
            return;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{title}:\n");
        for line in lines {
            let _ = writeln!(text, "- {}", line.replace('\n', " "));
        }
    };
    let edits = result.edits.iter();
    part(
        "Files",
        edits
            .map(|edit| format!("`./{}`: {}", edit.path, edit.instruction))
            .collect(),
    );
    let steps = result.steps.iter();
    part("Steps", steps.map(|step| step.what.clone()).collect());
    let asks = result.asks.iter();
    part(
        "Others to ask",
        asks.map(|ask| format!("`{}`: {}", ask.to, ask.reason))
            .collect(),
    );
    let decisions = result.decisions.iter();
    part(
        "Open decisions",
        decisions
            .map(|one| format!("{} {}", one.question, one.proposal))
            .collect(),
    );
    part("Notes", result.notes.clone());
    if text.is_empty() {
        text.push_str("The expert has nothing to say to this.\n");
    }
    text
}

/// What a session came to, short enough to be given to another one: each message with the beginning of its answer.
#[must_use]
pub fn summary(session: &Session) -> String {
    let mut text = format!(
        "What was said with the expert `{}`:\n",
        session.start.expert
    );
    for message in &session.messages {
        text.push_str(&account(message));
    }
    text
}

/// What a session has to give to another one, or to a question: its last output, or a summary of all that was said.
///
/// # Errors
/// When there is no output yet.
pub fn given(session: &Session, whole: bool) -> Result<String, SessionError> {
    if whole {
        return Ok(summary(session));
    }
    let Some((_, result)) = session.output() else {
        let name = session.start.name.clone();
        return Err(SessionError::NoOutput { name });
    };
    let expert = &session.start.expert;
    Ok(format!("The expert `{expert}` says:\n\n{}", output(result)))
}

/// One message with the beginning of its answer.
pub(super) fn account(message: &SessionMessage) -> String {
    let answer = match &message.reception {
        Reception::Replied { result } => short(&output(result)),
        Reception::Unanswered { reason } => format!("(no answer: {})", short(reason)),
        Reception::Interrupted => "(given up)".to_owned(),
        Reception::Waiting | Reception::Thinking => "(not answered yet)".to_owned(),
    };
    format!("\n{}: {}\n\n{answer}\n", message.by, short(&message.text))
}

fn short(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SHORT) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}
