//! A work, for somebody who was not there while it ran: one HTML page that needs nothing else ([`page`]), the checks as
//! JUnit ([`junit`]) and what reviewers found as SARIF ([`findings`]).
//!
//! Everything comes from the board, the plan and the differences that git tells; nothing here starts a program or knows
//! a clock. Text of agents and repositories is shown as text, never as markup.

mod diff;
mod findings;
mod junit;
mod offer;
mod page;
mod summary;
mod task;
mod trust;

use std::collections::BTreeMap;

use poag_core::plan::Plan;
use poag_core::work::grade::PlanGrade;
use poag_core::work::{Board, TaskId, TaskRecord, short};
use poag_git::work::Difference;

pub use findings::findings;
pub use junit::junit;
pub use offer::{offer, title};
pub use page::page;

/// What a report is made from.
pub struct WorkReport<'a> {
    /// The board.
    pub board: &'a Board,
    /// The time for which the board is shown, in milliseconds since 1970 in UTC.
    pub now: i64,
    /// The plan that is carried out, where there is one.
    pub plan: Option<PlanBeside<'a>>,
    /// What each task changed, where a commit of it is there.
    pub changes: &'a BTreeMap<TaskId, Difference>,
    /// What happened, in order.
    pub history: &'a [HistoryLine],
}

/// A plan beside what was changed.
pub struct PlanBeside<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The files that it names as to be changed, from the repository's root, each with its hint.
    pub named: &'a BTreeMap<String, String>,
    /// How right it was so far.
    pub grade: &'a PlanGrade,
}

/// Something that happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HistoryLine {
    /// When, in milliseconds since 1970 in UTC.
    pub at: i64,
    /// The tasks that it is about.
    pub tasks: Vec<TaskId>,
    /// What, in one sentence.
    pub text: String,
}

/// A time as people read it; the number where it is beyond what a calendar holds.
fn time(at: i64) -> String {
    match jiff::Timestamp::from_millisecond(at) {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => at.to_string(),
    }
}

/// Who wrote what a task came to: the expert that spoke, and the actor that it spoke through.
fn by(record: &TaskRecord) -> String {
    let Some(last) = record.attempt() else {
        return "nobody".to_owned();
    };
    match &last.speaks_as {
        Some(expert) if *expert != last.actor => format!("{expert} (through {})", last.actor),
        _ => last.actor.clone(),
    }
}

/// What turns cost, in words; empty for nothing.
fn cost(usage: &poag_core::agent::Usage) -> String {
    if usage.input_tokens == 0 && usage.output_tokens == 0 && usage.cost_usd <= 0.0 {
        return String::new();
    }
    let tokens = format!(
        "{} tokens in ({} cached), {} out",
        usage.input_tokens, usage.cached_tokens, usage.output_tokens
    );
    match usage.cost_usd > 0.0 {
        true => format!("${:.4}, {tokens}", usage.cost_usd),
        false => tokens,
    }
}

#[cfg(test)]
mod tests;
