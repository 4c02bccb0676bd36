//! Which passage answers: the one that tells where it tells most, not the one that has a word for its name.

use super::world::{World, markdown};

/// A tool with a guide, and code whose helpers are called as people speak.
fn tool() -> World {
    let filler = "Some words about other things that go on for a line.\n\n".repeat(12);
    let usage = format!(
        "# mill\n\nGrinds tables.\n\n## Use\n\n{filler}A run that was interrupted goes on with `mill grind --resume`.\n\n{filler}\
         ## A program of your own\n\nWith `engine = \"command\"`, a stage is any program that reads a table:\n\n```sh\nmill grind --engine ./mine\n```\n\n\
         ## Exit codes\n\n| code | meaning |\n|---|---|\n| 0 | done |\n| 3 | the table is stale |\n| 8 | the stages do not agree |\n"
    );
    World::new().expert(
        "mill",
        "Owns the mill.",
        &[
            ("README.md", &usage),
            (
                "docs/timeouts.rst",
                "Guide\n=====\n\nIntroduction.\n\nTimeouts\n--------\n\nA stage waits five seconds, or as long as\n``timeout=`` says.\n\nProxies\n-------\n\nNone.\n",
            ),
            (
                "src/error.rs",
                "//! What goes wrong.\n\n/// Stale.\npub const STALE: u8 = 3;\n\n/// The exit code of an error, for the process that ends with it.\npub fn exit_code(error: &Error) -> u8 {\n    error.code\n}\n\n/// Thrown after the timeout.\npub struct Timeout;\n",
            ),
            (
                "src/stage.rs",
                "//! A stage is one step of a run, with a table on either side.\n//!\n//! # Ordering\n//!\n//! Stages run in the order of their names.\n\n/// The stage of a cell.\npub fn stage(cell: &Cell) -> Stage {\n    cell.stage\n}\n",
            ),
        ],
    )
}

#[test]
fn a_question_is_answered_where_the_passage_tells_most() {
    let world = tool();
    for (request, path, quoted) in [
        (
            "How do I resume a run that was interrupted?",
            "README.md",
            "--resume",
        ),
        (
            "How do I let a program of my own be a stage?",
            "README.md",
            "mill grind --engine ./mine",
        ),
        (
            "What does exit code 8 mean?",
            "README.md",
            "the stages do not agree",
        ),
        ("How do I set a timeout?", "docs/timeouts.rst", "timeout="),
        ("What is a stage?", "src/stage.rs", "one step of a run"),
        (
            "In which order do stages run?",
            "src/stage.rs",
            "in the order of their names",
        ),
        (
            "What happens when the table is stale?",
            "README.md",
            "the table is stale",
        ),
    ] {
        let result = world.ask("mill", request);
        let cited = world.cited("mill", &result);
        let (first, text) = cited
            .first()
            .unwrap_or_else(|| panic!("{request}: {:?}", result.notes));
        assert_eq!(first, path, "{request}: {}", markdown(&result));
        assert!(text.contains(quoted), "{request}: {text}");
    }
}

#[test]
fn a_promise_that_names_much_does_not_stand_before_the_passage_that_tells() {
    let world = tool().provides(
        "mill",
        "command-line",
        "mill run, resume, exit code, stage, timeout and table",
        &["README.md"],
    );
    let result = world.ask("mill", "How do I resume a run that was interrupted?");
    let text = markdown(&result);
    assert!(text.starts_with("`README.md` line"), "{text}");
}

#[test]
fn the_name_of_the_project_makes_nothing_found() {
    let world = tool();
    for request in [
        "How do I deploy mill to Kubernetes?",
        "Does mill speak Esperanto?",
        "How does mill encrypt payments?",
    ] {
        let result = world.ask("mill", request);
        assert_eq!(result.answer, None, "{request}");
    }
}

#[test]
fn the_definition_of_an_error_answers_only_who_asks_about_errors() {
    let world = World::new().expert(
        "mill",
        "Owns the mill.",
        &[
            (
                "README.md",
                "# mill\n\nGrinds tables.\n\n## Runs\n\nEach has an entry in the ledger, which the mill keeps in `$XDG_STATE_HOME/mill`. It holds when the run began, when it ended, and what it ground in between.\n",
            ),
            (
                "src/ledger.rs",
                "/// Why the ledger of the mill cannot be kept.\npub enum LedgerError {\n    /// The folder that keeps the ledger is not writable.\n    Folder,\n}\n",
            ),
        ],
    );
    for (request, path) in [
        ("Where does the mill keep its ledger?", "README.md"),
        (
            "Which error says that the ledger cannot be kept?",
            "src/ledger.rs",
        ),
    ] {
        let result = world.ask("mill", request);
        let cited = world.cited("mill", &result);
        let first = cited.first().map(|(path, _)| path.as_str());
        assert_eq!(first, Some(path), "{request}: {cited:?}");
    }
}
