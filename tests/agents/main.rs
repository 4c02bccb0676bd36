//! The real command line agents, against a local stand-in for the models' APIs.

#![expect(
    clippy::disallowed_methods,
    reason = "a test makes and starts what it needs"
)]
#![expect(clippy::unwrap_used, reason = "a test says best where it fails")]

mod acp;
mod acp_claude;
mod acp_tools;
mod book;
mod brain;
mod checkpoints;
mod claude_code;
mod codex;
mod command;
mod command_work;
mod conductor;
mod debate;
mod family;
mod gemini;
mod gossip;
mod hostile;
mod mcp_client;
mod openai;
mod place;
mod playground;
mod request;
mod resume;
mod screens;
mod session;
mod spoken;
mod stand_in_itself;
mod work;
mod work_vendors;
mod writing;

#[path = "../stand_in/mod.rs"]
mod stand_in;

#[expect(dead_code, reason = "the tests of the command line use the rest")]
#[path = "../cli/harness.rs"]
mod harness;

#[expect(dead_code, reason = "the tests of the command line use the rest")]
#[path = "../cli/pages.rs"]
mod pages;
