//! The one place that starts git: always with an environment and [settings](super::settings) in which a repository can
//! start nothing.

#![expect(
    clippy::disallowed_methods,
    reason = "the environment of git; the door to git"
)]

use std::env;
use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::GitError;
use super::settings::{
    CONNECTING, MAX_SETTINGS, PROTOCOLS, QUIET, READING, SETTINGS, is_connection, is_foreign,
    numbered,
};

/// How long one git may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Bytes of standard error that are kept.
const COMPLAINT: u64 = 4096;
/// Bytes of one line that is asked for.
const LINE: usize = 64 << 10;
/// Bytes read at a time.
const CHUNK: usize = 64 << 10;
/// Bytes of names and ids that are read of one repository.
const MAX_BYTES: usize = 512 << 20;

/// git, in one folder.
pub struct Git {
    folder: PathBuf,
    /// Whether the repository and index that a hook's environment names are meant, not those of the folder.
    hook: bool,
    /// Settings of this git beside those of every call, by name.
    settings: Vec<(&'static str, String)>,
    /// Variables of its environment beside those of every call.
    variables: Vec<(&'static str, OsString)>,
    /// Whether it may connect to a remote, as the person's own git would.
    connects: bool,
    /// What empties the drivers of the repository, once that was looked up: a value is used for one thing that is done.
    pub(super) drivers: OnceLock<Vec<(String, String)>>,
}

/// Standard output.
pub struct GitOutput {
    /// As far as it was read.
    pub bytes: Vec<u8>,
    /// Whether that is all.
    pub whole: bool,
}

/// What came of a git that ran to its end, or printed more than was wanted.
struct Ended {
    output: GitOutput,
    /// Its exit code; none where it was ended.
    code: Option<i32>,
    /// The last line of its standard error, or how it ended.
    said: String,
}

impl Git {
    /// For a repository's folder, a folder in it, or a bare clone. The folder alone says which repository is meant.
    pub fn at(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            hook: false,
            settings: Vec::new(),
            variables: Vec::new(),
            connects: false,
            drivers: OnceLock::new(),
        }
    }

    /// One that may connect, with the credentials and connections that are the person's settings: hooks and drivers stay off.
    pub(crate) fn connecting(self) -> Self {
        let variables = self.variables.into_iter();
        let protocols = ("GIT_ALLOW_PROTOCOL", OsString::from(PROTOCOLS));
        Self {
            variables: variables.chain([protocols]).collect(),
            connects: true,
            ..self
        }
    }

    /// With a setting more, which wins over every other of its name.
    pub(crate) fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((name, value.into()));
        self
    }

    /// With a variable of its environment more.
    pub(crate) fn variable(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// As [`Git::at`], but where a hook of git started poag, its index is meant.
    pub fn in_hook(folder: &Path) -> Self {
        Self {
            hook: true,
            ..Self::at(folder)
        }
    }

    /// git with these settings beside those of every call.
    fn command(&self, settings: Vec<(String, String)>) -> Command {
        let mut command = Command::new("git");
        for (name, _) in env::vars_os() {
            let connects = self.connects && is_connection(&name);
            if is_foreign(&name, self.hook) && !connects {
                command.env_remove(&name);
            }
        }
        let set = [
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
        let variables = self.variables.iter();
        command.envs(variables.map(|(name, value)| (name, value)));
        let quiet = QUIET
            .iter()
            .filter(|(name, _)| !(self.connects && CONNECTING.contains(name)));
        for (name, value) in SETTINGS.iter().chain(quiet) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        for (name, value) in &self.settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        // On the command line a `=` in a name would end it; in the environment it does not, which git 2.31 and newer reads.
        let (odd, plain): (Vec<_>, Vec<_>) = settings
            .into_iter()
            .partition(|(name, _)| name.contains('='));
        for (name, value) in plain {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.envs(numbered(&odd));
        command.arg("--no-pager");
        command
    }

    /// What `git config --list --show-origin -z` prints, but for the settings of this call.
    ///
    /// # Errors
    /// When git fails.
    pub fn origins(&self) -> Result<Vec<(String, String)>, GitError> {
        const DOING: &str = "reading the settings of the repository";
        let args = ["config", "--list", "--show-origin", "-z"];
        let output = self.run(DOING, &args, Vec::new(), MAX_SETTINGS)?;
        if !output.whole {
            return Err(GitError::Much {
                doing: DOING,
                most: MAX_SETTINGS,
            });
        }
        let mut words = output
            .bytes
            .split(|byte| *byte == 0)
            .map(|word| String::from_utf8_lossy(word).into_owned());
        let mut found = Vec::new();
        while let (Some(origin), Some(setting)) = (words.next(), words.next()) {
            let ours = |(name, value): &(&str, &str)| {
                setting
                    .split_once('\n')
                    .is_some_and(|(found, is)| found.eq_ignore_ascii_case(name) && is == *value)
            };
            if origin == "command line:" && SETTINGS.iter().chain(QUIET).any(ours) {
                continue;
            }
            found.push((origin, setting));
        }
        Ok(found)
    }

    /// Runs `git ARGS…` with `input`, without any driver that the repository names, reads at most `most` bytes of what it prints, and ends it there.
    pub fn run(
        &self,
        doing: &'static str,
        args: &[&str],
        input: Vec<u8>,
        most: usize,
    ) -> Result<GitOutput, GitError> {
        let ended = self.end(doing, args, input, most)?;
        match ended.code {
            Some(0) => Ok(ended.output),
            _ => Err(GitError::Failed {
                doing,
                said: ended.said,
            }),
        }
    }

    /// As [`Git::run`], where exit code 1 is an answer, too: whether it was 0, and all that was printed.
    ///
    /// # Errors
    /// When git fails with another code, or prints more than `most` bytes.
    pub(crate) fn answer(
        &self,
        doing: &'static str,
        args: &[&str],
        input: Vec<u8>,
        most: usize,
    ) -> Result<(bool, Vec<u8>), GitError> {
        let ended = self.end(doing, args, input, most)?;
        match ended.code {
            _ if !ended.output.whole => Err(GitError::Much { doing, most }),
            Some(code @ (0 | 1)) => Ok((code == 0, ended.output.bytes)),
            _ => Err(GitError::Failed {
                doing,
                said: ended.said,
            }),
        }
    }

    fn end(
        &self,
        doing: &'static str,
        args: &[&str],
        input: Vec<u8>,
        most: usize,
    ) -> Result<Ended, GitError> {
        let settings = match args.first() {
            Some(command) if READING.contains(command) => Vec::new(),
            _ => self.without_drivers()?,
        };
        let mut child = self
            .command(settings)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => GitError::NotInstalled,
                _ => GitError::Start { source },
            })?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let mut child = KillOnDrop(child);
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
        let mut output = GitOutput {
            bytes: Vec::new(),
            whole: true,
        };
        loop {
            let left = PATIENCE.saturating_sub(started.elapsed());
            match take.recv_timeout(left) {
                Ok(Ok(chunk)) if chunk.is_empty() => break,
                Ok(Ok(chunk)) => output.bytes.extend(chunk),
                Ok(Err(source)) => return Err(GitError::Start { source }),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    return Err(GitError::Slow {
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
            return Ok(Ended {
                output,
                code: Some(0),
                said: String::new(),
            });
        }
        let status = child
            .0
            .wait()
            .map_err(|source| GitError::Start { source })?;
        for thread in [
            reading.map(|it| it.join().is_ok()),
            feeding.map(|it| it.join().is_ok()),
        ] {
            debug_assert!(thread.unwrap_or(true), "a thread that moves bytes panicked");
        }
        let said = complaint
            .and_then(|it| it.join().ok())
            .and_then(Result::ok)
            .unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let said = said.lines().rfind(|line| !line.trim().is_empty());
        Ok(Ended {
            output,
            code: status.code(),
            said: said.map_or_else(|| status.to_string(), str::to_owned),
        })
    }

    /// One line that git prints, without its end.
    pub fn line(&self, doing: &'static str, args: &[&str]) -> Result<String, GitError> {
        let output = self.run(doing, args, Vec::new(), LINE);
        let output = output.map_err(|error| match error {
            GitError::Failed { said, .. } => GitError::NoRepository {
                folder: self.folder.clone(),
                said,
            },
            other => other,
        })?;
        let mut line = String::from_utf8(output.bytes).map_err(|_| GitError::Form { doing })?;
        if line.ends_with('\n') {
            line.pop();
        }
        Ok(line)
    }

    /// Words that git prints, one a line.
    pub fn words(&self, doing: &'static str, args: &[&str]) -> Result<Vec<String>, GitError> {
        let most = MAX_BYTES;
        let output = self.run(doing, args, Vec::new(), most)?;
        if !output.whole {
            return Err(GitError::Much { doing, most });
        }
        let text = String::from_utf8(output.bytes).map_err(|_| GitError::Form { doing })?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// The id of a commit. First of all it is told whether there is a repository.
    pub fn commit(&self, revision: &str) -> Result<String, GitError> {
        self.line("finding the repository", &["rev-parse", "--git-dir"])?;
        let none = || GitError::NoCommit {
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
            Err(GitError::NoRepository { .. }) => Err(none()),
            Err(other) => Err(other),
        }
    }
}

/// A process that nobody waits for any more ends.
struct KillOnDrop(Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // It may just have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
