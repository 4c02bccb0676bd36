//! Sessions that a server has.

use serde::Deserialize;
use serde_json::{Value, json};

use super::talk::{Opening, SayInSession};
use super::{Control, SessionVerb, look};
use crate::command::consent::CommandArgs;
use crate::command::global::Global;
use crate::command::print::json_line;
use crate::command::remote::{PROGRAMS, Remote, no_options};
use crate::command::snippet::{names, text_of};
use crate::council::message::TurnResult;
use crate::engine::EngineError;
use crate::engine::session::{SessionError, SessionSummary};
use crate::error::{Error, exit};
use crate::terminal;
use poag_client::operations as op;
use poag_core::session::{SessionMessage, SessionStatus};

/// Sessions that are asked for at once.
const PAGE: u32 = 200;
/// Seconds that one request waits.
const PART: u64 = 60;

/// What a session gave last.
#[derive(Deserialize)]
struct LastOutput {
    result: Option<TurnResult>,
    failure: Option<String>,
}

/// Runs the verb.
pub async fn run(verb: SessionVerb, remote: &Remote, global: &Global) -> Result<u8, Error> {
    match verb {
        SessionVerb::Open {
            expert,
            name,
            backend,
            model,
            commands,
        } => {
            let chosen = Opening {
                expert,
                name,
                backend,
                model,
            };
            open(chosen, &commands, remote, global).await
        }
        SessionVerb::Say(args) => say(args, remote, global).await,
        SessionVerb::Out { session, json } => {
            let session = meant(remote, &session, global).await?;
            out(remote, &session, json).await
        }
        SessionVerb::Wait { session, timeout } => {
            let session = meant(remote, &session, global).await?;
            let status = waited(remote, &session.id, timeout).await?;
            terminal::document(&format!("{}\n", status.word()))?;
            Ok(look::code(status))
        }
        SessionVerb::Status { session, json } => {
            let id = meant(remote, &session, global).await?.id;
            let standing: Value = remote.call(op::GET_SESSION_STATUS, &[&id]).answer().await?;
            let status = SessionStatus::deserialize(&standing["status"]);
            let status = status.map_err(EngineError::from)?;
            match json {
                true => drop(json_line(&standing)?),
                false => terminal::document(&format!("{}\n", status.word()))?,
            }
            Ok(look::code(status))
        }
        SessionVerb::Log { session, json } => {
            let session = meant(remote, &session, global).await?;
            let call = remote.call(op::GET_SESSION_LOG, &[&session.id]);
            let messages: Vec<SessionMessage> = call.field("messages").await?;
            look::say_log(&session.expert, &messages, json)
        }
        SessionVerb::List { all, json } => {
            let flake = match all {
                true => None,
                false => remote.here(global, None)?.map(|flake| flake.name.as_str()),
            };
            look::say_list(&listed(remote, flake, all).await?, all, json)
        }
        SessionVerb::Ctl { session, word } => control(remote, &session, word, global).await,
        SessionVerb::Close { session } => control(remote, &session, Control::Close, global).await,
        SessionVerb::Drive { .. } => Ok(exit::OK),
    }
}

async fn listed(
    remote: &Remote,
    flake: Option<&str>,
    closed: bool,
) -> Result<Vec<SessionSummary>, Error> {
    let call = remote.call(op::LIST_SESSIONS, &[]).query("flake", flake);
    let call = call
        .query("closed", Some(closed))
        .query("limit", Some(PAGE));
    Ok(call.field("sessions").await?)
}

/// The session that a word names, as on this machine: one of the flake here, else of any.
async fn meant(remote: &Remote, word: &str, global: &Global) -> Result<SessionSummary, Error> {
    let here = remote.here(global, None)?;
    let all = listed(remote, None, true).await?;
    let own = |one: &&SessionSummary| here.is_none_or(|here| one.flake == here.flake);
    let found = found(all.iter().filter(own), word);
    let found = found.or_else(|count| self::found(all.iter(), word).map_err(|_| count));
    let found = found.map_err(|count| {
        let word = word.chars().take(80).collect();
        EngineError::from(SessionError::NoSuchSession { word, count })
    })?;
    Ok(found.clone())
}

/// The open session of that name, else the newest closed one; or the one whose id begins so; else how many do.
fn found<'s>(
    all: impl Iterator<Item = &'s SessionSummary> + Clone,
    word: &str,
) -> Result<&'s SessionSummary, usize> {
    let named = all.clone().filter(|one| one.name == word);
    let is_closed = |one: &&SessionSummary| one.status == SessionStatus::Closed;
    let open = named.clone().find(|one| !is_closed(one));
    if let Some(found) = open.or_else(|| named.clone().find(is_closed)) {
        return Ok(found);
    }
    let begins = |one: &&SessionSummary| word.len() > 3 && one.id.starts_with(word);
    let mut ids = all.filter(begins);
    match (ids.next(), ids.count()) {
        (Some(found), 0) => Ok(found),
        (first, more) => Err(usize::from(first.is_some()) + more),
    }
}

async fn open(
    chosen: Opening,
    commands: &CommandArgs,
    remote: &Remote,
    global: &Global,
) -> Result<u8, Error> {
    no_options(&commands.given(), PROGRAMS)?;
    let body = json!({
        "flake": remote.flake(global, None)?.name,
        "expert": chosen.expert,
        "name": chosen.name,
        "backend": chosen.backend,
        "model": chosen.model,
    });
    let call = remote.call(op::OPEN_SESSION, &[]).body(&body);
    let name: String = call.field("name").await?;
    terminal::document(&format!("{name}\n"))?;
    Ok(exit::OK)
}

async fn say(args: SayInSession, remote: &Remote, global: &Global) -> Result<u8, Error> {
    let session = meant(remote, &args.session, global).await?;
    let mut body = json!({
        "text": text_of(&args.text)?,
        "with": names(&args.with)?,
    });
    if let Some(from) = &args.from {
        let (name, summary) = match from.strip_suffix(":summary") {
            Some(name) => (name, true),
            None => (from.as_str(), false),
        };
        let other = meant(remote, name, global).await?.id;
        body["from"] = json!({ "session": other, "summary": summary });
    }
    let call = remote.call(op::SAY_IN_SESSION, &[&session.id]).body(&body);
    call.bytes().await?;
    if !args.wait {
        return Ok(exit::OK);
    }
    waited(remote, &session.id, u64::MAX).await?;
    out(remote, &session, false).await
}

async fn out(remote: &Remote, session: &SessionSummary, json: bool) -> Result<u8, Error> {
    let call = remote.call(op::GET_SESSION_OUTPUT, &[&session.id]);
    let last: LastOutput = call.answer().await?;
    let failure = last.failure.as_deref();
    look::say_output((&session.name, failure, last.result.as_ref()), json)
}

/// Waits until nothing is under way, for at most so many seconds.
async fn waited(remote: &Remote, id: &str, seconds: u64) -> Result<SessionStatus, Error> {
    let mut left = seconds;
    loop {
        let part = left.min(PART);
        let call = match part {
            0 => remote.call(op::GET_SESSION_STATUS, &[id]),
            part => remote
                .call(op::WAIT_FOR_SESSION, &[id])
                .query("seconds", Some(part)),
        };
        let status: SessionStatus = call.field("status").await?;
        left -= part;
        if status != SessionStatus::Running || left == 0 {
            return Ok(status);
        }
    }
}

async fn control(
    remote: &Remote,
    session: &str,
    word: Control,
    global: &Global,
) -> Result<u8, Error> {
    let id = meant(remote, session, global).await?.id;
    let word = match word {
        Control::Interrupt => "interrupt",
        Control::Compact => "compact",
        Control::Close => "close",
    };
    let call = remote.call(op::CONTROL_SESSION, &[&id]);
    call.body(&json!({ "word": word })).bytes().await?;
    Ok(exit::OK)
}
