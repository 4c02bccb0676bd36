//! What persons do to a work.

use poag_core::work::axis::{Place, ReviewRecord, Reviewer, ReviewerKind, TaskPhase, Verdict};
use poag_core::work::{TaskId, WorkEvent, WorkPhase};

use super::{OpenWork, PolicyChange, WorkError};

/// What a person says about a tree.
#[derive(Clone, Debug)]
pub enum ReviewWords {
    /// It may be merged.
    Approve,
    /// It may not, and why.
    Object(String),
    /// A remark, with its place where it has one.
    Comment(Option<(String, Option<u32>)>, String),
}

impl OpenWork<'_> {
    /// A person's verdict on what is proven of a task now.
    ///
    /// # Errors
    /// When nothing is, or the verdict does not count.
    pub fn review(
        &mut self,
        task: &TaskId,
        by: &str,
        words: &ReviewWords,
    ) -> Result<(), WorkError> {
        self.propose(|board| {
            let proof = board
                .task(task.as_str())
                .and_then(|record| record.proof.as_ref());
            let verdict = match words {
                ReviewWords::Approve => Verdict::Approve {},
                ReviewWords::Object(reason) => Verdict::Object {
                    reason: reason.clone(),
                    places: Vec::new(),
                },
                ReviewWords::Comment(place, text) => Verdict::Comment {
                    text: text.clone(),
                    places: place
                        .iter()
                        .map(|(path, line)| Place {
                            path: path.clone(),
                            line: *line,
                        })
                        .collect(),
                },
            };
            Ok(vec![WorkEvent::Reviewed {
                task: task.clone(),
                review: Box::new(ReviewRecord {
                    reviewer: Reviewer {
                        name: by.to_owned(),
                        kind: ReviewerKind::Person,
                        through: None,
                    },
                    tree: proof.map(|proof| proof.tree.clone()).unwrap_or_default(),
                    patch: proof.and_then(|proof| proof.patch.clone()),
                    verdict,
                }),
            }])
        })
    }

    /// Says something to who does a task; where it asks, that is the answer.
    ///
    /// # Errors
    /// When there is no such task, or it has ended.
    pub fn say(&mut self, task: &TaskId, by: &str, text: &str) -> Result<(), WorkError> {
        self.propose(|board| {
            let phase = board.task(task.as_str()).map(|record| &record.phase);
            let (task, by, text) = (task.clone(), by.to_owned(), text.to_owned());
            Ok(vec![match phase {
                Some(TaskPhase::Asking { .. }) => WorkEvent::Answered { task, by, text },
                _ => WorkEvent::Said { task, by, text },
            }])
        })
    }

    /// Changes what may be done by itself, where that is something new.
    ///
    /// # Errors
    /// When the work is over.
    pub fn change_policy(&mut self, change: &PolicyChange, by: &str) -> Result<(), WorkError> {
        self.propose(|board| {
            let policy = change.on(board.start.policy.clone());
            Ok(match policy == board.start.policy {
                true => Vec::new(),
                false => vec![WorkEvent::PolicyChanged {
                    policy: Box::new(policy),
                    by: by.to_owned(),
                }],
            })
        })
    }

    /// Agrees that a milestone is reached; without a name, the one that waits for it.
    ///
    /// # Errors
    /// When none waits, or the one that is named does not.
    pub fn nod(&mut self, milestone: Option<&str>, by: &str) -> Result<(), WorkError> {
        self.propose(|board| {
            let closed = board.closed_gate();
            let waiting = closed.map(|(milestone, _)| milestone.name.clone());
            let milestone = milestone.map(str::to_owned).or(waiting);
            let milestone = milestone.ok_or(WorkError::NoMilestone)?;
            let by = by.to_owned();
            Ok(vec![WorkEvent::Nodded { milestone, by }])
        })
    }

    /// Ends a pause, where there is one.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn unpause(&mut self, by: &str) -> Result<(), WorkError> {
        self.propose(|board| {
            Ok(match board.phase {
                WorkPhase::Paused { .. } => vec![WorkEvent::Resumed { by: by.to_owned() }],
                _ => Vec::new(),
            })
        })
    }

    /// Lets a task be tried again: one that is parked or asks, or another generation of one that has ended.
    ///
    /// # Errors
    /// When there is no such task, or it is under way.
    pub fn retry(&mut self, task: &TaskId, by: &str) -> Result<(), WorkError> {
        self.propose(|board| {
            let phase = board.task(task.as_str()).map(|record| &record.phase);
            let (task, by) = (task.clone(), by.to_owned());
            Ok(vec![match phase {
                Some(phase) if phase.is_ended() => WorkEvent::Redone {
                    task,
                    by,
                    reason: "a person wants it done anew".into(),
                },
                _ => WorkEvent::Retried { task, by },
            }])
        })
    }
}
