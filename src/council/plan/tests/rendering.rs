//! The forms of a plan.

use super::{changed, playground};
use crate::council::plan::assemble;
use crate::council::testing::{council, objects, said, take};
use crate::terminal::paint::{Colour, paint};

#[test]
fn json_is_the_same_for_the_same_council_and_reads_back() {
    let graph = playground();
    let plan = assemble(&changed(&graph));
    let text = plan.to_json().unwrap();
    assert_eq!(text, assemble(&changed(&graph)).to_json().unwrap());
    let again: crate::council::plan::Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(again, plan);
    assert!(text.starts_with("{\n  \"schemaVersion\": 1,\n  \"request\": \"Make it polite\","));
}

#[test]
fn markdown_numbers_the_steps_and_lists_the_paths() {
    let graph = playground();
    let text = assemble(&changed(&graph)).to_markdown();
    assert!(
        text.starts_with(
            "# Make it polite\n\n## lib\n\n- `./api/greet.rs`: work on api/greet.rs\n"
        )
    );
    assert!(text.contains("\n## Steps\n\n1. Baseline in ./flakes/lib"));
    assert!(text.contains("\n## Notes\n\n- lib: no test covers it\n"));
}

#[test]
fn the_terminal_form_has_colours_of_its_own() {
    let graph = playground();
    let text = assemble(&changed(&graph)).to_terminal();
    assert!(text.contains(&paint(Colour::Bold, "./src/polite.rs")));
    assert!(text.contains("\n      (new) the polite form\n"));
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn dissent_is_shown_in_every_form() {
    let graph = playground();
    let mut council = council(&graph);
    take(&mut council, "app", objects("py", "no"));
    take(&mut council, "py", said());
    take(&mut council, "app", objects("py", "no"));
    let plan = assemble(&council);
    for text in [plan.to_markdown(), plan.to_terminal()] {
        assert!(text.contains("app objects to py: no"), "{text}");
    }
    assert!(plan.has_dissent());
}
