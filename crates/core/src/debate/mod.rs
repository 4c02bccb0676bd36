//! A debate: participants answer an open question in rounds, and vote on what they proposed.
//!
//! [`Debate`] is a pure state machine, as [`crate::council::Council`] is: events in, the next step out. A round opens, each
//! participant has one turn in it, and it closes when all of them have ended or its time is up. What somebody submits is
//! seen by nobody else before the round closes ([`Debate::input`] reads closed rounds alone), and stands under a label
//! (`A`, `B`, …) instead of a name. The proposals that stand after the last round are voted on, with [`crate::vote`].
//!
//! What participants say is material: [`check::accept`] takes it in only in one shape and size, with citations that lead
//! somewhere, and no text of it decides anything but what its fields say.

mod apply;
pub mod check;
mod choices;
mod event;
mod input;
mod machine;
mod pages;
mod payload;
mod result;
pub mod schema;

#[cfg(test)]
mod tests;

pub use event::{DEBATE_EVENT_VERSION, DebateEvent, DebateStart, Debater, DebaterTurn, TieRule};
pub use machine::{ClosedRound, Debate, DebateRefusal, DebateStep, PanelFailure};
pub use pages::{participant_page, result_page};
pub use payload::{
    Argument, Cited, DEBATE_VERSION, DebateAnswer, DebateChoice, DebateInput, DebateWant,
    RefusalNote, Revealed, Submission,
};
pub use result::{
    DebateMethod, DebateResult, DebateResultChoice, DebateRound, DebaterReport, Missing, TieBreak,
};

/// What every participant is told about debates. The same for all participants and turns.
pub const INSTRUCTIONS: &str = include_str!("brief.md");
