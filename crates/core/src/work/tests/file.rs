//! Tasks from files.

use serde_json::{Value, json};

use crate::testing::{flake, graph, locked};
use crate::work::from_file::TaskFile;

fn read(tasks: Value) -> Result<TaskFile, String> {
    let graph = graph(vec![
        flake("app", &["lib", "far"]),
        flake("lib", &[]),
        locked(flake("far", &[])),
    ]);
    let document = json!({"schemaVersion": 1, "request": "r", "tasks": tasks});
    TaskFile::read(document, &graph).map_err(|error| error.to_string())
}

#[test]
fn what_a_task_does_not_say_is_as_its_expert_has_it() {
    let file = read(json!([{"id": "one", "title": "t", "expert": "lib", "prompt": "p"}])).unwrap();
    let task = &file.tasks[0];
    assert_eq!(task.working_dir, "flakes/lib");
    assert_eq!(task.checks, ["nix flake check"]);
    assert_eq!(task.reviewers.iter().collect::<Vec<_>>(), ["app"]);
}

#[test]
fn what_cannot_be_is_refused_with_what_to_do() {
    let task = |more: Value| {
        let mut task = json!({"id": "one", "title": "t", "expert": "lib", "prompt": "p"});
        for (name, value) in more.as_object().unwrap() {
            task[name] = value.clone();
        }
        task
    };
    let cases = [
        (json!([task(json!({"prio": 1}))]), "unknown field `prio`"),
        (json!([task(json!({"id": "../x"}))]), "cannot name a task"),
        (
            json!([task(json!({})), task(json!({}))]),
            "another task has its name",
        ),
        (
            json!([task(json!({"dependsOn": ["onee"]}))]),
            "which is no task",
        ),
        (json!([task(json!({"dependsOn": ["one"]}))]), "one → one"),
        (
            json!([
                task(json!({"dependsOn": ["two"]})),
                task(json!({"id": "two", "dependsOn": ["one"]}))
            ]),
            "one → two → one",
        ),
        (
            json!([task(json!({"outputs": ["/etc/passwd"]}))]),
            "no path below its folder",
        ),
        (
            json!([task(json!({"outputs": ["a/../../b"]}))]),
            "no path below its folder",
        ),
        (
            json!([task(json!({"contextFiles": [".git/config"]}))]),
            "no path below its folder",
        ),
        (
            json!([task(json!({"workingDir": "flakes/app"}))]),
            "the flake of 'lib' is in 'flakes/lib'",
        ),
        (
            json!([task(json!({"expert": "libb"}))]),
            "did you mean 'lib'?",
        ),
        (
            json!([task(json!({"expert": "far"}))]),
            "lives in another repository",
        ),
        (
            json!([task(json!({"prompt": " "}))]),
            "its prompt has 1 bytes",
        ),
        (
            json!([task(json!({"maxAttempts": 0}))]),
            "1 to 20 are allowed",
        ),
        (json!([task(json!({"inputs": ["two:x"]}))]), "TASK:OUTPUT"),
        (json!([task(json!({"title": "a\nb"}))]), "not one line"),
    ];
    for (tasks, why) in cases {
        let error = read(tasks).unwrap_err();
        assert!(
            error.contains(why) && error.contains("repair:"),
            "{why}: {error}"
        );
        assert!(error.lines().count() <= 3, "{error}");
    }
    let graph = graph(vec![flake("lib", &[])]);
    let other = json!({"schemaVersion": 2, "request": "r", "tasks": []});
    let error = TaskFile::read(other, &graph).unwrap_err().to_string();
    assert!(error.contains("schemaVersion 2"), "{error}");
}

/// A walk that looked at every way through them, or called itself, would not come to an end here.
#[test]
fn thousands_of_tasks_in_a_row_or_a_lattice_are_looked_at_once() {
    let name = |at: usize| format!("t{at}");
    let tasks: Vec<Value> = (0..5_000)
        .map(|at: usize| {
            let after: Vec<String> = (at.saturating_sub(2)..at).map(name).collect();
            json!({"id": name(at), "title": "t", "expert": "lib", "prompt": "p", "dependsOn": after})
        })
        .collect();
    assert_eq!(read(tasks.into()).unwrap().tasks.len(), 5_000);
}
