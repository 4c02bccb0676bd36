//! The one door to the git process: plumbing only, in an environment in which a repository can start nothing.
//!
//! What could run a program, and what stands against it:
//! hooks — `core.hooksPath=/dev/null`; a file system monitor — `core.fsmonitor=false`; pagers, aliases, signature checks —
//! plumbing knows none; external differences and text conversions — names and ids are compared, contents never, and
//! `--no-ext-diff --no-textconv`; filters — nothing is checked out; fetching what a partial clone lacks —
//! `GIT_NO_LAZY_FETCH` and, for a git older than that, no protocol is allowed. Replaced objects and grafts are not honoured:
//! a commit is what its id says. Configuration of the person stays in force only for `safe.directory`.

use std::env;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::HistoryError;

/// How long one git may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Bytes of standard error that are kept.
const COMPLAINT: u64 = 4096;
/// Bytes of one line that is asked for.
const LINE: usize = 64 << 10;
/// Bytes read at a time.
const CHUNK: usize = 64 << 10;

/// git, in one folder.
pub struct Git {
    folder: PathBuf,
}

/// Standard output.
pub struct Output {
    /// As far as it was read.
    pub bytes: Vec<u8>,
    /// Whether that is all.
    pub whole: bool,
}

impl Git {
    /// For a repository's folder, a folder in it, or a bare clone.
    pub fn at(folder: &std::path::Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("GIT_") && text != "GIT_CEILING_DIRECTORIES" {
                command.env_remove(&name);
            }
        }
        let set = [
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_ALLOW_PROTOCOL", "none"),
            ("GIT_NO_REPLACE_OBJECTS", "1"),
            ("GIT_GRAFT_FILE", "/dev/null"),
            ("GIT_OPTIONAL_LOCKS", "0"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_LITERAL_PATHSPECS", "1"),
            ("LC_ALL", "C"),
        ];
        command.envs(set).arg("-C").arg(&self.folder);
        for setting in [
            "core.hooksPath=/dev/null",
            "core.fsmonitor=false",
            "core.attributesFile=/dev/null",
        ] {
            command.args(["-c", setting]);
        }
        command.arg("--no-pager");
        command
    }

    /// Runs `git ARGS…` with `input`, reads at most `most` bytes of what it prints, and ends it there.
    pub fn run(
        &self,
        doing: &'static str,
        args: &[&str],
        input: Vec<u8>,
        most: usize,
    ) -> Result<Output, HistoryError> {
        let mut child = self
            .command()
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => HistoryError::NotInstalled,
                _ => HistoryError::Start { source },
            })?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let mut child = Ended(child);
        // A git that ended early does not read on; its status tells why.
        let feeding = stdin.map(|mut pipe| thread::spawn(move || pipe.write_all(&input)));
        let complaint = stderr.map(|pipe| {
            thread::spawn(move || {
                let mut text = Vec::new();
                let mut pipe = pipe;
                let kept = pipe.by_ref().take(COMPLAINT).read_to_end(&mut text);
                let rest = io::copy(&mut pipe, &mut io::sink());
                kept.and(rest).map(|_| text)
            })
        });
        let (give, take) = mpsc::sync_channel::<io::Result<Vec<u8>>>(16);
        let reading = stdout.map(|mut pipe| {
            thread::spawn(move || {
                loop {
                    let mut chunk = vec![0; CHUNK];
                    let read = pipe.read(&mut chunk).map(|count| {
                        chunk.truncate(count);
                        chunk
                    });
                    let last = !matches!(&read, Ok(chunk) if !chunk.is_empty());
                    if give.send(read).is_err() || last {
                        return;
                    }
                }
            })
        });
        let started = Instant::now();
        let mut output = Output {
            bytes: Vec::new(),
            whole: true,
        };
        loop {
            let left = PATIENCE.saturating_sub(started.elapsed());
            match take.recv_timeout(left) {
                Ok(Ok(chunk)) if chunk.is_empty() => break,
                Ok(Ok(chunk)) => output.bytes.extend(chunk),
                Ok(Err(source)) => return Err(HistoryError::Start { source }),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    return Err(HistoryError::Slow {
                        doing,
                        after: PATIENCE,
                    });
                }
            }
            if output.bytes.len() > most {
                output.bytes.truncate(most);
                output.whole = false;
                break;
            }
        }
        drop(take);
        if !output.whole {
            return Ok(output);
        }
        let status = child
            .0
            .wait()
            .map_err(|source| HistoryError::Start { source })?;
        for thread in [
            reading.map(|it| it.join().is_ok()),
            feeding.map(|it| it.join().is_ok()),
        ] {
            debug_assert!(thread.unwrap_or(true), "a thread that moves bytes panicked");
        }
        if status.success() {
            return Ok(output);
        }
        let said = complaint
            .and_then(|it| it.join().ok())
            .and_then(Result::ok)
            .unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let said = said.lines().rfind(|line| !line.trim().is_empty());
        Err(HistoryError::Failed {
            doing,
            said: said.map_or_else(|| status.to_string(), str::to_owned),
        })
    }

    /// One line that git prints, without its end.
    pub fn line(&self, doing: &'static str, args: &[&str]) -> Result<String, HistoryError> {
        let output = self.run(doing, args, Vec::new(), LINE);
        let output = output.map_err(|error| match error {
            HistoryError::Failed { said, .. } => HistoryError::NoRepository {
                folder: self.folder.clone(),
                said,
            },
            other => other,
        })?;
        let mut line = String::from_utf8(output.bytes).map_err(|_| HistoryError::Form { doing })?;
        if line.ends_with('\n') {
            line.pop();
        }
        Ok(line)
    }

    /// Words that git prints, one a line.
    pub fn words(&self, doing: &'static str, args: &[&str]) -> Result<Vec<String>, HistoryError> {
        let most = super::log::MAX_BYTES;
        let output = self.run(doing, args, Vec::new(), most)?;
        if !output.whole {
            return Err(HistoryError::Much { doing, most });
        }
        let text = String::from_utf8(output.bytes).map_err(|_| HistoryError::Form { doing })?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// The id of a commit. First of all it is told whether there is a repository.
    pub fn commit(&self, revision: &str) -> Result<String, HistoryError> {
        self.line("finding the repository", &["rev-parse", "--git-dir"])?;
        let none = || HistoryError::NoCommit {
            revision: revision.to_owned(),
        };
        if revision.is_empty() || revision.starts_with('-') {
            return Err(none());
        }
        let wanted = format!("{revision}^{{commit}}");
        let args = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &wanted,
        ];
        match self.line("finding a commit", &args) {
            Ok(id) => Ok(id),
            Err(HistoryError::NoRepository { .. }) => Err(none()),
            Err(other) => Err(other),
        }
    }
}

/// A process that nobody waits for any more ends.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may just have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
