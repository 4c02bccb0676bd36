//! `poag init --dev`: who uses the flake does not get poag as an input.

use super::init;
use crate::harness::Repository;

fn library() -> Repository {
    let repository = Repository::new();
    repository.write(
        "flake.nix",
        "{\n  description = \"Greets people\";\n  outputs = _: { };\n}\n",
    );
    repository.write("greet.py", "def greet(name):\n    return name\n");
    repository.commit("begin");
    repository
}

#[test]
fn a_flake_for_development_declares_the_experts_and_the_public_one_stays_as_it_is() {
    let repository = library();
    let before = repository.read("flake.nix");
    init(&repository, "", &["--dev"]);
    assert_eq!(repository.read("flake.nix"), before);
    assert!(repository.read("dev/poag.nix").contains("src = ../.;"));
    repository
        .poag("dev")
        .args(["learn", "--all", "--quiet"])
        .assert()
        .success();
    repository.commit("declare");
    let clone = repository.fresh_clone();
    assert_eq!(clone.verdict("dev"), None);
    clone.edit("greet.py", "greet(name)", "greet(name, polite)");
    assert!(clone.verdict("dev").is_some());
}

#[test]
fn a_flake_for_development_that_is_there_is_edited() {
    let repository = library();
    repository.write(
        "dev/flake.nix",
        "{\n  inputs.nixpkgs.url = \"path:./none\";\n  outputs = { self, nixpkgs }: {\n  };\n}\n",
    );
    repository.commit("dev");
    init(&repository, "", &["--dev"]);
    let flake = repository.read("dev/flake.nix");
    assert!(
        flake.contains("poag.inputs.nixpkgs.follows = \"nixpkgs\";"),
        "{flake}"
    );
    assert!(
        flake.contains("withExperts ./poag.nix self.inputs {"),
        "{flake}"
    );
}
