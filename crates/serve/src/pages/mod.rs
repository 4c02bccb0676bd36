//! Pages for people: what programs have as JSON, to be read without a script.

mod ask;
mod board;
mod debate;
mod frame;
mod graph;
mod login;
mod run;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use maud::{Markup, html};

use crate::caller::{Caller, Scope};
use crate::problem::Problem;
use crate::server::Server;
use frame::{Frame, page};
pub(crate) use login::link;

/// Who looks at a page, and with what.
struct Look {
    server: Arc<Server>,
    caller: Caller,
    /// What follows the name of the page in the address.
    rest: String,
    query: String,
}

/// A page that was made.
struct Made {
    title: String,
    place: &'static str,
    live: Option<String>,
    content: Markup,
}

/// The addresses of pages.
pub(crate) fn router() -> Router<Arc<Server>> {
    macro_rules! shown {
        ($make:path) => {
            get(
                |State(server): State<Arc<Server>>,
                 caller: Option<Extension<Caller>>,
                 uri: Uri,
                 _: HeaderMap| async move {
                    let Some(Extension(caller)) = caller else {
                        return refused(&Problem::no_path(uri.path()));
                    };
                    if let Err(problem) = caller.may(Scope::Read) {
                        return refused(&problem);
                    }
                    let rest = uri.path().trim_start_matches('/').split_once('/');
                    let look = Look {
                        server,
                        caller,
                        rest: rest.map_or("", |(_, rest)| rest).to_owned(),
                        query: uri.query().unwrap_or_default().to_owned(),
                    };
                    shown($make(look).await)
                },
            )
        };
    }
    Router::new()
        .route("/", shown!(graph::page))
        .route("/runs", shown!(run::list))
        .route("/runs/{run}", shown!(run::one))
        .route("/board", shown!(board::board))
        .route("/board/{work}", shown!(board::work))
        .route("/inbox", shown!(board::inbox))
        .route("/ask", shown!(ask::page))
        .route("/login", get(login::login))
        .route("/style.css", get(frame::style))
        .route("/script.js", get(frame::script))
}

fn shown(made: Result<Made, Problem>) -> Response {
    match made {
        Ok(made) => page(
            &Frame {
                title: &made.title,
                status: 200,
                place: Some(made.place),
                live: made.live,
            },
            &made.content,
        ),
        Err(problem) => refused(&problem),
    }
}

/// Why a page is not shown.
pub(crate) fn refused(problem: &Problem) -> Response {
    let frame = Frame {
        title: &problem.title,
        status: problem.status,
        place: None,
        live: None,
    };
    page(
        &frame,
        &html! {
            h1 { (problem.title) }
            @for line in problem.detail.lines() { p { (line) } }
            @if problem.status == 401 {
                p { "In a browser: open the link that " code { "poag serve" } " printed; it can be used once." }
            }
        },
    )
}

/// A time as people read it.
fn time(at: i64) -> String {
    match jiff::Timestamp::from_millisecond(at) {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => at.to_string(),
    }
}

/// What turns cost, in words; empty for nothing.
fn cost(usage: &poag_core::agent::Usage) -> String {
    let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
    match (tokens, usage.cost_usd > 0.0) {
        (0, false) => String::new(),
        (tokens, false) => format!("{tokens} tokens"),
        (tokens, true) => format!("{tokens} tokens, ${:.4}", usage.cost_usd),
    }
}

/// As much of an id as a list shows.
fn short(id: &str) -> &str {
    id.get(..13).unwrap_or(id)
}
