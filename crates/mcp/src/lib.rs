//! poag as a server of the Model Context Protocol: [`person`] for a person's own coding agent, on standard input and output
//! or over HTTP ([`http`]), [`turn`] for an expert's agent during its turn.
//!
//! Standard output carries the protocol alone. What goes wrong is the result of a tool, ending in what to
//! do, and the server goes on.

mod envelope;
mod handler;
pub mod http;
mod lines;
mod listed;
pub mod person;
mod question;
pub mod talk;
pub mod turn;
pub mod worker;

use rmcp::model::{CallToolResult, ContentBlock, Implementation, ServerCapabilities, ServerConfig};
use rmcp::{ServerHandler, ServiceExt as _};
use tokio::io::BufReader;

pub use handler::{Handler, Reach};
use lines::Lines;

/// The name of the server, as agents put it before its tools.
pub const NAME: &str = "poag";

/// Serves on standard input and output until the input ends.
///
/// # Errors
/// When nobody on the other side speaks the protocol.
pub async fn serve(server: impl ServerHandler) -> std::io::Result<()> {
    let (input, output) = rmcp::transport::stdio();
    let transport = Lines::new(BufReader::new(input), output);
    let service = match server.serve(transport).await {
        Ok(service) => service,
        // Whoever started it went away before the first word.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(std::io::Error::other(error.to_string())),
    };
    match service.waiting().await {
        Ok(_) => Ok(()),
        Err(error) => Err(std::io::Error::other(error)),
    }
}

fn config(capabilities: ServerCapabilities, instructions: &str) -> ServerConfig {
    let name = Implementation::new(NAME, env!("CARGO_PKG_VERSION"));
    ServerConfig::new(capabilities)
        .with_server_info(name)
        .with_instructions(instructions)
}

/// A result of a tool as text.
fn said(text: String) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(text)])
}

/// A failure of a tool, which the agent reads.
fn failed(text: String) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(text)])
}
