//! Steps over the tasks of a board.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::testing::{flake, graph, locked};
use crate::work::Task;
use crate::work::from_file::TaskFile;
use crate::work::template::{BUILT_IN, WorkTemplate};

fn tasks(steps: Value) -> Result<Vec<Task>, String> {
    let document = json!({
        "schemaVersion": 1, "name": "w", "summary": "s", "request": "Do: {{ topic }}",
        "parameters": {"topic": {"summary": "what", "default": "greet"}}, "steps": steps,
    });
    let graph = graph(vec![
        flake("app", &["lib"]),
        flake("lib", &[]),
        locked(flake("far", &[])),
    ]);
    let file = WorkTemplate::of(document, &graph);
    let file = file.and_then(|template| {
        let none = BTreeMap::new();
        template.tasks(&none, &none, &graph)
    });
    let file: Result<TaskFile, _> = file;
    file.map(|file| file.tasks)
        .map_err(|error| error.to_string())
}

fn step(more: Value) -> Value {
    let mut step =
        json!({"id": "one", "title": "{{ topic }}", "expert": "lib", "prompt": "Do it."});
    for (name, value) in more.as_object().unwrap() {
        step[name] = value.clone();
    }
    step
}

fn before(task: &Task) -> Vec<&str> {
    task.depends_on.iter().map(|id| id.as_str()).collect()
}

#[test]
fn a_step_fans_out_waits_and_gathers() {
    let tasks = tasks(json!([
        step(
            json!({"id": "part", "each": ["de", "fr"], "title": "{{ topic }} in {{ each }}",
            "outputs": ["docs/{{each}}.md"], "checks": ["test -f docs/{{ each }}.md"]})
        ),
        step(json!({"id": "proof", "each": ["de", "fr"], "along": ["part"]})),
        step(json!({"id": "flake", "each": "experts", "expert": "{{ each }}", "after": ["proof"]})),
        step(json!({"id": "whole", "gather": ["part"], "after": ["flake"]})),
    ]))
    .unwrap();
    let names: Vec<_> = tasks.iter().map(|task| task.id.as_str()).collect();
    // Experts of other repositories are not worked for.
    let all = [
        "part-de",
        "part-fr",
        "proof-de",
        "proof-fr",
        "flake-app",
        "flake-lib",
        "whole",
    ];
    assert_eq!(names, all);
    assert_eq!(tasks[0].title, "greet in de");
    assert_eq!(tasks[1].checks, ["test -f docs/fr.md"]);
    assert_eq!(
        (before(&tasks[0]), before(&tasks[2])),
        (vec![], vec!["part-de"])
    );
    assert_eq!(before(&tasks[4]), ["proof-de", "proof-fr"]);
    assert_eq!(tasks[4].expert, "app");
    assert_eq!(
        before(&tasks[6]),
        ["flake-app", "flake-lib", "part-de", "part-fr"]
    );
    assert_eq!(
        tasks[6].inputs,
        ["part-de:docs/de.md", "part-fr:docs/fr.md"]
    );
}

#[test]
fn a_step_is_repeated_until_none_of_its_reviewers_objects() {
    let repeat =
        json!({"repeat": {"rounds": 4, "reviewers": {"cold": "What {{ topic }} breaks."}}});
    let tasks = tasks(json!([step(repeat)])).unwrap();
    assert_eq!(tasks[0].rounds, Some(4));
    assert_eq!(tasks[0].panel["cold"], "What greet breaks.");
    assert_eq!(tasks[0].max_attempts, 5);
}

#[test]
fn five_reviewers_and_one_author_come_with_poag() {
    let (_, text) = BUILT_IN
        .iter()
        .find(|(name, _)| *name == "adversarial-review")
        .unwrap();
    // As the engine reads it, but for TOML, which nothing here knows.
    assert_eq!(text.matches("\n[steps.repeat.reviewers]\n").count(), 1);
    let reviewers = text.rsplit("[steps.repeat.reviewers]").next().unwrap();
    assert_eq!(
        reviewers
            .lines()
            .filter(|line| line.contains(" = "))
            .count(),
        5
    );
    assert_eq!(text.matches("[[steps]]").count(), 1);
}

#[test]
fn a_workflow_is_refused_with_what_to_do() {
    let reviewers = |rounds: u32, name: &str| {
        step(json!({"repeat": {"rounds": rounds, "reviewers": {name: "all"}}}))
    };
    let cases = [
        (
            json!([step(json!({"after": ["ones"]}))]),
            "there is no step 'ones'; did you mean 'one'?",
        ),
        (
            json!([step(json!({})), step(json!({}))]),
            "another step has its name",
        ),
        (
            json!([step(json!({"each": ["a b"]}))]),
            "cannot name a task",
        ),
        (
            json!([step(json!({"each": "everybody"}))]),
            "cannot be read",
        ),
        (
            json!([step(json!({"prompt": "{{ each }}"}))]),
            "'each' is none of its parameters",
        ),
        (
            json!([step(json!({"id": "two"})), step(json!({"along": ["two"]}))]),
            "same `each`",
        ),
        (json!([step(json!({"after": ["one"]}))]), "circle"),
        (json!([reviewers(0, "cold")]), "1 to 20 rounds"),
        (json!([reviewers(2, "app")]), "name it in reviewers"),
        (json!([reviewers(2, "a b")]), "its panel"),
        (json!([step(json!({"extra": 1}))]), "unknown field `extra`"),
    ];
    for (steps, why) in cases {
        let error = tasks(steps.clone()).unwrap_err();
        assert!(
            error.contains(why) && error.contains("repair: "),
            "{steps}: {error}"
        );
    }
}
