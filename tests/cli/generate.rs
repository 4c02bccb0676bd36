//! Completions and manual pages, made by the program itself.

use std::fs;

use crate::harness::{Repository, text};

#[test]
fn every_shell_gets_completions_that_know_the_verbs() {
    let repository = Repository::new();
    for shell in ["bash", "zsh", "fish"] {
        let output = repository
            .poag("")
            .args(["generate", "completions", shell])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let script = text(&output.stdout);
        for verb in ["ask", "learn", "doctor", "checkpoints"] {
            assert!(script.contains(verb), "{shell} does not know {verb}");
        }
    }
}

#[test]
fn bash_takes_the_script_and_completes_a_verb() {
    let repository = Repository::new();
    let output = repository
        .poag("")
        .args(["generate", "completions", "bash"])
        .output()
        .unwrap();
    repository.write("poag.bash", &text(&output.stdout));
    let ask = "source ./poag.bash && COMP_WORDS=(poag doc) COMP_CWORD=1 && _poag poag doc poag && echo \"${COMPREPLY[@]}\"";
    let bash = std::process::Command::new("bash")
        .current_dir(&repository.root)
        .args(["--norc", "-c", ask])
        .output()
        .unwrap();
    assert_eq!(
        text(&bash.stdout).trim(),
        "doctor",
        "{}",
        text(&bash.stderr)
    );
}

#[test]
fn each_verb_has_a_manual_page() {
    let repository = Repository::new();
    let whole = repository
        .poag("")
        .args(["generate", "man"])
        .output()
        .unwrap();
    assert!(
        text(&whole.stdout).contains(".TH poag 1"),
        "{}",
        text(&whole.stdout)
    );
    repository
        .poag("")
        .args(["generate", "man", "--into", "man"])
        .assert()
        .success();
    let pages: Vec<String> = fs::read_dir(repository.root.join("man"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for page in [
        "poag.1",
        "poag-ask.1",
        "poag-init.1",
        "poag-checkpoints-prune.1",
    ] {
        assert!(
            pages.iter().any(|one| one == page),
            "{page} is not in {pages:?}"
        );
    }
}
