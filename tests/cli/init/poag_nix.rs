//! The declaration in a file of its own, and flake.nix with as few changes as can be.

use super::{init, proposals};
use crate::harness::{Repository, text};

fn with(flake: &str) -> Repository {
    let repository = Repository::new();
    repository.write("flake.nix", flake);
    repository.write("main.py", "print('x')\n");
    repository.commit("begin");
    repository
}

/// The lines that a proposal adds to and takes from flake.nix.
fn changes(repository: &Repository) -> (Vec<String>, Vec<String>) {
    let json = proposals(repository, "", &[]);
    let diff = json["flakes"][0]["diff"].as_str().unwrap().to_owned();
    let of_flake = diff.split("--- /dev/null").next().unwrap();
    let with = |sign: char| {
        let lines = of_flake
            .lines()
            .skip(2)
            .filter(|line| line.starts_with(sign));
        lines.map(|line| line[1..].to_owned()).collect::<Vec<_>>()
    };
    (with('+'), with('-'))
}

#[test]
fn a_flake_changes_by_three_lines_and_its_nixpkgs_is_followed() {
    let repository = with(
        "{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";\n\n  outputs =\n    { self, nixpkgs, ... }:\n    let\n      x = 1;\n    in\n    {\n      lib.x = x;\n    };\n}\n",
    );
    let (added, removed) = changes(&repository);
    assert_eq!(
        added,
        [
            "  inputs.poag.url = \"git+file:///path/to/poag\";",
            "  inputs.poag.inputs.nixpkgs.follows = \"nixpkgs\";",
            "    { self, nixpkgs, poag, ... }:",
            "    poag.lib.withExperts ./poag.nix self.inputs {",
        ]
    );
    assert_eq!(removed.len(), 2);
}

#[test]
fn lines_end_and_begin_as_those_around_them() {
    let windows = with("{\r\n\toutputs = { self }: {\r\n\t\tx = 1;\r\n\t};\r\n}\r\n");
    init(&windows, "", &[]);
    let flake = windows.read("flake.nix");
    assert_eq!(
        flake.matches('\n').count(),
        flake.matches("\r\n").count(),
        "{flake:?}"
    );
    assert!(flake.contains("\r\n\tinputs.poag.url"), "{flake:?}");
    windows
        .poag("")
        .args(["learn", "--quiet"])
        .assert()
        .success();

    let sorted = with(
        "{\n  inputs = {\n    # keep-sorted start\n    a.url = \"path:./a\";\n    zed.url = \"path:./z\";\n    # keep-sorted end\n  };\n  outputs = _: { };\n}\n",
    );
    init(&sorted, "", &[]);
    let flake = sorted.read("flake.nix");
    let (a, poag, zed) = (
        flake.find("a.url"),
        flake.find("poag.url"),
        flake.find("zed.url"),
    );
    assert!(a < poag && poag < zed, "{flake}");
}

#[test]
fn another_library_s_mk_flake_is_not_taken_for_flake_parts() {
    let repository = with(
        "{\n  inputs.other.url = \"path:./other\";\n  outputs = inputs@{ other, ... }:\n    other.lib.mkFlake { inherit inputs; } {\n      imports = [ ];\n    };\n}\n",
    );
    let json = proposals(&repository, "", &[]);
    assert_eq!(json["flakes"][0]["shape"], "front", "{json:#}");
    init(&repository, "", &[]);
    let flake = repository.read("flake.nix");
    assert!(flake.contains("    inputs.poag.lib.withExperts ./poag.nix inputs other.lib.mkFlake { inherit inputs; } {\n"), "{flake}");
}

#[test]
fn a_poag_nix_that_is_there_stays_as_it_is() {
    let repository = with("{\n  outputs = _: { };\n}\n");
    let own = "{ name = \"mine\"; src = ./.; role = \"Owns what I wrote.\"; }\n";
    repository.write("poag.nix", own);
    repository.commit("mine");
    init(&repository, "", &[]);
    assert_eq!(repository.read("poag.nix"), own);
    repository
        .poag("")
        .args(["learn", "--quiet"])
        .assert()
        .success();
    let output = repository
        .poag("")
        .args(["experts", "--json"])
        .output()
        .unwrap();
    assert!(text(&output.stdout).contains("mine"));
}

#[test]
fn a_flake_in_a_folder_of_nix_owns_the_code_above_it() {
    let repository = Repository::new();
    repository.write("nix/flake.nix", "{\n  outputs = _: { };\n}\n");
    repository.write("nix/shell.nix", "{ }\n");
    repository.write(
        "Cargo.toml",
        "[package]\nname = \"tool\"\nversion = \"1.0.0\"\ndescription = \"A tool for people\"\n",
    );
    repository.write("src/lib.rs", "/// Greets.\npub fn greet() {}\n");
    repository.commit("begin");
    let near = repository
        .poag("")
        .args(["init", "--dry-run", "--poag-url", "x:y"])
        .output()
        .unwrap();
    let told = text(&near.stderr);
    assert!(
        told.contains("there is a flake in nix: `poag init nix`"),
        "{told}"
    );
    init(&repository, "nix", &[]);
    let declared = repository.read("nix/poag.nix");
    assert!(declared.contains("src = ../.;"), "{declared}");
    assert!(declared.contains("name = \"tool\";"), "{declared}");
    repository
        .poag("nix")
        .args(["learn", "--quiet"])
        .assert()
        .success();
    repository.commit("declare");
    let clone = repository.fresh_clone();
    assert_eq!(clone.verdict("nix"), None);
    clone.edit("src/lib.rs", "greet()", "greet(name: &str)");
    assert!(clone.verdict("nix").is_some());
}
