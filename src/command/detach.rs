//! Processes of poag that outlive the terminal.

#![expect(
    clippy::disallowed_methods,
    reason = "poag itself, as the supervisor of a work that outlives the terminal"
)]

use std::process::{Command, Stdio};

use crate::engine::{Engine, EngineError};
use crate::error::Error;

/// Starts poag with these words as a process of its own, with nothing of this one's terminal, and returns at once.
pub fn start(engine: &Engine, words: &[&str]) -> Result<(), Error> {
    let program = engine.settings().program.clone();
    let program = program.ok_or(EngineError::NoProgram)?;
    let mut command = Command::new(program);
    command
        .arg("--quiet")
        .args(words)
        .current_dir(&engine.settings().folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // An interrupt at the terminal is for the processes of its group.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()?;
    Ok(())
}

/// Makes this process the first of a session of its own, so that the end of the terminal is not its end.
pub fn leave_terminal() {
    // Refused where it leads a group already, which then has no terminal to lose either.
    let _ = rustix::process::setsid();
}
