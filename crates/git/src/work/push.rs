//! A work's branch for others: pushed to a remote, as the person's own `git push` would, and a pull request for it.

#![expect(
    clippy::disallowed_methods,
    reason = "gh, which opens pull requests for the person"
)]

use std::path::Path;
use std::process::{Command, Stdio};

use super::references::full;
use super::{NAMES, WorkGitError, WorkRepository};
use crate::{Git, GitError};

/// Bytes of what `gh` prints that are kept.
const PRINTED: usize = 4096;

/// A pull request to be opened.
#[derive(Clone, Copy, Debug)]
pub struct PullRequest<'a> {
    /// The branch that was pushed.
    pub head: &'a str,
    /// The branch that it should be merged into.
    pub base: &'a str,
    /// One line.
    pub title: &'a str,
    /// A file with the text, in Markdown.
    pub body: &'a Path,
}

/// What became of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Opened {
    /// `gh` opened it and printed this: its address.
    Yes(String),
    /// There is no `gh` here.
    NoProgram,
}

impl PullRequest<'_> {
    /// The words that open it, to be typed.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let body = self.body.display().to_string();
        [
            "gh",
            "pr",
            "create",
            "--head",
            self.head,
            "--base",
            self.base,
            "--title",
            self.title,
            "--body-file",
            &body,
        ]
        .map(str::to_owned)
        .to_vec()
    }
}

impl WorkRepository {
    /// Pushes a branch to a remote under its own name, never by force, and without hooks: with the protocols file, git, http,
    /// https and ssh, and with the credentials that the person's git has. No terminal is asked.
    ///
    /// # Errors
    /// [`WorkGitError::NoRemote`] where there is no such remote, [`WorkGitError::NotPushed`] where it does not take the branch,
    /// also because another of that name is there.
    pub fn push(&self, branch: &str, remote: &str) -> Result<(), WorkGitError> {
        let remotes = self.git().words("listing remotes", &["remote"])?;
        if !remotes.iter().any(|known| known == remote) {
            return Err(WorkGitError::NoRemote {
                remote: remote.to_owned(),
                known: remotes,
            });
        }
        let reference = full(branch);
        let refspec = format!("{reference}:{reference}");
        let args = ["push", "--quiet", "--no-verify", "--", remote, &refspec];
        let git = Git::at(&self.root).variable("GIT_DIR", &self.common);
        match git
            .connecting()
            .run("pushing a branch", &args, Vec::new(), NAMES)
        {
            Ok(_) => Ok(()),
            Err(GitError::Failed { said, .. }) => Err(WorkGitError::NotPushed {
                branch: branch.to_owned(),
                remote: remote.to_owned(),
                said,
            }),
            Err(other) => Err(other.into()),
        }
    }

    /// Opens a pull request with the person's `gh`, where there is one.
    ///
    /// # Errors
    /// [`WorkGitError::NoPullRequest`] where `gh` refuses.
    pub fn open_pull_request(&self, request: &PullRequest<'_>) -> Result<Opened, WorkGitError> {
        let words = request.words();
        let refused = |said: String| WorkGitError::NoPullRequest {
            said,
            words: words.clone(),
        };
        let mut gh = Command::new("gh");
        gh.args(words.iter().skip(1))
            .current_dir(&self.root)
            .env("GH_PROMPT_DISABLED", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let output = match gh.output() {
            Ok(output) => output,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Opened::NoProgram);
            }
            Err(error) => return Err(refused(error.to_string())),
        };
        let last = |bytes: &[u8]| {
            let from = bytes.len().saturating_sub(PRINTED);
            let text = String::from_utf8_lossy(bytes.get(from..).unwrap_or_default());
            let line = text.lines().rfind(|line| !line.trim().is_empty());
            line.unwrap_or_default().trim().to_owned()
        };
        match output.status.success() {
            true => Ok(Opened::Yes(last(&output.stdout))),
            false => Err(refused(last(&output.stderr))),
        }
    }
}
