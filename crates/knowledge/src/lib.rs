//! What an expert knows from the start: the files of its flake, their outline, the pack that is made of them for a model to
//! read, and the forms in which other tools take it.
//!
//! Begin with [`files::Files`] and [`pack::Pack`].

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "a test makes and starts what it needs"
    )
)]
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod error;
pub mod export;
pub mod files;
pub mod hash;
pub mod outline;
pub mod pack;
pub mod parallel;
pub mod secrets;
pub mod share;
pub mod taken;
pub mod tokens;

pub use error::KnowledgeError;

#[cfg(test)]
mod tests;
