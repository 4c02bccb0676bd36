//! What is shown of sessions.

use std::fmt::Write as _;

use serde_json::json;

use super::meant;
use crate::command::context::{engine, here};
use crate::command::global::Global;
use crate::command::print::{json_line, whole};
use crate::command::style;
use crate::council::message::TurnResult;
use crate::engine::EngineError;
use crate::engine::session::{SessionSummary, output};
use crate::error::{Error, exit};
use crate::terminal;
use poag_core::session::{Reception, SessionMessage, SessionStatus};

/// The code with which a session that was looked at ends.
pub fn code(status: SessionStatus) -> u8 {
    match status {
        SessionStatus::Failed => exit::NO_ANSWER,
        _ => exit::OK,
    }
}

/// Prints the last answer, or why there is none.
pub fn out(session: &str, json: bool, global: &Global) -> Result<u8, Error> {
    let (_, sessions, id) = meant(global, session)?;
    let open = sessions.open(&id).map_err(EngineError::from)?;
    let session = open.session();
    let failure = match session.messages.last().map(|last| &last.reception) {
        Some(Reception::Unanswered { reason }) => Some(reason.as_str()),
        _ => None,
    };
    let result = session.output().map(|(_, result)| result);
    say_output((&session.start.name, failure, result), json)
}

/// Prints what a session gave last: its name, why there is no answer, and the answer.
pub fn say_output(
    (name, failure, result): (&str, Option<&str>, Option<&TurnResult>),
    json: bool,
) -> Result<u8, Error> {
    if let Some(reason) = failure {
        terminal::note(&style::error(reason));
        return Ok(exit::NO_ANSWER);
    }
    let Some(result) = result else {
        terminal::note(&format!(
            "there is no output yet; `poag session wait {name}` waits for it"
        ));
        return Ok(exit::NOTHING_FOUND);
    };
    match json {
        true => return json_line(result),
        false => terminal::document(&whole(output(result)))?,
    }
    Ok(exit::OK)
}

/// Prints how a session stands.
pub fn status(session: &str, json: bool, global: &Global) -> Result<u8, Error> {
    let (_, sessions, id) = meant(global, session)?;
    let open = sessions.open(&id).map_err(EngineError::from)?;
    let session = open.session();
    let status = session.status();
    match json {
        true => drop(json_line(&json!({
            "id": open.id(),
            "name": session.start.name,
            "flake": session.start.flake,
            "expert": session.start.expert,
            "backend": session.start.agents.backends.get(&session.start.expert),
            "status": status,
            "messages": session.messages.len(),
            "output": session.output().map(|(message, _)| message.number),
            "usage": session.usage(),
        }))?),
        false => terminal::document(&format!("{}\n", status.word()))?,
    }
    Ok(code(status))
}

/// Tells all that was said.
pub fn log(session: &str, json: bool, global: &Global) -> Result<u8, Error> {
    let (_, sessions, id) = meant(global, session)?;
    let open = sessions.open(&id).map_err(EngineError::from)?;
    let session = open.session();
    say_log(&session.start.expert, &session.messages, json)
}

/// Tells what was said to an expert.
pub fn say_log(expert: &str, messages: &[SessionMessage], json: bool) -> Result<u8, Error> {
    if json {
        return json_line(&messages);
    }
    let mut text = String::new();
    for message in messages {
        let who = style::bold(format!("{}, message {}", message.by, message.number));
        let _ = writeln!(text, "{who}\n{}\n", message.text.trim_end());
        let expert = style::bold(expert);
        let said = match &message.reception {
            Reception::Replied { result } => output(result),
            Reception::Unanswered { reason } => format!("no answer: {reason}\n"),
            Reception::Interrupted => "given up before there was an answer\n".into(),
            Reception::Thinking => "thinks about it\n".into(),
            Reception::Waiting => "will think about it\n".into(),
        };
        let _ = writeln!(text, "{expert}\n{said}");
    }
    terminal::people(&text)?;
    Ok(exit::OK)
}

/// Lists sessions.
pub fn list(all: bool, json: bool, global: &Global) -> Result<u8, Error> {
    let engine = engine(global)?;
    let flake = match all {
        true => None,
        false => here(&engine, global)?,
    };
    let sessions = engine.sessions()?;
    let found = sessions
        .list(flake.as_deref(), all, None)
        .map_err(EngineError::from)?;
    say_list(&found, all, json)
}

/// Lists sessions: those of every flake with it, where `all`.
pub fn say_list(found: &[SessionSummary], all: bool, json: bool) -> Result<u8, Error> {
    if json {
        return json_line(&found);
    }
    if found.is_empty() {
        terminal::people("no open sessions; `poag session open EXPERT` opens one\n")?;
    } else {
        let rows = found.iter().map(|one| {
            let mut row = vec![
                one.name.clone(),
                one.status.word().to_owned(),
                one.expert.clone(),
                format!("{} messages", one.messages),
            ];
            row.extend(all.then(|| one.flake.clone()));
            row
        });
        terminal::people(&style::table(rows.collect()))?;
    }
    Ok(exit::OK)
}
