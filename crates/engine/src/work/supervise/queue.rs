//! The merge queue: what is checked is what the work's branch becomes.

use std::path::PathBuf;

use poag_core::work::axis::MergePhase;
use poag_core::work::{CheckOutcome, TaskId, TaskRecord, WorkEvent, WorkPhase, from_plan};
use poag_git::work::WorkGitError;

use super::{Job, Supervisor};
use crate::work::WorkError;

impl Supervisor<'_, '_> {
    /// Takes the first task of the queue one step further.
    pub(super) fn queue_step(&mut self) -> Result<bool, WorkError> {
        let board = self.work.board();
        if board.phase != (WorkPhase::Running {}) || self.checking.is_some() {
            return Ok(false);
        }
        // A task of a trajectory waits for those before it; others need not wait for it.
        let free = |id: &&TaskId| {
            let record = board.task(id.as_str());
            record.is_some_and(|record| record.missing.is_empty())
        };
        let Some(id) = board.queue.iter().find(free).cloned() else {
            return Ok(false);
        };
        let Some(record) = board.task(id.as_str()) else {
            return Ok(false);
        };
        match &record.merge {
            MergePhase::None {} | MergePhase::Checking { .. } => self.make_candidate(&id),
            MergePhase::Candidate { onto, .. } if *onto != board.tip => self.make_candidate(&id),
            MergePhase::Candidate { commit, .. } => {
                let commit = commit.clone();
                self.check_candidate(&id, &commit)
            }
            MergePhase::Green { commit, .. } => {
                let commit = commit.clone();
                self.land_task(&id, &commit)
            }
            MergePhase::Red { log } => {
                let log = log.clone();
                self.send_back(&id, &log)?;
                Ok(true)
            }
            MergePhase::Landed { .. } | MergePhase::Reverted { .. } => Ok(false),
        }
    }

    fn make_candidate(&mut self, id: &TaskId) -> Result<bool, WorkError> {
        let board = self.work.board();
        let Some(proof) = board
            .task(id.as_str())
            .and_then(|record| record.proof.clone())
        else {
            return Ok(false);
        };
        let tip = board.tip.clone();
        let title = board
            .task(id.as_str())
            .map_or("", |record| record.task.title.as_str());
        let message = format!("{title}\n\nTask: {id}\nWork: {}", self.work.id());
        let merges = [(proof.commit.as_str(), message.as_str())];
        let made = self
            .with
            .repository
            .candidate(&tip, &merges, &self.identity);
        let event = match made {
            Ok(candidate) => WorkEvent::CandidateMade {
                task: id.clone(),
                tree: candidate.tree,
                commit: candidate.commit,
                onto: candidate.onto,
            },
            Err(conflict @ WorkGitError::Conflict { .. }) => WorkEvent::CandidateRed {
                task: id.clone(),
                log: conflict.to_string(),
            },
            Err(error) => return Err(error.into()),
        };
        self.try_note(event)
    }

    /// Checks the candidate in a checkout of exactly its tree: the flake that it changes, and those that take a contract
    /// that it touches, unless they have a task of their own that comes after it.
    fn check_candidate(&mut self, id: &TaskId, commit: &str) -> Result<bool, WorkError> {
        let Some(record) = self.work.board().task(id.as_str()) else {
            return Ok(false);
        };
        let checks = self.checks_of(record);
        let task = id.clone();
        self.note(WorkEvent::CandidateChecking { task })?;
        let folder = self
            .with
            .folder
            .join(format!("{}-{commit}", self.work.id()));
        let (repository, runner) = (self.with.repository.clone(), self.with.runner.clone());
        let (task, commit) = (id.clone(), commit.to_owned());
        let reason = format!("poag checks the merge of {task}");
        self.checking = Some(id.clone());
        self.jobs.spawn(async move {
            let failed = |why: String| {
                vec![CheckOutcome {
                    command: "check out the merge".into(),
                    log: why,
                    ..CheckOutcome::default()
                }]
            };
            let made = {
                let (repository, folder) = (repository.clone(), folder.clone());
                tokio::task::spawn_blocking(move || repository.checkout(&folder, &commit, &reason))
                    .await
            };
            let checkout = match made {
                Ok(Ok(checkout)) => checkout,
                Ok(Err(error)) => return Job::Checked(task, failed(error.to_string())),
                Err(error) => return Job::Checked(task, failed(error.to_string())),
            };
            let mut outcomes = Vec::new();
            for (below, commands) in checks {
                let place = checkout.path.join(below);
                let ran = runner.checks(&checkout.path, &place, &commands).await;
                let red = ran.iter().any(|outcome| !outcome.green);
                outcomes.extend(ran);
                if red {
                    break;
                }
            }
            let removing =
                tokio::task::spawn_blocking(move || repository.remove_checkout(&checkout));
            // One that cannot be removed is in nobody's way: its name is that of this commit.
            let _ = removing.await;
            Job::Checked(task, outcomes)
        });
        Ok(true)
    }

    /// (folder, commands) of the flakes whose checks must be green.
    fn checks_of(&self, record: &TaskRecord) -> Vec<(PathBuf, Vec<String>)> {
        let board = self.work.board();
        let mut checks = vec![(
            PathBuf::from(&record.task.working_dir),
            record.task.checks.clone(),
        )];
        let graph = &self.with.graph;
        let Some(expert) = graph.expert(&record.task.expert) else {
            return checks;
        };
        let changed = record.proof.iter().flat_map(|proof| proof.changed.iter());
        let changed = changed.filter_map(|path| expert.path_within(path));
        let touched = from_plan::touched(expert, changed);
        for name in from_plan::consumers(graph, &expert.name, &touched) {
            let open = board.tasks.values().any(|one| {
                one.task.expert == name && !one.phase.is_ended() && one.task.id != record.task.id
            });
            let consumer = graph
                .expert(&name)
                .filter(|consumer| consumer.is_local() && !open);
            if let Some(consumer) = consumer {
                checks.push((PathBuf::from(consumer.dir()), consumer.checks.clone()));
            }
        }
        checks
    }

    /// Writes down what the checks of a candidate said.
    pub(super) fn candidate_checked(
        &mut self,
        id: &TaskId,
        checks: Vec<CheckOutcome>,
    ) -> Result<(), WorkError> {
        self.checking = None;
        let task = id.clone();
        let red = checks.iter().find(|check| !check.green);
        let event = match red {
            None => WorkEvent::CandidateGreen { task, checks },
            Some(red) => WorkEvent::CandidateRed {
                task,
                log: format!("merged, `{}` is red:\n{}", red.command, red.log),
            },
        };
        self.try_note(event)?;
        Ok(())
    }

    fn land_task(&mut self, id: &TaskId, commit: &str) -> Result<bool, WorkError> {
        let landed = self.try_note(WorkEvent::TaskLanded {
            task: id.clone(),
            commit: commit.to_owned(),
        })?;
        if !landed {
            // The tip has moved on: it begins again on the new one.
            self.try_note(WorkEvent::CandidateRed {
                task: id.clone(),
                log: "the tip has moved on".into(),
            })?;
        }
        self.follow_tip()?;
        Ok(true)
    }

    /// Sends a task back to its author, or asks a person where that was often enough.
    pub(super) fn send_back(&mut self, id: &TaskId, log: &str) -> Result<(), WorkError> {
        let board = self.work.board();
        let rounds = board.task(id.as_str()).map_or(0, |record| record.rounds);
        let event = match rounds >= board.start.policy.rounds {
            true => WorkEvent::Asked {
                task: id.clone(),
                epoch: None,
                question: format!("it was sent back {rounds} times, and still: {log}"),
            },
            false => WorkEvent::SentBack {
                task: id.clone(),
                log: log.to_owned(),
            },
        };
        self.try_note(event)?;
        Ok(())
    }

    /// Moves the work's branch to where its events say it is; forward only.
    pub(super) fn follow_tip(&mut self) -> Result<(), WorkError> {
        let board = self.work.board();
        let (branch, tip) = (board.start.branch.clone(), board.tip.clone());
        let repository = &self.with.repository;
        match repository.reference(&branch)? {
            None => repository.move_reference(&branch, &tip, None)?,
            Some(at) if at == tip => {}
            Some(at) if repository.is_ancestor(&at, &tip)? => {
                repository.move_reference(&branch, &tip, Some(&at))?;
            }
            // Somebody else moved it: nothing is lost, and nothing is overwritten.
            Some(at) => return Err(WorkError::BranchMoved { branch, at }),
        }
        Ok(())
    }
}
