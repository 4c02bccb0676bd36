//! How far the merge of a task's commit has come.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::work::{CheckOutcome, TaskId};

/// How far the merge of a task's commit into the work's branch has come.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "phase", rename_all = "camelCase", deny_unknown_fields)]
pub enum MergePhase {
    /// Nothing is merged.
    None {},
    /// The merged commit is there, and no branch holds it.
    Candidate {
        /// Full id of its tree.
        tree: String,
        /// Full id of the commit.
        commit: String,
        /// Full id of the tip that it was merged onto.
        onto: String,
        /// All tasks that it merges, this one among them, in their order.
        tasks: Vec<TaskId>,
    },
    /// Its checks run on exactly that tree.
    Checking {
        /// As above.
        tree: String,
        /// As above.
        commit: String,
        /// As above.
        onto: String,
        /// As above.
        tasks: Vec<TaskId>,
    },
    /// They are green.
    Green {
        /// As above.
        tree: String,
        /// As above.
        commit: String,
        /// As above.
        onto: String,
        /// As above.
        tasks: Vec<TaskId>,
    },
    /// They are not, or it could not be merged.
    Red {
        /// What the checks or the merge said.
        log: String,
    },
    /// The work's branch holds it.
    Landed {
        /// Full id of the commit.
        commit: String,
    },
    /// It was taken back.
    Reverted {
        /// Full id of the commit that it was.
        commit: String,
    },
}

/// What can happen to a merge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MergeStep<'a> {
    /// A candidate was made: tree, commit, onto, and the tasks that it merges.
    Make(&'a str, &'a str, &'a str, &'a [TaskId]),
    /// Its checks begin.
    Check,
    /// What they said, all of them green.
    Pass(&'a [CheckOutcome]),
    /// What they, or the merge, said.
    Fail(&'a str),
    /// They are red, and which of several tasks it is that makes them so is not known.
    TakeApart,
    /// The work's branch moved to it.
    Land,
    /// It was taken back.
    Revert,
    /// The task was sent back, or the tip moved on: it begins again.
    Reset,
}

impl Default for MergePhase {
    fn default() -> Self {
        Self::None {}
    }
}

impl MergePhase {
    /// Its name, as people read it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::None {} => "",
            Self::Candidate { .. } => "candidate",
            Self::Checking { .. } => "checking",
            Self::Green { .. } => "green",
            Self::Red { .. } => "red",
            Self::Landed { .. } => "landed",
            Self::Reverted { .. } => "reverted",
        }
    }

    /// The tasks that its candidate merges; none without one.
    #[must_use]
    pub fn tasks(&self) -> &[TaskId] {
        match self {
            Self::Candidate { tasks, .. }
            | Self::Checking { tasks, .. }
            | Self::Green { tasks, .. } => tasks,
            _ => &[],
        }
    }

    /// Where a step leads; none where it may not be taken from here.
    #[must_use]
    pub fn step(&self, step: MergeStep<'_>) -> Option<Self> {
        Some(match (self, step) {
            // Of checks that died with who ran them, nothing is known: the candidate is made again. One that is green is made
            // again with more tasks, or with fewer where one was sent back meanwhile.
            (
                Self::None {} | Self::Candidate { .. } | Self::Checking { .. } | Self::Green { .. },
                MergeStep::Make(tree, commit, onto, tasks),
            ) => Self::Candidate {
                tree: tree.to_owned(),
                commit: commit.to_owned(),
                onto: onto.to_owned(),
                tasks: tasks.to_vec(),
            },
            (
                Self::Candidate {
                    tree,
                    commit,
                    onto,
                    tasks,
                },
                MergeStep::Check,
            ) => Self::Checking {
                tree: tree.clone(),
                commit: commit.clone(),
                onto: onto.clone(),
                tasks: tasks.clone(),
            },
            (
                Self::Checking {
                    tree,
                    commit,
                    onto,
                    tasks,
                },
                MergeStep::Pass(checks),
            ) if checks.iter().all(|check| check.green) => Self::Green {
                tree: tree.clone(),
                commit: commit.clone(),
                onto: onto.clone(),
                tasks: tasks.clone(),
            },
            (Self::None {} | Self::Checking { .. }, MergeStep::Fail(log)) => Self::Red {
                log: log.to_owned(),
            },
            (Self::Checking { .. }, MergeStep::TakeApart) => Self::None {},
            (Self::Green { commit, .. }, MergeStep::Land) => Self::Landed {
                commit: commit.clone(),
            },
            (Self::Landed { commit }, MergeStep::Revert) => Self::Reverted {
                commit: commit.clone(),
            },
            (Self::Landed { .. } | Self::Reverted { .. }, MergeStep::Reset) => return None,
            (_, MergeStep::Reset) => Self::None {},
            _ => return None,
        })
    }
}
