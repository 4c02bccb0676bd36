//! Tasks from plans.

use std::collections::BTreeMap;

use super::stage::set;
use crate::council::assemble;
use crate::plan::Plan;
use crate::testing::{council, flake, graph, locked};
use crate::work::from_plan::tasks;

#[test]
fn one_task_for_each_flake_that_changes_after_those_of_its_providers() {
    let graph = graph(vec![
        flake("app", &["mid", "side"]),
        flake("mid", &["lib"]),
        flake("side", &["far"]),
        flake("lib", &[]),
        locked(flake("far", &[])),
    ]);
    let mut plan: Plan = assemble(&council(&graph));
    let hints = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(path, hint)| ((*path).into(), (*hint).into()))
            .collect()
    };
    plan.request = "Make it polite\nplease".into();
    plan.subflakes = BTreeMap::from([
        ("app".into(), hints(&[("./main", "call it")])),
        (
            "lib".into(),
            hints(&[("./api/a", "change it"), ("./new", "(new) make it")]),
        ),
        ("mid".into(), hints(&[("./x", "(read) it explains")])),
        ("side".into(), hints(&[("./y", "(delete) not needed")])),
        ("far".into(), hints(&[("./z", "theirs")])),
    ]);
    plan.plan = vec![
        "In ./flakes/lib: change `api/a`\n- first this".into(),
        "In ./flakes/lib: commit as `x`".into(),
    ];
    let tasks = tasks(&plan, &graph);
    let names: Vec<_> = tasks.iter().map(|task| task.id.as_str()).collect();
    // `far` is not ours to change; `mid` only reads, so that `app` waits for `lib` behind it.
    assert_eq!(names, ["lib", "side", "app"]);
    let after = |at: usize| {
        tasks[at]
            .depends_on
            .iter()
            .map(|id| id.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (after(0), after(1), after(2)),
        (vec![], vec![], vec!["lib", "side"])
    );
    let lib = &tasks[0];
    assert_eq!(lib.title, "lib: Make it polite");
    assert_eq!(lib.working_dir, "flakes/lib");
    assert_eq!(lib.checks, ["nix flake check"]);
    // The contract `api` is touched: its consumer reviews it. Nothing of `side`'s is.
    assert_eq!(lib.reviewers, set(&["lib", "mid"]));
    assert_eq!(tasks[1].reviewers, set(&["side"]));
    assert_eq!(lib.context_files, ["api/a"]);
    for part in [
        "Make it polite\nplease",
        "- ./api/a: change it",
        "- first this",
    ] {
        assert!(lib.prompt.contains(part), "{}", lib.prompt);
    }
    assert!(!lib.prompt.contains("commit as"), "{}", lib.prompt);
}
