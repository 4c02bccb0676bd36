//! Files that git does not keep as they lie in a worktree.

use super::{NAMES, WorkGitError, WorkRepository, cut};

/// How a pointer of Git LFS begins.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
/// Bytes of a file that are read to see whether it is a pointer.
const POINTER_BYTES: usize = 4 << 10;

impl WorkRepository {
    /// Of these paths, those that Git LFS keeps by the attributes of a commit, and that hold more than a pointer there: poag
    /// runs no filter, so that their content itself was committed.
    ///
    /// # Errors
    /// When there is no such commit.
    pub fn unfiltered(&self, commit: &str, paths: &[&str]) -> Result<Vec<String>, WorkGitError> {
        const DOING: &str = "reading attributes";
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let mut input = paths.join("\0").into_bytes();
        input.push(0);
        let args = ["check-attr", "--source", commit, "--stdin", "-z", "filter"];
        let output = self.git().run(DOING, &args, input, NAMES)?;
        let text = String::from_utf8_lossy(&output.bytes).into_owned();
        let words: Vec<&str> = text.split('\0').collect();
        let mut found = Vec::new();
        for facts in words.chunks_exact(3) {
            if facts[2] == "lfs" && !self.is_pointer(commit, facts[0])? {
                found.push(facts[0].to_owned());
            }
        }
        Ok(found)
    }

    fn is_pointer(&self, commit: &str, path: &str) -> Result<bool, WorkGitError> {
        let name = format!("{commit}:{path}");
        let args = ["cat-file", "blob", &name];
        let read = self
            .git()
            .run("reading a file", &args, Vec::new(), POINTER_BYTES);
        match read {
            Ok(content) => Ok(content.whole && content.bytes.starts_with(POINTER)),
            // It is gone, or a link.
            Err(crate::GitError::Failed { .. }) => Ok(true),
            Err(other) => Err(other.into()),
        }
    }

    /// Bytes of a file in a commit; none where there is none.
    ///
    /// # Errors
    /// When there is no such commit.
    pub fn bytes_of(&self, commit: &str, path: &str) -> Result<Option<u64>, WorkGitError> {
        let args = [
            "ls-tree",
            "-z",
            "--format=%(objectsize)",
            commit,
            "--",
            path,
        ];
        let found = cut(&self.git(), "looking for a file", &args)?;
        Ok(found.first().and_then(|size| size.trim().parse().ok()))
    }
}
