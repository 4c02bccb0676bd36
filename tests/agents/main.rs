//! The real command line agents, against a local stand-in for the models' APIs.

#![expect(clippy::unwrap_used, reason = "a test says best where it fails")]

mod acp;
mod command;
mod place;
mod request;
mod stand_in_itself;

#[path = "../stand_in/mod.rs"]
mod stand_in;
