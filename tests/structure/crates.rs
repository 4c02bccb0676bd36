//! Which crate may know which.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::root;

/// The crates that are shipped, and all that each of them may know of the others. The page about the architecture draws them.
const MAY_KNOW: &[(&str, &[&str])] = &[
    // Anybody's client: what it asks for is in the OpenAPI document, and what that means is the caller's.
    ("poag-client", &[]),
    ("poag-core", &[]),
    ("poag-env", &[]),
    ("poag-git", &[]),
    ("poag-ledger", &[]),
    ("poag-agent", &["poag-core", "poag-env"]),
    ("poag-knowledge", &["poag-core", "poag-env"]),
    ("poag-nix", &["poag-core", "poag-env", "poag-git"]),
    ("poag-init", &["poag-core", "poag-git", "poag-knowledge"]),
    (
        "poag-librarian",
        &["poag-core", "poag-env", "poag-git", "poag-knowledge"],
    ),
    (
        "poag-engine",
        &[
            "poag-agent",
            "poag-core",
            "poag-env",
            "poag-git",
            "poag-init",
            "poag-knowledge",
            "poag-ledger",
            "poag-librarian",
            "poag-nix",
        ],
    ),
    ("poag-mcp", &["poag-core", "poag-engine"]),
    // The words of the core are those that the engine speaks; the tools of agents are the same over HTTP.
    ("poag-serve", &["poag-core", "poag-engine", "poag-mcp"]),
    (
        "poag",
        &[
            "poag-agent",
            "poag-client",
            "poag-core",
            "poag-engine",
            "poag-env",
            "poag-git",
            "poag-init",
            "poag-knowledge",
            "poag-ledger",
            "poag-librarian",
            "poag-mcp",
            "poag-nix",
            "poag-serve",
        ],
    ),
];
/// What is not shipped: it may know all.
const NOT_SHIPPED: &[&str] = &["poag-client-generator", "poag-eval", "poag-fuzz"];

/// Package → its dependencies, but for those of its tests.
fn packages() -> BTreeMap<String, Vec<String>> {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    // Without the packages of others, which may not be here.
    let told = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    let packages = told["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let all = package["dependencies"].as_array().unwrap().iter();
            let ours = all
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned());
            let name = package["name"].as_str().unwrap().to_owned();
            (name, ours.collect())
        })
        .collect()
}

#[test]
fn crates_know_each_other_as_drawn() {
    let packages = packages();
    let known: Vec<&str> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
    for name in packages.keys() {
        let name = name.as_str();
        assert!(
            known.contains(&name) || NOT_SHIPPED.contains(&name),
            "'{name}' is in no list\nrepair: say in tests/structure/crates.rs what it may know, and in docs/src/explanation/architecture.md why it is there"
        );
    }
    for (name, may) in MAY_KNOW {
        let mut ours: Vec<&str> = packages[*name]
            .iter()
            .map(String::as_str)
            .filter(|dependency| packages.contains_key(*dependency))
            .collect();
        ours.sort_unstable();
        assert_eq!(ours, *may, "what '{name}' knows");
    }
}

#[test]
fn the_page_about_the_architecture_draws_the_same() {
    let page = root().join("docs/src/explanation/architecture.md");
    let page = std::fs::read_to_string(page).unwrap();
    for (name, may) in MAY_KNOW {
        let row = format!("| `{name}` | ");
        let row = page.lines().find(|line| line.starts_with(&row));
        let row = row.unwrap_or_else(|| panic!("architecture.md has no row for '{name}'"));
        let uses = row.rsplit('|').nth(1).unwrap().trim();
        let drawn: Vec<&str> = uses
            .split('`')
            .filter(|word| word.starts_with("poag"))
            .collect();
        assert!(
            uses == "all above" || drawn == *may,
            "the row of '{name}' in architecture.md: {uses}"
        );
    }
}

#[test]
fn the_core_does_nothing_but_think() {
    let packages = packages();
    let mut all: Vec<&str> = packages["poag-core"].iter().map(String::as_str).collect();
    all.sort_unstable();
    // A dependency that reads files, clocks or the network would make a council one that cannot be repeated.
    assert_eq!(
        all,
        [
            "schemars",
            "serde",
            "serde_json",
            "sha2",
            "strsim",
            "thiserror"
        ]
    );
}
