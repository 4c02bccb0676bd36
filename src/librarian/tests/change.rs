//! Orders and defects.

use super::themes::world;
use super::world::{changed, instruction};

#[test]
fn a_change_names_the_definition_its_tests_and_its_documents() {
    let world = world();
    for (expert, request, expected) in [
        (
            "inikit",
            "Treat lines that begin with # as a comment too",
            &["src/parser.rs", "README.md", "tests/reading.rs"][..],
        ),
        (
            "notes",
            "Hash passwords with argon2",
            &["notes/accounts.py", "tests/test_accounts.py"],
        ),
        (
            "datelet",
            "Format the weekday in French",
            &["src/weekday.js", "src/format.js"],
        ),
        (
            "modules",
            "Rename the option listenPort of the metrics exporter to port",
            &["modules/metrics.nix", "docs/metrics.md"],
        ),
    ] {
        let result = world.ask(expert, request);
        let paths = changed(&result);
        for path in expected {
            assert!(
                paths.contains(path),
                "{request}: {path} is not among {paths:?}"
            );
        }
        assert!(result.edits.iter().all(|edit| edit.path != "LICENSE"));
        assert_eq!(result.answer, None, "{request}");
    }
}

#[test]
fn an_instruction_says_where_and_what_told() {
    let result = world().ask("notes", "Hash passwords with argon2");
    let text = instruction(&result, "notes/accounts.py");
    assert!(
        text.starts_with("change `hash_password` (lines 8–10)"),
        "{text}"
    );
    assert!(text.contains("which define"), "{text}");
    assert!(text.contains("`passwords`"), "{text}");
    assert!(
        !text.contains("argon2"),
        "what stands nowhere is no evidence: {text}"
    );
    assert!(
        result
            .notes
            .iter()
            .any(|note| note.contains("nothing here speaks of `argon2`")),
        "{:?}",
        result.notes
    );
}

#[test]
fn a_defect_is_a_change() {
    let result = world().ask(
        "inikit",
        "parse panics when a value holds a quote: it should unquote only at both ends",
    );
    assert!(
        changed(&result).contains(&"src/parser.rs"),
        "{:?}",
        result.edits
    );
}

#[test]
fn tests_that_use_the_definition_are_to_be_extended() {
    let result = world().ask("datelet", "Make formatDate accept a number");
    let text = instruction(&result, "test/format.test.js");
    assert!(text.starts_with("extend"), "{text}");
}

#[test]
fn nothing_is_changed_where_the_request_is_about_something_else() {
    let world = world();
    for expert in ["inikit", "notes", "datelet", "modules"] {
        let result = world.ask(expert, "Add Kubernetes autoscaling to the submarine");
        assert!(result.edits.is_empty(), "{expert}: {:?}", result.edits);
        assert!(
            result
                .notes
                .iter()
                .any(|note| note.contains("nothing that matches")),
            "{:?}",
            result.notes
        );
    }
}

#[test]
fn what_tests_expect_is_looked_at_and_the_name_as_it_is_spelled_comes_first() {
    let world = super::world::World::new().expert(
        "gate",
        "Owns the gate.",
        &[
            (
                "src/gate.rs",
                "//! Opens.\n\n/// Opens the Gate.\npub fn gate() {}\n\n/// A gate in the wall.\npub struct Gate;\n",
            ),
            ("tests/ui/shut.stderr", "error: the Gate is shut\n"),
            (
                "tests/open.rs",
                "#[test]\nfn the_gate_opens() {\n    gate();\n}\n",
            ),
        ],
    );
    let result = world.ask("gate", "Let the Gate creak");
    assert!(
        instruction(&result, "src/gate.rs").starts_with("change `Gate`"),
        "{:?}",
        result.edits
    );
    assert!(
        !changed(&result).contains(&"tests/ui/shut.stderr"),
        "{:?}",
        result.edits
    );
    assert!(
        changed(&result).contains(&"tests/open.rs"),
        "{:?}",
        result.edits
    );
    assert!(
        instruction(&result, "tests/ui/shut.stderr")
            .starts_with("see whether what the tests expect"),
        "{:?}",
        result.edits
    );
}
