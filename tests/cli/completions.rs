//! Completions and manual pages, made by the program itself.

use std::fs;
use std::path::Path;

use crate::harness::{Repository, text};

/// What a shell is offered for the last of these words, in a folder of the repository.
fn offered(repository: &Repository, folder: &str, words: &[&str]) -> Vec<String> {
    let output = repository
        .poag(folder)
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string())
        .env("_CLAP_IFS", "\n")
        .arg("--")
        .args(words)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn every_shell_gets_a_script_that_asks_poag() {
    let repository = Repository::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = repository.poag("").args(["completions", shell]).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let script = text(&output.stdout);
        assert!(script.contains("COMPLETE"), "{shell}: {script}");
        assert!(script.contains("poag"), "{shell}: {script}");
    }
}

#[test]
fn bash_takes_the_script_and_completes_a_verb() {
    let repository = Repository::new();
    let output = repository.poag("").args(["completions", "bash"]).output();
    repository.write("poag.bash", &text(&output.unwrap().stdout));
    let ask = "source ./poag.bash && COMP_WORDS=(poag doc) COMP_CWORD=1 COMP_TYPE=9 && _clap_complete_poag poag doc poag; echo \"${COMPREPLY[@]}\"";
    let program = Path::new(assert_cmd::cargo::cargo_bin!("poag"));
    let folders = std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect::<Vec<_>>();
    let path = std::iter::once(program.parent().unwrap().to_owned()).chain(folders);
    let mut bash = std::process::Command::new("bash");
    repository.place(&mut bash, "");
    let bash = bash
        .env("PATH", std::env::join_paths(path).unwrap())
        .args(["--norc", "-c", ask])
        .output()
        .unwrap();
    let said = text(&bash.stdout);
    assert_eq!(said.trim(), "doctor", "{}", text(&bash.stderr));
}

#[test]
fn verbs_experts_backends_and_runs_are_known_and_hidden_words_are_not() {
    let family = Repository::family();
    let verbs = offered(&family, "app", &["poag", ""]);
    for verb in ["ask", "completions", "man", "runs"] {
        assert!(verbs.iter().any(|one| one == verb), "{verbs:?}");
    }
    assert!(!verbs.iter().any(|one| one.contains("guard")), "{verbs:?}");
    assert_eq!(offered(&family, "app", &["poag", "learn", "b"]), ["base"]);
    let backends = offered(&family, "app", &["poag", "ask", "--backend", ""]);
    for word in ["librarian", "claude-code", "app=", "base="] {
        assert!(backends.iter().any(|one| one == word), "{backends:?}");
    }
    let of_base = offered(&family, "app", &["poag", "ask", "--backend", "base=co"]);
    assert_eq!(of_base, ["base=codex", "base=command"]);
    let asked = family.poag("app").args(["ask", "--json", "greet"]).output();
    let plan: serde_json::Value = serde_json::from_slice(&asked.unwrap().stdout).unwrap();
    let id = plan["council"]["id"].as_str().unwrap();
    let runs = offered(&family, "app", &["poag", "run", "show", ""]);
    assert_eq!(runs[..2], ["last", id]);
    let resumed = offered(&family, "app", &["poag", "ask", "--resume", &id[..6]]);
    assert_eq!(resumed, [id]);
    // Not in a flake: nothing to know, and no error.
    let elsewhere = Repository::new();
    assert!(offered(&elsewhere, "", &["poag", "learn", "b"]).is_empty());
}

#[test]
fn each_verb_has_a_manual_page() {
    let repository = Repository::new();
    let whole = repository.poag("").arg("man").output().unwrap();
    let page = text(&whole.stdout);
    assert!(page.contains(".TH poag 1"), "{page}");
    let into = ["man", "--into", "man"];
    repository.poag("").args(into).assert().success();
    let pages: Vec<String> = fs::read_dir(repository.root.join("man"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for page in [
        "poag.1",
        "poag-ask.1",
        "poag-init.1",
        "poag-completions.1",
        "poag-checkpoints-prune.1",
    ] {
        assert!(
            pages.iter().any(|one| one == page),
            "{page} is not in {pages:?}"
        );
    }
}
