//! What `poag init` does not touch, and what it says then.

use predicates::prelude::*;

use crate::harness::{Repository, text};

const URL: [&str; 2] = ["--poag-url", "git+file:///path/to/poag"];

fn with(flake: &str) -> Repository {
    let repository = Repository::new();
    repository.write("flake.nix", flake);
    repository.commit("begin");
    repository
}

#[test]
fn nothing_is_written_without_a_yes() {
    let repository = with("{ outputs = _: { }; }\n");
    let shown = predicate::str::contains("+++ b/flake.nix");
    let asked = repository.poag("").arg("init").args(URL).assert();
    asked
        .code(2)
        .stdout(shown.clone())
        .stderr(predicate::str::ends_with(
            "repair: look at the difference, then run it again with --yes\n",
        ));
    let dry = repository
        .poag("")
        .args(["init", "--dry-run"])
        .args(URL)
        .assert();
    dry.success().stdout(shown);
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_shape_that_is_not_understood_is_left_and_the_lines_are_told() {
    let shapes = [
        (
            "{ outputs = import ./outputs.nix; }\n",
            "not written as a function",
        ),
        (
            "{ outputs = inputs: import ./closed.nix inputs; }\n",
            "would refuse one more",
        ),
        ("let x = 1; in { outputs = _: x; }\n", "not a set"),
        ("{ description = \"none\"; }\n", "no `outputs"),
        ("{ outputs = ; }\n", "not Nix"),
        ("{ outputs = inputs: inputs; }\n", "are its own inputs"),
        (
            "# Made by flake-file. DO NOT EDIT.\n{ outputs = _: { }; }\n",
            "line 1 says that a program writes it",
        ),
    ];
    for (flake, reason) in shapes {
        let repository = with(flake);
        repository.write("closed.nix", "{ self }: { }\n");
        repository.commit("more");
        let output = repository
            .poag("")
            .args(["init", "--yes"])
            .args(URL)
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(9),
            "{flake}{}",
            text(&output.stderr)
        );
        let told = text(&output.stdout);
        assert!(told.contains(reason), "{told}");
        assert!(
            told.contains("poag.url = \"git+file:///path/to/poag\";"),
            "{told}"
        );
        assert!(told.contains("withExperts ./poag.nix"), "{told}");
        assert!(told.contains("src = ./.;"), "{told}");
        assert!(
            told.lines().last().unwrap().starts_with("repair:"),
            "{told}"
        );
        assert_eq!(repository.read("flake.nix"), flake);
    }
}

#[test]
fn a_flake_that_is_a_link_is_not_followed() {
    let repository = with("{ outputs = _: { }; }\n");
    let elsewhere = repository.root.parent().unwrap().join("elsewhere.nix");
    std::fs::rename(repository.root.join("flake.nix"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, repository.root.join("flake.nix")).unwrap();
    let refused = repository
        .poag("")
        .args(["init", "--yes"])
        .args(URL)
        .assert();
    refused
        .code(9)
        .stderr(predicate::str::contains("poag writes nowhere else"));
    assert_eq!(
        std::fs::read_to_string(elsewhere).unwrap(),
        "{ outputs = _: { }; }\n"
    );
}

#[test]
fn a_readme_that_leads_out_of_the_folder_is_not_read() {
    let repository = with("{ outputs = _: { }; }\n");
    let secret = repository.root.parent().unwrap().join("secret.md");
    std::fs::write(&secret, "The secret word is swordfish.\n").unwrap();
    std::os::unix::fs::symlink(&secret, repository.root.join("README.md")).unwrap();
    repository.commit("link");
    let output = repository
        .poag("")
        .args(["init", "--json"])
        .args(URL)
        .output()
        .unwrap();
    assert!(!text(&output.stdout).contains("swordfish"));
}

#[test]
fn a_flake_made_to_break_its_reader_is_refused() {
    let deep = format!(
        "{{ outputs = _: {}{}; }}\n",
        "(".repeat(50_000),
        ")".repeat(50_000)
    );
    let large = format!("{{ outputs = _: {{ }}; }} # {}\n", "x".repeat(300_000));
    for flake in [deep, large] {
        let repository = with(&flake);
        let output = repository
            .poag("")
            .args(["init", "--yes"])
            .args(URL)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(9), "{}", text(&output.stderr));
        assert_eq!(repository.read("flake.nix"), flake);
    }
}

#[test]
fn where_poag_comes_from_must_be_known_and_plain() {
    let repository = with("{ outputs = _: { }; }\n");
    let unknown = repository
        .poag("")
        .args(["init", "--yes"])
        .env_remove("POAG_URL")
        .assert();
    unknown
        .code(2)
        .stderr(predicate::str::contains("--poag-url"));
    for url in ["a b", "x\"; evil = \"", "${x}", "github:a/b#c"] {
        let refused = repository
            .poag("")
            .args(["init", "--yes", "--poag-url", url])
            .assert();
        refused.code(2).stderr(predicate::str::contains("repair:"));
    }
}
