//! Paths by flake, and what is never planned.

use super::{answers, changed, playground};
use crate::council::message::{Action, Edit, TurnResult};
use crate::council::plan::{assemble, paths};
use crate::council::testing::{asks, council, edits, said, take};

#[test]
fn new_files_are_marked_and_another_repository_is_never_edited() {
    let graph = playground();
    let plan = assemble(&changed(&graph));
    assert_eq!(plan.subflakes.keys().collect::<Vec<_>>(), ["lib", "py"]);
    assert_eq!(
        plan.subflakes["lib"]["./src/polite.rs"],
        "(new) the polite form"
    );
    assert_eq!(
        plan.subflakes["lib"]["./api/greet.rs"],
        "work on api/greet.rs"
    );
    assert_eq!(
        plan.council.owners[0].request,
        "in src/far: work on src/far"
    );
    assert_eq!(plan.council.evidence["lib"]["./src/polite.rs"].len(), 1);
    assert_eq!(plan.council.notes[0].text, "no test covers it");
}

#[test]
fn files_to_read_change_nothing_even_in_another_repository() {
    let graph = playground();
    let mut council = council(&graph);
    let read = |path: &str| TurnResult {
        edits: vec![Edit {
            path: path.into(),
            action: Action::Read,
            instruction: "it explains".into(),
            likelihood: None,
            evidence: Vec::new(),
        }],
        ..said()
    };
    take(&mut council, "app", asks(&["py"]));
    take(&mut council, "py", asks(&["far"]));
    take(&mut council, "far", read("doc"));
    take(&mut council, "py", read("doc"));
    take(&mut council, "app", said());
    let plan = assemble(&council);
    assert_eq!(plan.subflakes["far"]["./doc"], "(read) it explains");
    assert!(plan.plan.is_empty());
}

#[test]
fn a_path_named_twice_keeps_both_instructions() {
    let graph = playground();
    let mut council = council(&graph);
    take(&mut council, "app", edits(&["x", "x"]));
    let plan = assemble(&council);
    assert_eq!(plan.subflakes["app"]["./x"], "work on x\nwork on x");
}

#[test]
fn several_answers_are_named_and_the_roots_comes_first() {
    let graph = playground();
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["py"]));
    take(&mut council, "py", answers("Of py.", "README.md"));
    take(&mut council, "app", answers("Of app.", "README.md"));
    let plan = assemble(&council);
    assert_eq!(
        plan.answer,
        "### app\n\nOf app.\n\nSources: `README.md:3-9`\n\n### py\n\nOf py.\n\nSources: `flakes/py/README.md:3-9`"
    );
    assert_eq!(plan.council.citations[1].path, "./README.md");
}

#[test]
fn code_holds_any_backticks() {
    assert_eq!(paths::code("a`b``c"), "``` a`b``c ```");
    assert_eq!(paths::code("plain\ntext"), "`plain text`");
}
