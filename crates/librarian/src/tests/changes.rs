//! What a change request names, over the files of all experts.

use super::world::{World, changed, instruction};
use crate::text::words;
use poag_core::council::message::{Action, TurnResult};

fn shop() -> World {
    World::new()
        .expert(
            "shop",
            "Sells the goods.",
            &[
                ("src/lib.rs", "pub mod window;\npub mod printer;\n/// The price list.\npub fn price() -> usize { store::boxes_left(\"tea\") * 2 }\n"),
                ("src/printer.rs", "pub fn print(task: u8) -> u8 { task }\n"),
                ("src/window.rs", "/// Where the sign hangs.\npub struct Sign { pub config: String }\npub fn paint(config: &str) -> Sign { Sign { config: config.into() } }\n"),
            ],
        )
        .expert(
            "store",
            "Keeps the goods.",
            &[
                ("README.md", "# Store\n\nWhat is kept, and how `boxes_left` counts it.\n"),
                ("src/config.rs", "pub fn shelf(_a: &str) -> usize { 3 }\n"),
                ("src/counting.rs", "/// Counts the boxes of one shelf.\npub fn count_boxes(shelf: &[u8]) -> usize { shelf.len() }\n"),
                ("src/lib.rs", "//! The store.\npub mod config;\npub mod task;\n\n/// Says how many boxes are left of an article.\npub fn boxes_left(article: &str) -> usize {\n    config::shelf(article)\n}\n"),
                ("src/task.rs", "pub struct Task;\n"),
            ],
        )
        .provides("store", "library", "the Rust library: config, task, boxes_left", &["src/lib.rs"])
        .needs("shop", "store", "library", "Cargo.toml uses store")
}

#[test]
fn a_change_behind_a_contract_names_its_file_and_no_consumer() {
    let world = shop();
    let request = "count_boxes should skip empty places";
    assert_eq!(changed(&world.ask("store", request)), ["src/counting.rs"]);
    let consumer = world.ask("shop", request);
    assert!(changed(&consumer).is_empty(), "{consumer:?}");
    assert_eq!(consumer.asks.len(), 1);
    assert_eq!(consumer.asks[0].to, "store");
}

#[test]
fn a_change_of_documentation_alone_ripples_nowhere() {
    let world = shop();
    let request = "document boxes_left in the README";
    assert!(changed(&world.ask("shop", request)).is_empty());
    assert!(changed(&world.ask("store", request)).contains(&"README.md"));
}

#[test]
fn a_path_that_the_request_names_is_meant_and_no_other_file_of_that_kind() {
    let world = World::new().expert(
        "labels",
        "Owns labels.",
        &[
            ("README.md", "# Labels\n"),
            ("a/shelf.py", "\"\"\"Labels of the shelf.\"\"\"\ndef make_label(text):\n    \"\"\"The label of a shelf.\"\"\"\n    return text.upper()\n"),
            ("b/parcel.py", "\"\"\"Labels of parcels.\"\"\"\ndef make_label(parcel):\n    return str(parcel)\n"),
        ],
    );
    let result = world.ask(
        "labels",
        "Strip spaces before the label is built: change make_label in a/shelf.py",
    );
    assert_eq!(changed(&result), ["a/shelf.py"]);
    assert!(instruction(&result, "a/shelf.py").contains("`make_label`"));
}

#[test]
fn what_a_relative_clause_adds_changes_no_plan() {
    let world = shop();
    let plan = |request: &str| -> Vec<String> {
        let result = world.ask("store", request);
        changed(&result).into_iter().map(str::to_owned).collect()
    };
    let plain = plan("boxes_left counts twice and annoys our accountant every month.");
    assert!(!plain.is_empty());
    assert_eq!(
        plain,
        plan("boxes_left counts twice, which annoys our accountant every month.")
    );
}

#[test]
fn nothing_is_found_only_where_no_word_of_the_request_stands_anywhere() {
    let world = shop();
    let nothing = world.ask("shop", "Make quantum teleportation faster");
    assert!(
        nothing.edits.is_empty() && nothing.asks.is_empty(),
        "{nothing:?}"
    );
    assert!(
        nothing.notes.iter().any(|note| note.contains("`quantum`")),
        "{nothing:?}"
    );
    assert!(
        !world
            .ask("store", "The boxes wobble on every shelf")
            .edits
            .is_empty()
    );
}

/// Every word in ticks that an edit says stands in some lines does stand there.
fn literally_true(world: &World, expert: &str, result: &TurnResult) {
    for edit in &result.edits {
        let text = std::fs::read_to_string(world.knowledge(expert).join(&edit.path)).unwrap();
        for evidence in &edit.evidence {
            let Some((first, last)) = evidence.lines else {
                continue;
            };
            let mut terms: Vec<String> = Vec::new();
            for line in text
                .lines()
                .skip(first as usize - 1)
                .take((last - first) as usize + 1)
            {
                words::each(line, |term| terms.push(term.to_owned()));
            }
            for word in evidence.what.split('`').skip(1).step_by(2) {
                let mut parts = Vec::new();
                words::each(word, |term| parts.push(term.to_owned()));
                let there = parts.iter().any(|part| terms.contains(part));
                assert!(
                    there,
                    "{}: {word} of {:?} is not in {first}–{last}",
                    edit.path, evidence
                );
            }
        }
    }
}

#[test]
fn what_is_said_of_lines_is_true_of_them() {
    let world = shop();
    for request in [
        "count_boxes should skip empty places",
        "boxes_left counts twice when an article is on two shelves",
        "Paint the sign with the configured colour",
        "Add a shelf for tasks, and document it in the README",
    ] {
        for expert in ["shop", "store"] {
            literally_true(&world, expert, &world.ask(expert, request));
        }
    }
}

#[test]
fn one_more_of_a_kind_everywhere_changes_every_file_that_lists_the_kind() {
    let style = "/// How to greet.\npub struct Style {\n    pub locale: Locale,\n    pub ending: Ending,\n}\n";
    let world = World::new()
        .expert(
            "app",
            "Owns the program.",
            &[
                ("src/main.py", "def main(locale, ending):\n    greet(locale, ending)\n"),
                ("src/other.py", "def other(locale):\n    return locale\n"),
                ("nix/cases.nix", "# cases: locale, ending\n{ }\n"),
                ("tests/test_main.py", "def test_both():\n    main(locale='de', ending='period')\n"),
            ],
        )
        .expert(
            "core",
            "Owns the greeting.",
            &[
                ("docs/options.md", "# A new option of the greeting\n\nIt goes through these places:\n\n1. `src/style.rs`: the field of `Style`.\n2. `src/call.rs`: the argument of `greet_raw`. That breaks callers.\n3. `src/words.rs`: the words.\n"),
                ("src/call.rs", "pub fn greet_raw(locale: u8, ending: u8) {}\n"),
                ("src/style.rs", style),
                ("src/words.rs", "fn words(style: Style) { style.locale; style.ending; }\n"),
                ("src/link.rs", "extern { fn greet_raw(); }\n"),
            ],
        )
        .provides("core", "greet", "the greeting", &["src/call.rs"])
        .needs("app", "core", "greet", "the text");
    let request = "Make the greeting polite on request, in every binding";
    let app = world.ask("app", request);
    assert_eq!(changed(&app), ["src/main.py", "tests/test_main.py"]);
    let core = world.ask("core", request);
    assert_eq!(
        changed(&core),
        ["src/call.rs", "src/link.rs", "src/style.rs", "src/words.rs"]
    );
    assert!(instruction(&core, "src/style.rs").contains("`locale`, `ending`"));
    assert!(instruction(&core, "src/link.rs").contains("`greet_raw`"));
    assert_eq!(core.steps.len(), 3);
    assert!(core.steps[1].what.contains("That breaks callers."));
    literally_true(&world, "core", &core);
}

#[test]
fn every_file_carries_its_likelihood() {
    let result = shop().ask("store", "boxes_left should count boxes of a shelf once");
    assert!(!result.edits.is_empty());
    for edit in &result.edits {
        assert!(
            edit.likelihood.is_some_and(|it| (1..=99).contains(&it)),
            "{edit:?}"
        );
        assert!(matches!(edit.action, Action::Change | Action::Perhaps));
    }
}
