//! Why a work may be trusted, and where not: what is proven, by which checks, and who approved which tree.

use maud::{Markup, html};

use poag_core::work::axis::{MergePhase, TaskPhase, Verdict};
use poag_core::work::{Board, TaskRecord, WorkPhase};

use super::{by, short};

/// The section at the top.
pub(super) fn trust(board: &Board) -> Markup {
    let records = board.providers_first();
    let landed = |record: &&&TaskRecord| record.phase == TaskPhase::Landed {};
    let count = records.iter().filter(landed).count();
    let doubts: Vec<String> = records.iter().filter_map(|record| doubt(record)).collect();
    html! {
        h2 #trust { "Why it may be trusted" }
        p {
            (count) " of " (records.len()) " tasks are on the work's branch. Each was written in a worktree of its own and proven \
             by the checks of its flake; approved by at least " (board.start.policy.approvals) " others than its author; merged, and \
             checked once more as merged."
        }
        (whole(board))
        ul {
            @for record in records.iter().filter(landed) { li { (reason(record)) } }
        }
        @if !doubts.is_empty() {
            h3 { "What is not proven" }
            ul { @for doubt in &doubts { li.wait { (doubt) } } }
        }
    }
}

fn whole(board: &Board) -> Markup {
    html! {
        @match &board.phase {
            WorkPhase::Landed { branch, from, to, by } => p.good {
                "Your branch " b { (branch.strip_prefix("refs/heads/").unwrap_or(branch)) } " moved from " code { (short(from)) } " to " code { (short(to)) } "; yes was said by " (by) "."
            },
            WorkPhase::RolledBack { to, by } => p.bad { (by) " took it back; the branch is at " code { (short(to)) } "." },
            WorkPhase::Aborted { by, reason } => p.bad { (by) " stopped it: " (reason) },
            WorkPhase::Paused { by } => p.wait { (by) " paused it." },
            WorkPhase::Running {} => {
                @if board.is_through() { p { "It is on no branch of yours yet." } }
            },
        }
    }
}

fn reason(record: &TaskRecord) -> Markup {
    let checks = record.proof.as_ref().map_or(&[][..], |proof| &proof.checks);
    let green = checks.iter().filter(|check| check.green).count();
    let verdicts = record.verdicts();
    let approvals = verdicts
        .iter()
        .filter(|(_, review)| review.verdict == Verdict::Approve {});
    let names: Vec<String> = approvals
        .map(|(name, review)| match &review.reviewer.through {
            Some(actor) if actor != name => format!("{name} (through {actor})"),
            _ => (*name).to_owned(),
        })
        .collect();
    html! {
        b { (record.task.id) } ", by " (by(record)) ": "
        @if let Some(proof) = &record.proof {
            "tree " code { (short(&proof.tree)) } ", " (green) " of " (checks.len()) " checks green"
        }
        "; approved by " @if names.is_empty() { "nobody" } @else { (names.join(", ")) }
        @if let MergePhase::Landed { commit } = &record.merge { "; merged as " code { (short(commit)) } }
        "."
    }
}

/// What a reader should doubt about a task.
fn doubt(record: &TaskRecord) -> Option<String> {
    let id = &record.task.id;
    let end = match &record.phase {
        TaskPhase::Parked { reason } => Some(format!("{id} is put aside: {reason}")),
        TaskPhase::Abandoned { reason } => Some(format!("{id} will not be done: {reason}")),
        TaskPhase::Asking { question } => Some(format!("{id} waits for an answer: {question}")),
        TaskPhase::Landed {}
            if record
                .proof
                .as_ref()
                .is_none_or(|proof| proof.checks.is_empty()) =>
        {
            Some(format!(
                "{id} landed without a check: its flake declares none"
            ))
        }
        _ => None,
    };
    let late = (record.late_count > 0).then(|| {
        let times = record.late_count;
        format!("{id}: {times} late writes were kept as evidence and changed nothing")
    });
    match (end, late) {
        (Some(end), Some(late)) => Some(format!("{end}; {late}")),
        (one, other) => one.or(other),
    }
}
