//! What a question is answered with.

use super::world::{World, changed, markdown};

fn till() -> World {
    World::new().expert(
        "till",
        "Owns the till.",
        &[
            ("CHANGELOG.md", "# Changes\n\n## 1.0\n\n- the environment variable that closes the shop for all customers\n"),
            ("CONTRIBUTING.md", "# Contributing\n\n## Environment Variables\n\nIf you add a part that brings new environment variables, put them all in one module.\nEvery environment variable begins with `SHOP_`.\n"),
            ("README.md", "# A shop\n"),
            ("README.de.md", "# Ein Laden\n\nSHOP_CLOSED closes the shop for all customers.\n"),
            ("src/settings.py", "SHOP_NAME = \"SHOP_NAME\"\n\"\"\"\nThe :envvar:`SHOP_NAME` environment variable names the shop.\n\"\"\"\n\nSHOP_CLOSED = \"SHOP_CLOSED\"\n\"\"\"\nThe :envvar:`SHOP_CLOSED` environment variable closes the shop for all customers.\nDefault: \"false\"\n\"\"\"\n"),
            ("src/till.py", "def create_shop_till_closed(meter):\n    \"\"\"Counts how often the till of the shop was closed.\"\"\"\n    return meter.create_counter(\"shop.till.closed\")\n\n\ndef create_shop_till_opened(meter):\n    \"\"\"Use `shop.till.closed` plus one to derive this value.\"\"\"\n    return meter.create_counter(\"shop.till.opened\")\n"),
        ],
    )
}

fn first(request: &str) -> (String, String) {
    let world = till();
    let result = world.ask("till", request);
    assert!(changed(&result).is_empty(), "{request}: {result:?}");
    world
        .cited("till", &result)
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("{request}: {result:?}"))
}

#[test]
fn a_documented_value_answers_before_what_only_speaks_of_such_values() {
    let (path, text) =
        first("Is there an environment variable that closes the shop for all customers?");
    assert_eq!(path, "src/settings.py");
    assert!(
        text.contains("SHOP_CLOSED = ") && !text.contains("SHOP_NAME"),
        "{text}"
    );
    let (_, text) = first("What does SHOP_NAME do?");
    assert!(text.contains("names the shop"), "{text}");
}

#[test]
fn thanks_and_quoted_errors_change_no_answer() {
    let (path, text) = first("How do I use create_shop_till_closed?");
    assert_eq!(path, "src/till.py");
    assert!(text.contains("def create_shop_till_closed"), "{text}");
    assert_eq!(
        first("How do I use create_shop_till_closed? Thanks in advance, our accountant waits."),
        (path, text)
    );
    first("Async job failed: request timed out. How can I configure the till?");
}

#[test]
fn at_most_three_passages_are_quoted_the_best_first() {
    let world = till();
    let result = world.ask("till", "Which environment variable names the shop?");
    let answer = result.answer.as_ref().unwrap();
    assert!((1..=3).contains(&answer.citations.len()));
    assert!(markdown(&result).contains("SHOP_NAME"));
}

#[test]
fn documentation_answers_in_its_own_words_before_what_only_holds_those_of_the_question() {
    let world = World::new().expert(
        "tool",
        "Owns the tool.",
        &[
            ("README.md", "# A tool\n\nIt copies things from one place to another.\n"),
            ("README.pt-BR.md", "# A tool\n\nfolder leave out folder leave out\n"),
            ("CONTRIBUTING.md", "# Contributing\n\nDo not leave a folder out of a review.\n"),
            ("docs/FAQ.md", "<h3 name=\"exclude\">\nExcluding directories\n</h3>\n\nGive `--exclude PATTERN`, once for each of them.\n\n<h3 name=\"speed\">\nSpeed\n</h3>\n\nIt reads files once.\n"),
            ("tests/data/folder.md", "# Leave a folder out\n\nleave a folder out\n"),
            ("src/walk.rs", "/// Leaves the folder that was opened last.\npub fn leave(folder: &Folder) {}\n"),
        ],
    );
    let result = world.ask("tool", "How can I leave a folder out?");
    let cited = world.cited("tool", &result);
    assert_eq!(cited[0].0, "docs/FAQ.md", "{cited:?}");
    assert!(cited[0].1.contains("--exclude"), "{cited:?}");
    let aside = ["README.pt-BR.md", "tests/data/folder.md"];
    assert!(
        cited
            .iter()
            .all(|(path, _)| !aside.contains(&path.as_str())),
        "{cited:?}"
    );
}

#[test]
fn what_stands_nowhere_is_not_answered() {
    let world = till();
    let result = world.ask("till", "How do I bake a chocolate cake?");
    assert!(
        result.answer.is_none() && result.edits.is_empty(),
        "{result:?}"
    );
    assert!(
        result.notes.iter().any(|note| note.contains("`chocolate`")),
        "{result:?}"
    );
}

#[test]
fn requests_are_told_apart_by_the_sentence_that_asks() {
    use crate::text::request::RequestText;
    for (text, usage, change) in [
        ("How do I call the greeting from Python?", true, false),
        ("what does parse_date return", true, false),
        ("Show me the options of the parser", true, false),
        (
            "Make the greeting polite on request, in every language binding",
            false,
            true,
        ),
        ("Could you add a dark mode?", false, true),
        (
            "Everything is slow. Could the clone be deepened only as far as needed?",
            false,
            true,
        ),
        ("please rename Date.parse to Date.read", false, true),
        ("parser: handle empty input", false, true),
        ("fix(web): login form", false, true),
        ("The server crashes when the body is empty.", false, true),
        ("It crashes on Windows. Is this a known bug?", false, true),
        ("When does it panic?", true, false),
        ("The prompt shows squares. What is wrong?", true, false),
        (
            "A library sends too much. Can we drop that one tag on our side?",
            true,
            false,
        ),
        ("Dates before 1970 should be accepted", false, true),
        (
            "The job failed: request timed out. Where can I give it more time?",
            true,
            false,
        ),
        (
            "I want to publish a test version. Can changesets do that, and which command would I run?",
            true,
            false,
        ),
        (
            "What is the recommended way to get a factory, please?",
            true,
            false,
        ),
        (
            "How do spans work? Please add an example to the README.",
            true,
            true,
        ),
        ("", true, false),
    ] {
        let read = RequestText::of(text);
        assert_eq!(
            (read.usage, read.change),
            (usage, change),
            "{text}: {}",
            read.why
        );
        assert!(!read.why.is_empty());
    }
}

#[test]
fn a_file_or_a_definition_that_is_named_answers_though_no_section_holds_the_words() {
    let world = World::new().expert(
        "tool",
        "Owns the tool.",
        &[
            (
                "README.md",
                "# A tool\n\nIt copies. What is in each file is its own business.\n",
            ),
            ("Cargo.toml", "[package]\nname = \"tool\"\n"),
            ("include/tool.h", "int copy_all(int from, int to);\n"),
            (
                "src/walk.rs",
                "fn next_step() -> u8 {\n    let deep_count = 1;\n    deep_count\n}\n",
            ),
        ],
    );
    let cited = |request: &str| {
        let result = world.ask("tool", request);
        (world.cited("tool", &result), markdown(&result).to_owned())
    };
    for (request, path) in [
        ("tool.h", "include/tool.h"),
        ("What is in src/walk.rs?", "src/walk.rs"),
        ("Cargo.toml", "Cargo.toml"),
        ("What does next_step do?", "src/walk.rs"),
        ("Where is deep_count set?", "src/walk.rs"),
    ] {
        let (cited, text) = cited(request);
        assert_eq!(cited[0].0, path, "{request}");
        assert_eq!(
            text.contains("Weak"),
            request.contains("deep_count"),
            "{request}: {text}"
        );
    }
    // A file of settings comes after what explains them.
    let (found, _) = cited("What does it copy, by Cargo.toml?");
    assert_eq!(found[0].0, "README.md");
    assert_eq!(found[1].0, "Cargo.toml");
}
