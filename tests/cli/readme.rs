//! The README is a tour that runs: a flake outside this repository adopts poag by its lines alone.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use clap::Parser as _;

use crate::harness::{Repository, text};
use crate::pages::{COPY, block, blocks, fresh_clone, succeeds};

const README: &str = "README.md";
const MODELS: &str = "docs/src/how-to/models.md";

/// A project that greets, before poag.
fn project() -> Repository {
    let repository = Repository::new();
    repository.write(
        "README.md",
        "# my-project\n\n## Usage\n\nCall the greeting with `greet(\"Ann\")`.\n",
    );
    repository.write("greet.py", "def greet(name):\n    \"\"\"The greeting for a person.\"\"\"\n    return 'Hello ' + name\n");
    repository.commit("before poag");
    repository
}

#[test]
fn a_new_flake_adopts_poag_and_lives_with_it_by_the_lines_of_the_readme_alone() {
    let repository = project();
    let adopt = blocks(README, "adopt");
    let [(nix, flake), (sh, lines)] = &adopt[..] else {
        panic!("expected two blocks: {adopt:?}")
    };
    assert_eq!((nix.as_str(), sh.as_str()), ("nix", "sh"));
    assert!(flake.contains(COPY));
    repository.write(
        "flake.nix",
        &flake.replace(COPY, &crate::harness::poag_url()),
    );
    let beside = repository.root.parent().unwrap();
    let (out, _) = succeeds(&repository.root, beside, lines);
    let (learned, plan) = out.split_once('{').unwrap();
    assert!(learned.contains("my-project learned"), "{learned}");
    let plan: serde_json::Value = serde_json::from_str(&format!("{{{plan}")).unwrap();
    let answer = plan["answer"].as_str().unwrap();
    assert!(answer.contains("greet(\"Ann\")"), "{plan:#}");

    let (out, _) = succeeds(&repository.root, beside, &block(README, "daily"));
    for said in [
        "Call the greeting with",
        "./greet.py",
        "# Make the greeting polite",
        "my-project is fresh",
        "finished",
    ] {
        assert!(out.contains(said), "{said} is not in {out}");
    }
}

/// The plan that the README shows is an excerpt of the one that its first command prints.
#[test]
fn the_plan_in_the_readme_is_the_one_that_is_printed() {
    let outside = Repository::new();
    let (clone, _) = fresh_clone(&outside);
    let readme = fs::read_to_string(clone.join(README)).unwrap();
    let command = readme
        .lines()
        .find(|line| line.starts_with("./nixw run "))
        .unwrap();
    let question = command.split_once("-- ask ").unwrap().1.trim_matches('"');
    let output = outside
        .poag("")
        .current_dir(clone.join("hello-subflakes"))
        .args(["ask", "--text", question])
        .output()
        .unwrap();
    let printed = text(&output.stdout);
    let mut rest = printed.lines();
    for line in block(README, "plan")
        .lines()
        .filter(|line| line.trim() != "…")
    {
        let shown = line.trim_end_matches('…').trim_end();
        assert!(
            rest.any(|printed| printed.starts_with(shown)),
            "{line:?} is not in its place in\n{printed}"
        );
    }
}

/// Every line of the README and the book that calls poag is one that poag takes.
#[test]
fn every_command_that_a_page_shows_is_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = crate::book::pages();
    pages.push(root.join(README));
    let mut seen = 0;
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for shell in text.split("```sh\n").skip(1) {
            let code = shell.split("\n```").next().unwrap();
            for line in code.lines() {
                let words = line
                    .split(" > ")
                    .next()
                    .unwrap()
                    .split("  #")
                    .next()
                    .unwrap();
                let Ok(words) = shell_words::split(words) else {
                    continue;
                };
                let at = |word: &str| words.iter().position(|one| one == word);
                let behind = match (words.first().map(String::as_str), at("--")) {
                    (Some("poag"), _) => &words[1..],
                    (_, Some(end)) if words[..end].iter().any(|word| word.ends_with("#poag")) => {
                        &words[end + 1..]
                    }
                    _ => continue,
                };
                let parsed = poag::cli::Cli::try_parse_from(
                    std::iter::once("poag").chain(behind.iter().map(String::as_str)),
                );
                seen += 1;
                if let Err(error) = parsed {
                    panic!("{}: {line}\n{error}", page.display());
                }
            }
        }
    }
    assert!(seen > 30, "{seen}");
}

/// What `blocks` are as files that can be run.
fn program(folder: &Path, (language, code): &(String, String)) -> String {
    let path = folder.join(language);
    fs::write(&path, code).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[test]
fn the_programs_of_the_book_speak_for_experts() {
    let family = Repository::family();
    let blocks = blocks(MODELS, "command");
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
