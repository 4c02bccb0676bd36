//! `poag lock lint` on locks that nix made, and what nix says afterwards.

use predicates::prelude::*;
use serde_json::Value;

use crate::harness::{Repository, text};

/// Flakes `f0` to `f{last}`, each with the two behind it as inputs: a lock with a node for every path.
fn ladder(last: usize) -> Repository {
    let repository = Repository::new();
    for at in 0..=last {
        let inputs: String = [at + 1, at + 2]
            .iter()
            .filter(|next| **next <= last)
            .map(|next| {
                format!("    # the part {next}\n    f{next}.url = \"path:../f{next}\"; # beside\n")
            })
            .collect();
        repository.write(
            &format!("f{at}/flake.nix"),
            &format!(
                "{{\n  inputs = {{\n{inputs}  }};\n\n  outputs = _: {{ number = {at}; }};\n}}\n"
            ),
        );
    }
    repository.git(&["add", "-A"]);
    let locked = repository.nix("f0", &["flake", "lock"]);
    assert!(locked.status.success(), "{}", text(&locked.stderr));
    repository.commit("begin");
    repository
}

fn nodes(json: &[u8], pointer: &str) -> usize {
    let value: Value = serde_json::from_slice(json).unwrap();
    value.pointer(pointer).unwrap().as_object().unwrap().len()
}

#[test]
fn an_exploding_lock_becomes_linear_and_nix_agrees() {
    let repository = ladder(12);
    let lock = |repository: &Repository| repository.read("f0/flake.lock").into_bytes();
    assert_eq!(nodes(&lock(&repository), "/nodes"), 609);
    let found = repository
        .poag("f0")
        .args(["lock", "lint", "--json"])
        .assert()
        .code(1);
    let found: Value = serde_json::from_slice(&found.get_output().stdout).unwrap();
    assert_eq!(found["after"]["nodes"], 13);

    let shown = repository
        .poag("f0")
        .args(["lock", "lint", "--fix"])
        .assert()
        .code(1);
    let diff = text(&shown.get_output().stdout);
    let lines = concat!(
        "     f1.url = \"path:../f1\"; # beside\n",
        "+    f1.inputs.f2.follows = \"f2\";\n",
        "+    f1.inputs.f3.follows = \"f2/f3\";\n",
        "     # the part 2\n",
    );
    assert!(diff.contains(lines), "{diff}");
    assert_eq!(
        repository.git(&["status", "--porcelain"]),
        "",
        "shown, not written"
    );

    repository
        .poag("f0")
        .args(["lock", "lint", "--fix", "--yes"])
        .assert()
        .success()
        .stderr(
            predicate::str::contains("nix (Nix) 2.")
                .and(predicate::str::contains(" locks every input where it was")),
        );
    let joined = lock(&repository);
    assert_eq!(nodes(&joined, "/nodes"), 13);
    let metadata = repository.nix("f0", &["flake", "metadata", "--json"]);
    assert_eq!(
        nodes(&metadata.stdout, "/locks/nodes"),
        13,
        "{}",
        text(&metadata.stderr)
    );
    assert!(repository.nix("f0", &["flake", "lock"]).status.success());
    assert_eq!(
        text(&lock(&repository)),
        text(&joined),
        "nix has nothing to add"
    );
    repository
        .poag("f0")
        .args(["lock", "lint"])
        .assert()
        .success();

    // From nothing but the edited flake.nix files, nix makes a lock of the same size.
    std::fs::remove_file(repository.root.join("f0/flake.lock")).unwrap();
    assert!(repository.nix("f0", &["flake", "lock"]).status.success());
    assert_eq!(nodes(&lock(&repository), "/nodes"), 13);
}

#[test]
fn what_git_could_not_bring_back_is_not_written() {
    let repository = ladder(3);
    repository.git(&["rm", "-q", "--cached", "f0/flake.nix"]);
    let refused = repository
        .poag("f0")
        .args(["lock", "lint", "--fix", "--yes"])
        .assert()
        .failure();
    let error = text(&refused.get_output().stderr);
    assert!(
        error.contains("git does not track it") && error.contains("repair: git add"),
        "{error}"
    );
    assert!(!repository.read("f0/flake.nix").contains("follows"));
}

#[test]
fn a_lock_without_instances_to_join_is_fine() {
    let family = Repository::family();
    family.poag("app").args(["lock", "lint"]).assert().success();
}

/// `app` with the inputs `a` and `lib`, where `a` has `b`, and `b` has `lib`: each a repository of its own.
fn chain() -> (Repository, [Repository; 3]) {
    let repository = |inputs: &str| {
        let repository = Repository::new();
        repository.write(
            "flake.nix",
            &format!("{{\n{inputs}  outputs = _: {{ }};\n}}\n"),
        );
        repository.commit("begin");
        repository
    };
    let input = |name: &str, of: &Repository| {
        format!(
            "  inputs.{name}.url = \"git+file://{}\";\n",
            of.root.display()
        )
    };
    let lib = repository("");
    let b = repository(&input("lib", &lib));
    let a = repository(&input("b", &b));
    let app = repository(&(input("a", &a) + &input("lib", &lib)));
    assert!(app.nix("", &["flake", "lock"]).status.success());
    app.commit("lock");
    (app, [a, b, lib])
}

#[test]
fn what_only_newer_nix_would_lock_the_same_is_listed_and_not_written() {
    let (app, _inputs) = chain();
    let before = app.read("flake.nix");
    let shown = app
        .poag("")
        .args(["lock", "lint", "--fix", "--yes"])
        .assert()
        .success();
    let said = text(&shown.get_output().stdout);
    let line = "  left: a/b/lib beside lib: they are the same, which only the flake in between can say for every nix\n";
    assert!(said.ends_with(line), "{said}");
    assert_eq!(app.read("flake.nix"), before);
    assert_eq!(app.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_join_that_nix_does_not_prove_is_listed_with_what_nix_says_and_not_written() {
    let repository = ladder(3);
    // The lock is not the one of this text: nix would change more than what is joined.
    repository.edit(
        "f0/flake.nix",
        "f2.url = \"path:../f2\"",
        "f2.url = \"path:../f1\"",
    );
    let shown = repository
        .poag("f0")
        .args(["lock", "lint", "--fix", "--yes"])
        .output()
        .unwrap();
    let said = text(&shown.stdout);
    assert!(
        said.contains("nix does not prove the join (flake 'path:"),
        "{said}"
    );
    assert!(!text(&shown.stderr).contains("locks every input"), "{said}");
    assert_eq!(
        repository.git(&["status", "--porcelain"]),
        " M f0/flake.nix\n"
    );
    assert!(!repository.read("f0/flake.nix").contains("follows"));
}

#[test]
fn a_join_that_no_edit_can_say_is_listed_with_what_stands_in_the_way() {
    let repository = ladder(3);
    repository.edit(
        "f0/flake.nix",
        "f1.url = \"path:../f1\"; # beside",
        "f1.url = \"path:../f1\"; f1.inputs.f2.url = \"path:../f2\";",
    );
    let shown = repository
        .poag("f0")
        .args(["lock", "lint", "--fix"])
        .output()
        .unwrap();
    let said = text(&shown.stdout);
    assert!(
        said.contains("(f0/flake.nix: it says something else about this input already)"),
        "{said}"
    );
}
