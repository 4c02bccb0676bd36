//! `poag doctor`: what is there, what is missing, and the repair.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::harness::{Repository, text};

/// The checks by name, and the exit code.
fn doctor(
    repository: &Repository,
    change: impl Fn(&mut assert_cmd::Command),
) -> (Value, Option<i32>) {
    let mut poag = repository.poag("");
    for name in [
        "ANTHROPIC_API_KEY",
        "OPENAI_API_KEY",
        "CODEX_API_KEY",
        "GEMINI_API_KEY",
        "GOOGLE_API_KEY",
    ] {
        poag.env_remove(name);
    }
    poag.args(["doctor", "--json"])
        .env("PATH", repository.bare_path());
    change(&mut poag);
    let output = poag.output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}{}", text(&output.stdout), text(&output.stderr))
    });
    let checks = document["checks"].as_array().unwrap().iter();
    let named = checks.map(|check| (check["name"].as_str().unwrap().to_owned(), check.clone()));
    (
        named.collect::<serde_json::Map<_, _>>().into(),
        output.status.code(),
    )
}

#[test]
fn a_machine_with_nix_and_git_alone_is_ready() {
    let family = Repository::family();
    let (checks, code) = doctor(&family, |poag| {
        poag.args(["--flake", "app"]);
    });
    assert_eq!(code, Some(0), "{checks:#}");
    for name in [
        "nix",
        "flakes",
        "store",
        "git",
        "flake",
        "ledger",
        "cache",
        "librarian",
    ] {
        assert_eq!(checks[name]["state"], "good", "{checks:#}");
    }
    for agent in ["claude-code", "codex", "gemini", "acp"] {
        assert_eq!(checks[agent]["state"], "note");
        assert!(
            checks[agent]["repair"]
                .as_str()
                .unwrap()
                .starts_with("npm install")
        );
    }
}

#[test]
fn without_nix_it_says_how_to_get_it() {
    let repository = Repository::new();
    let empty = repository.root.join("empty");
    fs::create_dir(&empty).unwrap();
    let (checks, code) = doctor(&repository, |poag| {
        poag.env("PATH", &empty);
    });
    assert_eq!(code, Some(10));
    for name in ["nix", "git"] {
        assert_eq!(checks[name]["state"], "bad");
        assert!(checks[name]["repair"].as_str().unwrap().contains("install"));
    }
}

#[test]
fn flakes_that_are_off_and_a_folder_that_is_a_file_are_seen() {
    let repository = Repository::new();
    repository.write("file", "");
    let (checks, code) = doctor(&repository, |poag| {
        poag.env(
            "NIX_CONFIG",
            "experimental-features =\nsandbox = false\nbuild-users-group =",
        );
        poag.env("NIX_CONF_DIR", &repository.root)
            .env("HOME", &repository.root);
        poag.env("POAG_STATE_DIR", repository.root.join("file/state"));
    });
    assert_eq!(code, Some(10), "{checks:#}");
    assert_eq!(checks["flakes"]["state"], "note", "{checks:#}");
    assert_eq!(checks["ledger"]["state"], "bad", "{checks:#}");
    assert_eq!(checks["flake"]["state"], "note", "{checks:#}");
}

#[test]
fn an_agent_is_found_with_its_version_and_the_name_of_its_key_but_never_the_key() {
    let repository = Repository::new();
    let folder = repository.bare_path();
    let agent = folder.join("codex");
    fs::write(&agent, "#!/bin/sh\necho 'codex-cli 0.200.1'\n").unwrap();
    fs::set_permissions(&agent, fs::Permissions::from_mode(0o755)).unwrap();
    let (checks, _) = doctor(&repository, |poag| {
        poag.env("OPENAI_API_KEY", "sk-swordfish");
    });
    assert_eq!(
        checks["codex"]["says"],
        "codex 0.200.1, OPENAI_API_KEY is set"
    );
    assert!(!checks.to_string().contains("swordfish"));
    let (checks, _) = doctor(&repository, |poag| {
        poag.env("CODEX_HOME", &repository.root);
    });
    assert_eq!(checks["codex"]["state"], "note");
    repository.write("auth.json", "{ \"secret\": \"swordfish\" }");
    let (checks, _) = doctor(&repository, |poag| {
        poag.env("CODEX_HOME", &repository.root);
    });
    let says = checks["codex"]["says"].as_str().unwrap();
    assert!(
        says.contains("a login is in") && says.ends_with("auth.json"),
        "{says}"
    );
    assert!(!checks.to_string().contains("swordfish"));
}
