//! The real command line agents, in the versions of checks/agents/package.json.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Exit code of checks/agents/install when the agents cannot be had here.
const CANNOT_BE_HAD: i32 = 75;

/// The folder with `claude`, `codex`, `gemini`, `opencode` and `claude-agent-acp`, installed on the first use on this
/// machine; why not, where they cannot be had. Panics then on CI (`CI=true`), and when installing fails otherwise.
pub fn clis() -> Result<PathBuf, String> {
    static BIN: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let found = BIN.get_or_init(|| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("checks/agents/install");
        let output = Command::new(script).stdin(Stdio::null()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        match output.status.code() {
            Some(0) => {
                let path = String::from_utf8(output.stdout).unwrap();
                Ok(PathBuf::from(path.trim_end()))
            }
            Some(CANNOT_BE_HAD) => Err(told),
            _ => panic!("checks/agents/install failed: {told}"),
        }
    });
    if let Err(why) = found
        && std::env::var("CI").is_ok_and(|ci| ci == "true")
    {
        panic!("no command line agents on CI: {why}");
    }
    found.clone()
}

/// The folder of `clis`, or `None` after a line that says why the test is skipped.
pub fn clis_or_skip() -> Option<PathBuf> {
    clis().inspect_err(|why| eprintln!("skipped: {why}")).ok()
}
