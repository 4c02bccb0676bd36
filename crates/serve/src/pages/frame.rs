//! What all pages have: their head, their way around, and what they let a browser do.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};
use poag_core::clean::clean;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// The pages that every page leads to.
const PAGES: [(&str, &str); 5] = [
    ("/", "Graph"),
    ("/runs", "Runs"),
    ("/board", "Board"),
    ("/inbox", "Inbox"),
    ("/ask", "Ask"),
];
/// Kinds of events that change what a page shows.
const EVENTS: &str = "runStarted resumed joined turnStarted asked heard turnFinished turnFailed timeIsUp runFinished \
    workStarted taskAdded claimed released expired attemptStarted workBegan progressed claimedDone attemptProven \
    attemptEnded reviewed enqueued sentBack candidateMade candidateChecking candidateGreen candidateRed taskLanded parked \
    abandoned answered retried redone said policyChanged paused aborted landed rolledBack debateStarted debateResumed \
    roundOpened debaterAsked submitted voted answerRefused roundClosed tieBroken debateFinished gap";

/// What is around a page.
pub(super) struct Frame<'a> {
    pub title: &'a str,
    pub status: u16,
    /// The page among all pages; none for who is not inside.
    pub place: Option<&'a str>,
    /// The events at which the page is read again.
    pub live: Option<String>,
}

/// A whole page. Nothing of it runs but the script of this server.
pub(super) fn page(frame: &Frame<'_>, content: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (frame.title) " · poag" }
                link rel="stylesheet" href="/style.css";
                @if frame.place.is_some() { script src="/script.js" defer {} }
            }
            body data-events=(EVENTS) {
                @if let Some(place) = frame.place {
                    a.skip href="#content" { "To the content" }
                    nav aria-label="Pages" {
                        @for (path, name) in PAGES {
                            a href=(path) aria-current=[(path == place).then_some("page")] { (name) }
                        }
                    }
                }
                main #content data-live=[frame.live.as_deref()] { (content) }
            }
        }
    };
    // Signs that hide or turn around what is read come from anywhere.
    let mut response = clean(&page.into_string()).into_response();
    if let Ok(status) = StatusCode::from_u16(frame.status) {
        *response.status_mut() = status;
    }
    let headers = response.headers_mut();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, html);
    let policy = HeaderValue::from_static(
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// `GET /style.css`
pub(super) async fn style() -> Response {
    asset(STYLE, "text/css; charset=utf-8")
}

/// `GET /script.js`
pub(super) async fn script() -> Response {
    asset(SCRIPT, "text/javascript; charset=utf-8")
}

fn asset(text: &'static str, media: &'static str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}
