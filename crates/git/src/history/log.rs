//! Commits with their messages and the files they changed.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::moved;
use super::{Change, ChangeKind, Commit, GitError, MAX_CHANGES, MAX_MESSAGE, Past};
use crate::{Git, GitOutput};

/// Bytes of a log that are read.
pub const MAX_BYTES: usize = 512 << 20;
/// Bytes of messages that are read.
const MAX_MESSAGES: usize = 64 << 20;
/// Bytes of the list of a shallow clone's oldest commits.
const MAX_BOUNDARY: u64 = 1 << 20;
const DOING: &str = "reading the history";
/// What begins a commit in the log; what changed begins with `:`.
const MARK: char = '\u{1}';
/// The mode of a submodule, which is no file.
const SUBMODULE: &str = "160000";
/// The mode of what is not there.
const NOTHING: &str = "000000";

/// The newest `most` commits before and at `revision` that are no merges and, unless `below` is empty, change
/// something in that folder (from the top of the repository); only those changes are told then.
///
/// `repository` is any folder of it, or a bare clone. Renames are found by equal content, and by names that only one
/// lost file and one new file of the commit bear; contents are not read for it.
///
/// # Errors
/// When there is no git, no repository, no such commit, or git fails.
pub fn read(repository: &Path, revision: &str, below: &str, most: usize) -> Result<Past, GitError> {
    Ok(LogReader::new(repository, revision, below, most)?
        .read(None)?
        .past)
}

/// The commits of the given ids, in full, in their order, with what they changed; those that the repository lacks are an
/// error.
///
/// # Errors
/// When there is no git, no repository, no such commit, or git fails.
pub fn commits_of(repository: &Path, ids: &[String]) -> Result<Vec<Commit>, GitError> {
    let (top, _) = super::locate(repository)?;
    let output = told(&Git::at(&top), ids, None, MAX_BYTES)?;
    commits(&output.bytes, output.whole)
}

/// The ids and messages of the newest commits of `revision`, at most `most`, newest first, merges left out; what they changed
/// is not read.
///
/// # Errors
/// When there is no git, no repository, no such commit, or git fails.
pub fn messages(
    repository: &Path,
    revision: &str,
    most: usize,
) -> Result<Vec<(String, String)>, GitError> {
    let git = Git::at(repository);
    let head = git.commit(revision)?;
    let count = format!("--max-count={most}");
    let args = [
        "log",
        "--no-merges",
        "--topo-order",
        "--no-show-signature",
        "--no-notes",
        "--no-decorate",
        "--no-color",
        "--encoding=UTF-8",
        "--format=tformat:%H%x00%B%x00",
        &count,
        &head,
        "--",
    ];
    let output = git.run(DOING, &args, Vec::new(), MAX_MESSAGES)?;
    let mut fields = output.bytes.split(|byte| *byte == 0);
    let mut found = Vec::new();
    while let (Some(id), Some(message)) = (fields.next(), fields.next()) {
        let id = String::from_utf8_lossy(id).trim().to_owned();
        found.push((id, String::from_utf8_lossy(message).into_owned()));
    }
    Ok(found)
}

/// What git prints of the commits of these ids: what they say and change, in `folder` if there is one.
fn told(
    git: &Git,
    ids: &[String],
    folder: Option<&str>,
    most: usize,
) -> Result<GitOutput, GitError> {
    let mut args = vec![
        "diff-tree",
        "--stdin",
        "-r",
        "--root",
        "-z",
        "--raw",
        "--no-abbrev",
        "--no-relative",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules=all",
        "-M100%",
        "--encoding=UTF-8",
        "--format=tformat:%x01%H%x00%ct%x00%an%x00%B%x00",
        "--",
    ];
    args.extend(folder);
    let mut input = ids.join("\n").into_bytes();
    input.push(b'\n');
    git.run(DOING, &args, input, most)
}

/// The same of the whole repository, where it was read before, perhaps at another commit: what is known of commits is not
/// read again. A commit is what its id says, so the result is that of [`read`].
///
/// # Errors
/// As [`read`].
pub fn renew(
    repository: &Path,
    revision: &str,
    most: usize,
    older: Option<Log>,
) -> Result<Log, GitError> {
    LogReader::new(repository, revision, "", most)?.read(older)
}

/// A past, and how much had to be read for it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Log {
    /// The past.
    pub past: Past,
    /// Bytes that git printed for it, and for whatever it began with.
    bytes: usize,
    /// Whether git printed everything.
    whole: bool,
}

/// One log, about to be read.
struct LogReader<'r> {
    git: Git,
    head: String,
    boundary: BTreeSet<String>,
    ids: Vec<String>,
    folder: Option<&'r str>,
}

impl<'r> LogReader<'r> {
    fn new(
        repository: &Path,
        revision: &str,
        below: &'r str,
        most: usize,
    ) -> Result<Self, GitError> {
        let (top, _) = super::locate(repository)?;
        let git = Git::at(&top);
        let head = git.commit(revision)?;
        let boundary = boundary(&git, &top)?;
        let count = format!("--max-count={most}");
        let below = below.trim_matches('/');
        let folder = (!below.is_empty()).then_some(below);
        let mut args = vec![
            "rev-list",
            "--no-merges",
            "--topo-order",
            &count,
            &head,
            "--",
        ];
        args.extend(folder);
        let ids = git.words(DOING, &args)?;
        Ok(Self {
            git,
            head,
            boundary,
            ids,
            folder,
        })
    }

    fn read(self, older: Option<Log>) -> Result<Log, GitError> {
        let older = older.filter(|log| log.whole && log.bytes < MAX_BYTES);
        let Some(older) = older else {
            return self.told(&self.ids, Vec::new(), 0);
        };
        let known: HashSet<&str> = older.past.commits.iter().map(|it| it.id.as_str()).collect();
        let new = self.ids.iter().filter(|id| !known.contains(id.as_str()));
        let new: Vec<String> = new.cloned().collect();
        let log = self.told(&new, older.past.commits, older.bytes)?;
        match log.whole {
            true => Ok(log),
            // So much that something has to be left out: from the end, as if nothing were known.
            false => self.told(&self.ids, Vec::new(), 0),
        }
    }

    /// The log, of which `new` is read and `known` is known; for that git had printed so many bytes.
    fn told(&self, new: &[String], known: Vec<Commit>, bytes: usize) -> Result<Log, GitError> {
        let output = match new.is_empty() && !known.is_empty() {
            true => GitOutput {
                bytes: Vec::new(),
                whole: true,
            },
            false => told(&self.git, new, self.folder, MAX_BYTES - bytes)?,
        };
        let read = commits(&output.bytes, output.whole)?;
        let all = known.into_iter().chain(read);
        let mut all: HashMap<String, Commit> = all.map(|it| (it.id.clone(), it)).collect();
        // What a shallow clone begins with seems to add everything.
        let commits = self.ids.iter().filter(|id| !self.boundary.contains(*id));
        let commits: Vec<Commit> = commits.filter_map(|id| all.remove(id)).collect();
        let note = if !output.whole {
            Some(format!(
                "only the newest {} commits were read",
                commits.len()
            ))
        } else if !self.boundary.is_empty() {
            Some("the clone is shallow: older commits are not in it".to_owned())
        } else {
            None
        };
        Ok(Log {
            bytes: bytes + output.bytes.len(),
            whole: output.whole,
            past: Past {
                head: self.head.clone(),
                shallow: !self.boundary.is_empty(),
                commits,
                note,
            },
        })
    }
}

/// The commits whose parents a shallow clone lacks.
fn boundary(git: &Git, top: &Path) -> Result<BTreeSet<String>, GitError> {
    let place = git.line(DOING, &["rev-parse", "--git-path", "shallow"])?;
    let mut text = String::new();
    // A repository that is whole has no such file.
    if let Ok(file) = File::open(top.join(place)) {
        let read = file.take(MAX_BOUNDARY).read_to_string(&mut text);
        read.map_err(|source| GitError::Start { source })?;
    }
    Ok(text.lines().map(str::to_owned).collect())
}

/// What `git diff-tree` printed; of a log that is not `whole`, without its last commit.
fn commits(bytes: &[u8], whole: bool) -> Result<Vec<Commit>, GitError> {
    let mut fields = bytes.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let mut all: Vec<Commit> = Vec::new();
    let wrong = || GitError::Form { doing: DOING };
    while let Some(field) = fields.next() {
        let field = field.trim_start_matches('\n');
        if field.is_empty() {
            continue;
        }
        if let Some(id) = field.strip_prefix(MARK) {
            let (Some(time), Some(author), Some(message)) =
                (fields.next(), fields.next(), fields.next())
            else {
                break;
            };
            all.push(Commit {
                id: id.to_owned(),
                time: time.parse().unwrap_or_default(),
                author: author.into_owned(),
                message: shortened(message.trim_end()),
                changes: Vec::new(),
            });
        } else if let Some(entry) = field.strip_prefix(':') {
            let (Some(first), Some(commit)) = (fields.next(), all.last_mut()) else {
                break;
            };
            let words: Vec<&str> = entry.split(' ').collect();
            let [before, after, _, _, status] = words[..] else {
                return Err(wrong());
            };
            let second = if status.starts_with(['R', 'C']) {
                let Some(second) = fields.next() else { break };
                Some(second)
            } else {
                None
            };
            let known = |name: &str| !name.contains(char::REPLACEMENT_CHARACTER);
            let readable = known(&first) && second.as_deref().is_none_or(known);
            let files = before != SUBMODULE && after != SUBMODULE;
            if files && readable && commit.changes.len() < MAX_CHANGES {
                commit.changes.push(match second {
                    Some(path) => Change {
                        path: path.into_owned(),
                        kind: ChangeKind::Renamed {
                            from: first.into_owned(),
                        },
                    },
                    None => Change {
                        path: first.into_owned(),
                        kind: match (before, after) {
                            (NOTHING, _) => ChangeKind::Added,
                            (_, NOTHING) => ChangeKind::Deleted,
                            _ => ChangeKind::Modified,
                        },
                    },
                });
            }
        } else {
            return Err(wrong());
        }
    }
    if !whole {
        all.pop();
    }
    for commit in &mut all {
        moved::pair(&mut commit.changes);
    }
    Ok(all)
}

fn shortened(message: &str) -> String {
    message[..message.floor_char_boundary(MAX_MESSAGE)].to_owned()
}
