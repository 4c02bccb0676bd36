//! A plan carried out on real flakes by programs: tasks, worktrees, proofs, reviews, the merge queue and the landing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::harness::{Repository, text};

both_ways!(
    programs_carry_tasks_out_and_the_branch_is_landed_after_a_yes,
    a_worker_from_anywhere_claims_by_json_and_is_fenced_by_its_epoch,
);

/// Makes the change of a task in its flake: what it is given says which.
const WRITER: &str = r#"#!/bin/sh
attempt=$(cat)
case "$attempt" in
  *'"id":"base"'*) echo '# politely' >> src/greet.py ;;
  *'"id":"app"'*) echo 'Politely.' >> notes.md ;;
esac
echo '{"schemaVersion": 1, "outcome": "done", "summary": "made it polite"}'
"#;

/// Approves whatever it is shown that says how it is done.
const REVIEWER: &str = r#"#!/bin/sh
case "$(cat)" in
  *olitely*) echo '{"schemaVersion": 1, "verdict": "approve", "reason": ""}' ;;
  *) echo '{"schemaVersion": 1, "verdict": "object", "reason": "it is not polite", "places": []}' ;;
esac
"#;

pub struct Stage {
    pub repository: Repository,
    writer: String,
    reviewer: String,
    tasks: String,
}

/// Two flakes, a program that writes, one that reviews, and a file of tasks.
pub fn stage(approvals: &str) -> (Stage, Vec<String>) {
    let repository = Repository::family();
    repository.git(&["config", "user.name", "Test"]);
    repository.git(&["config", "user.email", "test@example.org"]);
    let outside = repository.root.parent().unwrap().join("programs");
    fs::create_dir(&outside).unwrap();
    let program = |name: &str, script: &str| {
        let file = outside.join(name);
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file.display().to_string()
    };
    let task = |name: &str, after: &[&str], check: &str| {
        json!({
            "id": name, "title": format!("{name}: be polite"), "expert": name, "prompt": "Be polite.",
            "dependsOn": after, "checks": [check],
        })
    };
    let tasks = json!({
        "schemaVersion": 1, "request": "Be polite", "tasks": [
            task("base", &[], "grep -q politely src/greet.py"),
            task("app", &["base"], "grep -q politely ../base/src/greet.py"),
        ],
    });
    let file = outside.join("tasks.json");
    fs::write(&file, tasks.to_string()).unwrap();
    let stage = Stage {
        writer: program("writer", WRITER),
        reviewer: program("reviewer", REVIEWER),
        tasks: file.display().to_string(),
        repository,
    };
    if crate::harness::served::is_wanted() {
        // Programs are allowed where the server is started, and one that reviews is none of them.
        let program = ["--agent-command", &stage.writer];
        stage.repository.served("app", &program);
        let words = ["work", "start", &stage.tasks, "--approvals", "0", "--yes"];
        let words = words.map(str::to_owned).to_vec();
        return (stage, words);
    }
    let words = [
        "work",
        "start",
        &stage.tasks,
        "--agent-command",
        &stage.writer,
        "--review-command",
        &stage.reviewer,
        "--approvals",
        approvals,
        "--yes",
    ];
    let words = words.map(str::to_owned).to_vec();
    (stage, words)
}

impl Stage {
    pub fn view(&self) -> Value {
        let shown = self
            .repository
            .poag("app")
            .args(["work", "show", "--json"])
            .output()
            .unwrap();
        serde_json::from_slice(&shown.stdout).unwrap_or_else(|_| panic!("{}", text(&shown.stderr)))
    }
}

fn programs_carry_tasks_out_and_the_branch_is_landed_after_a_yes() {
    let (stage, words) = stage("1");
    let repository = &stage.repository;
    let before = repository.git(&["rev-parse", "main"]);
    let started = repository.poag("app").args(&words).output().unwrap();
    let said = text(&started.stderr);
    assert!(started.status.success(), "{said}");
    let view = stage.view();
    assert_eq!(view["state"], "done", "{view:#}\n{said}");
    for task in view["tasks"].as_array().unwrap() {
        assert_eq!(task["state"], "landed", "{view:#}");
    }
    // The checkout of the person has not been touched.
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
    assert_eq!(repository.git(&["rev-parse", "main"]), before);
    repository
        .poag("app")
        .args(["work", "land"])
        .assert()
        .success();
    assert!(repository.read("base/src/greet.py").contains("# politely"));
    assert!(repository.read("app/notes.md").contains("Politely."));
    // The experts know what was changed.
    repository
        .poag_here("app")
        .args(["check", "--all"])
        .assert()
        .success();
    let audit = repository
        .poag("app")
        .args(["work", "audit", "--json"])
        .output()
        .unwrap();
    let audit: Value = serde_json::from_slice(&audit.stdout).unwrap();
    for row in audit.as_array().unwrap() {
        assert_eq!(row["fate"], "landed", "{audit:#}");
    }
    repository
        .poag("app")
        .args(["work", "page"])
        .assert()
        .success();
    assert!(repository.read("app/work.html").contains("Be polite"));
    fs::remove_file(repository.root.join("app/work.html")).unwrap();
    fs::remove_file(repository.root.join("app/work.junit.xml")).unwrap();
    fs::remove_file(repository.root.join("app/work.sarif")).unwrap();
    repository
        .poag("app")
        .args(["work", "rollback"])
        .assert()
        .success();
    assert_eq!(repository.git(&["rev-parse", "main"]), before);
}

/// A nix without a daemon whose store is not in the usual place, and whose settings are in a file of the person's.
#[test]
fn a_check_builds_with_the_nix_of_the_person_wherever_its_store_is() {
    let (stage, words) = stage("1");
    let repository = &stage.repository;
    let beside = repository.root.parent().unwrap();
    let nix = beside.join("nix");
    let settings = beside.join("nix.conf");
    // Root has build users in most places, and none in a container; neither matters here.
    fs::write(
        &settings,
        "sandbox = false\nbuild-users-group =\nsubstituters =\n",
    )
    .unwrap();
    let built = "nix build --no-link --file greet.nix";
    let task = json!({
        "id": "app", "title": "be polite", "expert": "app", "prompt": "Be polite.", "checks": [built],
    });
    let tasks = json!({"schemaVersion": 1, "request": "Be polite", "tasks": [task]});
    fs::write(&stage.tasks, tasks.to_string()).unwrap();
    repository.write(
        "app/greet.nix",
        r#"derivation {
  name = "greet";
  system = builtins.currentSystem;
  builder = "/bin/sh";
  args = [ "-c" ''case $text in *Politely*) echo "$text" >$out ;; esac'' ];
  text = builtins.readFile ./notes.md;
}
"#,
    );
    repository.poag("app").arg("learn").assert().success();
    repository.commit("with a build");
    let poag = |words: &[String]| {
        let mut poag = repository.poag("app");
        poag.args(words)
            .env("NIX_STORE_DIR", nix.join("store"))
            .env("NIX_STATE_DIR", nix.join("state"))
            .env("NIX_LOG_DIR", nix.join("log"))
            .env("NIX_USER_CONF_FILES", &settings)
            .env_remove("NIX_CONFIG")
            .env_remove("NIX_REMOTE");
        poag.output().unwrap()
    };
    let started = poag(&words);
    let said = text(&started.stderr);
    let log = poag(&["work", "log", "--task", "app"].map(str::to_owned));
    assert!(started.status.success(), "{said}{}", text(&log.stdout));
    assert_eq!(stage.view()["state"], "done", "{said}");
    let store = fs::read_dir(nix.join("store")).unwrap();
    let mut names = store.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.any(|name| name.ends_with("-greet")), "{said}");
}

#[test]
fn who_reads_that_a_check_is_red_is_told_how_to_see_what_it_said() {
    let (stage, words) = stage("1");
    let repository = &stage.repository;
    let task = json!({
        "id": "base", "title": "be polite", "expert": "base", "prompt": "Be polite.", "maxAttempts": 1,
        "checks": ["sh -c 'seq 20; echo no luck; exit 7'"],
    });
    let tasks = json!({"schemaVersion": 1, "request": "Be polite", "tasks": [task]});
    fs::write(&stage.tasks, tasks.to_string()).unwrap();
    let poag = |words: &[&str]| repository.poag("app").args(words).output().unwrap();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = text(&poag(&words).stderr);
    let shown = text(&poag(&["work", "show"]).stdout);
    let way = "poag work log --task base";
    assert!(
        shown.contains(&format!("(why: `{way}`; then")),
        "{said}{shown}"
    );
    let whole = text(&poag(&way.split(' ').skip(1).collect::<Vec<_>>()).stdout);
    let end = text(&poag(&["work", "log"]).stdout);
    for (log, all) in [(&whole, true), (&end, false)] {
        assert!(log.contains("\n    no luck\n    [exit code 7]\n"), "{log}");
        assert_eq!(log.contains("\n    1\n"), all, "{log}");
    }
}

fn a_worker_from_anywhere_claims_by_json_and_is_fenced_by_its_epoch() {
    let (stage, mut words) = stage("1");
    words.push("--only-begin".into());
    let repository = &stage.repository;
    repository.poag("app").args(&words).assert().success();
    let task = |words: &[&str]| {
        let output = repository
            .poag("app")
            .arg("task")
            .args(words)
            .output()
            .unwrap();
        let code = output.status.code().unwrap();
        let json: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (code, json, text(&output.stderr))
    };
    let (code, ready, _) = task(&["ready"]);
    assert_eq!((code, ready[0]["id"].as_str()), (0, Some("base")));
    let (code, claimed, _) = task(&["claim", "--actor", "command"]);
    assert_eq!((code, claimed["epoch"].as_u64()), (0, Some(1)), "{claimed}");
    let (code, _, said) = task(&["claim", "base", "--actor", "command"]);
    assert!(code == 11 && said.contains("it is leased"), "{code} {said}");
    assert_eq!(
        task(&["log", "base", "--epoch", "1", "--percent", "50", "half"]).0,
        0
    );
    assert_eq!(task(&["renew", "--epoch", "1"]).0, 0);
    assert_eq!(task(&["release", "base", "--epoch", "1"]).0, 0);
    let (code, _, said) = task(&["log", "base", "--epoch", "1", "still here"]);
    assert!(code == 11 && said.contains("comes late"), "{code} {said}");
    let (code, shown, _) = task(&["show", "base"]);
    assert_eq!((code, shown["lateCount"].as_u64()), (0, Some(1)), "{shown}");
    let (code, claimed, _) = task(&["claim", "--actor", "command"]);
    assert_eq!((code, claimed["epoch"].as_u64()), (0, Some(2)));
    assert_eq!(
        task(&["fail", "base", "--epoch", "2", "--reason", "no"]).0,
        0
    );
    assert_eq!(task(&["ask", "base", "--epoch", "2", "which one?"]).0, 0);
    assert_eq!(stage.view()["state"], "needs you");
}
