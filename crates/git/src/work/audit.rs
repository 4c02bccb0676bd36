//! What became of every branch that was ever made: landed, pending or abandoned (learned from wg, where 20 of 80
//! branches that were marked done never landed).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{NAMES, WorkGitError, WorkRepository};

/// A branch that an actor was given.
#[derive(Clone, Debug)]
pub struct MadeBranch<'a> {
    /// Its name.
    pub branch: &'a str,
    /// The commit it began at.
    pub base: &'a str,
    /// Its last commit that is known; a branch that was deleted is judged by it.
    pub tip: &'a str,
    /// Whether its task is given up, or another attempt took its place.
    pub given_up: bool,
}

/// What became of a branch.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum BranchFate {
    /// A target holds its tip, or each of its changes by patch id.
    Landed,
    /// It holds changes that no target holds, and its task goes on.
    Pending,
    /// Its task is given up; a ref still holds its commits. So is one that never changed anything.
    Abandoned,
    /// Its commits are in no ref. This must never be.
    Lost,
}

impl WorkRepository {
    /// What became of branches, where landing means that one of the `targets` (revisions) holds what they changed.
    ///
    /// # Errors
    /// When a target or a commit cannot be read.
    pub fn audit(
        &self,
        made: &[MadeBranch<'_>],
        targets: &[&str],
    ) -> Result<Vec<BranchFate>, WorkGitError> {
        let targets: Vec<String> = targets
            .iter()
            .map(|target| self.commit(target))
            .collect::<Result<_, _>>()?;
        made.iter().map(|made| self.fate(made, &targets)).collect()
    }

    fn fate(&self, made: &MadeBranch<'_>, targets: &[String]) -> Result<BranchFate, WorkGitError> {
        let tip = match self.branch_tip(made.branch)? {
            Some(tip) => tip,
            None => made.tip.to_owned(),
        };
        if self.commit(&tip).is_err() || self.holders(&tip)?.is_empty() {
            return Ok(BranchFate::Lost);
        }
        if tip != made.base {
            for target in targets {
                if self.is_ancestor(&tip, target)? || self.holds(made.base, &tip, target)? {
                    return Ok(BranchFate::Landed);
                }
            }
        }
        Ok(match made.given_up {
            true => BranchFate::Abandoned,
            false => BranchFate::Pending,
        })
    }

    /// Whether a target holds each change of `base..tip`, commit by commit or as one.
    fn holds(&self, base: &str, tip: &str, target: &str) -> Result<bool, WorkGitError> {
        let there: BTreeSet<String> = self.changes(base, target)?.into_iter().collect();
        let single = self.changes(base, tip)?;
        if !single.is_empty() && single.iter().all(|change| there.contains(change)) {
            return Ok(true);
        }
        let whole = self.patch_id(base, tip)?;
        Ok(whole.is_some_and(|whole| there.contains(&whole)))
    }

    /// The patch ids of the commits of a range that are no merges.
    fn changes(&self, from: &str, to: &str) -> Result<Vec<String>, WorkGitError> {
        let range = format!("{from}..{to}");
        let args = [
            "log",
            "-p",
            "--no-merges",
            "--binary",
            "--full-index",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--no-renames",
            "--format=commit %H",
            "--end-of-options",
            &range,
        ];
        let patches = self
            .git()
            .run("reading changes", &args, Vec::new(), NAMES)?;
        self.patch_ids(patches.bytes)
    }
}
