//! The house: which crate may know which, what goes through one door, and which tests a page may name. Everything here reads the
//! source, and nothing runs but `cargo metadata`.

#![expect(clippy::disallowed_methods, reason = "a test starts cargo")]
#![cfg(test)]

mod attacks;
mod crates;
mod doors;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The source that is shipped, without what it is tested by: (path from the top of the workspace, text).
fn shipped() -> Vec<(String, String)> {
    let mut waiting: Vec<PathBuf> = vec![root().join("src")];
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.ends_with("eval") {
            waiting.push(folder.join("src"));
        }
    }
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            if path.is_dir() {
                if !name.ends_with("/tests") {
                    waiting.push(path);
                }
            } else if name.ends_with(".rs")
                && !["tests.rs", "testing.rs", "fuzzing.rs"]
                    .iter()
                    .any(|test| name.ends_with(test))
            {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                let text = text.split("#[cfg(all(test").next().unwrap();
                found.push((name, text.to_owned()));
            }
        }
    }
    assert!(found.len() > 200, "{}", found.len());
    found.sort();
    found
}
