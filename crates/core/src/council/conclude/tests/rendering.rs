//! The forms of a plan.

use super::{changed, playground};
use crate::council::conclude::assemble;
use crate::council::message::{Action, Edit, TurnResult};
use crate::plan::{Emphasis, PlanView};
use crate::testing::{asks, council, objects, said, take};

#[test]
fn json_is_the_same_for_the_same_council_and_reads_back() {
    let graph = playground();
    let plan = assemble(&changed(&graph));
    let text = plan.to_json().unwrap();
    assert_eq!(text, assemble(&changed(&graph)).to_json().unwrap());
    let again: crate::plan::Plan = serde_json::from_str(&text).unwrap();
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
    assert!(text.contains("\n## Steps\n\n1. Baseline: these checks"));
    // What belongs to a step is part of its list item.
    assert!(text.contains("\n   - consumers of `api` (what lib does): py accepts\n4. "));
    assert!(text.contains("\n## Notes\n\n- lib: no test covers it\n"));
}

#[test]
fn likely_files_come_first_then_tests_and_documents_then_what_is_unsure_and_providers_before_consumers()
 {
    let graph = playground();
    let mut council = council(&graph);
    let edit = |path: &str, action, likelihood| Edit {
        path: path.into(),
        action,
        instruction: "do it".into(),
        likelihood: Some(likelihood),
        evidence: Vec::new(),
    };
    let result = TurnResult {
        edits: vec![
            edit("README.md", Action::Change, 99),
            edit("a.py", Action::Change, 30),
            edit("tests/a.py", Action::Change, 60),
            edit("z.py", Action::Change, 80),
            edit("y.py", Action::Perhaps, 10),
            edit("x.py", Action::Perhaps, 20),
        ],
        ..said()
    };
    take(&mut council, "app", asks(&["py"]));
    take(&mut council, "py", result.clone());
    take(&mut council, "app", result);
    let plan = assemble(&council);
    assert_eq!(plan.council.order, ["py", "app"]);
    let of_one = "\n\n- `./z.py` (80 %): do it\n- `./a.py` (30 %): do it\n\n\
                  Tests, examples and documentation:\n\n\
                  - `./README.md` (99 %): do it\n- `./tests/a.py` (60 %): do it\n\n\
                  Perhaps:\n\n- `./x.py` (20 %): do it\n- `./y.py` (10 %): do it\n";
    let text = plan.to_markdown();
    let both = format!("# Make it polite\n\n## py{of_one}\n## app{of_one}\n## Steps\n");
    assert!(text.starts_with(&both), "{text}");
    let text = plan.to_terminal(&PlanView::PLAIN);
    assert!(text.contains("perhaps (2): ./x.py, ./y.py"), "{text}");
}

#[test]
fn a_long_request_has_a_title_that_fits_and_is_quoted_whole() {
    let graph = playground();
    let mut plan = assemble(&changed(&graph));
    plan.request = "Make it polite\n\nIt is rude.".into();
    let text = plan.to_markdown();
    assert!(
        text.starts_with("# Make it polite\n\n> Make it polite\n>\n> It is rude.\n\n## lib\n"),
        "{text}"
    );
}

#[test]
fn a_plan_of_an_older_poag_is_read() {
    let graph = playground();
    let mut plan = serde_json::to_value(assemble(&changed(&graph))).unwrap();
    let report = plan["council"].as_object_mut().unwrap();
    for field in ["likelihood", "perhaps", "order", "decisions"] {
        report.remove(field).unwrap();
    }
    let plan: crate::plan::Plan = serde_json::from_value(plan).unwrap();
    assert!(
        plan.to_markdown()
            .contains("\n## lib\n\n- `./api/greet.rs`")
    );
}

#[test]
fn the_terminal_form_is_emphasized_as_its_reader_wants() {
    let graph = playground();
    let emphasis = Emphasis {
        strong: |text| format!("<b>{text}</b>"),
        ..Emphasis::NONE
    };
    let text = assemble(&changed(&graph)).to_terminal(&PlanView {
        emphasis,
        ..PlanView::PLAIN
    });
    assert!(text.contains("<b>./src/polite.rs</b>\n      (new) the polite form\n"));
}

#[test]
fn dissent_is_shown_in_every_form() {
    let graph = playground();
    let mut council = council(&graph);
    take(&mut council, "app", objects("py", "no"));
    take(&mut council, "py", said());
    take(&mut council, "app", objects("py", "no"));
    let plan = assemble(&council);
    for text in [plan.to_markdown(), plan.to_terminal(&PlanView::PLAIN)] {
        assert!(text.contains("app objects to py: no"), "{text}");
    }
    assert!(plan.has_dissent());
}
