//! Tasks from templates.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::testing::{flake, graph};
use crate::work::from_file::TaskFile;
use crate::work::template::{BUILT_IN, WorkTemplate, built_in};

fn template(more: Value) -> Result<WorkTemplate, String> {
    let mut document = json!({
        "schemaVersion": 1, "name": "t", "summary": "s", "request": "Do: {{ topic }}",
        "parameters": {"topic": {"summary": "what"}, "folder": {"summary": "where", "default": "docs"}},
        "tasks": [{"id": "one", "title": "{{topic}}", "expert": "lib", "prompt": "{{ topic }} in {{ folder }}",
            "outputs": ["{{ folder }}/a.md"], "checks": ["see {{ folder }}"]}],
    });
    for (name, value) in more.as_object().unwrap() {
        document[name] = value.clone();
    }
    WorkTemplate::read(document).map_err(|error| error.to_string())
}

fn values(all: &[(&str, &str)]) -> BTreeMap<String, String> {
    let all = all.iter();
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn fill(found: &[(&str, &str)], given: &[(&str, &str)]) -> Result<TaskFile, String> {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let tasks = template(json!({})).unwrap();
    let tasks = tasks.tasks(&values(found), &values(given), &graph);
    tasks.map_err(|error| error.to_string())
}

#[test]
fn places_are_filled_once_and_the_tasks_completed_from_the_graph() {
    let found = [
        ("topic", "Greet {{ folder }} $(id)\nin two lines"),
        ("decision", "not asked for"),
    ];
    let file = fill(&found, &[("folder", "docs/x")]).unwrap();
    assert_eq!(file.request, "Do: Greet {{ folder }} $(id)\nin two lines");
    let task = &file.tasks[0];
    assert_eq!(task.title, "Greet {{ folder }} $(id)");
    assert_eq!(
        task.prompt,
        "Greet {{ folder }} $(id)\nin two lines in docs/x"
    );
    assert_eq!(
        (&task.outputs[..], &task.checks[..]),
        (
            &["docs/x/a.md".to_owned()][..],
            &["see docs/x".to_owned()][..]
        )
    );
    assert_eq!(task.working_dir, "flakes/lib");
}

#[test]
fn what_becomes_a_path_or_a_command_is_a_plain_word() {
    for bad in ["a b", "$(id)", "a;b", "-rf", "", "x\n", "'"] {
        let error = fill(&[("topic", "t")], &[("folder", bad)]).unwrap_err();
        assert!(error.contains("a path or a command"), "{bad:?}: {error}");
    }
    // What is plain may still be no path of the flake.
    let error = fill(&[("topic", "t")], &[("folder", "../up")]).unwrap_err();
    assert!(error.contains("no path below its folder"), "{error}");
}

#[test]
fn a_template_is_refused_with_what_to_do() {
    let unknown =
        json!({"tasks": [{"id": "one", "title": "t", "expert": "lib", "prompt": "{{ topics }}"}]});
    let open = json!({"request": "{{ topic"});
    let cases = [
        (unknown, "'topics' is none of its parameters"),
        (open, "has no '}}' behind it"),
        (json!({"schemaVersion": 2}), "schemaVersion 2"),
        (json!({"extra": 1}), "unknown field `extra`"),
        (
            json!({"tasks": [{"id": "{{ topic }}", "title": "t", "expert": "lib", "prompt": "p"}]}),
            "cannot name a task",
        ),
    ];
    for (more, why) in cases {
        let error = template(more).unwrap_err();
        assert!(
            error.contains(why) && error.contains("\nrepair: "),
            "{error}"
        );
    }
    let error = fill(&[], &[]).unwrap_err();
    assert!(error.contains("needs 'topic': what"), "{error}");
    let error = fill(&[("topic", "t")], &[("folde", "x")]).unwrap_err();
    assert!(error.contains("did you mean 'folder'?"), "{error}");
    let error = fill(&[("topic", &"x".repeat(1 << 20))], &[]).unwrap_err();
    assert!(error.contains("1048576 bytes"), "{error}");
    let error = built_in("desing").unwrap_err().to_string();
    assert!(error.contains("did you mean 'design'?"), "{error}");
    assert!(built_in(BUILT_IN[0].0).is_ok());
}
