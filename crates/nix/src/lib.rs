//! Everything that touches Nix: its processes, evaluation, flake references, NAR hashes.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "a test makes and starts what it needs"
    )
)]
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod bare;
mod cached;
mod command;
mod develop;
mod error;
mod evaluate;
mod failure;
pub mod flake_lock;
mod flake_ref;
pub mod nar;
mod relock;
mod setup;
mod store;

pub use bare::Features;
pub use command::Nix;
pub use error::{InputProblem, NixError};
pub use evaluate::{Evaluation, LockWriting};
pub use flake_ref::{FlakeRef, FlakeRefError, repository_root};
pub use relock::SourceFiles;
pub use setup::NixSetup;
