//! The files of one flake, for a model: read by path, and in a turn that writes changed by path, no link followed.

#![expect(clippy::disallowed_methods, reason = "private homes of agents")]

use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use crate::Writing;

/// Bytes of a file that are given at once.
const READ_BYTES: u64 = 256 << 10;
/// Lines that are given at once.
const READ_LINES: usize = 1000;
/// Names of a folder that are given.
const NAMES: usize = 500;

/// One flake's folder.
#[derive(Debug)]
pub struct FlakeFiles<'a> {
    root: &'a Path,
    /// Bytes of a file that may be written; none where nothing may.
    most: Option<u64>,
}

impl<'a> FlakeFiles<'a> {
    /// The folder of a speaker, or the one that it writes in.
    pub fn of(folder: &'a Path, writing: Option<&'a Writing>) -> Self {
        match writing {
            Some(writing) => Self {
                root: &writing.folder,
                most: Some(writing.file_bytes),
            },
            None => Self {
                root: folder,
                most: None,
            },
        }
    }

    /// A file with the numbers of its lines, or the names in a folder.
    ///
    /// # Errors
    /// Why not, and what to do.
    pub fn read(&self, path: &str, from: usize) -> Result<String, String> {
        let place = self.place(path)?;
        let facts = fs::symlink_metadata(&place).map_err(absent(path))?;
        if facts.is_dir() {
            return self.names(&place, path);
        }
        if !facts.is_file() {
            return Err(format!(
                "{path:?} is no file\nrepair: name a file of your flake"
            ));
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(&place).map_err(absent(path))?;
        file.take(READ_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(absent(path))?;
        let cut = bytes.len() as u64 > READ_BYTES;
        bytes.truncate(usize::try_from(READ_BYTES).unwrap_or(usize::MAX));
        if bytes.contains(&0) {
            return Err(format!("{path:?} is no text\nrepair: name another file"));
        }
        let text = String::from_utf8_lossy(&bytes);
        let from = from.max(1);
        let mut told = String::new();
        let mut lines = text.lines().enumerate().skip(from - 1);
        for (number, line) in lines.by_ref().take(READ_LINES) {
            told.push_str(&format!("{}: {line}\n", number + 1));
        }
        if let Some((number, _)) = lines.next() {
            told.push_str(&format!("[more: read on from line {}]\n", number + 1));
        } else if cut {
            told.push_str("[the rest of this file is not given]\n");
        }
        Ok(told)
    }

    fn names(&self, place: &Path, path: &str) -> Result<String, String> {
        let entries = fs::read_dir(place).map_err(absent(path))?;
        let mut names: Vec<String> = entries
            .flatten()
            .map(|entry| {
                let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                let name = entry.file_name().to_string_lossy().into_owned();
                if folder { name + "/" } else { name }
            })
            .filter(|name| name != ".git/" && name != ".git")
            .collect();
        names.sort();
        let more = names.len().saturating_sub(NAMES);
        names.truncate(NAMES);
        if more > 0 {
            names.push(format!("[and {more} more]"));
        }
        Ok(names.join("\n"))
    }

    /// Changes a file: `old`, which must stand in it once, becomes `new`; with no `old` it is a new file, and with no `new`
    /// all of it goes.
    ///
    /// # Errors
    /// Why not, and what to do.
    pub fn edit(&self, path: &str, old: Option<&str>, new: Option<&str>) -> Result<String, String> {
        let most = self.most.ok_or(
            "nothing may be changed in this turn\nrepair: say in your answer what should be changed",
        )?;
        let place = self.place(path)?;
        let there = fs::symlink_metadata(&place).ok();
        if there.as_ref().is_some_and(|facts| !facts.is_file()) {
            return Err(format!(
                "{path:?} is no file\nrepair: name a file of your flake"
            ));
        }
        let old = old.filter(|old| !old.is_empty());
        let text = match (old, new) {
            (None, None) if there.is_some() => {
                fs::remove_file(&place).map_err(absent(path))?;
                return Ok(format!("{path} is gone"));
            }
            (_, None) => {
                return Err(
                    "`new` is missing\nrepair: give the text that takes the place of `old`".into(),
                );
            }
            (None, Some(_)) if there.is_some() => {
                return Err(format!(
                    "{path:?} is there already\nrepair: give `old`, the text in it that is to change"
                ));
            }
            (None, Some(new)) => new.to_owned(),
            (Some(old), Some(new)) => {
                let facts = there.ok_or_else(|| {
                    format!("there is no {path:?}\nrepair: leave `old` out to make it")
                })?;
                if facts.len() > most {
                    return Err(format!(
                        "{path:?} has {} bytes, {most} may be changed\nrepair: change another file",
                        facts.len()
                    ));
                }
                let text = fs::read_to_string(&place).map_err(absent(path))?;
                match text.matches(old).count() {
                    1 => text.replacen(old, new, 1),
                    0 => {
                        return Err(format!(
                            "`old` does not stand in {path:?}\nrepair: read it, and give its text exactly, without numbers of lines"
                        ));
                    }
                    count => {
                        return Err(format!(
                            "`old` stands {count} times in {path:?}\nrepair: give more of the text around it"
                        ));
                    }
                }
            }
        };
        if text.len() as u64 > most {
            return Err(format!(
                "{path:?} would have {} bytes, {most} are allowed\nrepair: write less",
                text.len()
            ));
        }
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(absent(path))?;
        }
        fs::write(&place, text).map_err(absent(path))?;
        Ok(format!("{path} is written"))
    }

    /// A place below the root that no link leads to.
    fn place(&self, path: &str) -> Result<PathBuf, String> {
        let outside = || {
            format!(
                "{path:?} is no path of your flake\nrepair: name a file relative to it, without '..'"
            )
        };
        let relative = path.trim().trim_start_matches("./");
        let mut place = self.root.to_owned();
        for part in Path::new(relative).components() {
            match part {
                Component::Normal(name) if !name.eq_ignore_ascii_case(".git") => place.push(name),
                Component::CurDir => {}
                _ => return Err(outside()),
            }
            let link = fs::symlink_metadata(&place).is_ok_and(|facts| facts.is_symlink());
            if link {
                return Err(format!(
                    "{path:?} leads through a link\nrepair: name the file itself"
                ));
            }
        }
        Ok(place)
    }
}

fn absent(path: &str) -> impl Fn(std::io::Error) -> String {
    move |error| format!("{path:?}: {error}\nrepair: `read` of a folder gives the names in it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_and_changed_inside_the_flake_alone() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("flake");
        fs::create_dir_all(root.join("src")).unwrap();
        fs::create_dir(root.join(".git")).unwrap();
        fs::write(root.join("src/a"), "one\ntwo\ntwo\n").unwrap();
        fs::write(temp.path().join("secret"), "secret").unwrap();
        std::os::unix::fs::symlink("../secret", root.join("link")).unwrap();
        std::os::unix::fs::symlink("..", root.join("up")).unwrap();
        let writing = Writing {
            network: true,
            worktree: root.clone(),
            folder: root.clone(),
            file_bytes: 100,
        };
        let reading = FlakeFiles::of(&root, None);
        assert_eq!(reading.read("src/a", 2).unwrap(), "2: two\n3: two\n");
        assert_eq!(reading.read(".", 1).unwrap(), "link\nsrc/\nup");
        assert!(
            reading
                .edit("src/a", Some("one"), Some("1"))
                .unwrap_err()
                .contains("nothing may be changed")
        );
        let files = FlakeFiles::of(&root, Some(&writing));
        for path in [
            "../secret",
            "/etc/passwd",
            "link",
            "up/secret",
            ".git/config",
            ".GIT/config",
            "src/../../secret",
        ] {
            assert!(files.read(path, 1).is_err(), "{path}");
            assert!(files.edit(path, None, Some("x")).is_err(), "{path}");
        }
        assert!(
            files
                .edit("src/a", Some("two"), Some("2"))
                .unwrap_err()
                .contains("2 times")
        );
        assert!(
            files
                .edit("src/a", Some("three"), Some("3"))
                .unwrap_err()
                .contains("does not stand in")
        );
        assert!(
            files
                .edit("src/a", None, Some("new"))
                .unwrap_err()
                .contains("is there already")
        );
        assert!(
            files
                .edit("big", None, Some(&"x".repeat(101)))
                .unwrap_err()
                .contains("100 are allowed")
        );
        files.edit("src/a", Some("one"), Some("1")).unwrap();
        files.edit("new/b", None, Some("b")).unwrap();
        assert_eq!(
            fs::read_to_string(root.join("src/a")).unwrap(),
            "1\ntwo\ntwo\n"
        );
        files.edit("new/b", None, None).unwrap();
        assert!(!root.join("new/b").exists());
        assert_eq!(
            fs::read_to_string(temp.path().join("secret")).unwrap(),
            "secret"
        );
    }
}
