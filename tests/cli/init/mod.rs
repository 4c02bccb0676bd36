//! `poag init`: flakes of many shapes get their experts, with evidence, and nothing else is touched.

mod dev;
mod family;
mod poag_nix;
mod refusals;
pub mod shapes;
mod workspaces;

use serde_json::Value;

use crate::harness::{Repository, poag_url, text};

/// The proposals as JSON, with nothing written.
fn proposals(repository: &Repository, folder: &str, args: &[&str]) -> Value {
    let output = repository
        .poag(folder)
        .args(["init", "--json", "--poag-url", "git+file:///path/to/poag"])
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Writes the proposals.
fn init(repository: &Repository, folder: &str, args: &[&str]) {
    let mut poag = repository.poag(folder);
    poag.args(["init", "--yes", "--quiet", "--poag-url", &poag_url()]);
    poag.args(args).assert().success();
}

#[test]
fn a_declaration_rests_on_evidence_that_names_file_and_line() {
    let repository = Repository::new();
    repository.write(
        "flake.nix",
        "{\n  description = \"Greets people\";\n  outputs = { self }: {\n    packages.x86_64-linux.default = self;\n    nixosModules.greeter = ./module.nix;\n    lib = import ./lib.nix { given = 1; };\n  };\n}\n",
    );
    repository.write("module.nix", "{ }\n");
    repository.write("lib.nix", "{ given }: { made = given; }\n");
    repository.write(
        "Cargo.toml",
        "[package]\nname = \"greeter\"\nversion = \"1.0.0\"\n",
    );
    repository.write(
        "src/lib.rs",
        "//! x\n\n/// Greets.\npub fn greet() {}\n\nfn hidden() {}\n",
    );
    repository.write("src/main.rs", "fn main() {}\n");
    repository.write("include/greeter.h", "void greet(void);\n");
    repository.commit("begin");
    let json = proposals(&repository, "", &[]);
    assert_eq!(json["written"], false);
    let flake = &json["flakes"][0];
    assert_eq!(flake["status"], "edit");
    assert_eq!(flake["shape"], "front");
    let declaration = &flake["declaration"];
    assert_eq!(declaration["name"], "greeter");
    assert_eq!(declaration["role"], "Owns greeter: Greets people.");
    let provides = &declaration["provides"];
    assert_eq!(provides["library"]["summary"], "the Rust library: greet");
    assert_eq!(provides["library"]["files"][0], "src/lib.rs");
    assert_eq!(provides["command-line"]["files"][0], "src/main.rs");
    assert_eq!(provides["headers"]["files"][0], "include/greeter.h");
    assert_eq!(provides["nixos-modules"]["files"][0], "module.nix");
    assert_eq!(provides["packages"]["summary"], "the packages default");
    assert_eq!(
        provides["nix-library"]["summary"],
        "the Nix functions of this flake"
    );
    assert_eq!(provides["nix-library"]["files"][0], "lib.nix");
    let evidence = flake["evidence"].as_array().unwrap();
    let place = |field: &str| {
        let one = evidence.iter().find(|one| one["field"] == field).unwrap();
        format!("{}:{}", one["file"].as_str().unwrap(), one["line"])
    };
    assert_eq!(place("name"), "Cargo.toml:2");
    assert_eq!(place("role"), "flake.nix:2");
    assert_eq!(place("provides.library"), "src/lib.rs:4");
    assert_eq!(place("provides.packages"), "flake.nix:4");
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}

#[test]
fn manifests_of_other_languages_tell_their_programs_and_packages() {
    let repository = Repository::new();
    repository.write("flake.nix", "{ outputs = _: { }; }\n");
    repository.write(
        "pyproject.toml",
        "[project]\nname = \"hello_py\"\ndescription = \"Greets people from Python\"\n[project.scripts]\nhello = \"hello_py.cli:main\"\n",
    );
    repository.write(
        "src/hello_py/__init__.py",
        "def greet(name):\n    return name\n",
    );
    repository.write("src/hello_py/cli.py", "def main():\n    pass\n");
    repository.write(
        "package.json",
        "{ \"name\": \"x\", \"exports\": { \".\": \"./src/x.js\" } }\n",
    );
    repository.write("src/x.js", "export function wave() {}\n");
    repository.commit("begin");
    let json = proposals(&repository, "", &[]);
    let declaration = &json["flakes"][0]["declaration"];
    assert_eq!(declaration["name"], "hello_py");
    assert_eq!(
        declaration["role"],
        "Owns hello_py: Greets people from Python."
    );
    let provides = &declaration["provides"];
    assert_eq!(
        provides["python-package"]["summary"],
        "the Python package: greet"
    );
    assert_eq!(
        provides["javascript-module"]["summary"],
        "the JavaScript module: wave"
    );
    assert_eq!(provides["command-line"]["files"][0], "src/hello_py/cli.py");
}

#[test]
fn a_folder_without_a_flake_gets_one_that_git_knows() {
    let repository = Repository::new();
    repository.write("README.md", "# tool\n\nA tool that greets people.\n");
    repository.write("tool.py", "def greet(name):\n    return name\n");
    repository.commit("begin");
    init(&repository, "", &[]);
    let flake = repository.read("flake.nix");
    assert!(flake.contains("A tool that greets people"), "{flake}");
    let known = repository.git(&["ls-files", "flake.nix", "poag.nix"]);
    assert_eq!(known, "flake.nix\npoag.nix\n");
    assert_eq!(repository.git(&["diff", "--cached", "--name-only"]), "");
    repository.poag("").arg("learn").assert().success();
    assert_eq!(repository.verdict(""), None);
}

#[test]
fn text_of_a_repository_does_not_become_code() {
    let repository = Repository::new();
    repository.write("flake.nix", "{ outputs = _: { }; }\n");
    let evil = "Greets ${builtins.abort \"x\"} \"; evil = 1; and \\\\ ''${more} people.";
    repository.write("README.md", &format!("# x\n\n{evil}\n"));
    repository.commit("begin");
    init(&repository, "", &[]);
    repository.poag("").arg("learn").assert().success();
    let output = repository
        .poag("")
        .args(["experts", "--json"])
        .output()
        .unwrap();
    let told = text(&output.stdout);
    assert!(told.contains("builtins.abort"), "{told}");
}

/// Types what stands below `next:` as it is printed, at the root; then everything that was written is committed.
fn does_as_told(repository: &Repository, told: &str) {
    let next = told.split("next:\n").nth(1).unwrap();
    for command in next.lines().map(str::trim) {
        if let Some(learn) = command.strip_prefix("nix run .#poag -- ") {
            let learn = learn.split(' ');
            repository.poag("").args(learn).assert().success();
        } else if let Some(git) = command.strip_prefix("git ") {
            let words = shell_words::split(git).unwrap();
            repository.git(&words.iter().map(String::as_str).collect::<Vec<_>>());
        } else {
            assert_eq!(command, "nix flake check");
            let check = repository.nix("", &["flake", "check"]);
            assert!(check.status.success(), "{}", text(&check.stderr));
        }
    }
    let left = repository.git(&["status", "--porcelain"]);
    assert_eq!(left, "", "every path was named");
}
