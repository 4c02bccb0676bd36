//! What poag is about, without what it needs from the outside: experts and their graph, the council that discusses a
//! request, and the plan that comes of it.
//!
//! Nothing here reads a file, a clock or the environment, so that every decision of a council can be repeated from its
//! events alone. Begin with [`expert::Graph`], which [`council::Council`] discusses over, and [`council::assemble`], which
//! turns the state of a council into a [`plan::Plan`].

#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod agent;
pub mod clean;
pub mod council;
pub mod debate;
pub mod deliverable;
pub mod duration;
pub mod expert;
mod hex;
pub mod name;
pub mod nix_string;
pub mod plan;
pub mod session;
pub mod suggest;
#[cfg(any(test, feature = "testing"))]
#[doc(hidden)]
pub mod testing;
pub mod vote;
pub mod work;

pub use hex::hex;
