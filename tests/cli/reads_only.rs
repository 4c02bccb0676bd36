//! Verbs that only look leave a repository as it is: its files, and git's index.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Repository, text};

/// Every file below a folder with its content, git's own among them.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => waiting.push(path),
                false => {
                    let content = fs::read(&path).unwrap();
                    found.insert(path, content);
                }
            }
        }
    }
    found
}

fn names(files: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<&PathBuf> {
    files.keys().collect()
}

#[test]
fn looking_at_a_flake_writes_nothing_where_it_has_no_lock_and_where_files_are_new() {
    let family = Repository::family();
    family.git(&["rm", "-q", "app/flake.lock"]);
    family.commit("no lock");
    let clone = family.fresh_clone();
    clone.write("app/new.md", "Not tracked.\n");
    clone.write("app/notes.md", "Changed.\n");
    let before = everything(&clone.root);
    for words in [
        &["graph"][..],
        &["graph", "--json"],
        &["graph", "--html"],
        &["graph", "--no-cache"],
        &["doctor"],
        &["experts"],
        &["check"],
        &["pack"],
        &["ask", "--text", "Who says hello with greet?"],
    ] {
        let done = clone.poag("app").args(words).output().unwrap();
        let said = format!("{words:?}: {}", text(&done.stderr));
        assert!(matches!(done.status.code(), Some(0 | 3)), "{said}");
        let after = everything(&clone.root);
        assert_eq!(names(&before), names(&after), "{said}");
        let changed: Vec<_> = before
            .iter()
            .filter(|(path, content)| after[*path] != **content)
            .collect();
        assert!(
            changed.is_empty(),
            "{said}{:?}",
            names(
                &changed
                    .into_iter()
                    .map(|(path, content)| (path.clone(), content.clone()))
                    .collect()
            )
        );
    }
    // Who learns has the lock completed, so that the next evaluation is the same one.
    clone
        .poag("app")
        .args(["learn", "--no-prime"])
        .assert()
        .success();
    assert!(clone.root.join("app/flake.lock").is_file());
}
