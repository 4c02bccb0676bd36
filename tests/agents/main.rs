//! The real command line agents, against a local stand-in for the models' APIs.

#![expect(clippy::unwrap_used, reason = "a test says best where it fails")]

mod claude_code;
mod gossip;
#[path = "../cli/harness.rs"]
#[expect(dead_code, reason = "the tests of the command line use the rest")]
mod harness;
mod mcp_client;
mod place;
mod stand_in_itself;

#[path = "../stand_in/mod.rs"]
mod stand_in;
