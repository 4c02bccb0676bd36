//! The same tools over HTTP (the transport that the protocol calls Streamable HTTP), for a server that has looked at `Host`,
//! `Origin` and rights before.

use std::sync::Arc;
use std::time::Duration;

use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use crate::person::Person;

/// Answers requests for one client. It keeps no sessions, which the protocol gave up with its version 2026-07-28: each
/// request stands for itself, and older clients get on without them.
pub type Door = StreamableHttpService<Person, NeverSessionManager>;

/// Tools for one client; those that have become tasks are seen by this client alone.
///
/// `body`: bytes of a request at most. `alive`: how often an answer that takes longer is kept alive.
#[must_use]
pub fn door(person: Person, body: usize, alive: Duration) -> Door {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(body)
        .with_sse_keep_alive(Some(alive))
        // Its names are those of `poag serve`, which has compared them.
        .disable_allowed_hosts();
    let made = move || Ok(person.clone());
    StreamableHttpService::new(made, Arc::new(NeverSessionManager::default()), config)
}
