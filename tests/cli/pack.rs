//! `poag pack`: the same bytes everywhere, within its budget, without secrets.

use std::fs;

use predicates::prelude::*;
use serde_json::Value;

use crate::harness::{Repository, text};

fn pack(repository: &Repository, words: &[&str]) -> String {
    let output = repository
        .poag("app")
        .args(["pack", "--quiet"])
        .args(words)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn two_checkouts_in_different_folders_give_the_same_bytes() {
    let [one, two] = [Repository::family(), Repository::family()];
    assert_ne!(one.root, two.root);
    for name in ["app", "base"] {
        let bytes = pack(&one, &[name]);
        assert_eq!(bytes, pack(&two, &[name, "--no-cache"]));
        assert_eq!(bytes, pack(&one, &[name]), "from the cache");
        assert!(!bytes.contains("/nix/store"), "{bytes}");
    }
}

#[test]
fn a_pack_holds_role_contracts_and_sources_in_this_order() {
    let family = Repository::family();
    let pack = pack(&family, &[]);
    let places: Vec<usize> = [
        "Owns the program.",
        "the text that is printed",
        "def greet(name):",
        "print(greet('World'))",
    ]
    .iter()
    .map(|part| {
        pack.find(part)
            .unwrap_or_else(|| panic!("no {part:?} in {pack}"))
    })
    .collect();
    assert!(places.is_sorted(), "{places:?} in {pack}");
    assert!(
        !pack.contains("prefix()\n"),
        "a neighbour's private file is not in it"
    );
}

#[test]
fn a_pack_in_the_nix_store_has_the_bytes_that_are_printed() {
    let family = Repository::family();
    let path = pack(&family, &["--store"]);
    let path = path.trim();
    assert!(
        path.starts_with("/nix/store/") && path.ends_with("-app-pack.md"),
        "{path}"
    );
    assert_eq!(fs::read_to_string(path).unwrap(), pack(&family, &[]));
}

#[test]
fn a_secret_is_left_out_and_the_pack_says_so() {
    let family = Repository::family();
    // Put together here, so that no scanner takes this test for a leak.
    let key = ["AKIA", "Z7QX3M5T2W9LKD4B"].concat();
    family.write(
        "app/deploy.py",
        &format!("access_key = '{key}'\nregion = 'eu-central-1'\n"),
    );
    family.git(&["add", "-A"]);
    let pack = pack(&family, &[]);
    assert!(!pack.contains(&key), "{pack}");
    assert!(
        pack.contains("region = 'eu-central-1'") && pack.contains("[left out:"),
        "{pack}"
    );
    let (_, left_out) = pack.rsplit_once("deploy.py").unwrap();
    assert!(left_out.contains("secret"), "{pack}");
}

#[test]
fn a_budget_is_kept_and_what_was_cut_is_named() {
    let family = Repository::family();
    let many: String = (0..4000)
        .map(|line| format!("value_{line} = {line}\n"))
        .collect();
    family.write("app/large.py", &many);
    family.git(&["add", "-A"]);
    let json: Value =
        serde_json::from_str(&pack(&family, &["--json", "--budget", "1500"])).unwrap();
    assert!(json["tokens"].as_u64().unwrap() <= 1500, "{json}");
    let left_out = json["leftOut"].as_array().unwrap();
    assert!(
        left_out.iter().any(|one| one["path"] == "large.py"),
        "{left_out:?}"
    );
}

#[test]
fn an_unknown_variable_in_a_prompt_template_is_an_error_that_names_it() {
    let family = Repository::family();
    family.edit(
        "app/flake.nix",
        "role =",
        "prompt = \"You are {{ expert.nam }}.\"; role =",
    );
    family.poag("app").arg("pack").assert().failure().stderr(
        predicate::str::contains("nam")
            .and(predicate::str::contains("'app'"))
            .and(predicate::str::contains("repair:")),
    );
}
