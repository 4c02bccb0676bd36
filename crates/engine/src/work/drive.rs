//! Works as the engine does them: supervised, looked at and landed in the repository of their flake.

#![expect(
    clippy::disallowed_methods,
    reason = "folders of works, in the state folder"
)]

use std::sync::Arc;

use poag_core::work::view::WorkView;
use poag_core::work::{TaskId, WorkPhase};
use poag_git::work::{BranchFate, Landing, MadeBranch, Rollback, WorkRepository, Worktree};

use super::supervise::{AttemptRunner, Reviewers, Supervision, WorkObserver, supervise};
use super::{LandRequest, OpenWork, WorkError};
use crate::{Engine, EngineError};

/// Bytes of a difference that are shown.
pub(super) const SHOWN: usize = 4 << 20;

impl Engine {
    /// Supervises a work until nothing can be done without a person, or it is over, with who does what happens inside
    /// attempts.
    ///
    /// # Errors
    /// When there is no such work, another process supervises it, or its flake cannot be worked in.
    pub async fn supervise_with(
        &self,
        work: &str,
        runner: Arc<dyn AttemptRunner>,
        watch: &mut dyn WorkObserver,
    ) -> Result<WorkView, EngineError> {
        let works = self.works()?;
        let open = works.open(work)?;
        let with = Supervision {
            graph: Arc::new(open.graph()?),
            repository: self.repository_of(&open)?,
            runner,
            reviewers: Arc::new(Reviewers::of(open.board(), self.launcher().ok())),
            folder: self.state()?.join("merges"),
            track: works.track_records()?,
            recipients: open.recipients()?,
            variable: self.settings.variable,
        };
        std::fs::DirBuilder::new()
            .recursive(true)
            .create(&with.folder)
            .map_err(EngineError::file(&with.folder))?;
        Ok(supervise(open, with, watch).await?)
    }

    /// The repository of a work.
    pub(super) fn repository_of(&self, work: &OpenWork<'_>) -> Result<WorkRepository, EngineError> {
        let flake = &work.board().start.flake;
        let folder = self.flake(flake)?.flake.folder_of("");
        let folder = folder.ok_or_else(|| WorkError::NoCheckout {
            flake: flake.clone(),
        })?;
        Ok(WorkRepository::open(&folder).map_err(WorkError::from)?)
    }

    /// Moves a person's branch to what a work has come to.
    ///
    /// # Errors
    /// As [`OpenWork::land`].
    pub fn land_work(&self, work: &str, request: &LandRequest) -> Result<Landing, EngineError> {
        let works = self.works()?;
        let mut open = works.open(work)?;
        let repository = self.repository_of(&open)?;
        Ok(open.land(&repository, request)?)
    }

    /// Takes a landing back; gives what was done, in words.
    ///
    /// # Errors
    /// As [`OpenWork::rollback`].
    pub fn rollback_work(&self, work: &str, by: &str) -> Result<String, EngineError> {
        let works = self.works()?;
        let mut open = works.open(work)?;
        let repository = self.repository_of(&open)?;
        Ok(match open.rollback(&repository, by)? {
            Rollback::MovedBack => "the branch is where it was".to_owned(),
            Rollback::Reverted { commit } => format!("commit {commit} reverts it"),
        })
    }

    /// What a work changed so far, as git shows it: all that has landed on its branch, or what one task did, landed or not.
    ///
    /// # Errors
    /// When there is no such task, or git fails.
    pub fn work_difference(&self, work: &str, task: Option<&str>) -> Result<String, EngineError> {
        let works = self.works()?;
        let open = works.open(work)?;
        let repository = self.repository_of(&open)?;
        let board = open.board();
        let (from, to) = match task {
            None => (board.start.base.clone(), board.tip.clone()),
            Some(task) => {
                let id = TaskId::near(task);
                let record = board.task(task).ok_or_else(|| {
                    WorkError::from(poag_core::work::BoardRefusal::NoTask { task: id })
                })?;
                match &record.proof {
                    Some(proof) => (proof.base.clone(), proof.commit.clone()),
                    None => return Ok(String::new()),
                }
            }
        };
        let difference = repository
            .difference(&from, &to, SHOWN)
            .map_err(WorkError::from)?;
        Ok(difference.text)
    }

    /// What became of every branch that was made for a work.
    ///
    /// # Errors
    /// When git or the ledger fails.
    pub fn audit_work(&self, work: &str) -> Result<Vec<(String, String)>, EngineError> {
        let works = self.works()?;
        let open = works.open(work)?;
        let repository = self.repository_of(&open)?;
        Ok(audit(&open, &repository)?)
    }
}

/// What became of every branch that was made for a work.
pub(super) fn audit(
    open: &OpenWork<'_>,
    repository: &WorkRepository,
) -> Result<Vec<(String, String)>, WorkError> {
    let board = open.board();
    // Branch → (where it began, its last known commit, whether another took its place).
    let mut made: Vec<(String, String, String, bool)> = Vec::new();
    for record in board.tasks.values() {
        let last = record.attempts.len();
        for attempt in &record.attempts {
            let Some(branch) = attempt.worktree.branch() else {
                continue;
            };
            let name = format!(
                "attempt/{}/{}/{}/worktree",
                record.task.id, record.task.generation, attempt.attempt
            );
            let kept = open.kept(&name)?;
            let worktree: Option<Worktree> =
                kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let base = worktree.map_or_else(|| board.start.base.clone(), |tree| tree.base);
            let proof = record
                .proof
                .as_ref()
                .filter(|_| attempt.attempt as usize == last);
            let tip = proof.map_or_else(|| base.clone(), |proof| proof.commit.clone());
            let given_up = (attempt.attempt as usize) < last
                || record.phase.word() == "abandoned"
                || matches!(board.phase, WorkPhase::Aborted { .. });
            // Further attempts go on on the branch of the one before.
            made.retain(|(known, ..)| known != branch);
            made.push((branch.to_owned(), base, tip, given_up));
        }
    }
    let branches: Vec<MadeBranch<'_>> = made
        .iter()
        .map(|(branch, base, tip, given_up)| MadeBranch {
            branch,
            base,
            tip,
            given_up: *given_up,
        })
        .collect();
    let fates = repository.audit(&branches, &[&board.tip])?;
    let words = fates.iter().map(|fate| match fate {
        BranchFate::Landed => "landed",
        BranchFate::Pending => "pending",
        BranchFate::Abandoned => "abandoned",
        BranchFate::Lost => "lost",
    });
    let names = made.iter().map(|(branch, ..)| branch.clone());
    Ok(names.zip(words.map(str::to_owned)).collect())
}
