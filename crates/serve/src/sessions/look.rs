//! What is looked at of sessions.

use std::time::Duration;

use poag_core::agent::Usage;
use poag_core::council::message::TurnResult;
use poag_core::session::{Reception, Session, SessionMessage, SessionStatus};
use poag_engine::EngineError;
use poag_engine::session::{OpenSession, SessionSummary, output};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OfSession, answered, with_session};
use crate::api::{Call, Nothing};
use crate::problem::Problem;
use crate::server::blocking;
use crate::within::Within;

/// Sessions in a list, where nothing else is said, and at most.
const LISTED: u32 = 50;
const LISTED_MOST: u64 = 200;
/// Seconds that a client waits, where it does not say, and at most.
const WAIT: u64 = 60;
const WAIT_MOST: u64 = 300;
/// How often it is seen, by who waits, that whoever had a message answered is gone.
const LOOKS: Duration = Duration::from_secs(2);

/// Which sessions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionFilter {
    /// Of this served flake alone.
    flake: Option<String>,
    /// Closed ones, too.
    #[serde(default)]
    closed: bool,
    /// At most so many.
    limit: Option<Within<1, LISTED_MOST>>,
}

/// Sessions, the newest first.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct SessionList {
    sessions: Vec<SessionSummary>,
}

/// How a session stands.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct SessionStanding {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// The flake.
    flake: String,
    /// The expert.
    expert: String,
    /// Who thinks; none where that is not recorded.
    backend: Option<String>,
    /// How it stands.
    status: SessionStatus,
    /// How many messages were said.
    messages: usize,
    /// The number of the message that the last output answers.
    output: Option<u32>,
    /// What all of it cost.
    usage: Usage,
}

/// The last output of a session, which stays until the next one takes its place.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct SessionOutput {
    /// How the session stands.
    status: SessionStatus,
    /// The number of the message that is answered; none where there is no output yet.
    number: Option<u32>,
    /// The output as Markdown, as `poag session out` prints it.
    text: Option<String>,
    /// The output as the expert gave it.
    result: Option<TurnResult>,
    /// Why the last message has no answer, where it has none.
    failure: Option<String>,
}

/// All that was said in a session.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct SessionLog {
    /// Messages, in order, each with what became of it.
    messages: Vec<SessionMessage>,
}

/// For what is waited.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UntilChanged {
    /// How it stood when it was last looked at: it is told once it stands otherwise. Without it, once nothing is under way.
    status: Option<SessionStatus>,
    /// For at most so many seconds; how it stands then is told all the same.
    seconds: Option<Within<1, WAIT_MOST>>,
}

pub(crate) async fn list(call: Call<Nothing, SessionFilter>) -> Result<SessionList, Problem> {
    let Call { server, query, .. } = call;
    let named = match &query.flake {
        Some(name) => Some(server.flake(Some(name))?.subject.clone()),
        None => None,
    };
    let most = query.limit.and_then(Within::to).unwrap_or(LISTED);
    blocking(move || {
        let sessions = server.engine.sessions()?;
        let mut all = Vec::new();
        let served = server.flakes.iter().map(|flake| &flake.subject);
        for subject in served.filter(|subject| named.as_ref().is_none_or(|one| one == *subject)) {
            let of_one = sessions.list(Some(subject), query.closed, Some(most));
            all.extend(of_one.map_err(EngineError::from)?);
        }
        // Ids sort by time.
        all.sort_by(|one, other| other.id.cmp(&one.id));
        all.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(SessionList { sessions: all })
    })
    .await
}

pub(crate) fn standing(open: &OpenSession<'_>) -> SessionStanding {
    let session = open.session();
    let start = &session.start;
    SessionStanding {
        id: open.id().to_owned(),
        name: start.name.clone(),
        flake: start.flake.clone(),
        expert: start.expert.clone(),
        backend: start.agents.backends.get(&start.expert).cloned(),
        status: session.status(),
        messages: session.messages.len(),
        output: session.output().map(|(message, _)| message.number),
        usage: session.usage(),
    }
}

pub(crate) async fn status(call: Call<OfSession, Nothing>) -> Result<SessionStanding, Problem> {
    let read = |open: &mut OpenSession<'_>| Ok(standing(open));
    with_session(&call.server, call.path.session, read).await
}

pub(crate) async fn out(call: Call<OfSession, Nothing>) -> Result<SessionOutput, Problem> {
    let read = |open: &mut OpenSession<'_>| Ok(last(open.session()));
    with_session(&call.server, call.path.session, read).await
}

fn last(session: &Session) -> SessionOutput {
    let found = session.output();
    let failure = session.messages.last().map(|last| &last.reception);
    SessionOutput {
        status: session.status(),
        number: found.map(|(message, _)| message.number),
        text: found.map(|(_, result)| output(result)),
        result: found.map(|(_, result)| result.clone()),
        failure: match failure {
            Some(Reception::Unanswered { reason }) => Some(reason.clone()),
            _ => None,
        },
    }
}

pub(crate) async fn log(call: Call<OfSession, Nothing>) -> Result<SessionLog, Problem> {
    let read = |open: &mut OpenSession<'_>| {
        Ok(SessionLog {
            messages: open.session().messages.clone(),
        })
    };
    with_session(&call.server, call.path.session, read).await
}

/// `GET …/wait`: woken by what is written to the ledger, and by the end of the server.
pub(crate) async fn wait(call: Call<OfSession, UntilChanged>) -> Result<SessionStanding, Problem> {
    let Call {
        server,
        path,
        query,
        ..
    } = call;
    let known = query.status.unwrap_or(SessionStatus::Running);
    let seconds = query.seconds.and_then(Within::to).unwrap_or(WAIT);
    let end = tokio::time::Instant::now() + Duration::from_secs(seconds);
    let mut ends = server.feed.ends();
    let mut stopping = server.stopping.clone();
    let mut look = tokio::time::Instant::now();
    loop {
        ends.borrow_and_update();
        let read = |open: &mut OpenSession<'_>| Ok(standing(open));
        let now = with_session(&server, path.session.clone(), read).await?;
        let over = *stopping.borrow() || tokio::time::Instant::now() >= end;
        if now.status != known || over {
            return Ok(now);
        }
        // Whoever had it answered may have been killed.
        if now.status == SessionStatus::Running && tokio::time::Instant::now() >= look {
            answered(&server, &path.session);
            look = tokio::time::Instant::now() + LOOKS;
        }
        tokio::select! {
            // Without its thread, the feed changes no more.
            changed = ends.changed() => if changed.is_err() { return Ok(now) },
            _ = stopping.changed() => {}
            () = tokio::time::sleep_until(end.min(tokio::time::Instant::now() + LOOKS)) => {}
        }
    }
}
