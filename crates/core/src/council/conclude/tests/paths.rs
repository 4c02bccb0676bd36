//! Paths by flake, and what is never planned.

use super::{answers, changed, playground};
use crate::council::conclude::assemble;
use crate::council::message::{Action, Decision, Edit, Evidence, TurnResult};
use crate::plan::PlanView;
use crate::plan::text;
use crate::testing::{asks, council, edits, said, take};

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
fn what_is_unsure_is_told_apart_from_what_is_to_be_done() {
    let graph = playground();
    let mut council = council(&graph);
    let edit = |path: &str, action, likelihood| Edit {
        path: path.into(),
        action,
        instruction: format!("about {path}"),
        likelihood,
        evidence: vec![Evidence {
            lines: Some((1, 2)),
            what: "it stands there".into(),
        }],
    };
    let result = TurnResult {
        edits: vec![
            edit("a.rs", Action::Change, Some(40)),
            edit("b.rs", Action::Perhaps, Some(20)),
            edit("c.rs", Action::Change, None),
        ],
        ..said()
    };
    take(&mut council, "app", result);
    let plan = assemble(&council);
    assert_eq!(
        plan.subflakes["app"].keys().collect::<Vec<_>>(),
        ["./a.rs", "./c.rs"]
    );
    assert_eq!(plan.council.perhaps["app"]["./b.rs"], "about b.rs");
    assert_eq!(plan.council.perhaps["app"].len(), 1);
    let likelihood: Vec<_> = plan.council.likelihood["app"].iter().collect();
    assert_eq!(
        likelihood,
        [(&"./a.rs".to_owned(), &40), (&"./b.rs".to_owned(), &20)]
    );
    let evidence = &plan.council.evidence["app"];
    assert_eq!(evidence["./a.rs"][0].likelihood, Some(40));
    assert_eq!(evidence["./c.rs"][0].likelihood, None);
    let steps = plan.plan.join("\n");
    assert!(
        steps.contains("change `c.rs` and `a.rs`") && !steps.contains("b.rs"),
        "{steps}"
    );
}

#[test]
fn only_what_is_unsure_makes_no_plan_and_is_not_nothing() {
    let graph = playground();
    let mut council = council(&graph);
    let mut unsure = edits(&["a.rs"]);
    unsure.edits[0].action = Action::Perhaps;
    take(&mut council, "app", unsure);
    let plan = assemble(&council);
    assert!(plan.plan.is_empty() && plan.subflakes.is_empty() && !plan.is_empty());
    assert!(
        plan.to_terminal(&PlanView::PLAIN)
            .contains("perhaps (1): ./a.rs")
    );
}

#[test]
fn what_the_request_leaves_open_is_listed_once_with_its_proposals() {
    let graph = playground();
    let mut council = council(&graph);
    let open = |question: &str, proposal: &str| Decision {
        question: question.into(),
        proposal: proposal.into(),
    };
    let deciding = |decisions: Vec<Decision>| TurnResult {
        decisions,
        ..edits(&["x"])
    };
    take(&mut council, "app", asks(&["py"]));
    let of_py = vec![
        open("Which  name?", "`polite`"),
        open("Which default?", "off"),
    ];
    take(&mut council, "py", deciding(of_py));
    let of_app = vec![
        open("which name?", "`polite`"),
        open("Which name?", "`kind`"),
    ];
    take(&mut council, "app", deciding(of_app));
    let plan = assemble(&council);
    let listed: Vec<String> = plan
        .council
        .decisions
        .iter()
        .map(|open| format!("{}: {} {}", open.expert, open.question, open.proposal))
        .collect();
    assert_eq!(
        listed,
        [
            "app: which name? `polite`",
            "app: Which name? `kind`",
            "py: Which default? off"
        ]
    );
    for text in [plan.to_markdown(), plan.to_terminal(&PlanView::PLAIN)] {
        assert!(text.contains("Open decisions"), "{text}");
        assert!(text.contains("py: Which default? Proposal: off"), "{text}");
    }
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
    assert_eq!(text::code("a`b``c"), "``` a`b``c ```");
    assert_eq!(text::code("plain\ntext"), "`plain text`");
}
