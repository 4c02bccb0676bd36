//! Carries a plan out: every event is in the ledger before it takes effect, so that a work that was killed goes on.
//!
//! [`WorkLedger`] finds works, [`OpenWork`] is one of them: what any worker does to it, one event at a time, by
//! compare-and-swap. [`start`] begins one, [`supervise`] does what it needs until nothing can be done without a person.

mod actors;
mod assign;
pub mod doing;
mod drive;
mod error;
pub mod findings;
mod grades;
mod land;
mod lease;
mod ledger;
mod notices;
mod open;
mod person;
mod report;
mod runner;
mod source;
mod start;
mod state;
pub mod supervise;
mod template;
mod verbs;
mod worker;

#[cfg(test)]
mod tests;

pub use error::WorkError;
pub use grades::GradedPlan;
pub use land::LandRequest;
pub use lease::{ClaimRequest, Claimed};
pub(crate) use ledger::KIND;
pub use ledger::{WorkLedger, WorkSummary};
pub use notices::NoticeRecipient;
pub use open::{OpenWork, WorkEntry};
pub use person::ReviewWords;
pub use report::{OfferRequest, OfferedWork, WorkDocuments};
pub use source::WorkSource;
pub use start::{PolicyChange, StartRequest};
pub use state::WorkState;
pub use template::{TemplateOrigin, TemplateRequest, TemplateSource};
pub use verbs::{ShownTask, claimed_outcome};
