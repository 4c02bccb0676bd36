//! What went wrong, as RFC 9457 has it: one document for all of the API, whose text ends in what to do.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use poag_engine::{EngineError, exit};
use schemars::JsonSchema;
use serde::Serialize;

mod of_engine;

/// The media type of a problem.
pub(crate) const PROBLEM_TYPE: &str = "application/problem+json";
/// What the types of problems begin with.
const PREFIX: &str = "urn:poag:problem:";

/// Why a request was not done.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What kind of problem it is: `urn:poag:problem:` and a word that does not change.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind, in a few words.
    pub title: String,
    /// The status code of HTTP.
    pub status: u16,
    /// What is wrong, and in its last lines what to do, after `repair: `.
    pub detail: String,
    /// What to do.
    pub repair: String,
    /// The exit code of the command line where the same is not done.
    pub exit_code: u8,
    /// After how many seconds it is worth another try.
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

/// A kind of problem.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ProblemKind {
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    NotServed,
    Method,
    Conflict,
    Timeout,
    TooLarge,
    MediaType,
    Unusable,
    TooMany,
    Stopping,
    Broken,
}

impl ProblemKind {
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::BadRequest => (S::BAD_REQUEST, "bad-request", "The request is not one"),
            Self::Unauthorized => (S::UNAUTHORIZED, "unauthorized", "Nobody is logged in"),
            Self::Forbidden => (S::FORBIDDEN, "forbidden", "This is not allowed"),
            Self::NotFound => (S::NOT_FOUND, "not-found", "There is no such thing"),
            Self::NotServed => (S::NOT_FOUND, "not-served", "The flake is not served"),
            Self::Method => (S::METHOD_NOT_ALLOWED, "method", "The method is not offered"),
            Self::Conflict => (S::CONFLICT, "conflict", "It does not allow this now"),
            Self::Timeout => (S::REQUEST_TIMEOUT, "timeout", "The request took too long"),
            Self::TooLarge => (
                S::PAYLOAD_TOO_LARGE,
                "too-large",
                "The request is too large",
            ),
            Self::MediaType => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "The body is not JSON",
            ),
            Self::Unusable => (
                S::UNPROCESSABLE_ENTITY,
                "unusable",
                "The request is understood and cannot be done",
            ),
            Self::TooMany => (S::TOO_MANY_REQUESTS, "too-many", "Too many requests"),
            Self::Stopping => (S::SERVICE_UNAVAILABLE, "stopping", "The server is stopping"),
            Self::Broken => (S::INTERNAL_SERVER_ERROR, "broken", "poag failed"),
        }
    }
}

impl ProblemKind {
    /// What a command line ends with that cannot know better.
    fn exit_code(self) -> u8 {
        match self {
            Self::BadRequest
            | Self::NotFound
            | Self::NotServed
            | Self::Method
            | Self::TooLarge
            | Self::MediaType
            | Self::Unusable => exit::USAGE,
            _ => exit::FAILURE,
        }
    }
}

impl Problem {
    /// Nobody is logged in.
    pub(crate) fn nobody() -> Self {
        let repair = "send `Authorization: Bearer TOKEN`";
        Self::new(ProblemKind::Unauthorized, "nobody is logged in", repair)
    }

    /// A problem: what is wrong, and what to do.
    pub(crate) fn new(kind: ProblemKind, wrong: &str, repair: &str) -> Self {
        let (status, word, title) = kind.parts();
        Self {
            kind: format!("{PREFIX}{word}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: format!("{wrong}\nrepair: {repair}"),
            repair: repair.to_owned(),
            exit_code: kind.exit_code(),
            retry_after: None,
        }
    }

    /// A problem from a text of the engine, which ends in what to do.
    pub(crate) fn said(kind: ProblemKind, text: &str) -> Self {
        match text.split_once("\nrepair: ") {
            Some((wrong, repair)) => Self::new(kind, wrong, repair),
            None => Self::new(kind, text, "see `poag --help`"),
        }
    }

    /// The same, worth another try after so many seconds.
    pub(crate) fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// No resource has that path.
    pub(crate) fn no_path(path: &str) -> Self {
        let path: String = path.chars().take(200).collect();
        Self::new(
            ProblemKind::NotFound,
            &format!("there is nothing at {path:?}"),
            "GET /openapi.json tells what there is",
        )
    }

    /// A flake that the server does not serve, or something of one.
    pub(crate) fn not_served(what: &str) -> Self {
        Self::new(
            ProblemKind::NotServed,
            &format!("{what} is not served here"),
            "GET /v1/flakes lists what is served; name the flake where the server is started (`poag serve FLAKE`)",
        )
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        Self {
            exit_code: error.exit_code(),
            ..Self::said(of_engine::kind(&error), &error.to_string())
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_TYPE));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"poag\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use poag_core::work::{BoardRefusal, TaskId};
    use poag_engine::work::WorkError;

    #[test]
    fn a_command_line_ends_as_where_the_same_is_done() {
        let task = TaskId::near("nothing");
        let refused = EngineError::from(WorkError::from(BoardRefusal::NoTask { task }));
        let unknown = EngineError::NoSuchRun {
            word: "x".into(),
            count: 0,
        };
        for (error, status, code) in [(refused, 404, exit::REFUSED), (unknown, 404, exit::USAGE)] {
            let text = error.to_string();
            let problem = Problem::from(error);
            let told = (problem.status, problem.exit_code, problem.detail);
            assert_eq!(told, (status, code, text));
        }
        assert_eq!(Problem::not_served("x").exit_code, exit::USAGE);
        let busy = Problem::new(ProblemKind::TooMany, "busy", "wait");
        assert_eq!(busy.exit_code, exit::FAILURE);
    }
}
