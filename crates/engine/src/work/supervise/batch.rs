//! Tasks that wait at the same time are merged and checked together, and taken apart where they are red together.

use std::collections::BTreeMap;
use std::path::PathBuf;

use poag_core::work::{CheckOutcome, TaskId, TaskRecord, WorkEvent, from_plan};
use poag_git::work::{Batch, BatchStep, Candidate, MAX_BATCH, WorkGitError};

use super::checkout::{CheckoutPlace, checks_in_checkout};
use super::{Job, Supervisor};
use crate::work::WorkError;

/// Tasks that are merged together. A supervisor that dies loses no more of it than which checks it took so far.
pub(super) struct MergeBatch {
    /// In the order of the queue.
    tasks: Vec<TaskId>,
    /// Which of them, by position, are to be checked next.
    state: Batch,
    /// Those whose merge is being checked.
    checking: Vec<TaskId>,
    /// What was said of the merge that a task was the last in, where it was red.
    said: BTreeMap<TaskId, String>,
}

impl MergeBatch {
    /// Whether checks run.
    pub fn is_checking(&self) -> bool {
        !self.checking.is_empty()
    }

    fn at(&self, positions: &[usize]) -> Vec<TaskId> {
        let found = positions.iter().filter_map(|at| self.tasks.get(*at));
        found.cloned().collect()
    }

    /// Takes in what was said of a merge of these tasks.
    fn checked(&mut self, tasks: &[TaskId], red: Option<String>) {
        self.state.checked(red.is_none());
        if let (Some(log), Some(last)) = (red, tasks.last()) {
            self.said.insert(last.clone(), log);
        }
    }
}

impl Supervisor<'_, '_> {
    /// Takes as many of these tasks as merge with each other, in their order.
    pub(super) fn begin_batch(&mut self, free: Vec<TaskId>) -> Result<bool, WorkError> {
        let mut tasks: Vec<TaskId> = Vec::new();
        for id in free {
            tasks.push(id);
            match self.merged(&tasks)? {
                Ok(_) => {}
                // It does not merge with the branch as it is.
                Err(log) if tasks.len() == 1 => {
                    return self.try_note(WorkEvent::CandidateRed { tasks, log });
                }
                // It does not merge with those before it: it waits until it is known whether they land.
                Err(_) => {
                    tasks.pop();
                }
            }
            if tasks.len() == MAX_BATCH {
                break;
            }
        }
        if tasks.is_empty() {
            return Ok(false);
        }
        self.batch = Some(MergeBatch {
            state: Batch::new(tasks.len()),
            checking: Vec::new(),
            said: BTreeMap::new(),
            tasks,
        });
        Ok(true)
    }

    /// Has the next merge checked, or lands what is green and tells what is red.
    pub(super) fn batch_step(&mut self) -> Result<bool, WorkError> {
        let Some(batch) = &self.batch else {
            return Ok(false);
        };
        let (land, red) = match batch.state.step() {
            BatchStep::Check(positions) => {
                let tasks = batch.at(&positions);
                return self.check_together(tasks);
            }
            BatchStep::Over { land, red } => (batch.at(&land), batch.at(&red)),
        };
        let mut said = self
            .batch
            .take()
            .map(|batch| batch.said)
            .unwrap_or_default();
        let first = land.first();
        let first = first.and_then(|id| self.work.board().task(id.as_str()));
        if let Some((tasks, commit)) = first.and_then(|record| self.green(record)) {
            self.land_tasks(tasks, commit)?;
        }
        for id in red {
            let log = said.remove(&id).unwrap_or_default();
            // One that was red alone is so already.
            let tasks = vec![id];
            self.try_note(WorkEvent::CandidateRed { tasks, log })?;
        }
        Ok(true)
    }

    /// A merge of tasks onto the tip, or why there is none.
    fn merged(&self, tasks: &[TaskId]) -> Result<Result<Candidate, String>, WorkError> {
        let board = self.work.board();
        let mut merges = Vec::with_capacity(tasks.len());
        for id in tasks {
            let record = board.task(id.as_str());
            let Some((record, proof)) = record.and_then(|one| Some((one, one.proof.as_ref()?)))
            else {
                return Ok(Err(format!("nothing of {id} is proven")));
            };
            let title = &record.task.title;
            let message = format!("{title}\n\nTask: {id}\nWork: {}", self.work.id());
            merges.push((proof.commit.as_str(), message));
        }
        let merges: Vec<(&str, &str)> = merges
            .iter()
            .map(|(commit, message)| (*commit, message.as_str()))
            .collect();
        let repository = &self.with.repository;
        match repository.candidate(&board.tip, &merges, &self.identity) {
            Ok(candidate) => Ok(Ok(candidate)),
            Err(conflict @ WorkGitError::Conflict { .. }) => Ok(Err(conflict.to_string())),
            Err(error) => Err(error.into()),
        }
    }

    /// Checks a merge of tasks in a checkout of exactly its tree.
    fn check_together(&mut self, tasks: Vec<TaskId>) -> Result<bool, WorkError> {
        let candidate = match self.merged(&tasks)? {
            Ok(candidate) => candidate,
            Err(log) => {
                if let Some(batch) = &mut self.batch {
                    batch.checked(&tasks, Some(log));
                }
                return Ok(true);
            }
        };
        let commit = candidate.commit.clone();
        let made = WorkEvent::CandidateMade {
            tasks: tasks.clone(),
            tree: candidate.tree,
            commit: candidate.commit,
            onto: candidate.onto,
        };
        let begun = WorkEvent::CandidateChecking {
            tasks: tasks.clone(),
        };
        if !self.try_note(made)? || !self.try_note(begun)? {
            // Somebody took one of them out of the queue.
            self.batch = None;
            return Ok(true);
        }
        let checks = self.checks_of(&tasks);
        let names: Vec<&str> = tasks.iter().map(TaskId::as_str).collect();
        let reason = format!("poag checks the merge of {}", names.join(", "));
        if let Some(batch) = &mut self.batch {
            batch.checking = tasks;
        }
        self.run_checks(commit, reason, checks);
        Ok(true)
    }

    /// Begins checks in a checkout of a commit.
    fn run_checks(&mut self, commit: String, reason: String, checks: Vec<(PathBuf, Vec<String>)>) {
        let folder = format!("{}-{commit}", self.work.id());
        let place = CheckoutPlace {
            folder: self.with.folder.join(folder),
            commit,
            what: "the merge",
            reason,
        };
        let (repository, runner) = (self.with.repository.clone(), self.with.runner.clone());
        self.jobs.spawn(async move {
            Job::Checked(checks_in_checkout(repository, runner, place, checks).await)
        });
    }

    /// (folder, commands) whose checks must be green, each once: of the flakes that are changed, and of those that take a
    /// contract that is touched, unless they have a task of their own that comes after these.
    fn checks_of(&self, tasks: &[TaskId]) -> Vec<(PathBuf, Vec<String>)> {
        let board = self.work.board();
        let records: Vec<&TaskRecord> = tasks
            .iter()
            .filter_map(|id| board.task(id.as_str()))
            .collect();
        let mut checks: Vec<(PathBuf, Vec<String>)> = Vec::new();
        let mut add = |folder: &str, commands: &[String]| {
            let one = (PathBuf::from(folder), commands.to_vec());
            if !checks.contains(&one) {
                checks.push(one);
            }
        };
        for record in &records {
            add(&record.task.working_dir, &record.task.checks);
        }
        let graph = &self.with.graph;
        for record in records {
            let Some(expert) = graph.expert(&record.task.expert) else {
                continue;
            };
            let changed = record.proof.iter().flat_map(|proof| proof.changed.iter());
            let changed = changed.filter_map(|path| expert.path_within(path));
            let touched = from_plan::touched(expert, changed);
            for name in from_plan::consumers(graph, &expert.name, &touched) {
                let comes_after = board.tasks.values().any(|one| {
                    let open = !one.phase.is_ended() && !tasks.contains(&one.task.id);
                    open && one.task.expert == name
                });
                let consumer = graph.expert(&name);
                if let Some(consumer) = consumer.filter(|one| one.is_local() && !comes_after) {
                    add(consumer.dir(), &consumer.checks);
                }
            }
        }
        checks
    }

    /// Writes down what the checks of a candidate said.
    pub(super) fn candidate_checked(&mut self, checks: Vec<CheckOutcome>) -> Result<(), WorkError> {
        let Some(batch) = &mut self.batch else {
            return Ok(());
        };
        let tasks = std::mem::take(&mut batch.checking);
        let red = checks.iter().find(|check| !check.green);
        let red = red.map(|red| {
            let before = tasks.len().saturating_sub(1);
            let others = tasks.iter().take(before).map(TaskId::as_str);
            let with = match before {
                0 => String::new(),
                _ => format!(" with {}", others.collect::<Vec<_>>().join(", ")),
            };
            format!("merged{with}, `{}` is red:\n{}", red.command, red.log)
        });
        batch.checked(&tasks, red.clone());
        let noted = self.try_note(match red {
            None => WorkEvent::CandidateGreen { tasks, checks },
            Some(log) => WorkEvent::CandidateRed { tasks, log },
        })?;
        if !noted {
            // Somebody took one of them out of the queue.
            self.batch = None;
        }
        Ok(())
    }
}
