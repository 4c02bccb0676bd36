//! A work of two vendors, from its start to the landing: each writes in one flake and reviews what the other wrote; each first
//! attempt is wrong, is sent back with the log to the same conversation, and mended.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{Repository, text};
use crate::stand_in::{Call, Reply, Role, StandIn, clis_or_skip};

/// What both models say: as in [`crate::work`] where they write; where they review, yes to what says hi.
fn script(call: &Call) -> Reply {
    let said = call.last_user();
    if !said.contains("You review a change") && !said.contains("\"kind\"") {
        return crate::work::script(call);
    }
    let (verdict, reason) = match said.contains("+WORD = \\\"Hi\\\"") {
        true => ("approve", ""),
        false => ("object", "it does not say hi"),
    };
    Reply::Structured(json!({
        "schemaVersion": 1, "verdict": verdict, "reason": reason, "places": [],
    }))
}

#[test]
fn two_vendors_carry_a_work_out_and_review_each_other() {
    let Some(bin) = clis_or_skip() else { return };
    let model = StandIn::start(script);
    let family = Repository::unlearned();
    for (flake, role, agent) in [
        ("base", "Owns the greeting.", "backend = \"claude-code\";"),
        // The model by whose name codex offers its tools one by one.
        (
            "app",
            "Owns the program.",
            "backend = \"codex\"; model = \"gpt-5.5\";",
        ),
    ] {
        let role = format!("role = \"{role}\";");
        let with = format!("{role} agent = {{ {agent} }};");
        family.edit(&format!("{flake}/flake.nix"), &role, &with);
        family.write(&format!("{flake}/src/private.py"), "WORD = \"Hello\"\n");
    }
    family.git(&["config", "user.name", "Ada"]);
    family.git(&["config", "user.email", "ada@example.org"]);
    family.commit("words");
    family
        .poag("app")
        .args(["learn", "--all", "--no-prime"])
        .assert()
        .success();
    family.commit("learn");
    let beside = family.root.parent().unwrap();
    let task = |name: &str, after: &[&str]| {
        json!({
            "id": name, "title": "say hi", "expert": name, "prompt": "Say hi.", "dependsOn": after,
            "checks": ["grep -q Hi src/private.py"],
        })
    };
    let tasks = json!({
        "schemaVersion": 1, "request": "Say hi", "tasks": [task("base", &[]), task("app", &["base"])],
    });
    let file = beside.join("tasks.json");
    fs::write(&file, tasks.to_string()).unwrap();
    let mut path = vec![bin];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let path = std::env::join_paths(path).unwrap();
    let poag = |words: &[&str]| {
        let mut poag = family.poag("app");
        poag.args(words)
            .env("PATH", &path)
            .env("ANTHROPIC_BASE_URL", model.url())
            .env("ANTHROPIC_API_KEY", "none")
            .env("OPENAI_BASE_URL", format!("{}/v1", model.url()))
            .env("OPENAI_API_KEY", "none");
        let output = poag.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        output
    };
    let tasks = file.to_str().unwrap();
    let started = poag(&["work", "start", tasks, "--approvals", "1", "--yes"]);
    let told = text(&started.stderr);

    let shown: Value = serde_json::from_slice(&poag(&["work", "show", "--json"]).stdout).unwrap();
    assert_eq!(shown["state"], "done", "{told}");
    for (task, actor) in [("base", "claude-code"), ("app", "codex")] {
        let tasks = shown["tasks"].as_array().unwrap();
        let one = tasks.iter().find(|one| one["id"] == task).unwrap();
        let how = (&one["state"], &one["actor"], &one["attempt"]);
        assert_eq!(how, (&json!("landed"), &json!(actor), &json!(2)), "{told}");
        assert!(
            one["spent"]["outputTokens"].as_u64().unwrap() > 0,
            "{shown:#}"
        );
    }
    let log = text(&poag(&["work", "log", "--jsonl"]).stdout);
    let events: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kind = |kind: &'static str| {
        let all = events
            .iter()
            .map(|one| one.get("event").filter(|e| e.is_object()).unwrap_or(one));
        all.filter_map(move |one| one.get(kind))
    };
    for (task, reviewer, through) in [("base", "app", "codex"), ("app", "base", "claude-code")] {
        let mut reviews = kind("reviewed").filter(|one| one["task"] == task);
        let approved = reviews.find(|one| one["review"]["verdict"]["verdict"] == "approve");
        let approved = approved.unwrap_or_else(|| panic!("nobody approves {task}: {log}"));
        let by = &approved["review"]["reviewer"];
        assert_eq!(
            (&by["name"], &by["through"]),
            (&json!(reviewer), &json!(through))
        );
        // The first attempt was red, and the log of it was handed on.
        let mut ends = kind("attemptEnded").filter(|one| one["task"] == task);
        let end = ends.next().unwrap_or_else(|| panic!("{task}: {log}"));
        assert!(end["log"].as_str().unwrap().contains("grep -q Hi"), "{end}");
    }
    // The second attempt goes on in the conversation of the first: it holds what was written then.
    let calls = model.calls();
    let again: Vec<&Call> = calls
        .iter()
        .filter(|call| call.last_user().contains("## The try before"))
        .collect();
    assert!(again.len() >= 2, "{}", again.len());
    for call in again {
        let known = |(role, text): &(Role, String)| *role != Role::User && text.contains("Hey");
        assert!(call.messages.iter().any(known), "{:?}", call.messages);
    }

    poag(&["work", "land"]);
    for flake in ["base", "app"] {
        assert_eq!(
            family.read(&format!("{flake}/src/private.py")),
            "WORD = \"Hi\"\n"
        );
    }
    let audit: Value = serde_json::from_slice(&poag(&["work", "audit", "--json"]).stdout).unwrap();
    let fates = audit.as_array().unwrap().iter();
    assert!(fates.clone().count() >= 2);
    for row in fates {
        assert_eq!(row["fate"], "landed", "{audit:#}");
    }
}
