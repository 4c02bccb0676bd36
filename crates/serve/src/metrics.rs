//! `GET /metrics`, in the text format of OpenMetrics 1.0: what this server counted since it started, and how all that is
//! served stands now. <https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md>
//!
//! Names of models, experts and requests are no labels, so that the number of series is bounded.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, State};
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use poag_core::work::view::WorkView;
use poag_engine::session::SessionSummary;
use poag_engine::{EngineError, FeedKind};
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::caller::{Caller, Scope};
use crate::feed::{Happened, Read};
use crate::problem::Problem;
use crate::server::{Server, blocking};
use crate::works::{all_views, waiting_for_person};

/// Names and values of labels.
type Labels = Vec<(&'static str, String)>;

/// Upper bounds of the buckets of durations, in seconds: from what a look at a run takes to a plan that is waited for.
const SECONDS: [f64; 10] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];
/// Events that are counted at once.
const PART: usize = 512;
/// Open sessions that are counted, at most.
const SESSIONS: u32 = 10_000;

/// What is counted while the server runs.
pub(crate) struct Metrics {
    all: Registry,
    requests: Family<Labels, Histogram>,
    events: Family<Labels, Counter>,
    tokens: Family<Labels, Counter>,
    dollars: Counter<f64, AtomicU64>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let requests: Family<Labels, Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        let (events, tokens) = (Family::default(), Family::default());
        let dollars = Counter::default();
        let mut all = Registry::with_prefix("poag");
        all.register_with_unit(
            "http_request_duration",
            "Time until the head of an answer, by method, resource and status",
            Unit::Seconds,
            requests.clone(),
        );
        let help = "Events of runs and works of served flakes, by their kind";
        all.register("events", help, events.clone());
        let help =
            "Tokens of turns that ended: input (those read from a cache included), cached, output";
        all.register("tokens", help, tokens.clone());
        let help = "What turns that ended cost in US dollars, as their backends say";
        all.register("cost_dollars", help, dollars.clone());
        Self {
            all,
            requests,
            events,
            tokens,
            dollars,
        }
    }
}

impl Metrics {
    /// Counts a request that was answered.
    pub fn answered(
        &self,
        (method, resource): (String, String),
        status: StatusCode,
        took: Duration,
    ) {
        let labels = vec![
            ("method", method),
            ("resource", resource),
            ("status", status.as_str().to_owned()),
        ];
        self.requests
            .get_or_create(&labels)
            .observe(took.as_secs_f64());
    }

    fn happened(&self, one: &Happened) {
        let event = &one.event;
        let of = match event.of {
            FeedKind::Run => "run",
            FeedKind::Work => "work",
        };
        let labels = vec![("of", of.to_owned()), ("kind", event.kind.clone())];
        self.events.get_or_create(&labels).inc();
        let Some(usage) = &one.usage else {
            return;
        };
        let kinds = [
            ("input", usage.input_tokens),
            ("cached", usage.cached_tokens),
            ("output", usage.output_tokens),
        ];
        for (kind, tokens) in kinds {
            let labels = vec![("kind", kind.to_owned())];
            self.tokens.get_or_create(&labels).inc_by(tokens);
        }
        if usage.cost_usd.is_finite() && usage.cost_usd > 0.0 {
            self.dollars.inc_by(usage.cost_usd);
        }
    }
}

/// What a request is counted as: the resource as it is offered, without the names in it.
pub(crate) fn counted(request: &Request<Body>) -> (String, String) {
    let resource = request.extensions().get::<MatchedPath>();
    let resource = resource.map_or("none", MatchedPath::as_str);
    // Whoever asks may make methods up.
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS") => known,
        _ => "other",
    };
    (method.to_owned(), resource.to_owned())
}

/// Counts what happens in all that is served, until the server stops.
pub(crate) async fn follow(server: Arc<Server>) {
    let mut ends = server.feed.ends();
    let mut at = *ends.borrow_and_update();
    let mut stopping = server.stopping.clone();
    loop {
        tokio::select! {
            changed = ends.changed() => if changed.is_err() { return },
            _ = stopping.wait_for(|stops| *stops) => return,
        }
        let end = *ends.borrow_and_update();
        while at < end {
            let served = |one: &Happened| server.of_subject(&one.event.flake).is_some();
            match server.feed.read(at, PART, served) {
                Read::Events(events, seen) => {
                    events.iter().for_each(|one| server.metrics.happened(one));
                    at = seen;
                }
                // More happened than memory keeps, before this task had its turn.
                Read::Behind => at = end,
            }
        }
    }
}

/// `GET /metrics`
pub(crate) async fn scrape(State(server): State<Arc<Server>>, request: Request<Body>) -> Response {
    match scraped(&server, request.extensions().get()).await {
        Ok(text) => {
            let mut response = text.into_response();
            let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            let media = HeaderValue::from_static(media);
            response.headers_mut().insert(header::CONTENT_TYPE, media);
            response
        }
        Err(problem) => problem.into_response(),
    }
}

async fn scraped(server: &Arc<Server>, caller: Option<&Caller>) -> Result<String, Problem> {
    caller.ok_or_else(Problem::nobody)?.may(Scope::Read)?;
    let views = all_views(server).await?;
    let inbox = waiting_for_person(server).await?.len();
    let own = Arc::clone(server);
    let sessions = blocking(move || {
        let open = own.engine.sessions()?.list(None, false, Some(SESSIONS));
        let mut open = open.map_err(EngineError::from)?;
        open.retain(|session| own.of_subject(&session.flake).is_some());
        Ok(open)
    });
    let now = now(server, (&views, inbox), &sessions.await?);
    let mut text = String::new();
    let written = encode_registry(&mut text, &server.metrics.all)
        .and_then(|()| encode_registry(&mut text, &now))
        .and_then(|()| encode_eof(&mut text));
    // A string takes everything.
    debug_assert!(written.is_ok());
    Ok(text)
}

/// How it stands.
fn now(
    server: &Server,
    (views, inbox): (&[WorkView], usize),
    sessions: &[SessionSummary],
) -> Registry {
    let mut all = Registry::with_prefix("poag");
    let mut gauge = |name: &str, help: &str, value: usize| {
        let gauge: Gauge = Gauge::default();
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        all.register(name, help, gauge);
    };
    let (driven, free) = (server.driving.driven(), server.driving.free());
    gauge("driven", "Runs and works that this server drives", driven);
    gauge("questions_free", "Questions that can be taken now", free);
    gauge("inbox", "What waits for a person", inbox);
    let mut family = |name: &str, help: &str, states: &mut dyn Iterator<Item = &str>| {
        let family: Family<Labels, Gauge> = Family::default();
        for state in states {
            let labels = vec![("state", state.to_owned())];
            family.get_or_create(&labels).inc();
        }
        all.register(name, help, family);
    };
    let mut states = views.iter().map(|view| view.state.as_str());
    family(
        "works",
        "The newest 200 works, by how they stand",
        &mut states,
    );
    let tasks = views.iter().flat_map(|view| &view.tasks);
    let mut states = tasks.map(|task| task.state.as_str());
    let help = "Tasks of these works, by how they stand: `ready` is what waits to be claimed";
    family("tasks", help, &mut states);
    let mut states = sessions.iter().map(|session| session.status.word());
    family("sessions", "Open sessions, by how they stand", &mut states);
    all
}
