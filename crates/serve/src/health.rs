//! Whether the server answers, and the document about what it offers.

use std::sync::{Arc, LazyLock};

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::server::Server;

static DOCUMENT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let document = crate::openapi::document();
    serde_json::to_vec_pretty(&document).unwrap_or_default()
});

/// `GET /healthz`: says nothing about what is served, since everybody may ask.
pub(crate) async fn health(State(_): State<Arc<Server>>) -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// `GET /openapi.json`
pub(crate) async fn openapi() -> Response {
    let mut response = DOCUMENT.as_slice().into_response();
    let media = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    response
}
