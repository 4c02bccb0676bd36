//! What is looked at before a request is answered: whether it is meant for this server, by whom it comes, and whether that
//! is too often. Pages of other hosts are kept out here: by `Host` those whose name leads here, by `Origin` all others.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, Request, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::caller::{Caller, Scope};
use crate::metrics::counted;
use crate::problem::{Problem, ProblemKind};
use crate::server::Server;

/// By which way a connection came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Connection {
    /// The unix socket, from the same user.
    Socket,
    /// TCP.
    Tcp,
}

/// What everybody may have.
const OPEN: [&str; 4] = ["/healthz", "/openapi.json", "/login", "/style.css"];

/// Looks at a request, and lets it through or refuses it.
pub(crate) async fn check(
    State(server): State<Arc<Server>>,
    mut request: Request<Body>,
    next: Next,
) -> Response {
    let (began, counted) = (Instant::now(), counted(&request));
    let mut response = match admit(&server, &mut request) {
        Ok(()) => next.run(request).await,
        Err(problem) => refused(&request, problem),
    };
    let metrics = &server.metrics;
    metrics.answered(counted, response.status(), began.elapsed());
    secure(response.headers_mut());
    response
}

fn admit(server: &Server, request: &mut Request<Body>) -> Result<(), Problem> {
    let connection = request.extensions().get().copied();
    let connection = connection.unwrap_or(Connection::Tcp);
    if connection == Connection::Tcp {
        host(server, request)?;
        origin(server, request.headers())?;
    }
    let caller = match caller(server, connection, request.headers()) {
        Ok(caller) => caller,
        Err(_) if OPEN.contains(&request.uri().path()) => return Ok(()),
        Err(problem) => {
            let taken = server.strangers.take("", Instant::now());
            return Err(match taken {
                Ok(()) => problem,
                Err(seconds) => too_many(seconds),
            });
        }
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let taken = server.changes.take(&caller.id, Instant::now());
        taken.map_err(too_many)?;
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

fn too_many(seconds: u32) -> Problem {
    Problem::new(
        ProblemKind::TooMany,
        "this comes too often",
        &format!("try again in {seconds} s"),
    )
    .after(seconds)
}

/// Whether the request means this server: a page of another host whose name was made to lead here says its own name.
fn host(server: &Server, request: &Request<Body>) -> Result<(), Problem> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let (first, second) = (named.next(), named.next());
    let first = first.and_then(|host| host.to_str().ok());
    let known = |host: &str| {
        let host = host.to_ascii_lowercase();
        server.hosts.contains(&host)
    };
    let authority = request.uri().authority();
    let meant = authority.is_none_or(|authority| known(authority.as_str()));
    match (first, second) {
        (Some(host), None) if known(host) && meant => Ok(()),
        _ => Err(Problem::new(
            ProblemKind::Forbidden,
            "`Host` names another server than this one",
            "use the address that `poag serve` printed, or start it with --host NAME",
        )),
    }
}

/// Refuses what a page of another origin wants.
fn origin(server: &Server, headers: &HeaderMap) -> Result<(), Problem> {
    let foreign = |value: &HeaderValue| {
        let text = value.to_str().unwrap_or_default();
        let host = text.split_once("://").map(|(_, host)| host);
        !host.is_some_and(|host| server.hosts.contains(&host.to_ascii_lowercase()))
    };
    let crossed = headers.get("sec-fetch-site");
    let crossed = crossed.is_some_and(|site| site == "cross-site" || site == "same-site");
    // A link from elsewhere that a person follows is no foreign request.
    let followed = headers
        .get("sec-fetch-mode")
        .is_some_and(|mode| mode == "navigate");
    match headers.get_all(header::ORIGIN).iter().any(foreign) || (crossed && !followed) {
        true => Err(Problem::new(
            ProblemKind::Forbidden,
            "a page of another origin asks for this",
            "open the page that `poag serve` printed",
        )),
        false => Ok(()),
    }
}

/// Who it is.
fn caller(server: &Server, connection: Connection, headers: &HeaderMap) -> Result<Caller, Problem> {
    let unknown = || {
        Problem::new(
            ProblemKind::Unauthorized,
            "no token, or one that opens nothing",
            "send `Authorization: Bearer TOKEN`; `poag serve` prints which file holds that of this machine, and `poag serve token new` makes others",
        )
    };
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme
                .eq_ignore_ascii_case("bearer")
                .then_some(token.trim())
        });
        let found = match token {
            Some(token) => by_token(server, token)?,
            None => None,
        };
        return found.ok_or_else(unknown);
    }
    if connection == Connection::Socket {
        return Ok(person(server));
    }
    match server.logins.knows(headers, &server.cookie) {
        true => Ok(person(server)),
        false => Err(unknown()),
    }
}

/// Whether whom these headers let in would be let in still: a token may have been revoked since. Without a token it is the same
/// user, or somebody who has logged in, and stays.
pub(crate) fn still_known(server: &Server, headers: &HeaderMap) -> bool {
    !headers.contains_key(header::AUTHORIZATION) || caller(server, Connection::Tcp, headers).is_ok()
}

/// The person whose server it is: all local clients.
pub(crate) fn person(server: &Server) -> Caller {
    Caller {
        name: server.settings.person.clone(),
        id: "person".into(),
        scopes: Scope::ALL.into(),
    }
}

/// Who has this token; none where nobody has.
pub(crate) fn by_token(server: &Server, token: &str) -> Result<Option<Caller>, Problem> {
    let found = server
        .tokens
        .find(token)
        .map_err(|error| Problem::new(ProblemKind::Broken, &error.to_string(), "mend that file"))?;
    Ok(found.map(|record| match record.name.as_str() {
        "local" => person(server),
        _ => Caller {
            id: format!("token {}", record.hash),
            name: record.name,
            scopes: record.scopes,
        },
    }))
}

/// A refusal, as a page for a person who opens one.
fn refused(request: &Request<Body>, problem: Problem) -> Response {
    let accepts = request.headers().get(header::ACCEPT);
    let html = accepts.is_some_and(|accept| {
        let accept = accept.to_str().unwrap_or_default();
        accept.contains("text/html")
    });
    match html && request.method() == Method::GET {
        true => crate::pages::refused(&problem),
        false => problem.into_response(),
    }
}

/// What every answer says to browsers.
fn secure(headers: &mut HeaderMap) {
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = header::CONTENT_SECURITY_POLICY;
    if !headers.contains_key(&policy) {
        let none = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(policy, none);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
