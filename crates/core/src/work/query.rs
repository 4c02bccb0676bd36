//! What is asked of a board.

use super::axis::{TaskPhase, WorktreePhase};
use super::{Actor, Board, Task, TaskId, TaskRecord, WorkPhase};

impl Board {
    /// The task of that name.
    #[must_use]
    pub fn task(&self, id: &str) -> Option<&TaskRecord> {
        self.tasks.get(id)
    }

    /// The actor of that name.
    #[must_use]
    pub fn actor(&self, name: &str) -> Option<&Actor> {
        self.start.actors.iter().find(|actor| actor.name == name)
    }

    /// Tasks that can be claimed at this time, by name.
    pub fn ready(&self, now: i64) -> impl Iterator<Item = &TaskRecord> {
        self.ready_tasks(now)
            .filter_map(|task| self.tasks.get(&task.id))
    }

    /// The same without where they stand: in a large work, looking each of many up takes longer than finding them.
    pub fn ready_tasks(&self, now: i64) -> impl Iterator<Item = &Task> {
        let running = self.phase == (WorkPhase::Running {});
        let gated = self.gated();
        let ready = self.ready.values();
        ready
            .filter(move |ready| running && ready.not_before <= now)
            .map(|ready| &*ready.task)
            .filter(move |task| {
                // Looking into each takes longer than all the rest.
                gated.is_empty() || {
                    let milestone = task.milestone.as_deref();
                    !milestone.is_some_and(|name| gated.contains(name))
                }
            })
    }

    /// The tasks after `first` that the same actor can do in one go: each in a flake of the same expert, asking for the same
    /// skills and tools, and each waiting for nothing but what stands before it. At most `most`, the first one included.
    #[must_use]
    pub fn trajectory(&self, first: &TaskId, most: usize) -> Vec<TaskId> {
        let mut path = vec![first.clone()];
        let Some(begin) = self.tasks.get(first).map(|record| &record.task) else {
            return Vec::new();
        };
        // Who fits the first one need not fit, or be the best for, one that asks for something else.
        let alike = |task: &Task| {
            task.expert == begin.expert
                && task.requires_skills == begin.requires_skills
                && task.prefers_skills == begin.prefers_skills
                && task.tools_required == begin.tools_required
        };
        let gated = self.gated();
        let reached = |record: &TaskRecord| {
            let milestone = record.task.milestone.as_deref();
            !milestone.is_some_and(|name| gated.contains(name))
        };
        let mut at = 0;
        while at < path.len() && path.len() < most {
            let next = self.dependents.get(&path[at]).into_iter().flatten();
            for id in next {
                let fits = self.tasks.get(id).is_some_and(|record| {
                    record.phase == TaskPhase::Waiting {}
                        && alike(&record.task)
                        && reached(record)
                        && record.missing.iter().all(|missing| path.contains(missing))
                });
                if fits && !path.contains(id) && path.len() < most {
                    path.push(id.clone());
                }
            }
            at += 1;
        }
        path
    }

    /// Whether nothing is left to do but to land it: every task has ended.
    #[must_use]
    pub fn is_through(&self) -> bool {
        self.open == 0
    }

    /// Leases that had run out at this time.
    pub fn expired(&self, now: i64) -> impl Iterator<Item = u64> + '_ {
        let leases = self.leases.iter();
        leases
            .filter(move |(_, lease)| lease.until <= now)
            .map(|(epoch, _)| *epoch)
    }

    /// Whether nothing is left of attempts: no lease, no open turn, and no worktree that is still to be put away.
    #[must_use]
    pub fn is_put_away(&self) -> bool {
        let attempts = self.tasks.values().flat_map(|record| &record.attempts);
        let mut left = attempts.filter(|attempt| {
            let unused = attempt.worktree == WorktreePhase::None {};
            unused || attempt.worktree.path().is_some()
        });
        self.leases.is_empty() && self.reserved.is_empty() && left.next().is_none()
    }

    /// How many leases an actor has.
    #[must_use]
    pub fn held_by(&self, actor: &str) -> usize {
        let leases = self.leases.values();
        leases.filter(|lease| lease.actor == actor).count()
    }
}
