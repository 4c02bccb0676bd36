//! One turn of an expert: what it read, what it said anew, how it ended.

use super::page::{LINES, Page};
use crate::command::runs::told;
use crate::command::style;
use crate::council::message::{
    Action, Body, Decision, Edit, Message, Phase, Step, TurnResult, Verdict,
};
use crate::engine::run::transcript::{Transcript, TranscriptEnd, TranscriptTurn};

/// Tells it; `before` is what the turn before it said.
pub fn turn_said(
    page: &mut Page,
    transcript: &Transcript,
    turn: &TranscriptTurn,
    before: Option<&TurnResult>,
    indent: usize,
) {
    let mut title = format!("turn {}", turn.id.turn);
    if turn.id.attempt > 1 {
        title.push_str(&format!(", attempt {}", turn.id.attempt));
    }
    let mut beside: Vec<String> = turn.millis.map(told::duration).into_iter().collect();
    if let TranscriptEnd::Finished { usage, .. } | TranscriptEnd::Failed { usage, .. } = &turn.end {
        let cost = told::cost(usage);
        if !cost.is_empty() {
            beside.push(cost);
        }
    }
    page.line(
        indent,
        format!("{title}  {}", style::dim(beside.join(", "))),
    );
    let indent = indent + 2;
    let given = turn.given.iter().filter_map(|id| transcript.message(*id));
    let given: Vec<String> = given.map(message_said).collect();
    page.labelled(indent, "reads", &given.join("; "));
    match &turn.end {
        TranscriptEnd::Finished { result, .. } => result_said(page, result, before, indent),
        TranscriptEnd::Failed { failure, again, .. } => {
            let kind = format!("{:?}", failure.kind).to_lowercase();
            let then = match again {
                true => "the turn is taken again",
                false => "it takes no more turns",
            };
            let text = format!("({kind}) {}", failure.reason);
            page.painted(indent, "fails", &text, style::warn);
            page.labelled(indent, "", then);
        }
        TranscriptEnd::Interrupted {} => {
            page.painted(
                indent,
                "ends",
                "with its process; it is taken again",
                style::warn,
            );
        }
        TranscriptEnd::Dropped {} => {
            page.painted(indent, "ends", "since the time was up", style::warn)
        }
        TranscriptEnd::Open {} => page.painted(indent, "ends", "not yet", style::warn),
    }
}

/// What a message is, in a few words.
fn message_said(message: &Message) -> String {
    let from = message.from.as_deref().unwrap_or("you");
    match &message.body {
        Body::Ask { .. } if message.from.is_none() => "your request".into(),
        Body::Ask { .. } => format!("the question of {from}"),
        Body::Reply { .. } => format!("the reply of {from}"),
        Body::NoReply { reason, .. } => format!("no reply of {from}: {}", told::cut(reason, 80)),
        Body::Objection { reason } => format!("{from} objects: {reason}"),
        Body::Notice { contracts, .. } if contracts.is_empty() => {
            format!("{from} says something new")
        }
        Body::Notice { contracts, .. } => {
            format!("{from} changes its contract {}", contracts.join(", "))
        }
    }
}

/// What was said; of what was said before, only how much it is.
fn result_said(page: &mut Page, result: &TurnResult, before: Option<&TurnResult>, indent: usize) {
    let is_new = |edit: &&Edit| before.is_none_or(|before| !before.edits.contains(edit));
    let new: Vec<&Edit> = result.edits.iter().filter(is_new).collect();
    for edit in new.iter().take(LINES) {
        let action = match edit.action {
            Action::Change => "changes",
            Action::Create => "creates",
            Action::Delete => "deletes",
            Action::Read => "points",
            Action::Perhaps => "perhaps",
        };
        page.short(
            indent,
            action,
            &format!("./{}: {}", edit.path, edit.instruction),
        );
    }
    let more = new.len().saturating_sub(LINES);
    if more > 0 {
        page.labelled(indent, "", &format!("and {more} more paths"));
    }
    let kept = result.edits.len() - new.len();
    if kept > 0 {
        let paths = if kept == 1 { "path" } else { "paths" };
        page.labelled(indent, "keeps", &format!("{kept} {paths}"));
    }
    let answered = before.and_then(|before| before.answer.as_ref());
    match &result.answer {
        Some(answer) if answered == Some(answer) => page.labelled(indent, "keeps", "its answer"),
        Some(answer) => {
            page.labelled(indent, "answers", &answer.markdown);
            let sources = answer
                .citations
                .iter()
                .map(|source| format!("./{}", source.path));
            let sources: Vec<String> = sources.collect();
            page.short(indent, "from", &sources.join(", "));
        }
        None => {}
    }
    for ask in &result.asks {
        page.short(
            indent,
            "asks",
            &format!("{}, because {}", ask.to, ask.reason),
        );
    }
    match &result.verdict {
        Verdict::Accept => page.labelled(indent, "accepts", "what its neighbours want"),
        Verdict::Amend { reason } => page.labelled(indent, "amends", reason),
        Verdict::Object { reason, to } => {
            page.painted(
                indent,
                "objects",
                &format!("to {to}: {reason}"),
                style::warn,
            );
        }
    }
    let said = |step: &&Step| before.is_none_or(|before| !before.steps.contains(step));
    for step in result.steps.iter().filter(said) {
        let when = match step.phase {
            Phase::Before => "before",
            Phase::Change => "doing",
            Phase::After => "after",
        };
        page.short(indent, when, &step.what);
    }
    let said = |open: &&Decision| before.is_none_or(|before| !before.decisions.contains(open));
    for open in result.decisions.iter().filter(said) {
        let text = format!("{} Proposal: {}", open.question, open.proposal);
        page.short(indent, "open", &text);
    }
    let told = |note: &&String| before.is_none_or(|before| !before.notes.contains(note));
    for note in result.notes.iter().filter(told) {
        page.labelled(indent, "notes", note);
    }
}
