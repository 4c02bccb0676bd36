//! What a work has come to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::assignment::Proof;
use super::axis::{
    AttemptPhase, MergePhase, ProcessPhase, ProviderHealth, ReviewRecord, TaskPhase, Verdict,
    WorktreePhase,
};
use super::matching::Bid;
use super::milestone::GateRecord;
use super::{Task, TaskId, WorkStart};
use crate::agent::Usage;

/// Late writes of a task that are kept; all are counted.
pub(super) const LATE_KEPT: usize = 16;

/// A work as far as it has come. Two boards are the same when their JSON is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// What it started from, with the policy as it is now; the tasks are in `tasks`.
    pub start: WorkStart,
    /// How far the whole has come.
    pub phase: WorkPhase,
    /// Its tasks.
    pub tasks: BTreeMap<TaskId, TaskRecord>,
    /// Open leases, by epoch.
    pub leases: BTreeMap<u64, Lease>,
    /// The epoch that was given last; 0 for none.
    pub epoch: u64,
    /// Backends whose provider once did not answer.
    pub providers: BTreeMap<String, ProviderHealth>,
    /// What all turns cost that were settled.
    pub spent: Usage,
    /// What turns may cost that are under way.
    pub reserved: BTreeMap<String, Reservation>,
    /// Full id of the tip of the work's branch.
    pub tip: String,
    /// Tasks that wait to be merged, first come first.
    pub queue: VecDeque<TaskId>,
    /// Why the rule of the policy did not let it land by itself.
    pub held_back: Vec<String>,
    /// Milestone → what is known of its gate.
    pub gates: BTreeMap<String, GateRecord>,
    /// Tasks that can be claimed as far as others go: follows from `tasks`.
    #[serde(skip)]
    pub(super) ready: BTreeMap<TaskId, ReadyEntry>,
    /// Task → those that depend on it: follows from `tasks`.
    #[serde(skip)]
    pub(super) dependents: BTreeMap<TaskId, Vec<TaskId>>,
    /// How many tasks have not ended: follows from `tasks`.
    #[serde(skip)]
    pub(super) open: usize,
}

/// A task that is ready, with what its record says about when: records are large, and many may be ready.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ReadyEntry {
    pub task: Arc<Task>,
    pub not_before: i64,
}

/// How far the whole has come.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "phase", rename_all = "camelCase")]
pub enum WorkPhase {
    /// Attempts begin as tasks are ready.
    Running {},
    /// None begins.
    Paused {
        /// Who said so.
        by: String,
    },
    /// Nothing more happens.
    Aborted {
        /// Who said so.
        by: String,
        /// Why.
        reason: String,
    },
    /// A person's branch has it.
    Landed {
        /// Full name of the branch.
        branch: String,
        /// Full id of the commit where it was before.
        from: String,
        /// Full id of the commit.
        to: String,
        /// Who said yes.
        by: String,
    },
    /// It was taken back.
    RolledBack {
        /// Full id of the commit where the branch is.
        to: String,
        /// Who did.
        by: String,
    },
}

impl WorkPhase {
    /// Its name, as people read it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Running {} => "running",
            Self::Paused { .. } => "paused",
            Self::Aborted { .. } => "aborted",
            Self::Landed { .. } => "landed",
            Self::RolledBack { .. } => "rolled back",
        }
    }
}

/// An exclusive right to some tasks.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lease {
    /// Whose.
    pub actor: String,
    /// To what, in order; a task leaves it when it is proven or given back.
    pub tasks: Vec<TaskId>,
    /// Until when, in milliseconds since 1970 in UTC.
    pub until: i64,
    /// Whether the supervisor of the work holds it.
    pub supervised: bool,
}

/// What a turn under way may cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reservation {
    /// The task that it is for.
    pub task: TaskId,
    /// US dollars.
    pub usd: f64,
    /// Tokens received.
    pub output_tokens: u64,
}

/// A task, with where each of its axes stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskRecord {
    /// What there is to do.
    #[serde(serialize_with = "as_it_is")]
    pub task: Arc<Task>,
    /// How far this generation has come.
    pub phase: TaskPhase,
    /// The epoch of the lease on it.
    pub lease: Option<u64>,
    /// Dependencies that have not landed.
    pub missing: BTreeSet<TaskId>,
    /// The tries of this generation; attempt 1 stands first.
    pub attempts: Vec<AttemptRecord>,
    /// The commit that was proven last.
    pub proof: Option<Proof>,
    /// What others said, about any tree.
    pub reviews: Vec<ReviewRecord>,
    /// How often it was sent back by reviewers or the merge queue.
    pub rounds: u32,
    /// How far its merge has come.
    pub merge: MergePhase,
    /// Failures since the last success or the last word of a person.
    pub failures: u32,
    /// Tries of this generation that count against its limit.
    pub counted: u32,
    /// Not to be claimed before this time, in milliseconds since 1970 in UTC.
    pub not_before: i64,
    /// What a person answered or said, in order: (who, what).
    pub words: Vec<(String, String)>,
    /// What was said when it was last sent back.
    pub sent_back: Option<String>,
    /// Offers for it, of each actor the last one.
    pub bids: Vec<Bid>,
    /// What was written late.
    pub late: Vec<LateWrite>,
    /// How often anything was written late.
    pub late_count: u64,
    /// What all of its turns cost.
    pub spent: Usage,
    /// Generations before this one, with how they ended.
    pub before: Vec<TaskPhase>,
}

fn as_it_is<S: Serializer>(task: &Arc<Task>, serializer: S) -> Result<S::Ok, S::Error> {
    Task::serialize(task, serializer)
}

/// One try at a task.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptRecord {
    /// Its number in its generation, from 1.
    pub attempt: u32,
    /// The lease that it is under.
    pub epoch: u64,
    /// Who.
    pub actor: String,
    /// The expert as whom the actor works.
    pub speaks_as: Option<String>,
    /// How it goes.
    pub phase: AttemptPhase,
    /// Its process.
    pub process: ProcessPhase,
    /// Its worktree.
    pub worktree: WorktreePhase,
    /// What was said last, and how far it is, from 0 to 100.
    pub progress: Option<(String, Option<u8>)>,
    /// What its actor says it did.
    pub summary: String,
    /// The backend's own name of its conversation.
    pub conversation: Option<String>,
    /// What the next try is told.
    pub log: String,
}

/// Something that was written under a lease that had ended.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LateWrite {
    /// The lease.
    pub epoch: u64,
    /// What.
    pub what: String,
}

impl TaskRecord {
    pub(super) fn new(task: Task) -> Self {
        Self {
            missing: task.depends_on.clone(),
            phase: match task.depends_on.is_empty() {
                true => TaskPhase::Ready {},
                false => TaskPhase::Waiting {},
            },
            task: Arc::new(task),
            lease: None,
            attempts: Vec::new(),
            proof: None,
            reviews: Vec::new(),
            rounds: 0,
            merge: MergePhase::default(),
            failures: 0,
            counted: 0,
            not_before: 0,
            words: Vec::new(),
            sent_back: None,
            bids: Vec::new(),
            late: Vec::new(),
            late_count: 0,
            spent: Usage::default(),
            before: Vec::new(),
        }
    }

    /// The try that was made last.
    #[must_use]
    pub fn attempt(&self) -> Option<&AttemptRecord> {
        self.attempts.last()
    }

    /// Everybody who wrote any of it, in this generation: actors, and the experts as whom they did.
    #[must_use]
    pub fn authors(&self) -> BTreeSet<&str> {
        let attempts = self.attempts.iter();
        attempts
            .flat_map(|attempt| {
                std::iter::once(attempt.actor.as_str()).chain(attempt.speaks_as.as_deref())
            })
            .collect()
    }

    /// The verdicts that count for what is proven now: of each reviewer the last one that is no comment.
    #[must_use]
    pub fn verdicts(&self) -> BTreeMap<&str, &ReviewRecord> {
        let Some(proof) = &self.proof else {
            return BTreeMap::new();
        };
        let about = |review: &&ReviewRecord| {
            review.is_about(&proof.tree, proof.patch.as_deref())
                && !matches!(review.verdict, Verdict::Comment { .. })
        };
        let reviews = self.reviews.iter().filter(about);
        reviews
            .map(|review| (review.reviewer.name.as_str(), review))
            .collect()
    }

    /// Approvals that count, and objections that do.
    #[must_use]
    pub fn tally(&self) -> (usize, usize) {
        let verdicts = self.verdicts();
        let approvals = verdicts
            .values()
            .filter(|review| review.verdict == Verdict::Approve {})
            .count();
        (approvals, verdicts.len() - approvals)
    }
}

impl Board {
    /// A work at its beginning.
    ///
    /// # Errors
    /// When its tasks do not fit each other; the text says what to do.
    pub fn new(mut start: WorkStart) -> Result<Self, super::BoardRefusal> {
        let tasks = std::mem::take(&mut start.tasks);
        super::from_file::fit(&tasks, &BTreeMap::new())?;
        super::milestone::fit(&start.milestones)?;
        for task in &tasks {
            super::milestone::known(task, &start.milestones)?;
        }
        let mut board = Self {
            phase: WorkPhase::Running {},
            tasks: BTreeMap::new(),
            leases: BTreeMap::new(),
            epoch: 0,
            providers: BTreeMap::new(),
            spent: Usage::default(),
            reserved: BTreeMap::new(),
            tip: start.base.clone(),
            queue: VecDeque::new(),
            held_back: Vec::new(),
            gates: BTreeMap::new(),
            ready: BTreeMap::new(),
            dependents: BTreeMap::new(),
            open: 0,
            start,
        };
        for task in tasks {
            board.add(task);
        }
        Ok(board)
    }

    /// Takes in a task that fits.
    pub(super) fn add(&mut self, task: Task) {
        for dependency in &task.depends_on {
            let dependents = self.dependents.entry(dependency.clone()).or_default();
            dependents.push(task.id.clone());
        }
        let mut record = TaskRecord::new(task);
        let landed = |id: &TaskId| {
            let found = self.tasks.get(id);
            found.is_some_and(|record| record.phase == TaskPhase::Landed {})
        };
        record.missing.retain(|id| !landed(id));
        if record.missing.is_empty() {
            record.phase = TaskPhase::Ready {};
        }
        self.open += 1;
        let id = record.task.id.clone();
        self.tasks.insert(id.clone(), record);
        self.index(&id);
    }

    /// Keeps what follows from whether a task is ready.
    pub(super) fn index(&mut self, id: &TaskId) {
        match self.tasks.get(id) {
            Some(record) if record.phase == (TaskPhase::Ready {}) => {
                let ready = ReadyEntry {
                    task: Arc::clone(&record.task),
                    not_before: record.not_before,
                };
                self.ready.insert(id.clone(), ready);
            }
            _ => drop(self.ready.remove(id)),
        }
    }
}
