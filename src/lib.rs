//! poag turns a graph of Nix flakes into a graph of experts, and a request into one plan.
//!
//! The pure core ([`expert`], the state machine and plan of [`council`]) does no I/O. Effects stand
//! at the rim: only [`nix`] starts nix, only [`agent`] starts agents.

// What is printed goes through `terminal`, which cleans it.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod agent;
pub mod cli;
mod command;
pub mod council;
mod duration;
pub mod engine;
mod error;
pub mod expert;
pub mod export;
pub mod flake_lock;
mod folders;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod git;
pub mod history;
mod init;
pub mod knowledge;
pub mod ledger;
pub mod librarian;
pub mod mcp;
mod name;
mod near;
pub mod nix;
pub mod progress;
pub mod share;
pub mod terminal;
