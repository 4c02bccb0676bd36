//! All that is offered.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use tower_http::catch_panic::CatchPanicLayer;

use crate::api::{Api, Doc};
use crate::caller::Scope;
use crate::problem::{Problem, ProblemKind};
use crate::server::Server;
use crate::{
    checks, debates, events, flakes, health, mcp, metrics, pages, runs, sessions, snippets, works,
};

/// The resources of programs.
pub(crate) fn api() -> Api {
    let doc = |id, path, summary| Doc::new(id, path, summary, Scope::Read);
    let ask = |id, path, summary| Doc::new(id, path, summary, Scope::Ask);
    let stream = [(
        "text/event-stream",
        "Server-Sent Events: `id` is the number of the event, `event` its kind, `data` JSON. A `gap` tells which numbers cannot be told any more.",
    )];
    let either = [
        ("application/json", "The events so far, in order."),
        stream[0],
    ];
    let lines = [(
        "application/jsonl",
        "One JSON object a line, as `poag run export` writes them.",
    )];
    let graph = [("application/json", "As `poag graph --json` prints it.")];
    let api = Api::new()
        .get(
            doc(
                "listFlakes",
                "/v1/flakes",
                "Lists the flakes that are served.",
            ),
            flakes::list,
        )
        .get_raw(
            doc(
                "getGraph",
                "/v1/flakes/{flake}/graph",
                "Gives the graph of a flake, as its evaluation does.",
            ),
            &graph,
            flakes::graph,
        )
        .get(
            doc(
                "listExperts",
                "/v1/flakes/{flake}/experts",
                "Lists the experts of a flake's graph.",
            ),
            flakes::experts,
        )
        .get(
            doc(
                "getExpert",
                "/v1/flakes/{flake}/experts/{expert}",
                "Describes one expert.",
            ),
            flakes::expert,
        )
        .get(
            doc(
                "getPack",
                "/v1/flakes/{flake}/experts/{expert}/pack",
                "Gives what an expert knows from the start.",
            ),
            flakes::pack,
        )
        .get(
            doc("listRuns", "/v1/runs", "Lists runs, the newest first."),
            runs::list,
        )
        .post(
            ask(
                "ask",
                "/v1/runs",
                "Asks the experts of a flake; the run goes on by itself.",
            ),
            202,
            runs::ask,
        )
        .get(
            doc(
                "getRun",
                "/v1/runs/{run}",
                "Tells what happened in a run, so far.",
            ),
            runs::one,
        )
        .get(
            doc(
                "getPlan",
                "/v1/runs/{run}/plan",
                "Gives the plan of a run, or what it would be if it ended here.",
            ),
            runs::plan,
        )
        .get(
            doc(
                "getTurn",
                "/v1/runs/{run}/turn",
                "Gives what a turn was given and gave, word by word.",
            ),
            runs::turn,
        )
        .get_raw(
            doc(
                "getRunEvents",
                "/v1/runs/{run}/events",
                "Gives the events of a run: those so far, or as they happen.",
            ),
            &either,
            runs::events,
        )
        .post(
            ask(
                "cancelRun",
                "/v1/runs/{run}/cancel",
                "Stops a run that this server drives; it can be resumed.",
            ),
            200,
            runs::cancel,
        )
        .post(
            ask(
                "resumeRun",
                "/v1/runs/{run}/resume",
                "Goes on with a run that was interrupted.",
            ),
            202,
            runs::resume,
        )
        .get_raw(
            doc(
                "exportRun",
                "/v1/runs/{run}/export",
                "Gives everything that is known of a run.",
            ),
            &lines,
            runs::export,
        )
        .get_raw(
            Doc {
                scope: events::SCOPE,
                ..doc(
                    "followEvents",
                    "/v1/events",
                    "Tells what happens in all that is served, as it happens.",
                )
            },
            &stream,
            events::all,
        );
    let api = snippets::offered(sessions::offered(works::offered(debates::offered(api))));
    let api = api.post(
        Doc {
            scope: Scope::Admin,
            ..doc(
                "makeLink",
                "/v1/links",
                "Makes a link that logs a browser in, once, within ten minutes.",
            )
        },
        200,
        pages::link,
    );
    with_headers(api)
}

fn with_headers(mut api: Api) -> Api {
    let key = serde_json::json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
    let says = "A key of your own: sent again with the same body, the same run is answered, and nothing is asked twice.";
    for path in ["/v1/runs", "/v1/debates"] {
        api.openapi
            .header((path, Method::POST), "Idempotency-Key", key.clone(), says);
    }
    let number = serde_json::json!({ "type": "integer", "minimum": 0 });
    let says = "The `id` of the last event that came: those after it follow.";
    let streams = [
        "/v1/events",
        "/v1/runs/{run}/events",
        "/v1/works/{work}/events",
    ];
    for path in streams {
        api.openapi
            .header((path, Method::GET), "Last-Event-ID", number.clone(), says);
    }
    api
}

/// Everything, behind the checks.
pub(crate) fn router(server: &Arc<Server>) -> Router {
    api()
        .router
        .route("/healthz", get(health::health))
        .route("/openapi.json", get(health::openapi))
        .route("/metrics", get(metrics::scrape))
        .route("/mcp", any(mcp::answer))
        .merge(pages::router())
        .fallback(nothing)
        .method_not_allowed_fallback(no_method)
        .layer(CatchPanicLayer::custom(|_| broken()))
        .layer(from_fn_with_state(Arc::clone(server), checks::check))
        .with_state(Arc::clone(server))
}

async fn nothing(request: Request<Body>) -> Response {
    Problem::no_path(request.uri().path()).into_response()
}

async fn no_method(request: Request<Body>) -> Response {
    let wrong = format!("{} is not offered here", request.method());
    Problem::new(ProblemKind::Method, &wrong, "see /openapi.json for what is").into_response()
}

fn broken() -> Response {
    let wrong = "poag failed while it answered";
    Problem::new(
        ProblemKind::Broken,
        wrong,
        "this is a defect of poag, report it",
    )
    .into_response()
}
