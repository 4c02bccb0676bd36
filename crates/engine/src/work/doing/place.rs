//! The worktree of an attempt: made at claim, proven, and put away with nothing lost.

#![expect(
    clippy::disallowed_methods,
    reason = "folders of works, in the state folder"
)]

use std::path::PathBuf;
use std::time::Instant;

use poag_core::work::Assignment;
use poag_git::work::{Identity, Salvage, SalvageName, WorkGitError, WorkRepository, Worktree};

use super::{Doer, DoingError, inside};

/// What git does with a worktree that is put away; what nobody committed is salvaged first.
type PutWorktree = for<'a> fn(
    &WorkRepository,
    &Worktree,
    &SalvageName<'a>,
    &Identity,
) -> Result<Option<Salvage>, WorkGitError>;

impl Doer {
    /// Makes the worktree of an attempt below poag's state folder and proves its isolation: top level, branch and base. Its
    /// branch is `{actor}/{task}` from the base of the assignment. A further attempt goes on on the branch of the one before
    /// where that began at the same base, with what was salvaged of it laid out again; else it has a branch of its own.
    ///
    /// # Errors
    /// When git refuses, or the flake's folder is not in it.
    pub fn worktree(&self, assignment: &Assignment) -> Result<Worktree, DoingError> {
        let git = &self.repository;
        let path = self.path(assignment)?;
        let parent = path.parent().unwrap_or(&path).to_owned();
        std::fs::DirBuilder::new()
            .recursive(true)
            .create(&parent)
            .map_err(DoingError::io(&parent, "made"))?;
        let reason = reason(assignment);
        let before = self.before(assignment)?;
        let made = match &before {
            Some(branch) => git.remake_worktree(&path, branch, &assignment.base, &reason)?,
            None => self.branched(assignment, &path, &reason)?,
        };
        let salvage = assignment.previous.as_ref();
        let salvage = salvage.and_then(|previous| previous.salvage.as_deref());
        // Only what poag itself put there, and only where it fits.
        let ours = salvage.filter(|name| name.starts_with("refs/poag/salvage/"));
        if let (Some(_), Some(salvage)) = (before, ours)
            && git.reference(salvage)?.is_some()
        {
            git.unpack(&made, salvage)?;
        }
        git.prove(&made)?;
        inside(&made.path, &assignment.folder)?;
        Ok(made)
    }

    /// A worktree on a new branch. A name that another attempt has taken is numbered.
    fn branched(
        &self,
        assignment: &Assignment,
        path: &std::path::Path,
        reason: &str,
    ) -> Result<Worktree, DoingError> {
        let [name, numbered, own] = branches(assignment);
        let git = &self.repository;
        let mut made = git.make_worktree(path, &name, &assignment.base, reason);
        for other in [&numbered, &own] {
            match made {
                Err(WorkGitError::BranchTaken { branch, by }) if branch == by => {
                    made = git.make_worktree(path, other, &assignment.base, reason);
                }
                done => return Ok(done?),
            }
        }
        Ok(made?)
    }

    /// The branch of the attempt before, where it is of the same actor and holds the base.
    fn before(&self, assignment: &Assignment) -> Result<Option<String>, DoingError> {
        let previous = assignment.previous.as_ref();
        let Some(branch) = previous.and_then(|previous| previous.branch.clone()) else {
            return Ok(None);
        };
        let own = format!("{}/", assignment.actor.name);
        let tip = match branch.starts_with(&own) {
            true => self.repository.branch_tip(&branch)?,
            false => None,
        };
        let Some(tip) = tip else { return Ok(None) };
        let holds = self.repository.is_ancestor(&assignment.base, &tip)?;
        Ok(holds.then_some(branch))
    }

    /// Puts what nobody committed into a ref, which it gives; none where there is nothing.
    ///
    /// # Errors
    /// When something cannot be read.
    pub fn salvage(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
    ) -> Result<Option<String>, DoingError> {
        self.put(WorkRepository::salvage, assignment, worktree)
    }

    /// Salvages, then removes the worktree; its branch stays.
    ///
    /// # Errors
    /// When it cannot be salvaged or removed: then it is still there.
    pub fn remove(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
    ) -> Result<Option<String>, DoingError> {
        self.put(WorkRepository::remove_worktree, assignment, worktree)
    }

    /// The same, but for its files, which [`Doer::delete_aside`] deletes.
    ///
    /// # Errors
    /// As [`Doer::remove`].
    pub fn put_aside(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
    ) -> Result<Option<String>, DoingError> {
        self.put(WorkRepository::put_aside, assignment, worktree)
    }

    /// Does one of these, and gives the ref of what was salvaged.
    fn put(
        &self,
        put: PutWorktree,
        assignment: &Assignment,
        worktree: &Worktree,
    ) -> Result<Option<String>, DoingError> {
        let name = name(assignment);
        let salvage = put(&self.repository, worktree, &name.as_name(), &self.identity)?;
        Ok(salvage.map(|salvage| salvage.reference))
    }

    /// Deletes the files of worktrees that were put aside, of whatever work, up to a time; what is left then is for the next
    /// one who does.
    pub fn delete_aside(&self, until: Option<Instant>) {
        let works = std::fs::read_dir(&self.state).into_iter().flatten();
        for work in works.flatten() {
            let _ = WorkRepository::delete_aside(&work.path().join("trees"), until);
        }
    }

    /// Removes the worktree of an attempt in which no actor ever was, with the branch that was made for it.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn clear_unused(&self, assignment: &Assignment) -> Result<(), DoingError> {
        let path = self.path(assignment)?;
        let branches = branches(assignment);
        let made = (&branches[..], assignment.base.as_str());
        self.repository
            .clear_unused(&path, made, &reason(assignment))?;
        Ok(())
    }

    /// Waits until nothing lives any more of programs that were let go of: what they wrote is written then.
    pub fn settle_launched(&self) {
        // Where that takes too long, a guard was stopped by somebody; the worktree is salvaged as it is.
        let _ = self.launcher.settle();
    }

    /// Where the worktree of an attempt is.
    fn path(&self, assignment: &Assignment) -> Result<PathBuf, DoingError> {
        let name = format!(
            "{}-{}-{}",
            assignment.task.id, assignment.task.generation, assignment.attempt
        );
        Ok(self.folder(&assignment.work)?.join("trees").join(name))
    }

    /// Where the conversation of an attempt is kept, for the next one to go on in.
    pub(super) fn conversation(&self, assignment: &Assignment) -> Result<PathBuf, DoingError> {
        let name = format!(
            "{}-{}-{}",
            assignment.task.id, assignment.task.generation, assignment.attempt
        );
        let folder = self.folder(&assignment.work)?;
        Ok(folder.join("conversations").join(name))
    }
}

/// What a worktree and its branch are made for.
fn reason(assignment: &Assignment) -> String {
    format!(
        "poag: task {} of work {}, attempt {}",
        assignment.task.id, assignment.work, assignment.attempt
    )
}

/// Names of its branch, each for where the one before is taken.
fn branches(assignment: &Assignment) -> [String; 3] {
    let name = format!("{}/{}", assignment.actor.name, assignment.task.id);
    let numbered = format!(
        "{name}-{}.{}",
        assignment.task.generation, assignment.attempt
    );
    // Another work may have had a task and an attempt of the same names; the end of a work's id is its own.
    let work: String = assignment.work.chars().rev().take(12).collect();
    let work: String = work.chars().rev().collect();
    let own = format!("{numbered}-{work}");
    [name, numbered, own]
}

/// Names of a salvage: those of one generation beside those of the next.
struct OwnedName {
    work: String,
    task: String,
    attempt: u32,
}

fn name(assignment: &Assignment) -> OwnedName {
    let task = assignment.task.id.as_str();
    OwnedName {
        work: assignment.work.clone(),
        task: match assignment.task.generation {
            1 => task.to_owned(),
            generation => format!("{task}.{generation}"),
        },
        attempt: assignment.attempt,
    }
}

impl OwnedName {
    fn as_name(&self) -> SalvageName<'_> {
        SalvageName {
            work: &self.work,
            task: &self.task,
            attempt: self.attempt,
        }
    }
}
