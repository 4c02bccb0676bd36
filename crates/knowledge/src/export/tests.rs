//! Exports of small experts: their form, their bounds, and that none is made of another.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use super::{Difference, Facts, Form, compare, is_name, render, skill};
use poag_core::expert::{Graph, SCHEMA};

const ROLE: &str = "Owns the greeting.\n\n# Rules\n\nEvery greeting is polite <always>.";

fn files(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

fn graph(folder: &Path, role: &str) -> Graph {
    let expert = |name: &str, role: &str, neighbors: serde_json::Value| {
        json!({
            "name": name, "role": role, "prompt": null, "neighbors": neighbors,
            "provides": { "greet": { "summary": "greet(name)\n-> text", "files": ["src/a b.py"], "hash": "h" } },
            "knowledge": { "path": folder, "include": [], "exclude": [], "maxTokens": 10 },
            "checks": ["nix flake check"],
            "location": { "kind": "local", "dir": "" }, "identity": "i", "declaration": {},
            "freshness": { "status": "fresh" },
        })
    };
    let edge = json!({ "other": { "needs": { "greet": "the text" }, "contracts": ["greet"] } });
    let graph = json!({ "schema": SCHEMA, "root": "Base_1", "experts": {
        "Base_1": expert("Base_1", role, edge), "other": expert("other", "r", json!({})),
    } });
    Graph::from_json(graph.to_string().as_bytes()).unwrap()
}

/// An expert over two files, and a third that a test brings.
fn facts(more: &[(&str, &str)]) -> (TempDir, Facts) {
    let folder = tempfile::tempdir().unwrap();
    files(
        folder.path(),
        &[
            (
                "src/a b.py",
                "\"\"\"Greets.\"\"\"\n\n\ndef greet(name):\n    \"\"\"Says hello.\"\"\"\n",
            ),
            ("docs/guide.md", "# The guide\n\nText.\n"),
            ("tests/test_a.py", "def test_it():\n    pass\n"),
        ],
    );
    files(folder.path(), more);
    let graph = graph(folder.path(), ROLE);
    let facts = Facts::of(&graph, &graph.experts["Base_1"]).unwrap();
    (folder, facts)
}

fn all(facts: &Facts) -> [String; 3] {
    Form::ALL.map(|form| render(form, facts, "base"))
}

#[test]
fn agents_are_told_role_proof_contracts_outline_and_whom_to_ask() {
    let text = render(Form::AgentsMd, &facts(&[]).1, "");
    let parts = [
        "<!-- Made by \"poag export agents-md\" from the expert Base_1, state ",
        "# Base_1\n\nOwns the greeting.",
        "### Rules",
        "- `nix flake check`",
        "- **greet**: greet(name) -> text (`src/a b.py`)",
        "- **greet** of other: greet(name) -> text; needed here for: the text",
        "src/a b.py: Greets.\n  def greet(name): Says hello.",
        "nix run .#poag -- ask",
    ];
    let places: Vec<_> = parts
        .iter()
        .map(|part| {
            text.find(part)
                .unwrap_or_else(|| panic!("no {part:?} in\n{text}"))
        })
        .collect();
    assert!(places.is_sorted(), "{places:?} in\n{text}");
}

#[test]
fn a_skill_begins_with_a_name_and_a_description_within_their_bounds() {
    let (folder, _) = facts(&[]);
    for role in [ROLE, &"a \"quoted\": word\\ ".repeat(400), "- [x] {y}: #z"] {
        let graph = graph(folder.path(), role);
        let facts = Facts::of(&graph, &graph.experts["Base_1"]).unwrap();
        let text = render(Form::Skill, &facts, "base");
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("---"));
        assert_eq!(lines.next(), Some("name: base"));
        let description = lines.next().unwrap().strip_prefix("description: ").unwrap();
        let description: String = serde_json::from_str(description).unwrap();
        let length = description.chars().count();
        assert!((1..=1024).contains(&length), "{length}: {description}");
        assert!(!description.contains(['<', '>', '\n']), "{description}");
        assert!(
            description.ends_with("or when asked how it is used."),
            "{description}"
        );
        assert_eq!(lines.next(), Some("---"));
    }
}

#[test]
fn names_of_skills_are_those_of_the_specification() {
    for name in ["a", "hello-py", "a1-2", &"a".repeat(64)] {
        assert!(is_name(name), "{name}");
    }
    for name in ["", "-a", "a-", "a--b", "A", "a_b", "é", &"a".repeat(65)] {
        assert!(!is_name(name), "{name}");
    }
    for expert in ["Hello_py", "a--b", "x-", &"Ab-".repeat(40)] {
        assert!(is_name(&skill::name(expert)), "{expert}");
    }
}

#[test]
fn llms_txt_is_a_title_a_quote_and_lists_of_links() {
    let text = render(Form::LlmsTxt, &facts(&[]).1, "");
    assert!(
        text.starts_with("# Base_1\n\n> Owns the greeting.\n\nRules\n\nEvery"),
        "{text}"
    );
    let headings: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
    let wanted = [
        "# Base_1",
        "## Contracts",
        "## Documentation",
        "## Optional",
    ];
    assert_eq!(headings, wanted, "{text}");
    assert!(
        text.contains("\n- [src/a b.py](src/a%20b.py): greet: greet(name) -> text\n"),
        "{text}"
    );
    assert!(
        text.contains("\n- [docs/guide.md](docs/guide.md): The guide\n"),
        "{text}"
    );
    let sections = text.split("\n## ").skip(1);
    for line in sections.flat_map(|section| section.lines().skip(1)) {
        assert!(line.is_empty() || line.starts_with("- ["), "{line}");
    }
}

#[test]
fn no_export_is_made_of_exports() {
    let (_folder, plain) = facts(&[]);
    let [agents, skill, llms] = all(&plain);
    let with = [
        ("AGENTS.md", agents.as_str()),
        ("skills/base/SKILL.md", &skill),
        ("llms.txt", &llms),
    ];
    let (_folder, exported) = facts(&with);
    assert_eq!(all(&exported), [agents, skill, llms]);
}

#[test]
fn an_edit_that_moves_lines_and_changes_nothing_public_changes_no_export() {
    let (_folder, plain) = facts(&[]);
    let moved = "\"\"\"Greets.\"\"\"\n\n# More.\n\n\ndef greet(name):\n    \"\"\"Says hello.\"\"\"\n    return 1\n";
    let tested = "def test_it():\n    pass\n\n\ndef test_more():\n    pass\n";
    let (_folder, other) = facts(&[("src/a b.py", moved), ("tests/test_a.py", tested)]);
    assert_eq!(all(&plain), all(&other));
}

#[test]
fn an_outline_of_many_files_stays_within_its_bound() {
    let many: Vec<(String, String)> = (0..2_000)
        .map(|n| {
            (
                format!("src/file_{n}.py"),
                format!("def function_{n}(a, b):\n    pass\n"),
            )
        })
        .collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let (_folder, facts) = facts(&many);
    for text in all(&facts) {
        let tokens = crate::tokens::count(&text);
        assert!(tokens < 4_000, "{tokens}");
    }
}

#[test]
fn a_secret_in_a_declaration_is_in_no_export() {
    let (folder, _) = facts(&[]);
    let key = ["AKIA", "Z7QX3M5T2W9LKD4B"].concat();
    let graph = graph(folder.path(), &format!("Owns access_key = '{key}'."));
    let facts = Facts::of(&graph, &graph.experts["Base_1"]).unwrap();
    for text in all(&facts) {
        assert!(!text.contains(&key), "{text}");
    }
}

#[test]
fn what_a_person_wrote_is_told_from_what_poag_wrote() {
    let (_folder, facts) = facts(&[]);
    for text in all(&facts) {
        assert_eq!(compare(Some(&text), &text), None);
        assert_eq!(compare(None, &text), Some(Difference::Missing));
        assert_eq!(compare(Some("# Mine\n"), &text), Some(Difference::Foreign));
        let edited = text.replace("Owns the greeting.", "Owns all.");
        let found = compare(Some(&edited), &text).unwrap();
        assert!(found.is_of_a_person(), "{found:?}");
        assert!(found.tell("A", "b").contains("Owns all."), "{found:?}");
        // An older one is nobody's but poag's.
        let mut new = facts.clone();
        new.role = "Owns more.".into();
        let form = Form::ALL
            .into_iter()
            .find(|form| render(*form, &facts, "base") == text);
        let new = render(form.unwrap(), &new, "base");
        let found = compare(Some(&text), &new).unwrap();
        assert!(matches!(found, Difference::Old(_)), "{found:?}");
        assert!(found.tell("A", "b").contains("+ "), "{found:?}");
    }
}
