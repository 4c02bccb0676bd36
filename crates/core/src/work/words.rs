//! Events in words, one sentence each, for logs and pages.

use super::axis::{ProviderHealth, Verdict};
use super::{AttemptEnd, TaskId, WorkEvent};

impl WorkEvent {
    /// What happened, in one line; what agents and repositories say in it is cut, and not cleaned.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::WorkStarted(start) => format!(
                "begun with {} tasks and {} actors: {}",
                start.tasks.len(),
                start.actors.len(),
                line(&start.request)
            ),
            Self::TaskAdded { task } => format!("added: {}", line(&task.title)),
            Self::Claimed {
                tasks,
                actor,
                epoch,
                ..
            } => {
                let names: Vec<&str> = tasks.iter().map(TaskId::as_str).collect();
                format!("{actor} claims {} (lease {epoch})", names.join(", "))
            }
            Self::Renewed { epoch, .. } => format!("lease {epoch} is renewed"),
            Self::Released { reason, .. } => format!("given back: {}", line(reason)),
            Self::Expired { epoch, .. } => format!("lease {epoch} ran out"),
            Self::AttemptStarted { attempt, .. } => format!("attempt {attempt} begins"),
            Self::WorktreeProven { branch, .. } => format!("works on branch {branch}"),
            Self::WorkBegan { pid, .. } => match pid {
                Some(pid) => format!("its actor works, as process {pid}"),
                None => "its actor works".to_owned(),
            },
            Self::ProcessEnded { code, .. } => match code {
                Some(code) => format!("its process ended with {code}"),
                None => "its process was ended by a signal".to_owned(),
            },
            Self::Progressed { text, percent, .. } => match percent {
                Some(percent) => format!("{percent} %: {}", line(text)),
                None => line(text),
            },
            Self::ClaimedDone { summary, .. } => format!("said to be done: {}", line(summary)),
            Self::AttemptProven { proof, .. } => format!(
                "proven: {} files, {} checks green, commit {}",
                proof.changed.len(),
                proof.checks.len(),
                short(&proof.commit)
            ),
            Self::AttemptEnded { end, .. } => match end {
                AttemptEnd::Failed { reason } => format!("failed: {}", line(reason)),
                AttemptEnd::TimedOut {} => "took too long".to_owned(),
                AttemptEnd::Crashed {} => "died in the middle".to_owned(),
                AttemptEnd::Cancelled {} => "stopped".to_owned(),
            },
            Self::WroteLate { epoch, what, .. } => {
                format!("'{what}' came late, under lease {epoch}, and changes nothing")
            }
            Self::Salvaged { salvage, .. } => format!("what was uncommitted is in {salvage}"),
            Self::WorktreeRemoved { attempt, .. } => {
                format!("the worktree of attempt {attempt} is removed")
            }
            Self::Reviewed { review, .. } => {
                let who = &review.reviewer.name;
                let tree = short(&review.tree);
                match &review.verdict {
                    Verdict::Approve {} => format!("{who} approves tree {tree}"),
                    Verdict::Object { reason, .. } => {
                        format!("{who} objects to tree {tree}: {}", line(reason))
                    }
                    Verdict::Comment { text, .. } => format!("{who} remarks: {}", line(text)),
                }
            }
            Self::Enqueued { .. } => "approved by enough; it waits to be merged".to_owned(),
            Self::SentBack { log, .. } => format!("sent back: {}", line(log)),
            Self::CandidateMade { commit, onto, .. } => {
                format!("merged onto {} as {}", short(onto), short(commit))
            }
            Self::CandidateChecking { .. } => "the checks of the merge begin".to_owned(),
            Self::CandidateGreen { checks, .. } => {
                format!("the merge is green: {} checks", checks.len())
            }
            Self::CandidateRed { tasks, log } => match tasks.len() {
                1 => format!("the merge is red: {}", line(log)),
                _ => format!("red together, so they are taken apart: {}", line(log)),
            },
            Self::TasksLanded { commit, .. } => {
                format!("landed on the work's branch as {}", short(commit))
            }
            Self::Parked { reason, .. } => format!("parked: {}", line(reason)),
            Self::Abandoned { reason, .. } => format!("abandoned: {}", line(reason)),
            Self::Asked { question, .. } => format!("asks: {}", line(question)),
            Self::Answered { by, text, .. } => format!("{by} answers: {}", line(text)),
            Self::Retried { by, .. } => format!("{by} lets it be tried again"),
            Self::Redone { by, reason, .. } => format!("{by} wants it done anew: {}", line(reason)),
            Self::Said { by, text, .. } => format!("{by} says: {}", line(text)),
            Self::ProviderChanged { backend, health } => match health {
                ProviderHealth::Healthy {} => format!("{backend} answers again"),
                ProviderHealth::Limited { .. } => {
                    format!("{backend} wants to be left alone a while")
                }
                ProviderHealth::Unreachable { .. } => format!("{backend} cannot be reached"),
            },
            Self::Reserved { turn, usd, .. } => format!("{turn} may cost {usd:.2} USD"),
            Self::Settled { turn, usage } => format!("{turn} did cost {:.4} USD", usage.cost_usd),
            Self::PolicyChanged { by, .. } => format!("{by} changes the policy"),
            Self::BidMade { bid, .. } => match bid.can {
                true => format!(
                    "{} bids: {} % sure, {:.2} USD",
                    bid.actor, bid.confidence, bid.usd
                ),
                false => format!("{} declines: {}", bid.actor, line(&bid.reason)),
            },
            Self::HeldBack { reasons } => {
                format!("does not land by itself: {}", line(&reasons.join("; ")))
            }
            Self::GateChecked {
                milestone,
                commit,
                checks,
            } => match checks.iter().find(|check| !check.green) {
                None => format!("milestone {milestone} is green at {}", short(commit)),
                Some(red) => format!(
                    "milestone {milestone} is red at {}: {}",
                    short(commit),
                    line(&red.command)
                ),
            },
            Self::Nodded { milestone, by } => format!("{by} agrees to milestone {milestone}"),
            Self::Paused { by } => format!("{by} pauses the work"),
            Self::Resumed { by } => format!("{by} lets the work go on"),
            Self::Aborted { by, reason } => format!("{by} aborts the work: {}", line(reason)),
            Self::Landed { branch, to, by, .. } => {
                format!("{branch} moves to {}, by {by}", short(to))
            }
            Self::RolledBack { to, by } => format!("{by} takes it back, to {}", short(to)),
        }
    }
}

fn line(text: &str) -> String {
    let first = text.trim().lines().next().unwrap_or_default();
    match first.chars().count() > 160 {
        true => first.chars().take(159).chain(['…']).collect(),
        false => first.to_owned(),
    }
}

/// The first characters of an object's id.
#[must_use]
pub fn short(id: &str) -> String {
    id.chars().take(10).collect()
}
