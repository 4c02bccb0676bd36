//! What one attempt is given, and how actors did before.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use poag_core::expert::Graph;
use poag_core::name::shown;
use poag_core::work::assignment::{ASSIGNMENT_VERSION, Assignment, PreviousAttempt};
use poag_core::work::axis::{AttemptPhase, MergePhase, TaskPhase};
use poag_core::work::matching::TrackRecord;
use poag_core::work::{AttemptRecord, Board, Task, TaskRecord};
use poag_git::work::WorkRepository;

use super::WorkError;

/// Tokens of context that an attempt is given beside its prompt, at most.
const CONTEXT_TOKENS: usize = 24_000;
/// Bytes that a token stands for, as a bound: English text and source code have about 3.5 (o200k).
const TOKEN_BYTES: usize = 3;

/// How actors did over some works.
#[derive(Clone, Debug, Default)]
pub struct TrackRecords(BTreeMap<String, TrackRecord>);

impl TrackRecords {
    /// Takes in a work.
    pub(super) fn add(&mut self, board: &Board) {
        for record in board.tasks.values() {
            let Some((last, before)) = record.attempts.split_last() else {
                continue;
            };
            let last = self.0.entry(last.actor.clone()).or_default();
            match (&record.merge, &record.phase) {
                (MergePhase::Reverted { .. }, _) => last.reverted += 1,
                (_, TaskPhase::Landed {}) => last.landed += 1,
                _ => {}
            }
            let failed = |attempt: &&AttemptRecord| {
                matches!(
                    attempt.phase,
                    AttemptPhase::Failed { .. } | AttemptPhase::TimedOut {}
                )
            };
            for attempt in before.iter().filter(failed) {
                self.0.entry(attempt.actor.clone()).or_default().failed += 1;
            }
        }
    }

    /// That of one actor.
    #[must_use]
    pub fn of(&self, actor: &str) -> TrackRecord {
        self.0.get(actor).copied().unwrap_or_default()
    }
}

/// What the next attempt at a task that is leased is given.
///
/// # Errors
/// When git cannot tell what the tasks before it changed.
pub fn assignment(
    board: &Board,
    record: &TaskRecord,
    graph: &Graph,
    repository: &WorkRepository,
) -> Result<Assignment, WorkError> {
    let task = &record.task;
    let epoch = record.lease.unwrap_or_default();
    let lease = board.leases.get(&epoch);
    let actor = lease.and_then(|lease| board.actor(&lease.actor));
    let attempts = u32::try_from(record.attempts.len()).unwrap_or(u32::MAX);
    Ok(Assignment {
        schema_version: ASSIGNMENT_VERSION,
        work: board.start.work.clone(),
        attempt: attempts.saturating_add(1),
        epoch,
        folder: task.working_dir.clone(),
        others: others(graph, task),
        base: base(board, record),
        context: context(board, record, graph, repository)?,
        checks: task.checks.clone(),
        commands: board.start.policy.tools.iter().cloned().collect(),
        actor: actor.cloned().ok_or(WorkError::NoneReady)?,
        previous: previous(record),
        task: Task::clone(task),
    })
}

/// Folders of other experts below the folder of a task.
fn others(graph: &Graph, task: &poag_core::work::Task) -> Vec<String> {
    let inside = |dir: &str| match task.working_dir.as_str() {
        "" => !dir.is_empty(),
        own => dir
            .strip_prefix(own)
            .is_some_and(|rest| rest.starts_with('/')),
    };
    let experts = graph.experts.values();
    experts
        .filter(|expert| expert.is_local() && expert.name != task.expert && inside(expert.dir()))
        .map(|expert| expert.dir().to_owned())
        .collect()
}

/// The tip of the work's branch; in a trajectory, the commit of the task before it.
fn base(board: &Board, record: &TaskRecord) -> String {
    let before = record.missing.iter().next_back();
    let proof = before
        .and_then(|id| board.task(id.as_str()))
        .and_then(|record| record.proof.as_ref());
    proof.map_or_else(|| board.tip.clone(), |proof| proof.commit.clone())
}

/// What came of the try before, or what was said when it was sent back.
fn previous(record: &TaskRecord) -> Option<PreviousAttempt> {
    // One that was ended before it came to a worktree does not stand between.
    let unbegun = |attempt: &&AttemptRecord| {
        attempt.phase == AttemptPhase::Crashed {} && attempt.worktree.branch().is_none()
    };
    let begun = record.attempts.iter().rev().find(|one| !unbegun(one));
    let last = begun.or(record.attempts.last())?;
    let (reason, log) = match (&record.sent_back, &last.phase) {
        (Some(said), _) => ("it was sent back".to_owned(), said.clone()),
        (None, AttemptPhase::Failed { reason }) => (reason.clone(), last.log.clone()),
        (None, phase) => (phase.word().to_owned(), last.log.clone()),
    };
    Some(PreviousAttempt {
        attempt: last.attempt,
        reason,
        log,
        conversation: last.conversation.clone(),
        branch: last.worktree.branch().map(str::to_owned),
        salvage: last.worktree.salvage().map(str::to_owned),
    })
}

/// What an actor should know, in Markdown: what a person said, the contracts it must keep, and what the tasks before it did;
/// within a budget, with the digest of what was left out.
fn context(
    board: &Board,
    record: &TaskRecord,
    graph: &Graph,
    repository: &WorkRepository,
) -> Result<String, WorkError> {
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut said = String::new();
    for (who, what) in &record.words {
        // Writing to a string does not fail.
        let _ = writeln!(said, "- {}: {}", shown(who), what.trim());
    }
    parts.push(("What persons said".into(), said));
    let mut commands = String::new();
    for command in &board.start.policy.tools {
        let call = serde_json::json!({ "result": { "command": command } });
        let _ = writeln!(commands, "- `{command}`: call `check` with {call}");
    }
    parts.push((
        "Commands that you may run beside the checks".into(),
        commands,
    ));
    let mut contracts = String::new();
    if let Some(expert) = graph.expert(&record.task.expert) {
        for (name, contract) in &expert.provides {
            let consumers = poag_core::work::from_plan::consumers(
                graph,
                &expert.name,
                std::slice::from_ref(name),
            );
            let consumers: Vec<String> = consumers.into_iter().collect();
            let taken = match consumers.is_empty() {
                true => "nobody takes it".to_owned(),
                false => format!("taken by {}", consumers.join(", ")),
            };
            let _ = writeln!(
                contracts,
                "- {}: {} ({}; {taken})",
                shown(name),
                contract.summary,
                contract.files.join(", ")
            );
        }
    }
    parts.push(("Contracts of your flake".into(), contracts));
    for id in &record.task.depends_on {
        let Some(done) = board.task(id.as_str()) else {
            continue;
        };
        let Some(proof) = &done.proof else { continue };
        let summary = done
            .attempts
            .last()
            .map_or("", |attempt| attempt.summary.as_str());
        let most = CONTEXT_TOKENS * TOKEN_BYTES / 2;
        let difference = repository.difference(&proof.base, &proof.commit, most)?;
        let text = format!(
            "{}\n\n````diff\n{}\n````\n",
            summary.trim(),
            difference.text
        );
        parts.push((format!("What was done before you: {id}"), text));
    }
    Ok(within(parts, CONTEXT_TOKENS * TOKEN_BYTES))
}

/// The parts as one document of so many bytes at most; of what does not fit, its title, size and digest.
fn within(parts: Vec<(String, String)>, bytes: usize) -> String {
    use sha2::{Digest as _, Sha256};
    let mut text = String::new();
    let mut left_out = String::new();
    for (title, part) in parts {
        if part.trim().is_empty() {
            continue;
        }
        if text.len() + title.len() + part.len() > bytes {
            let digest = poag_core::hex(&Sha256::digest(part.as_bytes()));
            let _ = writeln!(left_out, "- {title}: {} bytes, sha256 {digest}", part.len());
            continue;
        }
        let _ = write!(text, "## {title}\n\n{}\n\n", part.trim_end());
    }
    if !left_out.is_empty() {
        let _ = write!(text, "## Left out for its length\n\n{left_out}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn what_does_not_fit_is_named_with_its_digest() {
        let part = |title: &str, text: String| (title.to_owned(), text);
        let text = within(
            vec![
                part("a", "short".into()),
                part("b", "x".repeat(200)),
                part("c", "  ".into()),
                part("d", "also".into()),
            ],
            100,
        );
        assert!(text.starts_with(
            "## a\n\nshort\n\n## d\n\nalso\n\n## Left out for its length\n\n- b: 200 bytes, sha256 "
        ));
        assert!(!text.contains("## c"));
    }
}
