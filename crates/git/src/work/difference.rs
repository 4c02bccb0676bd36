//! What changed between two commits: each file with its lines, and the text of it all.

use serde::{Deserialize, Serialize};

use super::{NAMES, WorkGitError, WorkRepository};
use crate::GitError;

const DOING: &str = "comparing commits";

/// What happened to a file.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FileStatus {
    /// It is new.
    Added,
    /// Its content or mode differs.
    Modified,
    /// It is gone.
    Deleted,
    /// It has another kind: a file became a link, or the other way round.
    Retyped,
}

/// One file that differs. A renamed one is one that is gone and one that is new.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileDifference {
    /// From the top of the repository, with `/`; what is not UTF-8 in it is replaced.
    pub path: String,
    /// What happened.
    pub status: FileStatus,
    /// Its mode afterwards, such as `100644`; `120000` is a symbolic link, `160000` a submodule, `000000` nothing.
    pub mode: String,
    /// The id of its content afterwards; zeros where it is gone.
    pub content: String,
    /// Lines that came; none for a file that is not text.
    pub added: Option<u64>,
    /// Lines that went; none for a file that is not text.
    pub removed: Option<u64>,
}

/// What changed between two commits.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The files, by path.
    pub files: Vec<FileDifference>,
    /// The unified text, at most as many bytes as asked for, cut at a line.
    pub text: String,
    /// Whether `text` is all of it.
    pub whole: bool,
}

impl WorkRepository {
    /// What changed from one commit (or tree) to another, with at most `most` bytes of text.
    ///
    /// # Errors
    /// When there is no such commit.
    pub fn difference(
        &self,
        from: &str,
        to: &str,
        most: usize,
    ) -> Result<Difference, WorkGitError> {
        let args = [
            "diff-tree",
            "-r",
            "-z",
            "--raw",
            "--numstat",
            "--no-renames",
            "--no-abbrev",
            "--end-of-options",
            from,
            to,
        ];
        let files = files(&self.names(DOING, &args)?).ok_or(GitError::Form { doing: DOING })?;
        let args = [
            "diff-tree",
            "-r",
            "-p",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--no-renames",
            "--end-of-options",
            from,
            to,
        ];
        let output = match most {
            0 => None,
            _ => Some(self.git().run(DOING, &args, Vec::new(), most)?),
        };
        let (mut text, whole) = output.map_or((String::new(), false), |output| {
            let text = String::from_utf8_lossy(&output.bytes).into_owned();
            (text, output.whole)
        });
        if !whole {
            text.truncate(text.rfind('\n').map_or(0, |end| end + 1));
        }
        Ok(Difference { files, text, whole })
    }

    /// The stable patch id of everything between two commits: equal for equal changes, wherever they apply; none where
    /// nothing changed.
    ///
    /// # Errors
    /// When there is no such commit.
    pub fn patch_id(&self, from: &str, to: &str) -> Result<Option<String>, WorkGitError> {
        let args = [
            "diff-tree",
            "-r",
            "-p",
            "--binary",
            "--full-index",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--no-renames",
            "--end-of-options",
            from,
            to,
        ];
        let patch = self.git().run(DOING, &args, Vec::new(), NAMES)?;
        Ok(self.patch_ids(patch.bytes)?.pop())
    }

    /// The patch ids of patches, in order.
    pub(super) fn patch_ids(&self, patches: Vec<u8>) -> Result<Vec<String>, WorkGitError> {
        let args = ["patch-id", "--stable"];
        let ids = self.git().run(DOING, &args, patches, NAMES)?;
        let ids = String::from_utf8_lossy(&ids.bytes).into_owned();
        let ids = ids.lines().filter_map(|line| line.split(' ').next());
        Ok(ids.map(str::to_owned).collect())
    }
}

/// Reads `--raw --numstat -z`: each file of the first kind, then each of the second.
fn files(words: &[String]) -> Option<Vec<FileDifference>> {
    let mut files: Vec<FileDifference> = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if let Some(facts) = word.strip_prefix(':') {
            // `:mode mode id id status`, then the path.
            let facts: Vec<&str> = facts.split(' ').collect();
            let [_, mode, _, content, status] = facts[..] else {
                return None;
            };
            files.push(FileDifference {
                path: words.next()?.clone(),
                status: match status {
                    "A" => FileStatus::Added,
                    "D" => FileStatus::Deleted,
                    "T" => FileStatus::Retyped,
                    _ => FileStatus::Modified,
                },
                mode: mode.to_owned(),
                content: content.to_owned(),
                added: None,
                removed: None,
            });
            continue;
        }
        let mut parts = word.splitn(3, '\t');
        let (added, removed, path) = (parts.next()?, parts.next()?, parts.next()?);
        if let Some(file) = files.iter_mut().find(|file| file.path == path) {
            file.added = added.parse().ok();
            file.removed = removed.parse().ok();
        }
    }
    Some(files)
}
