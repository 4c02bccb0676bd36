//! Does what a work needs until nothing can be done without a person: claims ready tasks, has attempts made and reviewed,
//! merges what is approved. One supervisor for a work at a time; it begins on demand and ends when it is idle.
//!
//! It decides from the board alone, and writes every event before it takes effect, so that the next supervisor goes on where
//! this one was killed. Nothing asks a model whether there is something to do.

mod attempts;
mod batch;
mod bid;
mod checkout;
mod clock;
mod gate;
mod landing;
mod notice;
mod queue;
mod recover;
mod review;
mod told;
mod turn;
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use poag_agent::Pending;
use poag_core::expert::Graph;
use poag_core::work::view::WorkView;
use poag_core::work::{Assignment, CheckOutcome, Outcome, Proof, TaskId, WorkEvent, WorkPhase};
use poag_git::work::{Identity, WorkRepository, Worktree};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub use turn::Reviewers;

use super::assign::TrackRecords;
use super::notices::{NoticeQueue, NoticeTold};
use super::{NoticeRecipient, OpenWork, WorkError};
use attempts::{AttemptKey, RunningAttempt, Told};

/// How often the ledger is looked at for what others wrote.
const TICK: Duration = Duration::from_millis(200);

/// How long a supervisor on a terminal stays for a second try at telling somebody.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an attempt tells while it is under way.
#[derive(Clone, Debug, PartialEq)]
pub enum RunnerNews {
    /// Its process runs: id, and when it began in milliseconds since 1970 in UTC.
    Started(u32, i64),
    /// Its process ended, with its code; none where a signal ended it.
    Ended(Option<i32>),
    /// What it does, and how far it is, from 0 to 100.
    Line(String, Option<u8>),
}

/// Why a claim is not true, and the log of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unproven {
    /// In one line.
    pub reason: String,
    /// What the next try is told.
    pub log: String,
}

/// What becomes of a worktree whose uncommitted files are in a ref.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PutAway {
    /// It stays, for a person to look at.
    Stay,
    /// It is removed.
    Remove,
    /// It is removed, and its files are deleted later: somebody waits.
    Aside,
}

/// What happens inside one attempt. A dropped future ends every process that it started. Texts of failures end in what to do.
pub trait AttemptRunner: Send + Sync {
    /// Makes the worktree of an attempt, and shows that it is apart from everything else.
    ///
    /// # Errors
    /// When it cannot be made, or is not.
    fn worktree(&self, assignment: &Assignment) -> Result<Worktree, String>;

    /// Lets the actor work in it.
    fn attempt<'a>(
        &'a self,
        assignment: &'a Assignment,
        worktree: &'a Worktree,
        news: &'a mut (dyn FnMut(RunnerNews) + Send),
    ) -> Pending<'a, Result<Outcome, String>>;

    /// Proves what the actor claims: commits, changes nothing else, checks are green.
    fn prove<'a>(
        &'a self,
        assignment: &'a Assignment,
        worktree: &'a Worktree,
        outcome: &'a Outcome,
    ) -> Pending<'a, Result<Result<Proof, Unproven>, String>>;

    /// Waits until nothing lives any more of what a supervisor that died, or let go, had started in worktrees.
    fn settle(&self);

    /// Removes the worktree of an attempt that was made, and that nobody was told of: no actor was ever in it.
    ///
    /// # Errors
    /// When it cannot be removed: then it stays.
    fn clear_unused(&self, assignment: &Assignment) -> Result<(), String>;

    /// Puts what is uncommitted in a worktree into a ref, whose name it gives; then the worktree goes where it has to.
    ///
    /// # Errors
    /// When it cannot be put there; then nothing is removed.
    fn put_away(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
        then: PutAway,
    ) -> Result<Option<String>, String>;

    /// Deletes the files of worktrees that were put aside, of whatever work, up to a time.
    fn delete_aside(&self, until: Option<Instant>);

    /// Runs checks in a folder of a worktree.
    fn checks<'a>(
        &'a self,
        worktree: &'a Path,
        folder: &'a Path,
        checks: &'a [String],
    ) -> Pending<'a, Vec<CheckOutcome>>;
}

/// Sees what happens, each event after it is in the ledger.
pub trait WorkObserver {
    /// Something happened.
    fn event(&mut self, _event: &WorkEvent) {}

    /// Somebody was told of it, or could not be.
    fn told(&mut self, _line: &str) {}

    /// How long the supervisor stays when nothing is left but to tell somebody once more who could not be told.
    fn patience(&self) -> Duration {
        PATIENCE
    }
}

/// Nobody watches.
impl WorkObserver for () {}

/// With what a work is supervised.
pub struct Supervision {
    /// The graph as it was when the work began.
    pub graph: Arc<Graph>,
    /// The repository.
    pub repository: WorkRepository,
    /// What happens inside attempts.
    pub runner: Arc<dyn AttemptRunner>,
    /// Who speaks for reviewers.
    pub reviewers: Arc<Reviewers>,
    /// Folder for checkouts of candidates.
    pub folder: PathBuf,
    /// How actors did before.
    pub track: TrackRecords,
    /// Who is told what becomes of it.
    pub recipients: Vec<NoticeRecipient>,
    /// Gives what a variable holds by whose name a secret is named.
    pub variable: fn(&str) -> Option<String>,
}

/// A supervisor at work.
struct Supervisor<'l, 'o> {
    work: OpenWork<'l>,
    with: Supervision,
    identity: Identity,
    watch: &'o mut dyn WorkObserver,
    running: BTreeMap<TaskId, RunningAttempt>,
    /// Reviews under way, and those that came to nothing: (task, tree, reviewer) → failures.
    reviewing: BTreeSet<(TaskId, String, String)>,
    unreviewed: BTreeMap<(TaskId, String, String), u32>,
    /// The tasks that are being merged.
    batch: Option<batch::MergeBatch>,
    /// Who is asked for a bid for what.
    bids: BTreeSet<(TaskId, String)>,
    /// The milestone whose gate is being checked.
    gate: Option<String>,
    jobs: JoinSet<Job>,
    tell: mpsc::UnboundedSender<(AttemptKey, Told)>,
    told: mpsc::UnboundedReceiver<(AttemptKey, Told)>,
    renewed: i64,
    notices: NoticeQueue<'l>,
    /// Whether something happened since it was last looked at who is to be told.
    news: bool,
}

/// What a job came to.
enum Job {
    Attempt(AttemptKey, Box<attempts::AttemptResult>),
    Review(Box<review::ReviewResult>),
    Checked(Vec<CheckOutcome>),
    Bid(Box<bid::BidResult>),
    Told(NoticeTold),
    /// A milestone, the commit, and what its checks said.
    Gate(String, String, Vec<CheckOutcome>),
}

/// Supervises a work until nothing can be done without a person, or it is over.
///
/// # Errors
/// When another process supervises it, or the ledger or git fails.
pub async fn supervise(
    work: OpenWork<'_>,
    with: Supervision,
    watch: &mut dyn WorkObserver,
) -> Result<WorkView, WorkError> {
    let claim = work.ledger.claim(work.id())?;
    let identity = with.repository.identity()?;
    let (tell, told) = mpsc::unbounded_channel();
    let recipients = with.recipients.clone();
    let notices = NoticeQueue::open(work.ledger, work.id(), recipients, with.variable)?;
    let mut supervisor = Supervisor {
        work,
        with,
        identity,
        watch,
        running: BTreeMap::new(),
        reviewing: BTreeSet::new(),
        unreviewed: BTreeMap::new(),
        batch: None,
        bids: BTreeSet::new(),
        gate: None,
        jobs: JoinSet::new(),
        tell,
        told,
        renewed: 0,
        notices,
        news: true,
    };
    supervisor.recover()?;
    let done = supervisor.run_and_tell().await;
    // What is still under way is ended with its processes, before anything else is done to its worktree.
    supervisor.jobs.shutdown().await;
    supervisor.recover()?;
    drop(claim);
    done?;
    Ok(supervisor.work.view())
}

impl Supervisor<'_, '_> {
    async fn run(&mut self) -> Result<(), WorkError> {
        loop {
            self.look()?;
            match self.work.board().phase {
                WorkPhase::Running {} | WorkPhase::Paused { .. } => {}
                WorkPhase::Aborted { .. }
                | WorkPhase::Landed { .. }
                | WorkPhase::RolledBack { .. } => return Ok(()),
            }
            self.tell_news(false)?;
            let moved = self.step()?;
            if moved {
                continue;
            }
            if self.jobs.is_empty() && !self.may_go_on_alone() {
                return self.land_by_rule();
            }
            tokio::select! {
                Some((key, told)) = self.told.recv() => self.hear(key, told)?,
                Some(done) = self.jobs.join_next() => self.finished(done)?,
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }

    /// Takes in what others wrote.
    fn look(&mut self) -> Result<(), WorkError> {
        for entry in self.work.catch_up()? {
            self.news |= notice::is_news(&entry.event);
            self.watch.event(&entry.event);
        }
        let now = self.work.now();
        self.work.expire(now)?;
        let seconds = self.work.board().start.policy.lease_seconds;
        let third = (seconds.saturating_mul(1000) / 3).cast_signed();
        if now - self.renewed >= third {
            self.renewed = now;
            let held = self.work.board().leases.iter();
            let held: Vec<u64> = held
                .filter(|(_, lease)| lease.supervised)
                .map(|(epoch, _)| *epoch)
                .collect();
            for epoch in held {
                self.work.renew(epoch)?;
            }
        }
        // An attempt whose lease has ended goes no further.
        let board = self.work.board();
        let over: Vec<TaskId> = self
            .running
            .iter()
            .filter(|(id, running)| {
                let lease = board.task(id.as_str()).and_then(|record| record.lease);
                lease != Some(running.key.epoch) && !running.over
            })
            .map(|(id, _)| id.clone())
            .collect();
        for id in over {
            if let Some(running) = self.running.get_mut(&id) {
                running.over = true;
                running.stop.abort();
            }
        }
        Ok(())
    }

    /// Does whatever can be done at once; whether anything was.
    fn step(&mut self) -> Result<bool, WorkError> {
        let mut moved = self.clock_step()?;
        moved |= self.review_step()?;
        moved |= self.queue_step()?;
        moved |= self.gate_step()?;
        moved |= self.attempt_step()?;
        Ok(moved)
    }

    /// Whether something happens by itself later, without any job under way.
    fn may_go_on_alone(&self) -> bool {
        let board = self.work.board();
        if !matches!(board.phase, WorkPhase::Running {}) {
            return false;
        }
        let now = self.work.now();
        // Somebody else has a lease, or a task is to be tried again a little later.
        let elsewhere = board.leases.values().any(|lease| !lease.supervised);
        let later = board.ready(i64::MAX).any(|record| record.not_before > now);
        let held = board
            .tasks
            .values()
            .any(|record| record.lease.is_some() && record.not_before > now);
        let provider = board.ready(now).next().is_some()
            && board.providers.values().any(|health| !health.may_ask(now));
        elsewhere || later || held || provider
    }

    fn finished(&mut self, done: Result<Job, tokio::task::JoinError>) -> Result<(), WorkError> {
        // What was told before it ended comes before its end.
        while let Ok((key, told)) = self.told.try_recv() {
            self.hear(key, told)?;
        }
        match done {
            Ok(Job::Attempt(key, result)) => self.attempt_ended(key, *result),
            Ok(Job::Review(result)) => self.review_ended(*result),
            Ok(Job::Checked(checks)) => self.candidate_checked(checks),
            Ok(Job::Told(told)) => self.notice_told(told),
            Ok(Job::Bid(result)) => self.bid_ended(*result),
            Ok(Job::Gate(milestone, commit, checks)) => {
                self.gate_checked(milestone, commit, checks)
            }
            Err(stopped) => self.job_stopped(&stopped),
        }
    }

    /// Writes an event and shows it.
    fn note(&mut self, event: WorkEvent) -> Result<(), WorkError> {
        self.work.note(&event)?;
        self.news |= notice::is_news(&event);
        self.watch.event(&event);
        Ok(())
    }

    /// Writes events, with things that are kept beside them, all or nothing, and shows them.
    fn note_with(
        &mut self,
        events: &[WorkEvent],
        keep: &[(String, Vec<u8>)],
    ) -> Result<(), WorkError> {
        self.work.note_with(events, keep)?;
        for event in events {
            self.watch.event(event);
        }
        Ok(())
    }

    /// The same, where somebody else may have changed the board in between: then it is not written.
    fn try_note(&mut self, event: WorkEvent) -> Result<bool, WorkError> {
        match self.note(event) {
            Ok(()) => Ok(true),
            Err(WorkError::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
