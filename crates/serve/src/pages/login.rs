//! The one-time link: it gives the browser a cookie, and goes on to the graph.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{Call, Nothing, Reply};
use crate::problem::{Problem, ProblemKind};
use crate::server::Server;

/// Longest time for which a browser keeps the cookie, in seconds; the server forgets it by then.
const KEPT: u32 = 12 * 60 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    #[serde(default)]
    once: String,
}

/// `GET /login?once=…`
pub(super) async fn login(
    State(server): State<Arc<Server>>,
    link: Result<Query<Link>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Query(link) = link.unwrap_or(Query(Link {
        once: String::new(),
    }));
    let refused =
        |kind, wrong: &str, repair: &str| super::refused(&Problem::new(kind, wrong, repair));
    if let Err(seconds) = server.strangers.take("login", std::time::Instant::now()) {
        let repair = format!("try again in {seconds} s");
        return refused(ProblemKind::TooMany, "links are tried too often", &repair);
    }
    match server.logins.enter(&link.once) {
        Ok(Some(word)) => {
            let cookie = &server.cookie;
            let secure = match server.settings.behind_proxy {
                true => "; Secure",
                false => "",
            };
            let value = format!(
                "{cookie}={word}; HttpOnly; SameSite=Strict; Path=/; Max-Age={KEPT}{secure}"
            );
            let mut response = StatusCode::SEE_OTHER.into_response();
            let headers = response.headers_mut();
            headers.insert(header::LOCATION, HeaderValue::from_static("/"));
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(header::SET_COOKIE, value);
            }
            response
        }
        Ok(None) => refused(
            ProblemKind::Unauthorized,
            "this link was used, or is more than ten minutes old",
            "start the server anew, or POST /v1/links for another",
        ),
        Err(error) => refused(
            ProblemKind::Broken,
            &error.to_string(),
            "see that /dev/urandom can be read",
        ),
    }
}

/// A link.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct LoginLink {
    /// Its path; the server's address stands before it.
    path: String,
}

/// `POST /v1/links`
pub(crate) async fn link(
    call: Call<Nothing, Nothing, Nothing>,
) -> Result<Reply<LoginLink>, Problem> {
    let word = call.server.logins.link().map_err(|error| {
        let repair = "see that /dev/urandom can be read";
        Problem::new(ProblemKind::Broken, &error.to_string(), repair)
    })?;
    let path = format!("/login?once={word}");
    Ok(Reply::ok(LoginLink { path }))
}
