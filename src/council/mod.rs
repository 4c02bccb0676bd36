//! One discussion of one request, between the experts along the dependency edges.
//!
//! Pure: [`message`] (what is said), [`event`] (what happens), [`machine`] (what follows from it),
//! [`plan`] (what comes of it), [`check`] (what may be said).

pub mod brief;
pub mod check;
pub mod event;
pub mod gossip;
pub mod identity;
pub mod limits;
pub mod machine;
pub mod message;
pub mod plan;
#[cfg(test)]
pub(crate) mod testing;

pub use event::{EVENT_VERSION, Event, Failure, FailureKind, Joined, Opening, Started, TurnId};
pub use limits::{Limits, Reached};
pub use machine::{Action, Council, Refused, Standing};
