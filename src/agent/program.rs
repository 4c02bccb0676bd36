//! The program that a command names. A flake may name it, so that it must be one of the machine's own.

use std::env;
use std::path::{Path, PathBuf};

use super::process::find;
use super::{AgentError, Fault};

/// The program of a command: a name on this process's own PATH, or an absolute path. Never a path into a
/// repository, and never one that a repository's dev shell brings.
///
/// # Errors
/// Unavailable: when it is not there, or a relative path.
pub fn locate(backend: &str, command: &[String]) -> Result<PathBuf, AgentError> {
    let unavailable =
        |reason: String, repair: &str| AgentError::new(Fault::Unavailable, backend, reason, repair);
    let Some(program) = command.first().filter(|program| !program.is_empty()) else {
        return Err(unavailable(
            "no program is named".into(),
            "name one with --agent-command, or in the flake: agent.command = [ \"my-agent\" ];",
        ));
    };
    if program.contains('/') && !Path::new(program).is_absolute() {
        return Err(unavailable(
            format!("its program '{program}' is a relative path"),
            "name a program on PATH, or an absolute path",
        ));
    }
    find(program, env::var_os("PATH").as_deref()).ok_or_else(|| {
        unavailable(
            format!("there is no program '{program}'"),
            "install it, or name another with --agent-command",
        )
    })
}
