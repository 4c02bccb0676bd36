//! Attempts: who takes which task, and what becomes of it.

use std::sync::Arc;

use poag_core::work::axis::{AttemptPhase, TaskPhase};
use poag_core::work::matching::Nobody;
use poag_core::work::policy::WorkBudget;
use poag_core::work::{
    Actor, Assignment, Outcome, OutcomeKind, Proof, TaskId, TaskRecord, WorkEvent, WorkPhase,
};
use poag_git::work::Worktree;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::bid::Bidding;
use super::{Job, RunnerNews, Supervisor, Unproven};
use crate::work::{ClaimRequest, WorkError, assign};

/// Tasks of one expert that are claimed at once, at most.
const TRAJECTORY: usize = 8;
/// What one turn of a paid backend is thought to cost at most, in US dollars and tokens received, where the budget does not
/// say what one task may: the most that a session of a coding agent on one task was seen to take (AGENT-CLIS-WRITING.md).
const TURN_USD: f64 = 1.0;
const TURN_OUTPUT_TOKENS: u64 = 64_000;

/// Which attempt something is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct AttemptKey {
    pub task: TaskId,
    pub epoch: u64,
    pub attempt: u32,
    pub generation: u32,
}

impl AttemptKey {
    /// Its name, unique in the work.
    pub fn name(&self) -> String {
        format!("{}/{}/{}", self.task, self.generation, self.attempt)
    }
}

/// An attempt under way.
pub(super) struct RunningAttempt {
    pub key: AttemptKey,
    pub assignment: Arc<Assignment>,
    pub worktree: Option<Worktree>,
    pub stop: AbortHandle,
    /// Its lease has ended, and it is being stopped.
    pub over: bool,
}

/// What an attempt tells before it ends.
pub(super) enum Told {
    /// It waits for the word to be written, so that no actor works in a worktree of which nobody knows.
    Worktree(Box<Worktree>, oneshot::Sender<()>),
    News(RunnerNews),
    /// Its actor says how it went.
    Outcome(Box<Outcome>),
}

/// How an attempt ended.
pub(super) enum AttemptResult {
    Proven(Proof),
    Unproven(Unproven),
    /// Its actor says that it is not done.
    NotDone(Outcome),
    TimedOut,
    /// Something of poag's own failed.
    Broken(String),
}

/// Who does which task next.
enum Choice {
    Claim(TaskId, String),
    /// Nobody can, and waiting does not help.
    Nobody(TaskId, String),
    Wait,
}

/// Tokens of context that a task needs at least.
fn tokens(record: &TaskRecord) -> u64 {
    (record.task.prompt.len() / 3) as u64
}

impl Supervisor<'_, '_> {
    /// Begins what can begin.
    pub(super) fn attempt_step(&mut self) -> Result<bool, WorkError> {
        if self.work.board().phase != (WorkPhase::Running {}) {
            return Ok(false);
        }
        let mut moved = self.go_on_with_leases()?;
        let now = self.work.now();
        let parallel = self.work.board().start.policy.parallel as usize;
        while self.running.len() < parallel {
            // A bid is for one task.
            let (choice, trajectory) = match self.work.board().start.policy.bids {
                true => (self.choose_by_bids(now)?, 1),
                false => (self.choose(now)?, TRAJECTORY),
            };
            let (task, actor) = match choice {
                Choice::Claim(task, actor) => (task, actor),
                Choice::Nobody(task, question) => {
                    let epoch = None;
                    self.try_note(WorkEvent::Asked {
                        task,
                        epoch,
                        question,
                    })?;
                    moved = true;
                    continue;
                }
                Choice::Wait => break,
            };
            let request = ClaimRequest {
                actor,
                task: Some(task),
                trajectory,
                supervised: true,
            };
            match self.work.claim(&request) {
                Ok(_) => {}
                Err(WorkError::Refused(_)) => break,
                Err(error) => return Err(error),
            }
            moved = true;
            self.go_on_with_leases()?;
        }
        Ok(moved)
    }

    /// The first ready task that somebody can do, with who does it best.
    fn choose(&self, now: i64) -> Result<Choice, WorkError> {
        let board = self.work.board();
        let mut choice = Choice::Wait;
        for record in board.ready(now) {
            let id = || record.task.id.clone();
            match self.finishing(record, now)? {
                Some(Ok(actor)) => return Ok(Choice::Claim(id(), actor)),
                Some(Err(())) => continue,
                None => {}
            }
            let track = |actor: &str| self.with.track.of(actor);
            match board.best(record, tokens(record), now, track) {
                Ok(actor) => return Ok(Choice::Claim(id(), actor.name.clone())),
                Err(none) if !none.passes() => choice = Choice::Nobody(id(), none.to_string()),
                Err(_) => {}
            }
        }
        Ok(choice)
    }

    /// Who finished a task before poag was killed: it is proven for that actor, and for nobody else. An error where that
    /// actor cannot take it now.
    fn finishing(
        &self,
        record: &TaskRecord,
        now: i64,
    ) -> Result<Option<Result<String, ()>>, WorkError> {
        let Some(actor) = self.finisher(record)? else {
            return Ok(None);
        };
        let fits = self.work.board().fits(actor, record, tokens(record), now);
        Ok(match fits {
            Ok(()) => Some(Ok(actor.name.clone())),
            Err(unfit) if unfit.passes() => Some(Err(())),
            Err(_) => None,
        })
    }

    /// The same where several can do a task by what they bid for it.
    fn choose_by_bids(&mut self, now: i64) -> Result<Choice, WorkError> {
        let ready = self.work.board().ready(now);
        let ready: Vec<TaskId> = ready.map(|record| record.task.id.clone()).collect();
        let mut choice = Choice::Wait;
        for id in ready {
            let board = self.work.board();
            let Some(record) = board.task(id.as_str()) else {
                continue;
            };
            match self.finishing(record, now)? {
                Some(Ok(actor)) => return Ok(Choice::Claim(id, actor)),
                Some(Err(())) => continue,
                None => {}
            }
            let (fitting, unfit) = board.fitting(record, tokens(record), now);
            match &fitting[..] {
                [] => {
                    let none = Nobody(unfit);
                    if !none.passes() {
                        choice = Choice::Nobody(id, none.to_string());
                    }
                }
                // One alone need not be asked; who declined before is not asked to do it after all.
                [one] if record.bids.is_empty() && unfit.is_empty() => {
                    return Ok(Choice::Claim(id, one.name.clone()));
                }
                _ => {
                    let fitting: Vec<Actor> = fitting.into_iter().cloned().collect();
                    match self.bidding(&id, &fitting)? {
                        Bidding::Won(actor) => return Ok(Choice::Claim(id, actor)),
                        Bidding::Open => {}
                        // Somebody who is busy now may bid yet.
                        Bidding::Nobody(_) if Nobody(unfit.clone()).passes() => {}
                        Bidding::Nobody(question) => choice = Choice::Nobody(id, question),
                    }
                }
            }
        }
        Ok(choice)
    }

    /// Begins an attempt at each task that is leased here and not being tried, or puts it aside.
    fn go_on_with_leases(&mut self) -> Result<bool, WorkError> {
        let now = self.work.now();
        let board = self.work.board();
        let held = board.leases.values().filter(|lease| lease.supervised);
        let idle: Vec<TaskId> = held
            .flat_map(|lease| lease.tasks.iter())
            .filter(|id| !self.running.contains_key(*id))
            .filter(|id| {
                let record = board.task(id.as_str());
                record.is_some_and(|record| record.not_before <= now)
            })
            .cloned()
            .collect();
        let mut moved = false;
        for id in idle {
            let board = self.work.board();
            let Some(record) = board.task(id.as_str()) else {
                continue;
            };
            let before_it_done = record.missing.iter().all(|missing| {
                let found = board.task(missing.as_str()).map(|record| &record.phase);
                matches!(found, Some(TaskPhase::InReview {} | TaskPhase::Queued {}))
            });
            if !before_it_done || record.phase != (TaskPhase::Leased {}) {
                continue;
            }
            let policy = &board.start.policy;
            let tried = record.counted >= record.task.max_attempts;
            if tried || record.failures >= policy.park_after {
                let last = record.attempts.last();
                let why = last.map_or_else(String::new, |last| match &last.phase {
                    AttemptPhase::Failed { reason } => reason.clone(),
                    phase => phase.word().to_owned(),
                });
                let reason = match record.counted {
                    1 => format!("its one attempt came to nothing: {why}"),
                    count => format!("{count} attempts came to nothing, the last: {why}"),
                };
                moved |= self.try_note(WorkEvent::Parked { task: id, reason })?;
                continue;
            }
            moved |= self.begin(&id)?;
        }
        Ok(moved)
    }

    /// Begins the next attempt at a task that is leased here: with what the actor of the one before had finished when poag was
    /// killed, it is only proven.
    fn begin(&mut self, id: &TaskId) -> Result<bool, WorkError> {
        let board = self.work.board();
        let Some(record) = board.task(id.as_str()) else {
            return Ok(false);
        };
        let mut assignment =
            assign::assignment(board, record, &self.with.graph, &self.with.repository)?;
        let finished = self.unread(record)?;
        let finished = finished.filter(|(before, _)| before.actor.name == assignment.actor.name);
        let outcome = finished.map(|(before, outcome)| {
            assignment.base = before.base;
            outcome
        });
        let timeout = assignment.task.timeout_seconds;
        let Some(seconds) = self.attempt_seconds(id, timeout)? else {
            return self.try_note(WorkEvent::Asked {
                task: id.clone(),
                epoch: Some(assignment.epoch),
                question: "the wall clock that its budget gives it is over; what now?".into(),
            });
        };
        assignment.task.timeout_seconds = seconds;
        let key = AttemptKey {
            task: id.clone(),
            epoch: assignment.epoch,
            attempt: assignment.attempt,
            generation: assignment.task.generation,
        };
        let mut events = Vec::new();
        if outcome.is_none() {
            let (usd, output_tokens) = turn_cost(&board.start.policy.budget, &assignment.actor);
            events.push(WorkEvent::Reserved {
                turn: key.name(),
                task: id.clone(),
                usd,
                output_tokens,
            });
        }
        events.push(WorkEvent::AttemptStarted {
            task: id.clone(),
            epoch: key.epoch,
            attempt: key.attempt,
            speaks_as: Some(assignment.task.expert.clone()),
        });
        let given = serde_json::to_vec(&assignment).unwrap_or_default();
        match self.note_with(&events, &[(place(&key, "assignment"), given)]) {
            Ok(()) => {}
            Err(WorkError::Refused(refusal @ poag_core::work::BoardRefusal::Budget { .. })) => {
                let question = refusal.to_string();
                return self.try_note(WorkEvent::Asked {
                    task: id.clone(),
                    epoch: Some(key.epoch),
                    question,
                });
            }
            Err(error) => return Err(error),
        }
        let assignment = Arc::new(assignment);
        let stop = self.jobs.spawn(attempt(
            Arc::clone(&self.with.runner),
            (Arc::clone(&assignment), outcome),
            key.clone(),
            self.tell.clone(),
        ));
        let running = RunningAttempt {
            key,
            assignment,
            worktree: None,
            stop,
            over: false,
        };
        self.running.insert(id.clone(), running);
        Ok(true)
    }
}

/// What a turn of an actor may cost at most, in US dollars and tokens received.
pub(super) fn turn_cost(budget: &WorkBudget, actor: &Actor) -> (f64, u64) {
    if actor.backend == poag_agent::command::NAME {
        return (0.0, 0);
    }
    let usd = budget.task_usd.unwrap_or(TURN_USD).min(TURN_USD);
    let tokens = budget.task_output_tokens.unwrap_or(TURN_OUTPUT_TOKENS);
    (usd, tokens.min(TURN_OUTPUT_TOKENS))
}

/// The name of something that is kept of an attempt.
pub(super) fn place(key: &AttemptKey, what: &str) -> String {
    format!("attempt/{}/{what}", key.name())
}

/// One attempt from its worktree to its proof; with an outcome that is there already, no actor is asked.
async fn attempt(
    runner: Arc<dyn super::AttemptRunner>,
    (assignment, finished): (Arc<Assignment>, Option<Outcome>),
    key: AttemptKey,
    tell: tokio::sync::mpsc::UnboundedSender<(AttemptKey, Told)>,
) -> Job {
    let ended = |result| Job::Attempt(key.clone(), Box::new(result));
    // Nobody hears it any more when the supervisor is gone; then this is being dropped, too.
    let say = |told| drop(tell.send((key.clone(), told)));
    let making = (Arc::clone(&runner), Arc::clone(&assignment));
    let made = tokio::task::spawn_blocking(move || making.0.worktree(&making.1)).await;
    let worktree = match made {
        Ok(Ok(worktree)) => worktree,
        Ok(Err(reason)) => return ended(AttemptResult::Broken(reason)),
        Err(broken) => return ended(AttemptResult::Broken(broken.to_string())),
    };
    let (write, written) = oneshot::channel();
    say(Told::Worktree(Box::new(worktree.clone()), write));
    if written.await.is_err() {
        let reason = "its lease had ended before its actor began".to_owned();
        return ended(AttemptResult::Broken(reason));
    }
    let outcome = match finished {
        Some(outcome) => outcome,
        None => {
            let limit = std::time::Duration::from_secs(assignment.task.timeout_seconds);
            let mut news = |news| say(Told::News(news));
            let working = runner.attempt(&assignment, &worktree, &mut news);
            match tokio::time::timeout(limit, working).await {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(reason)) => return ended(AttemptResult::Broken(reason)),
                Err(_) => return ended(AttemptResult::TimedOut),
            }
        }
    };
    say(Told::Outcome(Box::new(outcome.clone())));
    if outcome.outcome != OutcomeKind::Done {
        return ended(AttemptResult::NotDone(outcome));
    }
    match runner.prove(&assignment, &worktree, &outcome).await {
        Ok(Ok(proof)) => ended(AttemptResult::Proven(proof)),
        Ok(Err(unproven)) => ended(AttemptResult::Unproven(unproven)),
        Err(reason) => ended(AttemptResult::Broken(reason)),
    }
}
