//! poag turns a graph of Nix flakes into a graph of experts, and a request into one plan.
//!
//! The pure core ([`expert`], the state machine and plan of [`council`]) does no I/O. Effects stand
//! at the rim: only [`nix`] starts nix, only [`agent`] starts agents.

#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod cli;
mod command;
mod error;
pub mod progress;
pub mod terminal;

pub use poag_agent as agent;
pub use poag_core::{council, expert, plan};
use poag_core::{duration, name};
pub use poag_engine as engine;
use poag_env::folders;
use poag_git as git;
pub use poag_git::history;
use poag_init as init;
pub use poag_knowledge as knowledge;
pub use poag_knowledge::{export, share};
pub use poag_ledger as ledger;
pub use poag_librarian as librarian;
pub use poag_mcp as mcp;
pub use poag_nix as nix;
pub use poag_nix::flake_lock;
