//! One discussion of one request, between the experts along the dependency edges.
//!
//! [`message`]: what is said. [`event`]: what happens. [`machine`]: what follows from it. [`check`]: what may be said.
//! [`assemble`]: what comes of it.

pub mod brief;
pub mod check;
mod conclude;
pub mod event;
pub mod gossip;
pub mod identity;
pub mod limits;
pub mod machine;
pub mod message;

pub use conclude::assemble;
pub use event::{
    AgentSelection, EVENT_VERSION, Event, Failure, FailureKind, Joined, Opening, Started, TurnId,
};
pub use limits::{Limits, Reached};
pub use machine::{Council, NextStep, Refused, Standing, neighbor_views};
