//! What nix can do without the help that poag gives it on its command line.

#![expect(
    clippy::disallowed_methods,
    reason = "nix, before it is known that it can be used"
)]

use std::process::Stdio;

use tokio::process::Command;

use super::Nix;

/// Whether the `nix` on PATH takes flakes by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Features {
    /// Both the command line and flakes are on.
    On,
    /// `nix` runs, flakes are off.
    NoFlakes,
    /// Not even `nix eval` runs.
    NoCommand,
}

impl Nix {
    /// Asks the nix on PATH as a person would.
    pub async fn features(&self) -> Features {
        let output = Command::new("nix")
            .args(["eval", "--json", "--expr", "builtins ? getFlake"])
            .envs(poag_git::environment(None))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .await;
        match output {
            Ok(output) if output.status.success() && output.stdout.starts_with(b"true") => {
                Features::On
            }
            Ok(output) if output.status.success() => Features::NoFlakes,
            _ => Features::NoCommand,
        }
    }
}
