//! What was decided, as a work from a template.

use std::fs;
use std::process::Output;

use serde_json::{Value, json};

use super::{NAMES, TOPIC, debate, poag, result, stage};
use crate::harness::text;
use crate::programs::Stage;

const TEMPLATE: &str = r#"
schemaVersion = 1
name = "mine"
summary = "one page"
request = "Write down: {{ topic }}"
parameters.topic.summary = "what was asked"
parameters.decision.summary = "what was decided"
parameters.expert.summary = "whose flake it is"
parameters.folder = { summary = "where", default = "docs" }

[[tasks]]
id = "page"
title = "A page: {{ topic }}"
expert = "{{ expert }}"
outputs = ["{{ folder }}/page.md"]
checks = ["test -s {{ folder }}/page.md"]
prompt = "{{ decision }}"
"#;

fn start(stage: &Stage, words: &[&str]) -> Output {
    let repository = &stage.repository;
    repository.git(&["config", "user.name", "Test"]);
    repository.git(&["config", "user.email", "test@example.org"]);
    let begin = ["work", "start", "--only-begin", "--quiet"];
    let mut process = poag(stage, &begin);
    process.args(words).output().unwrap()
}

fn view(stage: &Stage) -> Value {
    let output = poag(stage, &["work", "show", "--json"]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

#[test]
fn what_won_is_worked_on_by_who_debated_it() {
    let stage = stage(&NAMES, 1);
    let output = debate(&stage, &NAMES, 1, &["--no-files", "--tie", "first"]);
    let held = result(&{ output }.output().unwrap());
    let file = stage.folder.join("mine.toml").display().to_string();
    fs::write(&file, TEMPLATE).unwrap();
    let run = held["run"].as_str().unwrap();
    let words = ["--template", file.as_str(), "--from", run];
    // What they are was said for the debate.
    let refused = start(&stage, &words);
    let said = text(&refused.stderr);
    assert!(said.contains("which nobody allowed: sh "), "{said}");

    let mut words: Vec<String> = words.map(str::to_owned).into();
    for line in said
        .lines()
        .filter_map(|line| line.split_once("--allow-command '"))
    {
        let command = line.1.split_once('\'').unwrap().0;
        words.extend(["--allow-command".to_owned(), command.to_owned()]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let begun = start(&stage, &words);
    assert!(begun.status.success(), "{}", text(&begun.stderr));
    let view = view(&stage);
    assert_eq!(view["request"], format!("Write down: {TOPIC}"));
    let shown = poag(&stage, &["task", "show", "page"]).output().unwrap();
    let task: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let task = &task["task"];
    let won = held["choices"].as_array().unwrap().iter();
    let mut won = won.filter(|one| one["label"] == held["winner"]);
    let position = won.next().unwrap()["position"].as_str().unwrap();
    let prompt = task["prompt"].as_str().unwrap();
    assert!(prompt.starts_with(position), "{prompt}");
    assert!(prompt.contains("Because: it is called there"), "{prompt}");
    assert!(prompt.contains("Not chosen: secret of"), "{prompt}");
    assert_eq!(task["title"], format!("A page: {TOPIC}"));
    assert_eq!(task["outputs"], json!(["docs/page.md"]));
    // Who debated claims it.
    let claim = ["task", "claim", "page", "--actor", NAMES[0]];
    let claimed = poag(&stage, &claim).output().unwrap();
    assert!(claimed.status.success(), "{}", text(&claimed.stderr));
}

#[test]
fn a_template_that_cannot_be_filled_says_what_it_lacks() {
    let stage = stage(&NAMES, 1);
    // Everybody votes as they like, and nobody wins.
    for (name, ranking) in NAMES.iter().zip([json!([["A", "B"]]), json!([["B", "A"]])]) {
        stage.says(
            &format!("{name}-2"),
            &json!({"schemaVersion": 1, "ranking": ranking}),
        );
    }
    let tied = debate(&stage, &NAMES, 1, &["--no-files", "--tie", "fail"]);
    let tied = result(&{ tied }.output().unwrap());
    let run = tied["run"].as_str().unwrap();
    let idea = stage.folder.join("idea.md").display().to_string();
    fs::write(&idea, "# Greet in German\n").unwrap();
    let broken = stage.folder.join("broken.toml").display().to_string();
    fs::write(&broken, TEMPLATE.replace("{{ decision }}", "{{ verdict }}")).unwrap();
    for (words, code, said) in [
        (
            &["--template", "desing", "--from", idea.as_str()][..],
            2,
            "did you mean 'design'?",
        ),
        (&["--template", "design"], 2, "needs 'decision'"),
        (
            &["--template", "design", "--from", run],
            1,
            "nobody has won debate",
        ),
        (
            &["--template", "design", "--from", "nosuchrun"],
            2,
            "no run",
        ),
        (
            &[
                "--template",
                "design",
                "--from",
                &idea,
                "--set",
                "folder=$(id)",
            ],
            2,
            "a path or a command",
        ),
        (
            &["--template", "design", "--from", &idea, "--set", "foldr=x"],
            2,
            "did you mean 'folder'?",
        ),
        (
            &["--template", "design", "--from", &idea, "--set", "x"],
            2,
            "has no '='",
        ),
        (
            &["--template", &broken, "--from", &idea],
            2,
            "'verdict' is none of its parameters",
        ),
        (&["--from", &idea], 2, "--template"),
    ] {
        let output = start(&stage, words);
        let error = text(&output.stderr);
        assert!(error.contains(said), "{words:?}: {error}");
        assert_eq!(output.status.code(), Some(code), "{words:?}: {error}");
        assert!(output.stdout.is_empty());
    }
    let listed = poag(&stage, &["work", "templates"]).output().unwrap();
    assert!(text(&listed.stdout).starts_with("design "));
    let printed = poag(&stage, &["work", "templates", "design"])
        .output()
        .unwrap();
    let copy = stage.folder.join("copy.toml").display().to_string();
    fs::write(&copy, &printed.stdout).unwrap();
    let words = [
        "--template",
        &copy,
        "--from",
        &idea,
        "--agent-command",
        "true",
    ];
    let begun = start(&stage, &words);
    assert!(begun.status.success(), "{}", text(&begun.stderr));
    assert_eq!(view(&stage)["tasks"].as_array().unwrap().len(), 7);
}

#[test]
fn a_design_is_accepted_or_told_what_it_lacks() {
    let stage = stage(&NAMES, 1);
    let design = "app/docs/design";
    let repository = &stage.repository;
    repository.write(
        &format!("{design}/journeys.md"),
        "## J1: Greet\n1. a\n2. b\n",
    );
    repository.write(
        &format!("{design}/stories.md"),
        "## S1: Greet\nJourneys: J1\nAs a visitor, I want a greeting, so that I smile.\n- yes\n",
    );
    repository.write(
        &format!("{design}/roadmap.md"),
        "## poc: Greet\nStories: S1\n- it greets\n",
    );
    let tasks = json!({
        "schemaVersion": 1, "request": "r", "milestones": [{"name": "poc", "checks": ["true"]}],
        "tasks": [{"id": "a", "title": "t", "expert": "lib", "prompt": "p", "milestone": "poc", "stories": ["S1"], "checks": ["true"]}],
    });
    let write = |tasks: &str| repository.write(&format!("{design}/breakdown.json"), tasks);
    let verify = |more: &[&str]| {
        let words = ["work", "verify", "--quiet"];
        let output = poag(&stage, &words).args(more).output().unwrap();
        let error = text(&output.stderr);
        assert!(error.is_empty(), "{error}");
        (output.status.code(), text(&output.stdout))
    };
    let of_tasks = ["journeys", "stories", "roadmap", "breakdown"];
    write(&tasks.to_string());
    assert_eq!(
        verify(&of_tasks),
        (
            Some(0),
            "ok: journeys: 1 journey\nok: stories: 1 story\nok: roadmap: 1 milestone\nok: breakdown: 1 task for 1 milestone\n".into()
        )
    );
    write(&tasks.to_string().replace("\"lib\"", "\"libb\""));
    let (code, said) = verify(&["breakdown"]);
    let why =
        "docs/design/breakdown.json: task 'a': there is no expert 'libb'; did you mean 'lib'?\n";
    assert_eq!((code, said.as_str()), (Some(1), why));
    let (code, said) = verify(&["mockups", "api", "--json"]);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, Some(1));
    assert_eq!(said[0]["shortfalls"][0]["file"], "mockups");
    let refused = poag(&stage, &["work", "verify", "storys"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let outside = ["work", "verify", "--in", "../lib"];
    let outside = poag(&stage, &outside).output().unwrap();
    assert!(text(&outside.stderr).contains("does not lie in"));
}
