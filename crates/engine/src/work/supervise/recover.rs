//! What a supervisor that died left behind, and what one leaves that ends.

use std::time::{Duration, Instant};

use poag_core::work::axis::WorktreePhase;
use poag_core::work::{Assignment, AttemptEnd, TaskId, WorkEvent, WorkPhase};
use poag_git::work::Worktree;
use tokio::task::JoinError;

use super::attempts::{AttemptKey, place};
use super::{PutAway, Supervisor};
use crate::work::WorkError;

/// Worktrees that are put away at the same time.
const TOGETHER: usize = 8;
/// How long files of worktrees are deleted after an abort, from when its processes have ended: it is over within 2 s
/// (RULES 14). The next supervisor of whatever work deletes the rest.
const DELETING: Duration = Duration::from_millis(1200);

impl Supervisor<'_, '_> {
    /// Ends what nobody is at any more: leases of a supervisor, their attempts and turns. Puts away worktrees of attempts that
    /// have ended, and moves the work's branch to where its events say it is.
    pub(super) fn recover(&mut self) -> Result<(), WorkError> {
        let began = Instant::now();
        self.with.runner.settle();
        self.work.catch_up()?;
        let prefix = format!("{}-", self.work.id());
        let (repository, folder) = (&self.with.repository, &self.with.folder);
        repository.clear_checkouts(folder, &prefix)?;
        let over = !matches!(
            self.work.board().phase,
            WorkPhase::Running {} | WorkPhase::Paused { .. }
        );
        let board = self.work.board();
        let turns: Vec<String> = board.reserved.keys().cloned().collect();
        let leases = board.leases.iter().filter(|(_, lease)| lease.supervised);
        let held: Vec<(u64, TaskId)> = leases
            .flat_map(|(epoch, lease)| lease.tasks.iter().map(|task| (*epoch, task.clone())))
            .collect();
        for (epoch, task) in held {
            self.try_note(WorkEvent::AttemptEnded {
                task: task.clone(),
                epoch,
                end: AttemptEnd::Crashed {},
                log: "poag ended while it was under way".into(),
                not_before: 0,
                // Not the task's fault, nor its actor's.
                counts: false,
            })?;
            self.try_note(WorkEvent::Released {
                task,
                epoch,
                reason: "its supervisor ended".into(),
            })?;
        }
        for turn in turns {
            let usage = Default::default();
            self.try_note(WorkEvent::Settled { turn, usage })?;
        }
        self.put_all_away()?;
        self.with
            .runner
            .delete_aside(self.is_aborted().then(|| began + DELETING));
        match over {
            true => Ok(()),
            false => self.follow_tip(),
        }
    }

    fn is_aborted(&self) -> bool {
        matches!(self.work.board().phase, WorkPhase::Aborted { .. })
    }

    /// What becomes of worktrees now.
    fn putting_away(&self) -> PutAway {
        match self.work.board().start.policy.keep_worktrees {
            true => PutAway::Stay,
            false if self.is_aborted() => PutAway::Aside,
            false => PutAway::Remove,
        }
    }

    /// Puts away every worktree whose attempt has ended, and clears away those in which no actor ever was.
    fn put_all_away(&mut self) -> Result<(), WorkError> {
        let board = self.work.board();
        let mut left = Vec::new();
        for (id, record) in &board.tasks {
            for attempt in &record.attempts {
                let unused = attempt.worktree == WorktreePhase::None {};
                if (attempt.worktree.path().is_some() || unused) && !attempt.phase.is_open() {
                    left.push(AttemptKey {
                        task: id.clone(),
                        epoch: attempt.epoch,
                        attempt: attempt.attempt,
                        generation: record.task.generation,
                    });
                }
            }
        }
        let mut used = Vec::new();
        for key in left {
            let assignment = self.work.kept(&place(&key, "assignment"))?;
            let worktree = self.work.kept(&place(&key, "worktree"))?;
            let assignment: Option<Assignment> =
                assignment.and_then(|assignment| serde_json::from_slice(&assignment).ok());
            let worktree: Option<Worktree> =
                worktree.and_then(|worktree| serde_json::from_slice(&worktree).ok());
            match (assignment, worktree) {
                (Some(assignment), Some(worktree)) => used.push((key, assignment, worktree)),
                (Some(assignment), None) => {
                    if let Err(why) = self.with.runner.clear_unused(&assignment) {
                        self.stays(&key, &why)?;
                    }
                }
                (None, _) => {}
            }
        }
        self.with.runner.settle();
        for some in used.chunks(TOGETHER) {
            let then = self.putting_away();
            let runner = &self.with.runner;
            // Each is a repository's worth of files to read and to remove: an abort is not to wait for one after the other.
            let put: Vec<_> = std::thread::scope(|scope| {
                let putting: Vec<_> = some
                    .iter()
                    .map(|(_, assignment, worktree)| {
                        scope.spawn(move || runner.put_away(assignment, worktree, then))
                    })
                    .collect();
                let broke = |_| Err("putting it away broke".to_owned());
                let put = putting.into_iter();
                put.map(|put| put.join().unwrap_or_else(broke)).collect()
            });
            for ((key, _, worktree), put) in some.iter().zip(put) {
                self.is_put_away(key, worktree, put, then)?;
            }
        }
        Ok(())
    }

    /// Puts what is uncommitted in a worktree into a ref, and removes it unless it is to stay.
    pub(super) fn put_away(
        &mut self,
        assignment: &Assignment,
        worktree: Option<&Worktree>,
        key: &AttemptKey,
    ) -> Result<(), WorkError> {
        let Some(worktree) = worktree else {
            return Ok(());
        };
        let then = self.putting_away();
        self.with.runner.settle();
        let put = self.with.runner.put_away(assignment, worktree, then);
        self.is_put_away(key, worktree, put, then)
    }

    /// Writes down what became of a worktree: the ref that holds what was uncommitted in it, or why it stays.
    fn is_put_away(
        &mut self,
        key: &AttemptKey,
        worktree: &Worktree,
        put: Result<Option<String>, String>,
        then: PutAway,
    ) -> Result<(), WorkError> {
        match put {
            Ok(salvage) => {
                let (task, attempt) = (key.task.clone(), key.attempt);
                if let Some(salvage) = salvage {
                    self.try_note(WorkEvent::Salvaged {
                        task,
                        attempt,
                        salvage,
                    })?;
                }
                match then {
                    PutAway::Stay => Ok(()),
                    PutAway::Remove | PutAway::Aside => self.removed(key),
                }
            }
            // It stays where it is, with everything in it, and the next supervisor tries again.
            Err(why) => {
                let why = format!("{}: {why}", worktree.path.display());
                self.stays(key, &why)
            }
        }
    }

    fn stays(&mut self, key: &AttemptKey, why: &str) -> Result<(), WorkError> {
        let text = format!("its worktree stays where it is: {why}");
        let (task, by) = (key.task.clone(), "poag".to_owned());
        self.try_note(WorkEvent::Said { task, by, text })?;
        Ok(())
    }

    fn removed(&mut self, key: &AttemptKey) -> Result<(), WorkError> {
        let (task, attempt) = (key.task.clone(), key.attempt);
        self.try_note(WorkEvent::WorktreeRemoved { task, attempt })?;
        Ok(())
    }

    /// A job that was stopped, or broke.
    pub(super) fn job_stopped(&mut self, _stopped: &JoinError) -> Result<(), WorkError> {
        // Of those that are gone, the attempt's lease has ended, or it ends now.
        let gone: Vec<TaskId> = self
            .running
            .iter()
            .filter(|(_, running)| running.stop.is_finished())
            .map(|(id, _)| id.clone())
            .collect();
        for id in gone {
            let Some(running) = self.running.remove(&id) else {
                continue;
            };
            self.try_note(WorkEvent::AttemptEnded {
                task: id,
                epoch: running.key.epoch,
                end: AttemptEnd::Crashed {},
                log: "it broke in the middle".into(),
                not_before: 0,
                counts: true,
            })?;
            self.try_note(WorkEvent::Settled {
                turn: running.key.name(),
                usage: Default::default(),
            })?;
            // Of a work that was aborted, all are put away together.
            if !self.is_aborted() {
                let worktree = running.worktree.as_ref();
                self.put_away(&running.assignment, worktree, &running.key)?;
            }
        }
        Ok(())
    }
}
