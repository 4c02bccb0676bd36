//! What a program says that it could not write, where the wall is why.
//!
//! The kernel refuses without a word to poag: what Landlock denies goes to the audit log of the machine alone (Linux 6.15),
//! which only its administrator reads. What the program says is all there is; of one that says nothing, nothing is known.

use std::io;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Access, access};
use rustix::io::Errno;

/// Bytes of what was said that are looked at, and paths that are named.
const LOOKED_AT: usize = 256 << 10;
const MOST: usize = 5;

/// Paths in `said`, a program's standard error, that it was refused and that lie outside of all folders `within`. They stand
/// in a line with the system's own words for a refusal, and the user of poag could write them: nothing but the wall forbids
/// it. `folder` is where the program was.
#[must_use]
pub fn refused_writes(said: &[u8], folder: &Path, within: &[&Path]) -> Vec<PathBuf> {
    let from = said.len().saturating_sub(LOOKED_AT);
    let text = String::from_utf8_lossy(said.get(from..).unwrap_or_default());
    let words = io::Error::from_raw_os_error(Errno::ACCESS.raw_os_error()).to_string();
    let words = words.split(" (").next().unwrap_or(&words).to_lowercase();
    let mut found = Vec::new();
    for line in text.lines() {
        let Some(word) = about(line, &words) else {
            continue;
        };
        let path = plain(&folder.join(word));
        let inside = within.iter().any(|within| path.starts_with(within));
        if !inside && !found.contains(&path) && could_write(&path) {
            found.push(path);
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// What a line says was refused: the path right behind the words, else the last one before them. A shell begins its lines with
/// its own.
fn about<'a>(line: &'a str, words: &str) -> Option<&'a str> {
    let at = line.to_lowercase().find(words)?;
    let (before, after) = (line.get(..at)?, line.get(at + words.len()..)?);
    let apart = |c: char| c.is_whitespace() || "'\"`‘’“”()[]<>,;".contains(c);
    let path = |word: &&str| word.contains('/');
    let tidy = |word: &'a str| word.trim_matches(':');
    let mut after = after.split(apart).map(tidy).filter(|word| !word.is_empty());
    let mut before = before.split(apart).map(tidy).rev();
    after.next().filter(path).or_else(|| before.find(path))
}

/// Without `.` and `..`, by its words alone.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

/// Whether this user may write a file, or make it.
fn could_write(path: &Path) -> bool {
    let writes = |path: &Path| access(path, Access::WRITE_OK).is_ok();
    match path.symlink_metadata() {
        Ok(_) => writes(path),
        Err(_) => path.parent().is_some_and(writes),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn paths_outside_that_the_user_could_write_are_told_and_nothing_else() {
        let site = tempfile::tempdir().unwrap();
        let site = site.path().canonicalize().unwrap();
        let (tree, main) = (site.join("tree"), site.join("main"));
        fs::create_dir_all(tree.join("flake")).unwrap();
        fs::create_dir(&main).unwrap();
        fs::write(main.join("there"), "").unwrap();
        let folder = tree.join("flake");
        let told = |said: &str| {
            let said = said.replace("SITE", site.to_str().unwrap());
            refused_writes(said.as_bytes(), &folder, &[&tree])
        };
        for said in [
            "sh: 1: cannot create SITE/main/new: Permission denied",
            "SITE/main/there: 4: cannot create SITE/main/new: Permission denied",
            "touch: cannot touch '../../main/new': Permission denied",
            "fatal: Unable to create 'SITE/main/new': Permission denied",
            "error: PermissionError: [Errno 13] Permission denied: 'SITE/main/new'",
        ] {
            assert_eq!(told(said), [main.join("new")], "{said}");
        }
        assert_eq!(
            told("rm: cannot remove 'SITE/main/there': permission denied"),
            [main.join("there")]
        );
        for said in [
            "cat: SITE/main/there: No such file or directory",
            "sh: 1: cannot create ../inside: Permission denied",
            "sh: 1: cannot create SITE/nowhere/at/all: Permission denied",
            "Permission denied",
            "",
        ] {
            assert_eq!(told(said), [""; 0].map(PathBuf::from), "{said}");
        }
        let many: String = (0..50)
            .map(|at| format!("SITE/main/{at}: Permission denied\n"))
            .collect();
        assert_eq!(told(&many).len(), MOST);
    }
}
