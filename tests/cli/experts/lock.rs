//! What is recorded of experts of one flake, and what is not.

use super::{cloned, workspace};
use crate::harness::{Repository, text};

/// Neither what is declared about experts nor what poag records is something to answer with or to change.
#[test]
fn the_declaration_and_the_locks_are_no_knowledge() {
    let (_made, clone) = cloned();
    for expert in ["shop", "core"] {
        let pack = clone.poag("").args(["pack", expert]).output().unwrap();
        let pack = text(&pack.stdout);
        assert!(!pack.contains("### poag.nix"), "{pack}");
        assert!(!pack.contains("poag.url"), "{pack}");
        assert!(!pack.contains("poag.lock"), "{pack}");
    }
    clone.edit("poag.nix", "price rules", "rules of prices");
    let check = clone.poag("").args(["check", "--all"]).output().unwrap();
    let verdict = text(&check.stdout);
    assert!(verdict.contains("expert 'core'"), "{verdict}");
    assert!(verdict.contains("changed declaration: role"), "{verdict}");
    assert!(!verdict.contains("poag.nix"), "{verdict}");
    assert!(!verdict.contains("expert 'shop'"), "{verdict}");
}

/// More files than an expert learns by their content: the lock stays small, and tells what changed.
#[test]
fn the_lock_of_many_files_is_bounded_and_still_honest() {
    let made = workspace();
    for at in 0..900 {
        made.write(
            &format!(
                "packages/core/src/part{}/group{}/file{at}.py",
                at % 30,
                at % 60
            ),
            &format!(
                "def part_{at}():\n    \"\"\"Part {at}.\"\"\"\n    return part_{}()\n",
                at / 2
            ),
        );
    }
    made.git(&["add", "-A"]);
    made.poag("")
        .args(["learn", "--all", "--quiet"])
        .assert()
        .success();
    made.commit("many");
    let clone = made.clone_of();
    let lock = clone.read("packages/core/poag.lock");
    assert!(lock.len() < 60 << 10, "{} bytes", lock.len());
    assert_eq!(clone.verdict(""), None);
    let pack = |repository: &Repository| {
        let output = repository.poag("").args(["pack", "core"]).output().unwrap();
        text(&output.stdout)
    };
    let before = pack(&clone);
    let stale = |repository: &Repository| {
        let check = repository
            .poag("")
            .args(["check", "core"])
            .output()
            .unwrap();
        text(&check.stdout)
    };

    let read = |path: &str| lock.contains(&format!("[files.\"{path}\"]"));
    let file = |at: u32| format!("src/part{}/group{}/file{at}.py", at % 30, at % 60);
    let unread = (0..900).map(file).find(|path| !read(path)).unwrap();
    let learned = (0..900).map(file).find(|path| read(path)).unwrap();
    // Of what is known by its name, the pack holds nothing.
    let place = format!("packages/core/{unread}");
    clone.write(&place, "def price():\n    return part_1() + part_2()\n");
    assert_eq!(stale(&clone), "core is fresh\n");
    assert_eq!(pack(&clone), before);
    // Learning again has nothing to do.
    clone
        .poag("")
        .args(["learn", "core", "--quiet"])
        .assert()
        .success();
    assert_eq!(clone.read("packages/core/poag.lock"), lock);

    clone.git(&["mv", &place, "packages/core/src/moved.py"]);
    let verdict = stale(&clone);
    assert!(verdict.contains("other files in: src"), "{verdict}");
    clone.git(&["reset", "-q", "--hard"]);
    clone.edit(&format!("packages/core/{learned}"), "Part", "The part");
    let verdict = stale(&clone);
    assert!(
        verdict.contains(&format!("changed file: {learned}")),
        "{verdict}"
    );
    clone.git(&["reset", "-q", "--hard"]);
    clone.write("packages/core/docs/new.md", "# New\n");
    clone.git(&["add", "-N", "."]);
    let verdict = stale(&clone);
    assert!(verdict.contains("added file: docs/new.md"), "{verdict}");
}
