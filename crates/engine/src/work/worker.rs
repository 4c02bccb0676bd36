//! What a worker from anywhere says is done: a commit of the repository, which is proven here before it counts.

#![expect(
    clippy::disallowed_methods,
    reason = "folders of works, in the state folder"
)]

use std::sync::Arc;

use poag_core::work::{Assignment, BoardRefusal, Outcome, Proof, TaskId};
use poag_git::Git;
use poag_git::work::WorkRepository;

use super::doing::{Doer, DoingLimits};
use super::drive::SHOWN;
use super::supervise::{AttemptRunner, Unproven};
use super::{WorkError, assign};
use crate::{Engine, EngineError};

impl Engine {
    /// Takes a commit for the result of an attempt that a worker claimed: it must begin from the work's branch, change nothing
    /// but the task's flake, and be green. Gives the proof, or why there is none, which ends the attempt.
    ///
    /// # Errors
    /// When the lease has ended, there is no such commit, or git or the ledger fails.
    pub async fn worker_done(
        &self,
        work: &str,
        (task, epoch): (&TaskId, u64),
        (commit, outcome): (&str, &Outcome),
    ) -> Result<Result<Proof, String>, EngineError> {
        let project = self.project_of(work).await?;
        let works = self.works()?;
        let mut open = works.open(work)?;
        let limits = DoingLimits::of(&open.board().start.policy);
        let runner: Arc<dyn AttemptRunner> = Arc::new(Doer::new(&project, limits)?);
        let repository = self.repository_of(&open)?;
        open.claim_done(task, epoch, outcome)?;
        let graph = open.graph()?;
        let record = open.board().task(task.as_str()).cloned();
        let record =
            record.ok_or_else(|| WorkError::from(BoardRefusal::NoTask { task: task.clone() }))?;
        let given = assign::assignment(open.board(), &record, &graph, &repository)?;
        let proved = self
            .prove_commit(&repository, runner.as_ref(), &given, commit)
            .await?;
        match proved {
            Ok(proof) => {
                open.done(task, epoch, &proof)?;
                Ok(Ok(proof))
            }
            Err(why) => {
                open.fail(task, epoch, (&why.reason, &why.log))?;
                Ok(Err(format!("{}\n{}", why.reason, why.log)))
            }
        }
    }

    async fn prove_commit(
        &self,
        repository: &WorkRepository,
        runner: &dyn AttemptRunner,
        given: &Assignment,
        commit: &str,
    ) -> Result<Result<Proof, Unproven>, EngineError> {
        let unproven = |reason: &str, log: String| {
            Ok(Err(Unproven {
                reason: reason.to_owned(),
                log,
            }))
        };
        let commit = repository.commit(commit).map_err(WorkError::from)?;
        let git = Git::at(repository.root());
        let args = ["merge-base", given.base.as_str(), commit.as_str()];
        let base = git.line("finding where a commit begins", &args);
        let base = base.map_err(WorkError::from)?;
        let difference = repository
            .difference(&base, &commit, SHOWN)
            .map_err(WorkError::from)?;
        let changed: Vec<String> = difference
            .files
            .iter()
            .map(|file| file.path.clone())
            .collect();
        let below = |path: &str, folder: &str| {
            folder.is_empty()
                || path
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let outside: Vec<&str> = changed
            .iter()
            .map(String::as_str)
            .filter(|path| {
                !below(path, &given.folder) || given.others.iter().any(|other| below(path, other))
            })
            .collect();
        if changed.is_empty() {
            return unproven("it changes nothing", String::new());
        }
        if !outside.is_empty() {
            return unproven("it changes what is not its own", outside.join("\n"));
        }
        let folder = self
            .state()?
            .join("merges")
            .join(format!("{}-{commit}", given.work));
        if let Some(parent) = folder.parent() {
            let made = std::fs::DirBuilder::new().recursive(true).create(parent);
            made.map_err(EngineError::file(parent))?;
        }
        let reason = format!("poag checks task {}", given.task.id);
        let checkout = repository
            .checkout(&folder, &commit, &reason)
            .map_err(WorkError::from)?;
        let place = checkout.path.join(&given.folder);
        let checks = runner.checks(&checkout.path, &place, &given.checks).await;
        repository
            .remove_checkout(&checkout)
            .map_err(WorkError::from)?;
        if let Some(red) = checks.iter().find(|check| !check.green) {
            return unproven(&format!("`{}` is red", red.command), red.log.clone());
        }
        Ok(Ok(Proof {
            tree: repository.tree_of(&commit).map_err(WorkError::from)?,
            patch: repository
                .patch_id(&base, &commit)
                .map_err(WorkError::from)?,
            commit,
            base,
            changed,
            checks,
        }))
    }
}
