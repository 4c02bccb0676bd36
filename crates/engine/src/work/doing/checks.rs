//! Checks: the commands that prove a task, each within a wall, with a clock and a bound on what it may say.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use poag_agent::environment::Environment;
use poag_agent::process::{Invocation, ProcessError, Workplace};
use poag_agent::wall::Wall;
use poag_core::work::CheckOutcome;
use poag_nix::NixSetup;

use super::{Doer, DoingError, DoingLimits};

/// Bytes of a check's log that are kept: its end.
pub const CHECK_LOG_BYTES: usize = 64 << 10;
/// Words that mean something to a shell only.
const OF_SHELLS: &[char] = &[
    '|', '&', ';', '<', '>', '(', ')', '$', '`', '*', '?', '[', ']', '~', '{', '}', '!', '\n',
];
/// Terminals that nix opens for its builders.
const TERMINALS: [&str; 2] = ["/dev/ptmx", "/dev/pts"];

/// Where checks run.
#[derive(Clone, Debug)]
pub struct CheckPlace {
    /// The top of the worktree: all that they may write, beside folders of their own.
    pub worktree: PathBuf,
    /// The current folder.
    pub folder: PathBuf,
}

impl Doer {
    /// Runs commands one after the other, and tells what each said. All run, also behind a red one, so that the log has
    /// everything that is wrong.
    ///
    /// They are run without a shell where they hold nothing that only a shell understands. The person's home and keys are
    /// not in reach; the worktree, a home and a folder of temporary files of their own can be written, and the store of nix,
    /// wherever it is, where no daemon writes it for them. `poag` is the one that runs them.
    ///
    /// # Errors
    /// When one could not be started for a reason that is not its own.
    pub async fn checks(
        &self,
        place: &CheckPlace,
        commands: &[String],
    ) -> Result<Vec<CheckOutcome>, DoingError> {
        let mut outcomes = Vec::new();
        for command in commands {
            outcomes.push(self.check(place, command).await?);
        }
        Ok(outcomes)
    }

    async fn check(&self, place: &CheckPlace, command: &str) -> Result<CheckOutcome, DoingError> {
        let launcher = &self.launcher;
        let turn = launcher.workplace();
        let turn = turn.map_err(DoingError::io(launcher.folder(), "used"))?;
        let program = self.project.engine.settings.program.as_deref();
        let invocation = invocation(&turn, place, command, (program, &self.limits))
            .map_err(DoingError::io(turn.path(), "used"))?;
        let began = Instant::now();
        let ran = turn.run(&invocation, b"", self.limits.check).await;
        let (code, said, problem) = match ran {
            Ok(said) => (said.code, said.stdout, None),
            Err(error @ (ProcessError::NotFound { .. } | ProcessError::Start { .. })) => {
                return Err(DoingError::Process { source: error });
            }
            Err(error) => {
                let problem = error.to_string();
                (None, error.said().stdout, Some(problem))
            }
        };
        let mut log = tail(&said);
        if let Some(problem) = problem {
            log.push_str(&format!("\n[{problem}]\n"));
        } else if code != Some(0) {
            let how = code.map_or("it was ended by a signal".to_owned(), |code| {
                format!("exit code {code}")
            });
            log.push_str(&format!("\n[{how}]\n"));
        }
        Ok(CheckOutcome {
            command: command.to_owned(),
            green: code == Some(0),
            seconds: rounded(began.elapsed()),
            log,
        })
    }
}

fn invocation(
    turn: &Workplace,
    place: &CheckPlace,
    command: &str,
    (program, limits): (Option<&Path>, &DoingLimits),
) -> std::io::Result<Invocation> {
    let (home, temporary) = (turn.subfolder("home")?, turn.subfolder("tmp")?);
    // Nix has another home here: it is told what it would find in that of the person.
    let nix = NixSetup::of_this_process().with_folders();
    let mut env = Environment::scrubbed(&["RUSTUP_HOME"])
        .with_all(nix.variables)
        .with("HOME", &home)
        .with("TMPDIR", &temporary)
        // Nobody is there to answer.
        .with("GIT_TERMINAL_PROMPT", "0")
        .with("CI", "true")
        .with_toolchains();
    if let Some(program) = program {
        // A check that poag runs is held to what this one knows itself.
        let path = turn.path_with("poag", program, env.get("PATH"))?;
        env = env.with("PATH", path);
    }
    let mut writable = vec![place.worktree.clone(), home, temporary];
    writable.extend(TERMINALS.map(PathBuf::from));
    writable.extend(nix.writable);
    Ok(Invocation {
        program: "sh".into(),
        args: words(command).into_iter().map(Into::into).collect(),
        env,
        folder: place.folder.clone(),
        wall: Some(Wall::around(writable, limits.disk_bytes).with_network(limits.network)),
    })
}

/// Arguments of `sh`: where a command holds nothing for a shell, it only puts both outputs into one.
fn words(command: &str) -> Vec<String> {
    let plain = !command.contains(OF_SHELLS) && !command.contains(" #");
    let split = plain.then(|| shell_words::split(command).ok()).flatten();
    match split {
        Some(words) if words.first().is_some_and(|first| !first.contains('=')) => {
            let before = ["-c", "exec \"$@\" 2>&1", "sh"].map(str::to_owned);
            let words = without_lock(words);
            before.into_iter().chain(words).collect()
        }
        _ => vec!["-c".to_owned(), format!("exec 2>&1\n{command}")],
    }
}

/// Keeps nix from completing a flake.lock: it would add it to git's index, which lies outside of what a check may write, and
/// what is proven is the commit as it is.
fn without_lock(mut words: Vec<String>) -> Vec<String> {
    let first: Vec<&str> = words.iter().map(String::as_str).take(3).collect();
    let after = match first[..] {
        ["nix", "flake", "check"] => 3,
        ["nix", "build" | "develop" | "eval" | "run", ..] => 2,
        _ => return words,
    };
    let flag = "--no-write-lock-file";
    if !words.iter().any(|word| word == flag) {
        words.insert(after, flag.to_owned());
    }
    words
}

/// The end of a log, cut at a line, without what could change a terminal.
fn tail(said: &[u8]) -> String {
    let from = said.len().saturating_sub(CHECK_LOG_BYTES);
    let text = String::from_utf8_lossy(said.get(from..).unwrap_or_default()).into_owned();
    let text = match from {
        0 => text,
        _ => {
            let begin = text.find('\n').map_or(0, |at| at + 1);
            let end = text.get(begin..).unwrap_or_default();
            format!("[{from} bytes before this are left out]\n{end}")
        }
    };
    poag_core::clean::clean(&text).to_string()
}

fn rounded(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_only_what_is_meant_for_one() {
        for plain in [
            "nix flake check",
            "cargo test --lib 'a b'",
            "nix build .#hello",
        ] {
            assert_eq!(words(plain)[1], "exec \"$@\" 2>&1", "{plain}");
        }
        assert_eq!(words("cargo test 'a b'")[3..], ["cargo", "test", "a b"]);
        let flag = "--no-write-lock-file";
        assert_eq!(words("nix flake check")[5..], ["check", flag]);
        assert_eq!(words("nix build .#a -L")[4..], ["build", flag, ".#a", "-L"]);
        let written = ["run", flag, ".#a"];
        assert_eq!(words("nix run --no-write-lock-file .#a")[4..], written);
        for shell in [
            "a && b",
            "a | b",
            "A=1 b",
            "echo $HOME",
            "echo 'a",
            "",
            "ls *",
            "a # b",
        ] {
            assert_eq!(words(shell).len(), 2, "{shell}");
        }
    }

    #[test]
    fn of_a_long_log_its_end_is_kept() {
        let line = b"a line of the log\n".repeat(10_000);
        let kept = tail(&line);
        assert!(kept.len() <= CHECK_LOG_BYTES + 100);
        assert!(kept.starts_with("[") && kept.ends_with("a line of the log\n"));
        assert_eq!(tail(b"short\n"), "short\n");
    }
}
