//! A private place for an agent to run in.

use std::fs;
use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

use crate::stand_in::{StandIn, clis_or_skip};

/// A home and a working folder of its own, and an environment with nothing else in it.
pub struct Place {
    temp: TempDir,
    bin: PathBuf,
}

impl Place {
    /// A new place; `None` where the agents cannot be had, after a line that says so.
    pub fn new() -> Option<Self> {
        let bin = clis_or_skip()?;
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join("home")).unwrap();
        fs::create_dir(temp.path().join("work")).unwrap();
        Some(Self { temp, bin })
    }

    /// The home folder.
    pub fn home(&self) -> PathBuf {
        self.temp.path().join("home")
    }

    /// Writes a file below the home folder.
    pub fn write(&self, path: &str, text: &str) -> PathBuf {
        let file = self.home().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        file
    }

    /// An agent, to be run here.
    pub fn command(&self, name: &str) -> Command {
        let mut path = vec![self.bin.clone()];
        path.extend(std::env::split_paths(
            &std::env::var_os("PATH").unwrap_or_default(),
        ));
        let mut command = Command::new(self.bin.join(name));
        command
            .env_clear()
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("HOME", self.home())
            .env("TMPDIR", self.temp.path())
            .current_dir(self.temp.path().join("work"))
            // Only so that an agent that hangs ends the test.
            .timeout(Duration::from_secs(120));
        command
    }

    /// Claude Code, whose model is the stand-in, and which says nothing to anybody else.
    pub fn claude(&self, model: &StandIn) -> Command {
        let mut command = self.command("claude");
        command
            .env("ANTHROPIC_BASE_URL", model.url())
            .env("ANTHROPIC_API_KEY", "none")
            .env("CLAUDE_CONFIG_DIR", self.home().join("claude"))
            .env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
            .env("DISABLE_AUTOUPDATER", "1");
        command
    }

    /// The same in a folder, where the programs that it starts find the nix of the tests.
    pub fn claude_in(&self, folder: PathBuf, model: &StandIn) -> Command {
        let mut command = self.claude(model);
        command.current_dir(folder);
        for name in ["NIX_CONFIG", "NIX_REMOTE", "NIXW_NIX", "NIX_SSL_CERT_FILE"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command
    }
}

/// The JSON document on standard output.
pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("no JSON on standard output: {error}\n{}", told(output)))
}

/// The JSON documents on standard output, one a line.
pub fn json_lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// All that a program said.
pub fn told(output: &Output) -> String {
    format!(
        "{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
