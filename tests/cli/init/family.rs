//! Repositories with subflakes: each gets its own proposal, and neighbours find each other.

use super::{does_as_told, init, proposals};
use crate::harness::{Repository, poag_url, text};

/// `app` depends on `base`, both below a root that depends on both, and a template beside them.
fn family() -> Repository {
    let repository = Repository::new();
    repository.write(
        "flake.nix",
        "{\n  description = \"The whole family\";\n\n  inputs = {\n    app.url = \"path:./app\";\n    base = {\n      url = \"path:./base\";\n    };\n  };\n\n  outputs = { self, app, base }: { };\n}\n",
    );
    repository.write(
        "app/flake.nix",
        "{\n  description = \"Prints the greeting\";\n  inputs.base.url = \"path:../base\";\n\n  outputs = { self, base }: {\n  };\n}\n",
    );
    repository.write("app/main.py", "from base import greet\n\nprint(greet())\n");
    repository.write(
        "base/flake.nix",
        "{\n  description = \"Makes the greeting\";\n  outputs = { self }: {\n  };\n}\n",
    );
    repository.write("base/pyproject.toml", "[project]\nname = \"base\"\n");
    repository.write(
        "base/base/__init__.py",
        "def greet():\n    return 'Hello'\n",
    );
    repository.write("templates/new/flake.nix", "{ outputs = _: { }; }\n");
    repository.commit("begin");
    repository
}

/// Nix writes a flake.lock for the root alone, also where a subflake had one before.
#[test]
fn what_is_printed_for_a_repository_with_subflakes_can_be_typed_as_it_stands() {
    for lock in [None, Some("base/flake.lock")] {
        let family = family();
        if let Some(lock) = lock {
            family.write(
                lock,
                "{ \"nodes\": { \"root\": {} }, \"root\": \"root\", \"version\": 7 }\n",
            );
            family.commit("with a lock");
        }
        let told = family
            .poag("")
            .args(["init", "--all", "--yes", "--poag-url", &poag_url()])
            .output()
            .unwrap();
        let told = text(&told.stderr);
        does_as_told(&family, &told);
        let clone = family.fresh_clone();
        clone.poag("").args(["check", "--all"]).assert().success();
        assert_eq!(clone.git(&["status", "--porcelain"]), "");
    }
}

#[test]
fn all_flakes_of_a_repository_get_experts_that_know_their_neighbors() {
    let family = family();
    init(&family, "", &["--all"]);
    family.git(&["add", "-A"]);
    family
        .poag("")
        .args(["learn", "--all", "--quiet"])
        .assert()
        .success();
    assert_eq!(family.verdict(""), None);
    let output = family.poag("").args(["graph", "--json"]).output().unwrap();
    let graph: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let app = &graph["experts"]["app"]["neighbors"]["base"];
    assert_eq!(
        app["needs"]["python-package"], "main.py uses base",
        "{graph:#}"
    );
    // What is stale in a subflake fails the check of the root.
    family.commit("declare");
    let clone = family.fresh_clone();
    assert!(clone.nix("", &["flake", "check"]).status.success());
    clone.edit("app/main.py", "greet())", "greet().upper())");
    let check = clone.nix("", &["flake", "check"]);
    let told = text(&check.stderr);
    assert!(
        !check.status.success() && told.contains("'app' is stale"),
        "{told}"
    );
    let template = family.read("templates/new/flake.nix");
    assert_eq!(template, "{ outputs = _: { }; }\n");
}

#[test]
fn a_neighbor_follows_the_same_poag_and_one_without_an_expert_is_told() {
    let family = family();
    let json = proposals(&family, "app", &[]);
    let app = &json["flakes"][0];
    assert_eq!(app["declaration"]["neighbors"], serde_json::json!({}));
    let note = app["notes"][0].as_str().unwrap();
    assert!(note.contains("poag init --all"), "{note}");
    let json = proposals(&family, "", &["--all"]);
    let diffs: Vec<&str> = json["flakes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["diff"].as_str().unwrap())
        .collect();
    assert_eq!(diffs.len(), 3);
    let app = diffs
        .iter()
        .find(|diff| diff.contains("b/app/flake.nix"))
        .unwrap();
    assert!(
        app.contains("+  inputs.base.inputs.poag.follows = \"poag\";"),
        "{app}"
    );
    let root = diffs
        .iter()
        .find(|diff| diff.contains("b/flake.nix"))
        .unwrap();
    assert!(
        root.contains("+    app.inputs.poag.follows = \"poag\";"),
        "{root}"
    );
}

#[test]
fn where_poag_comes_from_is_taken_from_another_flake_of_the_repository() {
    let family = family();
    init(&family, "base", &[]);
    let output = family.poag("app").args(["init", "--yes"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(family.read("app/flake.nix").contains(&poag_url()));
    // A relative one is the same place seen from elsewhere.
    let url = poag_url();
    family.edit("base/flake.nix", &url, "path:../poag");
    family.git(&["checkout", "--", "app"]);
    let output = family.poag("").args(["init", "--json"]).output().unwrap();
    assert!(
        text(&output.stdout).contains("path:./poag"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn a_flake_that_must_be_edited_by_hand_is_nobodys_neighbor_yet() {
    let family = family();
    family.write("base/flake.nix", "{ outputs = import ./outputs.nix; }\n");
    let output = family
        .poag("")
        .args(["init", "--all", "--json", "--poag-url", &poag_url()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(9), "{}", text(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let flakes = json["flakes"].as_array().unwrap();
    let app = flakes.iter().find(|one| one["dir"] == "app").unwrap();
    assert_eq!(app["declaration"]["neighbors"], serde_json::json!({}));
    let base = flakes.iter().find(|one| one["dir"] == "base").unwrap();
    assert_eq!(base["status"], "by-hand");
}

#[test]
fn an_input_that_cannot_be_reached_does_not_keep_init_from_what_is_there() {
    let repository = Repository::new();
    repository.write(
        "flake.nix",
        "{\n  inputs.far.url = \"http://127.0.0.1:9/far.tar.gz\";\n  outputs = { self, far }: {\n  };\n}\n",
    );
    let lock = serde_json::json!({
        "version": 7,
        "root": "root",
        "nodes": {
            "root": { "inputs": { "far": "far" } },
            "far": {
                "inputs": { "poag": "poag" },
                "locked": {
                    "type": "tarball",
                    "url": "http://127.0.0.1:9/far.tar.gz",
                    "lastModified": 1,
                    "narHash": "sha256-12KrbMiWLcf8m7pCvAtZh1ZrgF85ZXDXvfR/fWTKy84="
                },
                "original": { "type": "tarball", "url": "http://127.0.0.1:9/far.tar.gz" }
            },
            "poag": {
                "locked": {
                    "type": "tarball",
                    "url": "http://127.0.0.1:9/poag.tar.gz",
                    "lastModified": 1,
                    "narHash": "sha256-12KrbMiWLcf8m7pCvAtZh1ZrgF85ZXDXvfR/fWTKy84="
                },
                "original": { "type": "tarball", "url": "http://127.0.0.1:9/poag.tar.gz" }
            }
        }
    });
    repository.write("flake.lock", &lock.to_string());
    repository.write("README.md", "# Near\n\nA thing that is near to people.\n");
    repository.commit("begin");
    let here = repository.root.display().to_string();
    let json = proposals(&repository, "", &["--flake", &here]);
    let flake = &json["flakes"][0];
    assert_eq!(flake["status"], "edit");
    assert_eq!(
        flake["declaration"]["role"],
        "Owns repo: A thing that is near to people."
    );
    let note = flake["notes"][0].as_str().unwrap();
    assert!(note.contains("input far takes poag itself"), "{note}");
}
