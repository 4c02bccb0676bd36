//! Merge candidates, made in the object database: no checkout is needed, and what is checked is exactly what the branch
//! becomes (as bors does it).

use super::{Identity, NAMES, WorkGitError, WorkRepository};

/// A commit that merges branches on a tip, in no ref yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// Its id: a merge commit for each branch, in their order.
    pub commit: String,
    /// Its tree, which is what must be checked.
    pub tree: String,
    /// The tip it was made on.
    pub onto: String,
}

impl WorkRepository {
    /// Merges branches (or commits, each with the message of its merge) on the commit `onto`. A branch that `onto` holds
    /// already adds nothing. Merge drivers of the repository are not run: text merges as git merges text.
    ///
    /// # Errors
    /// [`WorkGitError::Conflict`] with the first branch that does not merge.
    pub fn candidate(
        &self,
        onto: &str,
        branches: &[(&str, &str)],
        identity: &Identity,
    ) -> Result<Candidate, WorkGitError> {
        let onto = self.commit(onto)?;
        let mut made = Candidate {
            tree: self.tree_of(&onto)?,
            commit: onto.clone(),
            onto,
        };
        for (branch, message) in branches {
            let tip = self.commit(branch)?;
            if self.is_ancestor(&tip, &made.commit)? {
                continue;
            }
            let tree = self.merged(&made.commit, &tip, None, branch)?;
            let parents = [made.commit.as_str(), &tip];
            made.commit = self.commit_tree(&tree, &parents, message, identity)?;
            made.tree = tree;
        }
        Ok(made)
    }

    /// The tree of `theirs` merged on `ours`; from the best common ancestor, or from `base`.
    pub(super) fn merged(
        &self,
        ours: &str,
        theirs: &str,
        base: Option<&str>,
        branch: &str,
    ) -> Result<String, WorkGitError> {
        let from = base.map(|base| format!("--merge-base={base}"));
        let mut args = vec![
            "merge-tree",
            "--write-tree",
            "-z",
            "--name-only",
            "--no-messages",
        ];
        args.extend(from.as_deref());
        args.extend([ours, theirs]);
        let git = self.git().variable("GIT_ATTR_SOURCE", ours);
        let (clean, output) = git.answer("merging", &args, Vec::new(), NAMES)?;
        let output = String::from_utf8_lossy(&output).into_owned();
        let mut words = output.split('\0').filter(|word| !word.is_empty());
        let tree = words.next().unwrap_or_default().to_owned();
        match clean {
            true => Ok(tree),
            false => Err(WorkGitError::Conflict {
                branch: branch.to_owned(),
                onto: ours.to_owned(),
                paths: words.map(str::to_owned).collect(),
            }),
        }
    }
}
