//! The one door to the nix process.

#![expect(
    clippy::disallowed_methods,
    reason = "the environment of nix; the door to nix"
)]

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Command;

use super::NixError;
use poag_env::folders;
use poag_env::is_key;

/// Starts nix, traces each command so that it can be pasted, and brings its errors through whole.
#[derive(Clone, Debug, Default)]
pub struct Nix {
    trace: Option<fn(&str)>,
}

impl Nix {
    /// `trace` takes every command, ready to be pasted, and what nix says, line by line.
    #[must_use]
    pub fn new(trace: Option<fn(&str)>) -> Self {
        Self { trace }
    }

    /// Says, where it was asked for, what is done without a command.
    pub(super) fn trace(&self, what: &str) {
        if let Some(trace) = self.trace {
            trace(&format!("# {what}"));
        }
    }

    /// Runs `nix ARGS…` with flakes turned on for this process, and returns its standard output.
    ///
    /// `doing` says in a few words what poag wants with it, for errors.
    ///
    /// # Errors
    /// When nix cannot be started or exits with another status than 0.
    pub async fn run<S: AsRef<OsStr>>(&self, doing: &str, args: &[S]) -> Result<Vec<u8>, NixError> {
        self.run_in(doing, None, args).await
    }

    /// As [`Nix::run`], about the flake in `folder` of this machine: where nix writes flake.lock, it lets git know of it,
    /// and git must run none of the programs that the settings of that repository name.
    pub(super) async fn run_in<S: AsRef<OsStr>>(
        &self,
        doing: &str,
        folder: Option<&Path>,
        args: &[S],
    ) -> Result<Vec<u8>, NixError> {
        let mut words = vec![
            "nix".to_string(),
            "--extra-experimental-features".to_string(),
            "nix-command flakes".to_string(),
        ];
        words.extend(
            args.iter()
                .map(|arg| arg.as_ref().to_string_lossy().into_owned()),
        );
        let line = pasteable(&words);
        if let Some(trace) = self.trace {
            trace(&format!("$ {line}"));
        }
        let mut command = Command::new("nix");
        for (name, folder) in folders::mended() {
            match folder {
                Some(folder) => command.env(name, folder),
                None => command.env_remove(name),
            };
        }
        // Anybody can read what nix was given, and nix needs none of them.
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(is_key) {
                command.env_remove(name);
            }
        }
        let child = command
            .args(&words[1..3])
            .args(args)
            .envs(poag_git::environment(folder))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => NixError::NotInstalled,
                _ => NixError::Start { source },
            })?;
        let mut dropped = Interrupted(child.id());
        let output = child.wait_with_output().await;
        dropped.0 = None;
        let output = output.map_err(|source| NixError::Start { source })?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        if let Some(trace) = self.trace {
            stderr.lines().for_each(trace);
        }
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(NixError::failed(doing, &stderr, output.status)),
        }
    }
}

/// Interrupts nix when nobody waits for it any more. Killed, it would leave what it builds with going.
struct Interrupted(Option<u32>);

impl Drop for Interrupted {
    fn drop(&mut self) {
        let pid = self.0.and_then(|pid| i32::try_from(pid).ok());
        if let Some(pid) = pid.and_then(Pid::from_raw) {
            // It may just have ended.
            let _ = kill_process(pid, Signal::INT);
        }
    }
}

/// One shell line that does the same.
fn pasteable(words: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+,@%".contains(c);
    let quoted = words.iter().map(|word| {
        if !word.is_empty() && word.chars().all(plain) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traced_command_survives_a_shell() {
        let words = ["nix", "eval", "path:/a b#.poag", "it's", ""].map(String::from);
        let script = format!("printf '%s\\n' {}", pasteable(&words));
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            "nix\neval\npath:/a b#.poag\nit's\n\n"
        );
    }
}
