//! poag turns a graph of Nix flakes into a graph of experts, and a request into one plan.
//!
//! The pure core ([`expert`], the state machine and plan of [`council`]) does no I/O. Effects stand
//! at the rim: only [`nix`] starts nix, only [`agent`] starts agents.

pub mod agent;
pub mod checkpoint;
pub mod cli;
mod command;
pub mod council;
mod error;
pub mod flake_lock;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod init;
mod inside;
pub mod librarian;
pub mod mcp;
pub mod nix;
pub mod progress;
pub mod terminal;

pub use poag_core::expert;
use poag_core::{duration, name, suggest as near};
use poag_dirs as folders;
use poag_git as git;
pub use poag_git::history;
pub use poag_knowledge as knowledge;
pub use poag_knowledge::{export, share};
pub use poag_ledger as ledger;
