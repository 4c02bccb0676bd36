//! The steps in their order.

use super::{answers, changed, playground};
use crate::council::conclude::assemble;
use crate::council::message::{Phase, Step};
use crate::testing::{asks, council, edits, flake, objects, said, take};

/// A step that an expert says.
fn step(phase: Phase, what: &str, proof: Option<&str>) -> Step {
    Step {
        phase,
        what: what.into(),
        proof: proof.map(Into::into),
    }
}

#[test]
fn steps_go_from_one_baseline_through_providers_to_the_pull_request() {
    let graph = playground();
    let plan = assemble(&changed(&graph));
    let expected = [
        "Baseline: these checks must pass before anything is changed:\n- `nix flake check` and `cargo test` in ./flakes/lib\n- `nix flake check` in each of `./flakes/py` and `.`",
        "Ask the owner of far (github:o/r/abc) to do this: in src/far: work on src/far — and when it is there, update that input of `./flakes/py`",
        "In ./flakes/lib: change `api/greet.rs` and `src/inner.rs`; create `src/polite.rs` (new; `git add`, since a flake sees tracked files only)\n- consumers of `api` (what lib does): py accepts",
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
fn what_experts_say_of_the_way_stands_in_its_place_and_equal_steps_are_joined() {
    let graph = playground();
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["py"]));
    take(&mut council, "py", asks(&["lib"]));
    let mut lib = edits(&["src/inner.rs"]);
    lib.steps = vec![
        step(Phase::After, "Build the  wheel", Some("`ls result`")),
        step(Phase::Before, "Write down the size", None),
        step(Phase::Change, "Add the case to\nthe table", None),
        step(Phase::Change, "Add the case to the table", None),
        step(Phase::Change, "Take it up in the docs", None),
    ];
    take(&mut council, "lib", lib);
    let mut py = edits(&["greet.py"]);
    py.steps = vec![step(Phase::Before, "Write down the size", None)];
    take(&mut council, "py", py);
    let mut app = said();
    app.steps = vec![step(Phase::After, "Look at it", None)];
    take(&mut council, "app", app);
    let plan = assemble(&council);
    assert_eq!(
        plan.plan[0],
        "In each of `./flakes/lib` and `./flakes/py`, before anything changes: Write down the size"
    );
    assert!(plan.plan[1].starts_with("Baseline: "), "{:?}", plan.plan);
    assert_eq!(
        plan.plan[2],
        "In ./flakes/lib: change `src/inner.rs`\n- Add the case to the table\n- Take it up in the docs"
    );
    assert_eq!(
        plan.plan[3],
        "In ./flakes/lib, when that is done:\n- Build the wheel (proof: `ls result`)\n- run `nix run .#poag -- learn` so that poag.lock knows the change, then prove it: run `nix flake check` and `cargo test`"
    );
    let all = plan.plan.join("\n");
    assert!(!all.contains("Look at it"), "app changes nothing: {all}");
    let notes: Vec<&str> = plan
        .council
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert_eq!(notes, ["without a change of its own: Look at it"]);
}

#[test]
fn flakes_with_nothing_to_edit_learn_the_contracts_they_take_in_one_step() {
    let mut app = flake("app", &["lib", "one", "two"]);
    app["location"] = serde_json::json!({"kind": "local", "dir": ""});
    let flakes = vec![
        app,
        flake("one", &["lib"]),
        flake("two", &["lib"]),
        flake("lib", &[]),
    ];
    let graph = crate::testing::graph(flakes);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["lib"]));
    take(&mut council, "lib", edits(&["api/greet.rs"]));
    take(&mut council, "app", said());
    let plan = assemble(&council).plan;
    assert!(
        plan[1].ends_with("\n- consumers of `api` (what lib does): app accepts, one has not judged it, two has not judged it"),
        "{plan:?}"
    );
    assert_eq!(
        plan[4..],
        [
            "In each of these, nothing to edit; run `nix run .#poag -- learn`: ./flakes/one (takes `api` of lib); ./flakes/two (takes `api` of lib); then prove it: run `nix flake check` in each of `./flakes/one` and `./flakes/two`; commit poag.lock as `poag.lock: Make it polite`",
            "In .: run `nix run .#poag -- learn` (it takes `api` of lib), prove the whole: run `nix flake check`, and commit poag.lock as `app: Make it polite`",
            "Open one pull request with these 3 commits, titled `Make it polite`, with this plan as its description",
        ]
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
        step("\n- consumers of `api` (what lib does): py does not object to this"),
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
fn nothing_in_a_plan_is_cut_in_the_middle() {
    let graph = playground();
    let mut started = crate::testing::started(&graph, Default::default());
    started.request = format!("Make {}\nand more", "very ".repeat(40));
    let mut council = crate::council::Council::new(&graph, started);
    take(&mut council, "app", edits(&["x"]));
    let plan = assemble(&council);
    let commit = plan.plan.iter().find(|step| step.contains("commit as"));
    let subject = commit.unwrap().split('`').nth(1).unwrap();
    assert!(subject.chars().count() <= 72, "{subject}");
    assert!(subject.ends_with(" very"), "{subject}");
    assert!(!plan.to_json().unwrap().contains('…'));
}
