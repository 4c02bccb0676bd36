//! Adopting poag: what the files of a flake tell about its expert, and the edit of flake.nix that declares it.
//!
//! Everything here only reads; the verb writes what a person agreed to.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "a test makes and starts what it needs"
    )
)]
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod declaration;
mod edit;
mod error;
mod evidence;
mod flake;
mod inputs;
mod packages;
mod place;
mod proposal;
pub mod survey;
mod tree;
mod usage;
pub mod workspace;

pub use edit::difference;
pub use error::InitError;
pub use evidence::Nearby;
pub use flake::{Declared, FlakeFile};
pub use packages::kind;
pub use place::DeclarationShape;
pub use proposal::{FileEdit, Proposal, ProposalOutcome, Subject, propose};
