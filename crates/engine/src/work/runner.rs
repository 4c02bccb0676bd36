//! What happens inside attempts, for real.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use poag_agent::Pending;
use poag_core::work::view::WorkView;
use poag_core::work::{Assignment, CheckOutcome, Outcome, Proof};
use poag_git::work::Worktree;

use super::doing::{AttemptNews, CheckPlace, Doer, DoingLimits};
use super::supervise::{AttemptRunner, PutAway, RunnerNews, Unproven, WorkObserver};
use crate::{Engine, EngineError, Project};

/// How long an abort waits for the supervisor of the work to end every process.
const ENDING: Duration = Duration::from_secs(30);
/// How long an abort takes at least, where the supervisor still puts worktrees away: in a large repository that is many files
/// to read and to remove, and nobody needs to wait for it.
const PUTTING_AWAY: Duration = Duration::from_millis(1500);

impl Engine {
    /// Supervises a work until nothing can be done without a person, or it is over.
    ///
    /// # Errors
    /// When there is no such work, another process supervises it, or its flake cannot be worked in.
    pub async fn supervise_work(
        &self,
        work: &str,
        watch: &mut dyn WorkObserver,
    ) -> Result<WorkView, EngineError> {
        let project = self.project_of(work).await?;
        let policy = self.works()?.open(work)?.board().start.policy.clone();
        let runner = Doer::new(&project, DoingLimits::of(&policy))?;
        self.supervise_with(work, Arc::new(runner), watch).await
    }

    /// The flake that a work is about, opened.
    pub(super) async fn project_of(&self, work: &str) -> Result<Project, EngineError> {
        let flake = self.works()?.open(work)?.board().start.flake.clone();
        let target = self.flake(&flake)?;
        self.open(&target).await
    }

    /// Ends what is left of a work that was aborted: waits until its supervisor has ended every process, or does what that
    /// would. Whether all of its worktrees are put away; else the supervisor is at it, and whoever comes after it goes on.
    ///
    /// # Errors
    /// When the ledger or git fails.
    pub async fn end_aborted(&self, work: &str) -> Result<bool, EngineError> {
        let began = std::time::Instant::now();
        let works = self.works()?;
        let mut open = works.open(work)?;
        while works.holder(work)?.is_some() && began.elapsed() < ENDING {
            open.catch_up()?;
            // What a supervisor had started is gone when its turns are settled and their guards have ended.
            let board = open.board();
            let ended = board.leases.is_empty() && board.reserved.is_empty();
            if ended && began.elapsed() > PUTTING_AWAY && self.launcher()?.settle() {
                return Ok(false);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        open.catch_up()?;
        if open.board().is_put_away() {
            return Ok(true);
        }
        // Only its repository is needed: nothing of its flake is evaluated for it.
        let project = Project {
            engine: self.clone(),
            target: self.flake(&open.board().start.flake)?,
            graph: Arc::new(open.graph()?),
            json: Vec::new(),
            cached: true,
        };
        let runner = Doer::new(&project, DoingLimits::default())?;
        self.supervise_with(work, Arc::new(runner), &mut ()).await?;
        Ok(true)
    }
}

impl AttemptRunner for Doer {
    fn worktree(&self, assignment: &Assignment) -> Result<Worktree, String> {
        Self::worktree(self, assignment).map_err(|error| error.to_string())
    }

    fn attempt<'a>(
        &'a self,
        assignment: &'a Assignment,
        worktree: &'a Worktree,
        news: &'a mut (dyn FnMut(RunnerNews) + Send),
    ) -> Pending<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let mut line = |told| match told {
                AttemptNews::Line { message, percent } => news(RunnerNews::Line(message, percent)),
            };
            let outcome = Self::attempt(self, assignment, worktree, &mut line).await;
            outcome.map_err(|error| error.to_string())
        })
    }

    fn prove<'a>(
        &'a self,
        assignment: &'a Assignment,
        worktree: &'a Worktree,
        outcome: &'a Outcome,
    ) -> Pending<'a, Result<Result<Proof, Unproven>, String>> {
        Box::pin(async move {
            let proved = Self::prove(self, assignment, worktree, outcome).await;
            let proved = proved.map_err(|error| error.to_string())?;
            Ok(proved.map_err(|failure| Unproven {
                reason: failure.reason,
                log: failure.log,
            }))
        })
    }

    fn settle(&self) {
        self.settle_launched();
    }

    fn clear_unused(&self, assignment: &Assignment) -> Result<(), String> {
        Self::clear_unused(self, assignment).map_err(|error| error.to_string())
    }

    fn put_away(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
        then: PutAway,
    ) -> Result<Option<String>, String> {
        let put = match then {
            PutAway::Stay => self.salvage(assignment, worktree),
            PutAway::Remove => self.remove(assignment, worktree),
            PutAway::Aside => self.put_aside(assignment, worktree),
        };
        put.map_err(|error| error.to_string())
    }

    fn delete_aside(&self, until: Option<std::time::Instant>) {
        Self::delete_aside(self, until);
    }

    fn checks<'a>(
        &'a self,
        worktree: &'a Path,
        folder: &'a Path,
        checks: &'a [String],
    ) -> Pending<'a, Vec<CheckOutcome>> {
        Box::pin(async move {
            let place = CheckPlace {
                worktree: worktree.to_owned(),
                folder: folder.to_owned(),
            };
            Self::checks(self, &place, checks)
                .await
                .unwrap_or_else(|error| {
                    vec![CheckOutcome {
                        command: checks.join("; "),
                        log: error.to_string(),
                        ..CheckOutcome::default()
                    }]
                })
        })
    }
}
