//! The README is a tour that runs: a flake outside this repository adopts poag by its lines alone.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use assert_cmd::Command;

use crate::harness::{Repository, poag_url, text};

/// The code blocks that follow a `<!-- tested: NAME -->` line, as (language, text).
fn blocks(name: &str) -> Vec<(String, String)> {
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let mark = format!("<!-- tested: {name} -->\n```");
    let after_marks = readme.split(&mark).skip(1);
    after_marks
        .map(|rest| {
            let (language, rest) = rest.split_once('\n').unwrap();
            let (code, _) = rest.split_once("\n```").unwrap();
            (language.to_string(), format!("{code}\n"))
        })
        .collect()
}

/// A folder with a `nix` that is this machine's, with a stand-in where nixpkgs cannot be reached.
fn nix_shim(folder: &Path) {
    let which = Command::new("sh")
        .args(["-c", "command -v nix"])
        .output()
        .unwrap();
    let nixw = Path::new(env!("CARGO_MANIFEST_DIR")).join("nixw");
    let script = format!(
        "#!/bin/sh\nNIXW_NIX={} exec {} \"$@\"\n",
        text(&which.stdout).trim(),
        nixw.display()
    );
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("nix"), script).unwrap();
    fs::set_permissions(folder.join("nix"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_new_flake_adopts_poag_by_the_lines_of_the_readme_alone() {
    let repository = Repository::new();
    repository.write(
        "README.md",
        "# my-project\n\n## Usage\n\nCall the greeting with `greet(\"Ann\")`.\n",
    );
    repository.write("greet.py", "def greet(name):\n    \"\"\"The greeting for a person.\"\"\"\n    return 'Hello ' + name\n");
    repository.commit("before poag");
    let blocks = blocks("adopt");
    let [(nix, flake), (sh, lines)] = &blocks[..] else {
        panic!("expected two blocks: {blocks:?}")
    };
    assert_eq!((nix.as_str(), sh.as_str()), ("nix", "sh"));
    assert!(flake.contains("git+file:///path/to/poag"));
    repository.write(
        "flake.nix",
        &flake.replace("git+file:///path/to/poag", &poag_url()),
    );
    repository.git(&["add", "flake.nix"]);

    let shim = repository.root.parent().unwrap().join("shim");
    nix_shim(&shim);
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .args(["-e", "-c", lines])
        .current_dir(&repository.root)
        .env("PATH", format!("{}:{path}", shim.display()))
        .env("POAG_STATE_DIR", shim.join("state"))
        .output()
        .unwrap();
    let stdout = text(&output.stdout);
    assert!(
        output.status.success(),
        "{stdout}\n{}",
        text(&output.stderr)
    );
    let (learned, plan) = stdout.split_once('{').unwrap();
    assert!(learned.contains("my-project learned"), "{learned}");
    let plan: serde_json::Value = serde_json::from_str(&format!("{{{plan}")).unwrap();
    assert!(
        plan["answer"].as_str().unwrap().contains("greet(\"Ann\")"),
        "{plan:#}"
    );
}

#[test]
fn expertise_is_given_away_by_the_lines_of_the_readme() {
    let repository = Repository::new();
    let flake = blocks("adopt").remove(0).1;
    repository.write(
        "flake.nix",
        &flake.replace("git+file:///path/to/poag", &poag_url()),
    );
    repository.write("greet.py", "def greet(name):\n    \"\"\"The greeting for a person.\"\"\"\n    return 'Hello ' + name\n");
    repository.commit("begin");
    let lines = blocks("share").remove(0).1;
    let shim = repository.root.parent().unwrap().join("shim");
    nix_shim(&shim);
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .args(["-e", "-c", &lines])
        .current_dir(&repository.root)
        .env("PATH", format!("{}:{path}", shim.display()))
        .env("POAG_STATE_DIR", shim.join("state"))
        .output()
        .unwrap();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("greet.py:1"), "{said}");
    assert!(said.contains("my-project sees only its pack"), "{said}");
    assert!(
        said.contains("AGENTS.md says what my-project knows"),
        "{said}"
    );
    assert!(repository.read("AGENTS.md").contains("def greet(name)"));
}

/// What `blocks` are as files that can be run.
fn program(folder: &Path, (language, code): &(String, String)) -> String {
    let path = folder.join(language);
    fs::write(&path, code).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[test]
fn the_programs_of_the_readme_speak_for_experts() {
    let family = Repository::family();
    let blocks = blocks("command");
    let languages: Vec<&str> = blocks.iter().map(|block| block.0.as_str()).collect();
    assert_eq!(languages, ["sh", "python"]);
    let schema = include_str!("../../schema/plan.v1.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let spoken = [
        ("The owner is away", &["app"][..]),
        ("was asked: How do I greet?", &["app", "base"]),
    ];
    for (block, (words, experts)) in blocks.iter().zip(spoken) {
        let program = program(family.root.parent().unwrap(), block);
        let output = family
            .poag("app")
            .args(["ask", "--quiet", "--json", "--backend", "command"])
            .args(["--agent-command", &program, "How do I greet?"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        schema
            .validate(&plan)
            .unwrap_or_else(|error| panic!("{error}"));
        let answer = plan["answer"].as_str().unwrap();
        assert!(answer.contains(words), "{answer}");
        let members = plan["council"]["members"].as_array().unwrap();
        let spoke: Vec<&str> = members
            .iter()
            .map(|one| one["expert"].as_str().unwrap())
            .collect();
        assert_eq!(spoke, experts);
    }
}

#[test]
fn the_readme_and_the_help_tell_the_same_exit_codes_and_verbs() {
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let help = Command::new(assert_cmd::cargo::cargo_bin!("poag"))
        .arg("--help")
        .output()
        .unwrap();
    let help = text(&help.stdout);
    let codes = help
        .split_once("Exit codes:\n")
        .unwrap()
        .1
        .lines()
        .take_while(|line| !line.is_empty());
    for line in codes {
        let (code, meaning) = line.trim().split_once("  ").unwrap();
        let meaning = meaning.split(" (").next().unwrap();
        assert!(
            readme.contains(&format!("| {code} | {meaning} |")),
            "README lacks {line:?}"
        );
    }
    let verbs = help
        .split_once("Commands:\n")
        .unwrap()
        .1
        .lines()
        .take_while(|line| !line.is_empty());
    // A description that goes on in a second line is indented further.
    let named = verbs.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    for verb in named.filter(|verb| !verb.is_empty() && *verb != "help") {
        assert!(
            readme.contains(&format!("| `{verb}")),
            "README lacks the verb {verb}"
        );
    }
}
