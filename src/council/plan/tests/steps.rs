//! The steps in their order.

use super::{answers, changed, playground};
use crate::council::plan::assemble;
use crate::council::testing::{asks, council, edits, objects, said, take};

#[test]
fn steps_go_from_baseline_through_providers_to_the_pull_request() {
    let graph = playground();
    let plan = assemble(&changed(&graph));
    let expected = [
        "Baseline in ./flakes/lib: run `nix flake check` and `cargo test`, which must pass before anything is changed",
        "Baseline in ./flakes/py: run `nix flake check`, which must pass before anything is changed",
        "Baseline in .: run `nix flake check`, which must pass before anything is changed",
        "Ask the owner of far (github:o/r/abc) to do this: in src/far: work on src/far — and when it is there, update that input of `./flakes/py`",
        "In ./flakes/lib: change `api/greet.rs` and `src/inner.rs`; create `src/polite.rs` (new; `git add`, since a flake sees tracked files only)",
        "In ./flakes/lib: this touches the contract `api` (what lib does): py accepts",
        "In ./flakes/lib: run `nix run .#poag -- learn` so that poag.lock knows the change, then prove it: run `nix flake check` and `cargo test`",
        "In ./flakes/lib: commit as `lib: Make it polite`",
        "In ./flakes/py: change `greet.py`",
        "In ./flakes/py: run `nix run .#poag -- learn` so that poag.lock knows the change, then prove it: run `nix flake check`",
        "In ./flakes/py: commit as `py: Make it polite`",
        "In .: prove the whole: run `nix flake check`",
        "Open one pull request with these 2 commits, titled `Make it polite`, with this plan as its description",
    ];
    assert_eq!(plan.plan, expected);
}

#[test]
fn a_consumer_with_nothing_to_edit_learns_the_contract_and_proves_it() {
    let graph = playground();
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["py"]));
    take(&mut council, "py", asks(&["lib"]));
    take(&mut council, "lib", edits(&["api/greet.rs"]));
    take(&mut council, "py", said());
    take(&mut council, "app", said());
    let plan = assemble(&council).plan;
    let at = |text: &str| plan.iter().position(|step| step == text).unwrap();
    let first = at("In ./flakes/py: nothing to edit, but lib changes `api`, which it takes");
    assert!(plan[first + 1].starts_with("In ./flakes/py: run `nix run .#poag -- learn`"));
    assert_eq!(
        plan[first + 2],
        "In ./flakes/py: commit poag.lock as `py: Make it polite`"
    );
}

#[test]
fn an_objection_to_somebody_else_is_not_taken_for_an_accept() {
    let graph = playground();
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["py"]));
    take(&mut council, "py", asks(&["lib"]));
    take(&mut council, "lib", edits(&["api/greet.rs"]));
    take(&mut council, "py", objects("far", "too slow"));
    let plan = assemble(&council).plan;
    let step = |end: &str| plan.iter().any(|step| step.ends_with(end));
    assert!(
        step("(what lib does): py does not object to this"),
        "{plan:?}"
    );
    take(&mut council, "far", said());
    take(&mut council, "py", objects("lib", "too loud"));
    let plan = assemble(&council).plan;
    let step = |end: &str| plan.iter().any(|step| step.ends_with(end));
    assert!(step("(what lib does): py objects (too loud)"), "{plan:?}");
}

#[test]
fn a_usage_question_has_an_answer_and_no_steps() {
    let graph = playground();
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["py"]));
    take(&mut council, "py", answers("Call `greet()`.", "README.md"));
    take(&mut council, "app", said());
    let plan = assemble(&council);
    assert!(plan.plan.is_empty() && plan.subflakes.is_empty() && !plan.is_empty());
    assert_eq!(
        plan.answer,
        "Call `greet()`.\n\nSources: `flakes/py/README.md:3-9`"
    );
}

#[test]
fn a_stale_expert_is_repaired_before_its_baseline() {
    let graph = playground();
    let mut council = changed(&graph);
    let repair = "nix run ./flakes/lib#poag -- learn";
    for name in ["lib", "nobody asked it"] {
        council.started.stale.insert(name.into(), repair.into());
    }
    let plan = assemble(&council);
    assert!(plan.plan[0].contains(&format!("first run `{repair}` at the repository's root")));
    assert_eq!(plan.council.stale.keys().collect::<Vec<_>>(), ["lib"]);
}

#[test]
fn a_long_request_is_cut_at_a_word_in_commits() {
    let graph = playground();
    let mut started = crate::council::testing::started(&graph, Default::default());
    started.request = format!("Make {}\nand more", "very ".repeat(40));
    let mut council = crate::council::Council::new(&graph, started);
    take(&mut council, "app", edits(&["x"]));
    let plan = assemble(&council);
    let commit = plan
        .plan
        .iter()
        .find(|step| step.contains("commit as"))
        .unwrap();
    let subject = commit.split('`').nth(1).unwrap();
    assert!(
        subject.chars().count() <= 72 && subject.ends_with("very…"),
        "{subject}"
    );
}
