//! Worktrees, merges and landings, each with a real git.

mod audits;
mod batches;
mod hostile;
mod landing;
mod merging;
mod push;
mod registry;
mod salvaging;
mod unused;
mod worktrees;

use std::fs;
use std::path::{Path, PathBuf};

use super::{Identity, SalvageName, WorkRepository, Worktree};
use crate::testing::{Repository, git};

const NAME: SalvageName<'static> = SalvageName {
    work: "w1",
    task: "t1",
    attempt: 1,
};

/// A repository of somebody, and a folder for worktrees beside it.
struct Site {
    made: Repository,
    state: tempfile::TempDir,
    work: WorkRepository,
}

impl Site {
    fn new() -> Self {
        let made = Repository::new();
        made.write("a.txt", "a\n");
        made.write("sub/b.txt", "b\n");
        made.write(".gitignore", "ignored\n");
        made.commit("begin");
        made.git(&["config", "user.name", "Ada"]);
        made.git(&["config", "user.email", "ada@example.org"]);
        let work = WorkRepository::open(made.path()).unwrap();
        Self {
            made,
            state: tempfile::tempdir().unwrap(),
            work,
        }
    }

    fn ada(&self) -> Identity {
        self.work.identity().unwrap()
    }

    fn place(&self, name: &str) -> PathBuf {
        self.state.path().join(name)
    }

    fn worktree(&self, branch: &str) -> Worktree {
        let place = self.place(&branch.replace('/', "-"));
        self.work
            .make_worktree(&place, branch, "main", "a test")
            .unwrap()
    }

    /// A branch with one commit, made in a worktree that is gone again.
    fn branch(&self, branch: &str, files: &[(&str, &str)]) -> String {
        self.branch_on("main", branch, files)
    }

    fn branch_on(&self, base: &str, branch: &str, files: &[(&str, &str)]) -> String {
        let place = self.place(&branch.replace('/', "-"));
        let tree = self
            .work
            .make_worktree(&place, branch, base, "a test")
            .unwrap();
        for (path, text) in files {
            write(&tree, path, text);
        }
        let left = self.work.commit_left(&tree, branch, &self.ada()).unwrap();
        let salvage = self.work.remove_worktree(&tree, &NAME, &self.ada());
        assert_eq!(salvage.unwrap(), None);
        left.commit
    }

    fn git(&self, args: &[&str]) -> String {
        self.made.git(args)
    }

    /// A file of a commit.
    fn show(&self, commit: &str, path: &str) -> String {
        self.git(&["show", &format!("{commit}:{path}")])
    }
}

fn write(worktree: &Worktree, path: &str, text: impl AsRef<[u8]>) {
    let path = worktree.path.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn inside(worktree: &Worktree, args: &[&str]) -> String {
    git(Path::new(&worktree.path), args)
}
