//! Events as they happen, as Server-Sent Events: numbered by the ledger, so that who comes back says which came last and
//! goes on after it. What cannot be told any more is told as a gap.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream::unfold;
use poag_engine::{FeedEvent, FeedKind};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use crate::api::{Call, Nothing};
use crate::caller::Scope;
use crate::checks::still_known;
use crate::feed::{Happened, Read, happened};
use crate::problem::{Problem, ProblemKind};
use crate::server::{Server, blocking};

/// Events that are read at once for one listener.
const PART: usize = 64;
/// After how many milliseconds a client that lost its connection comes back.
const RETRY: u32 = 1000;

/// Which events.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Of this served flake alone.
    flake: Option<String>,
    /// Of this run alone.
    run: Option<String>,
    /// Of this work alone.
    work: Option<String>,
    /// About this expert alone.
    expert: Option<String>,
    /// After the event of that number: as the header `Last-Event-ID`, which counts before it. Without either, from now on.
    after: Option<u64>,
}

/// What one listener follows.
enum Follows {
    /// Everything that is served and wanted.
    All(Wanted, Option<String>),
    /// One run or work, after its event of that number.
    One(String, u64),
}

struct Listener {
    server: Arc<Server>,
    /// What let it in.
    headers: HeaderMap,
    follows: Follows,
    /// The number among all events up to which it has looked.
    at: u64,
    ends: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    ready: VecDeque<Bytes>,
    over: bool,
}

/// `GET /v1/events`
pub(crate) async fn all(call: Call<Nothing, Wanted>) -> Result<Response, Problem> {
    let Call {
        server,
        query,
        headers,
        ..
    } = call;
    let subject = match &query.flake {
        Some(name) => Some(server.flake(Some(name))?.subject.clone()),
        None => None,
    };
    let last = last_seen(&headers)?.or(query.after);
    let mut ends = server.feed.ends();
    let end = *ends.borrow_and_update();
    let mut listener = Listener::new(&server, &headers, Follows::All(query, subject), (end, ends));
    if let Some(last) = last {
        listener.at = last.min(end);
        if last > end {
            listener.gap(end, last, "these numbers are of another ledger");
        }
    }
    Ok(listener.response())
}

/// The events of one run or work after its event of that number, as they happen.
pub(crate) async fn one(
    server: &Arc<Server>,
    id: String,
    headers: &HeaderMap,
    after: Option<u64>,
) -> Result<Response, Problem> {
    let after = self::after(headers, after)?;
    let mut ends = server.feed.ends();
    let end = *ends.borrow_and_update();
    let mut listener = Listener::new(server, headers, Follows::One(id, after), (end, ends));
    listener.read_on().await?;
    // Nothing more comes: a browser that would come back is told not to.
    if listener.over && listener.ready.len() == 2 && after > 0 {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(listener.response())
}

/// The events of a run or work so far after that number, as a stream tells them.
pub(crate) async fn so_far(
    server: &Arc<Server>,
    id: String,
    after: u64,
) -> Result<Response, Problem> {
    let engine = server.engine.clone();
    let (events, _) = blocking(move || Ok(engine.feed()?.of(&id, after)?)).await?;
    let told = events
        .iter()
        .map(|event| json!({ "seq": event.seq, "at": event.at, "event": event.event }));
    Ok(axum::Json(told.collect::<Vec<_>>()).into_response())
}

/// After which event of one run or work a client wants the others: the header counts before the parameter.
pub(crate) fn after(headers: &HeaderMap, after: Option<u64>) -> Result<u64, Problem> {
    Ok(last_seen(headers)?.or(after).unwrap_or(0))
}

/// Whether a client wants events as they happen.
pub(crate) fn wants_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    accept.is_some_and(|accept| {
        let accept = accept.to_str().unwrap_or_default();
        accept.contains("text/event-stream")
    })
}

fn last_seen(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get("last-event-id") else {
        return Ok(None);
    };
    let number = value.to_str().unwrap_or_default().parse().map_err(|_| {
        Problem::new(
            ProblemKind::BadRequest,
            "`Last-Event-ID` is no number",
            "send the `id` of the last event that came, or none",
        )
    })?;
    Ok(Some(number))
}

impl Listener {
    fn new(
        server: &Arc<Server>,
        headers: &HeaderMap,
        follows: Follows,
        (at, ends): (u64, watch::Receiver<u64>),
    ) -> Self {
        let first = format!("retry: {RETRY}\n\n");
        Self {
            server: Arc::clone(server),
            headers: headers.clone(),
            follows,
            at,
            ends,
            stopping: server.stopping.clone(),
            ready: [Bytes::from(first)].into(),
            over: false,
        }
    }

    fn response(self) -> Response {
        let parts = unfold(self, |mut listener| async move {
            let part = listener.next().await?;
            Some((Ok::<_, Infallible>(part), listener))
        });
        let mut response = Body::from_stream(parts).into_response();
        let headers = response.headers_mut();
        let media = HeaderValue::from_static("text/event-stream");
        headers.insert(header::CONTENT_TYPE, media);
        // Proxies are to pass each event on at once.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        response
    }

    /// What is sent next; none at the end. It is asked for when what was sent before has been taken in.
    async fn next(&mut self) -> Option<Bytes> {
        let alive = self.server.settings.bounds.alive;
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            if self.over {
                return None;
            }
            if *self.stopping.borrow_and_update() {
                self.stop();
                continue;
            }
            if !still_known(&self.server, &self.headers) {
                self.end("revoked", "the token of this stream opens nothing any more");
                continue;
            }
            self.ends.borrow_and_update();
            if let Err(problem) = self.read().await {
                self.end("failed", &problem.detail);
                continue;
            }
            if !self.ready.is_empty() || self.over {
                continue;
            }
            tokio::select! {
                changed = self.ends.changed() => if changed.is_err() { self.stop() },
                _ = self.stopping.changed() => self.stop(),
                () = tokio::time::sleep(alive) => return Some(Bytes::from_static(b":\n\n")),
            }
        }
    }

    /// Takes what there is: from memory, or from the ledger where it is behind.
    async fn read(&mut self) -> Result<(), Problem> {
        let read = match &self.follows {
            Follows::One(id, _) => {
                let own = |one: &Happened| one.event.id == *id;
                self.server.feed.read(self.at, PART, own)
            }
            Follows::All(wanted, subject) => {
                let own = |one: &Happened| wants(&self.server, wanted, subject.as_deref(), one);
                self.server.feed.read(self.at, PART, own)
            }
        };
        match read {
            Read::Events(events, end) => {
                self.at = end;
                for one in events {
                    self.tell(&one.event);
                }
                Ok(())
            }
            Read::Behind => self.read_on().await,
        }
    }

    async fn read_on(&mut self) -> Result<(), Problem> {
        let (engine, at) = (self.server.engine.clone(), self.at);
        match &self.follows {
            Follows::One(id, after) => {
                let (id, after) = (id.clone(), *after);
                // What happens between the two is in both, and told once.
                let end = *self.ends.borrow();
                let of = blocking(move || Ok(engine.feed()?.of(&id, after)?));
                let (events, closed) = of.await?;
                self.at = end;
                for event in &events {
                    self.tell(event);
                }
                if closed && !self.over {
                    self.end("end", "this was all of it");
                }
            }
            Follows::All(wanted, subject) => {
                let (wanted, subject) = (wanted.clone(), subject.clone());
                let most = u32::try_from(PART).unwrap_or(u32::MAX);
                let part = blocking(move || Ok(engine.feed()?.after(at, most)?)).await?;
                self.at = part.end;
                for (from, to) in part.removed {
                    self.gap(from - 1, to + 1, "these were removed with their run");
                }
                for event in part.events {
                    let one = happened(event);
                    if wants(&self.server, &wanted, subject.as_deref(), &one) {
                        self.tell(&one.event);
                    }
                }
            }
        }
        Ok(())
    }

    /// Tells an event, unless it was told.
    fn tell(&mut self, event: &FeedEvent) {
        let (number, data) = match &mut self.follows {
            Follows::One(_, after) if event.seq <= *after => return,
            Follows::One(_, after) => {
                *after = event.seq;
                let data = json!({ "seq": event.seq, "at": event.at, "event": event.event });
                (event.seq, data.to_string())
            }
            Follows::All(..) => match serde_json::to_string(event) {
                Ok(data) => (event.number, data),
                Err(_) => return,
            },
        };
        let kind = &event.kind;
        let frame = format!("id: {number}\nevent: {kind}\ndata: {data}\n\n");
        self.ready.push_back(frame.into());
        let one = matches!(self.follows, Follows::One(..));
        if one && matches!(event.kind.as_str(), "runFinished" | "debateFinished") {
            self.end("end", "this was all of it");
        }
    }

    /// Tells that events between two numbers cannot be told.
    fn gap(&mut self, after: u64, before: u64, why: &str) {
        let data = json!({
            "after": after, "before": before, "why": why,
            "repair": "read what you follow again: GET /v1/runs, GET /v1/works",
        });
        // With the number of the last one that is missing, so that nobody asks for them again.
        let last = (before - 1).min(self.at);
        let frame = format!("id: {last}\nevent: gap\ndata: {data}\n\n");
        self.ready.push_back(frame.into());
    }

    fn stop(&mut self) {
        self.end(
            "stopping",
            "the server stops; come back with the id of the last event",
        );
    }

    fn end(&mut self, event: &str, why: &str) {
        let data = json!({ "why": why });
        let frame = format!("event: {event}\ndata: {data}\n\n");
        self.ready.push_back(frame.into());
        self.over = true;
    }
}

/// Whether an event is served, and wanted.
fn wants(server: &Server, wanted: &Wanted, subject: Option<&str>, one: &Happened) -> bool {
    let event = &one.event;
    let is = |kind: FeedKind, id: &Option<String>| {
        id.as_ref()
            .is_none_or(|id| event.of == kind && event.id == *id)
    };
    let named = |expert: &String| one.experts.contains(expert);
    // Two ids of two kinds: either.
    let of = match (&wanted.run, &wanted.work) {
        (Some(_), Some(_)) => is(FeedKind::Run, &wanted.run) || is(FeedKind::Work, &wanted.work),
        _ => is(FeedKind::Run, &wanted.run) && is(FeedKind::Work, &wanted.work),
    };
    server.of_subject(&event.flake).is_some()
        && subject.is_none_or(|subject| event.flake == subject)
        && of
        && wanted.expert.as_ref().is_none_or(named)
}

/// What listening needs the right to.
pub(crate) const SCOPE: Scope = Scope::Read;
