//! The program that a command names. A flake may name it, so that it must be one of the machine's own.

#![expect(clippy::disallowed_methods, reason = "the environment of agents")]

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

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

/// The program of that name on a search path, or the path that it is.
#[must_use]
pub fn find(program: &str, search: Option<&OsStr>) -> Option<PathBuf> {
    let runs = |path: &Path| {
        let found = std::fs::metadata(path);
        found.is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    if program.contains('/') {
        let path = env::current_dir().ok()?.join(program);
        return runs(&path).then_some(path);
    }
    let folders: Vec<PathBuf> = env::split_paths(search?).collect();
    let mut paths = folders.iter().map(|folder| folder.join(program));
    paths.find(|path| path.is_absolute() && runs(path))
}

/// Bytes of a script that are read for its first line, as many as Linux looks at.
const FIRST_LINE: u64 = 256;

/// A program of this process's own PATH, or by its path, and the arguments that come before all others. A
/// script that asks `env` for its interpreter gets the one on that PATH, too: `node` of a flake's dev shell
/// would be as good as an agent of its own. Without one, the name that leads to none.
pub(super) fn own_program(program: &str) -> Result<(PathBuf, Vec<OsString>), String> {
    let own = env::var_os("PATH");
    let on_path = |name: &str| find(name, own.as_deref()).ok_or_else(|| name.to_owned());
    let path = on_path(program)?;
    let mut begin = Vec::new();
    if let Ok(file) = File::open(&path) {
        // A program that cannot be read can still be run.
        let _ = file.take(FIRST_LINE).read_to_end(&mut begin);
    }
    match interpreter(&begin) {
        None => Ok((path, Vec::new())),
        Some((name, words)) => {
            let words = words.into_iter().map(OsString::from);
            Ok((on_path(&name)?, words.chain([path.into()]).collect()))
        }
    }
}

/// What the first line `#!/usr/bin/env NAME` or `#!/usr/bin/env -S NAME WORDS…` asks for.
fn interpreter(begin: &[u8]) -> Option<(String, Vec<String>)> {
    let line = begin
        .strip_prefix(b"#!")?
        .split(|byte| *byte == b'\n')
        .next()?;
    let mut words = std::str::from_utf8(line).ok()?.split_whitespace();
    if Path::new(words.next()?).file_name()? != "env" {
        return None;
    }
    let name = match words.next()? {
        "-S" => words.next()?,
        first => first.strip_prefix("-S").unwrap_or(first),
    };
    let plain = !name.is_empty() && !name.starts_with('-') && !name.contains('=');
    plain.then(|| (name.to_owned(), words.map(str::to_owned).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_asks_env_for_its_interpreter() {
        let asked = |line: &str| interpreter(line.as_bytes());
        let node = |words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            Some(("node".to_owned(), words))
        };
        assert_eq!(asked("#!/usr/bin/env node\nmore"), node(&[]));
        assert_eq!(asked("#! /bin/env  node"), node(&[]));
        assert_eq!(
            asked("#!/usr/bin/env -S node --quiet -x\n"),
            node(&["--quiet", "-x"])
        );
        assert_eq!(asked("#!/usr/bin/env -Snode -x\n"), node(&["-x"]));
        for other in [
            "#!/bin/sh\n",
            "#!/usr/bin/env -i node\n",
            "#!/usr/bin/env\n",
            "\u{7f}ELF",
            "",
        ] {
            assert_eq!(asked(other), None, "{other:?}");
        }
    }
}
