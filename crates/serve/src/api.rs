//! Resources as functions: what a handler takes and gives is what is answered and what the OpenAPI document says, since
//! both are made from its types.

use std::future::Future;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts as _, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::caller::{Caller, Scope};
use crate::openapi::Openapi;
use crate::problem::{Problem, ProblemKind};
use crate::server::Server;

/// No fields: what a resource without any takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// What is said about a resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doc {
    /// In a few words of code: `listRuns`.
    pub id: &'static str,
    pub path: &'static str,
    pub summary: &'static str,
    /// What whoever asks must have the right to.
    pub scope: Scope,
}

impl Doc {
    pub fn new(id: &'static str, path: &'static str, summary: &'static str, scope: Scope) -> Self {
        Self {
            id,
            path,
            summary,
            scope,
        }
    }
}

/// A request, as a handler takes it.
pub(crate) struct Call<P, Q, B = Nothing> {
    pub server: Arc<Server>,
    pub caller: Caller,
    pub path: P,
    pub query: Q,
    pub body: B,
    /// The body as it came.
    pub bytes: Vec<u8>,
    pub headers: HeaderMap,
}

/// An answer.
pub(crate) struct Reply<A> {
    pub status: StatusCode,
    pub location: Option<String>,
    pub body: A,
}

impl<A> Reply<A> {
    pub fn ok(body: A) -> Self {
        Self {
            status: StatusCode::OK,
            location: None,
            body,
        }
    }

    /// It goes on, and can be looked at there.
    pub fn accepted(body: A, location: String) -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            location: Some(location),
            body,
        }
    }
}

/// Resources, and the document about them.
pub(crate) struct Api {
    pub router: Router<Arc<Server>>,
    pub openapi: Openapi,
}

/// What a handler comes to.
type Done<A> = Result<A, Problem>;

impl Api {
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            openapi: Openapi::new(),
        }
    }

    /// A resource that is looked at.
    pub fn get<P, Q, A, F, W>(mut self, doc: Doc, handler: F) -> Self
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        Q: DeserializeOwned + JsonSchema + Send + 'static,
        A: Serialize + JsonSchema,
        F: Fn(Call<P, Q>) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = Done<A>> + Send + 'static,
    {
        self.openapi.get::<P, Q>(&doc);
        self.openapi.answers::<A>(&doc, Method::GET, 200);
        self.without_body(doc, MethodFilter::GET, move |call| {
            let done = handler(call);
            async move { json(&Reply::ok(done.await?)) }
        })
    }

    /// A resource whose answer is no JSON, or not always.
    pub fn get_raw<P, Q, F, W>(mut self, doc: Doc, media: &[(&str, &str)], handler: F) -> Self
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        Q: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(Call<P, Q>) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = Done<Response>> + Send + 'static,
    {
        self.openapi.get::<P, Q>(&doc);
        self.openapi.media(&doc, media);
        self.without_body(doc, MethodFilter::GET, handler)
    }

    fn without_body<P, Q, F, W>(mut self, doc: Doc, method: MethodFilter, handler: F) -> Self
    where
        P: DeserializeOwned + Send + 'static,
        Q: DeserializeOwned + Send + 'static,
        F: Fn(Call<P, Q>) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = Done<Response>> + Send + 'static,
    {
        let answer = move |State(server): State<Arc<Server>>, request: Request<Body>| {
            let handler = handler.clone();
            async move {
                let (mut parts, _) = request.into_parts();
                let done = async {
                    let (caller, path, query) = taken(&mut parts, &doc).await?;
                    handler(Call {
                        server,
                        caller,
                        path,
                        query,
                        body: Nothing {},
                        bytes: Vec::new(),
                        headers: parts.headers,
                    })
                    .await
                };
                done.await.unwrap_or_else(Problem::into_response)
            }
        };
        self.router = self.router.route(doc.path, on(method, answer));
        self
    }

    /// A resource that does something, with a body.
    pub fn post<P, B, A, F, W>(self, doc: Doc, status: u16, handler: F) -> Self
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        B: DeserializeOwned + JsonSchema + Send + 'static,
        A: Serialize + JsonSchema,
        F: Fn(Call<P, Nothing, B>) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = Done<Reply<A>>> + Send + 'static,
    {
        self.with_body(doc, (Method::POST, MethodFilter::POST, status), handler)
    }

    /// A resource that is set.
    pub fn put<P, B, A, F, W>(self, doc: Doc, handler: F) -> Self
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        B: DeserializeOwned + JsonSchema + Send + 'static,
        A: Serialize + JsonSchema,
        F: Fn(Call<P, Nothing, B>) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = Done<Reply<A>>> + Send + 'static,
    {
        self.with_body(doc, (Method::PUT, MethodFilter::PUT, 200), handler)
    }

    /// A resource that is removed.
    pub fn delete<P, F, W>(mut self, doc: Doc, handler: F) -> Self
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(Call<P, Nothing>) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = Done<()>> + Send + 'static,
    {
        self.openapi.delete::<P>(&doc);
        self.without_body(doc, MethodFilter::DELETE, move |call| {
            let done = handler(call);
            async move {
                done.await?;
                Ok(StatusCode::NO_CONTENT.into_response())
            }
        })
    }

    fn with_body<P, B, A, F, W>(
        mut self,
        doc: Doc,
        (method, filter, status): (Method, MethodFilter, u16),
        handler: F,
    ) -> Self
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        B: DeserializeOwned + JsonSchema + Send + 'static,
        A: Serialize + JsonSchema,
        F: Fn(Call<P, Nothing, B>) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = Done<Reply<A>>> + Send + 'static,
    {
        self.openapi.takes::<P, B>(&doc, &method);
        self.openapi.answers::<A>(&doc, method, status);
        let answer = move |State(server): State<Arc<Server>>, request: Request<Body>| {
            let handler = handler.clone();
            async move {
                let (mut parts, body) = request.into_parts();
                let done = async {
                    let (caller, path, query) = taken(&mut parts, &doc).await?;
                    let bytes = body_of(&server, &parts.headers, body).await?;
                    let body = parsed(&bytes)?;
                    let reply = handler(Call {
                        server,
                        caller,
                        path,
                        query,
                        body,
                        bytes,
                        headers: parts.headers,
                    });
                    json(&reply.await?)
                };
                done.await.unwrap_or_else(Problem::into_response)
            }
        };
        self.router = self.router.route(doc.path, on(filter, answer));
        self
    }
}

/// Who it is, and what the address says.
async fn taken<P, Q>(parts: &mut Parts, doc: &Doc) -> Done<(Caller, P, Q)>
where
    P: DeserializeOwned + Send,
    Q: DeserializeOwned,
{
    let Ok(Extension(caller)) = Extension::<Caller>::from_request_parts(parts, &()).await else {
        return Err(Problem::nobody());
    };
    caller.may(doc.scope)?;
    let path = parts.uri.path().to_owned();
    let Ok(Path(named)) = Path::<P>::from_request_parts(parts, &()).await else {
        return Err(Problem::no_path(&path));
    };
    let query = Query::<Q>::try_from_uri(&parts.uri);
    let Query(query) = query.map_err(|error| {
        let asked = parts.uri.query().unwrap_or_default();
        let secret = ["token", "access_token", "authorization"];
        let names = asked.split('&').filter_map(|pair| pair.split('=').next());
        let repair = match names.into_iter().any(|name| secret.contains(&name)) {
            true => "a token never belongs into an address: revoke this one, and send the next in `Authorization`",
            false => "see /openapi.json for the parameters of this resource",
        };
        let text = error.to_string();
        Problem::new(ProblemKind::BadRequest, &format!("its parameters: {text}"), repair)
    })?;
    Ok((caller, named, query))
}

/// The body: JSON by its content type, within its bounds of size and time.
pub(crate) async fn body_of(server: &Server, headers: &HeaderMap, body: Body) -> Done<Vec<u8>> {
    let media = headers.get(header::CONTENT_TYPE);
    let media = media
        .and_then(|media| media.to_str().ok())
        .unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(
            ProblemKind::MediaType,
            &format!("the body is {essence:?}"),
            "send JSON, with `Content-Type: application/json`",
        ));
    }
    let bounds = server.settings.bounds;
    let most = bounds.body;
    let large = || {
        let wrong = format!("the body has more than {most} bytes");
        Problem::new(ProblemKind::TooLarge, &wrong, "send less")
    };
    let length = headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > most as u64) {
        return Err(large());
    }
    match tokio::time::timeout(bounds.body_time, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(_)) => Err(large()),
        Err(_) => {
            let wrong = format!("the body was not there within {:?}", bounds.body_time);
            Err(Problem::new(
                ProblemKind::Timeout,
                &wrong,
                "send it faster, or less",
            ))
        }
    }
}

fn parsed<B: DeserializeOwned>(bytes: &[u8]) -> Done<B> {
    // What reads a struct would take its fields from a list, too, in their order.
    if bytes.trim_ascii_start().starts_with(b"[") {
        let repair = "send an object: see /openapi.json for what this resource takes";
        return Err(Problem::new(
            ProblemKind::Unusable,
            "the body is a list",
            repair,
        ));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let (kind, repair) = match error.classify() {
            serde_json::error::Category::Data => (
                ProblemKind::Unusable,
                "see /openapi.json for what this resource takes",
            ),
            _ => (
                ProblemKind::BadRequest,
                "send one JSON document, at most 128 levels deep",
            ),
        };
        Problem::new(kind, &format!("the body: {error}"), repair)
    })
}

fn json<A: Serialize>(reply: &Reply<A>) -> Done<Response> {
    let bytes = serde_json::to_vec(&reply.body).map_err(poag_engine::EngineError::from)?;
    let mut response = (reply.status, bytes).into_response();
    let media = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    if let Some(location) = &reply.location
        && let Ok(location) = HeaderValue::from_str(location)
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
