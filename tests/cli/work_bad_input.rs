//! What a work cannot be begun from, or cannot go on with: each has its own clear outcome, and nothing is lost.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::harness::{Repository, text};

const DONE: &str = r#"echo '{"schemaVersion": 1, "outcome": "done", "summary": "polite"}'"#;

/// Approves whatever it is shown.
const REVIEWER: &str = r#"#!/bin/sh
cat >/dev/null
echo '{"schemaVersion": 1, "verdict": "approve", "reason": ""}'
"#;

struct Site {
    repository: Repository,
    programs: PathBuf,
}

fn task(name: &str, after: &[&str]) -> Value {
    json!({
        "id": name, "title": "Be polite", "expert": name, "prompt": "Be polite.",
        "dependsOn": after, "checks": ["true"],
    })
}

impl Site {
    fn new() -> Self {
        let repository = Repository::family();
        repository.git(&["config", "user.name", "Test"]);
        repository.git(&["config", "user.email", "test@example.org"]);
        let programs = repository.root.parent().unwrap().join("programs");
        fs::create_dir(&programs).unwrap();
        let site = Self {
            repository,
            programs,
        };
        site.program("reviewer", REVIEWER);
        site.writes("echo polite >>notes.md");
        site.tasks(json!([task("base", &[])]));
        site
    }

    fn program(&self, name: &str, script: &str) {
        let file = self.programs.join(name);
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What the actor does.
    fn writes(&self, script: &str) {
        self.program(
            "writer",
            &format!("#!/bin/sh\ncat >/dev/null\n{script}\n{DONE}\n"),
        );
    }

    fn tasks(&self, tasks: Value) {
        let file = json!({"schemaVersion": 1, "request": "Be polite", "tasks": tasks});
        self.document("tasks.json", &file);
    }

    fn document(&self, name: &str, document: &Value) {
        fs::write(self.programs.join(name), document.to_string()).unwrap();
    }

    fn place(&self, name: &str) -> String {
        self.programs.join(name).display().to_string()
    }

    fn start_in(&self, repository: &Repository, document: &str, more: &[&str]) -> Output {
        let words = [
            "work",
            "start",
            document,
            "--agent-command",
            &self.place("writer"),
            "--review-command",
            &self.place("reviewer"),
            "--approvals",
            "1",
            "--yes",
        ];
        let mut poag = repository.poag("app");
        poag.args(words).args(more).output().unwrap()
    }

    fn start(&self) -> Output {
        self.start_in(&self.repository, &self.place("tasks.json"), &[])
    }

    fn works(&self, repository: &Repository) -> Value {
        let listed = repository
            .poag("app")
            .args(["work", "list", "--all", "--json"])
            .output()
            .unwrap();
        serde_json::from_slice(&listed.stdout).unwrap()
    }

    fn view(&self) -> Value {
        let shown = self
            .repository
            .poag("app")
            .args(["work", "show", "--json"])
            .output()
            .unwrap();
        serde_json::from_slice(&shown.stdout).unwrap()
    }
}

/// A failure with this in it: three lines at most, the repair last, and no work was begun.
fn refused(output: &Output, why: &str) {
    let said = text(&output.stderr);
    assert!(!output.status.success(), "{why}: it was not refused");
    assert!(said.contains(why), "{why}: {said}");
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines.len() <= 3, "{said}");
    assert!(lines.last().unwrap().starts_with("repair: "), "{said}");
}

#[test]
fn documents_that_are_no_plan_and_no_tasks_are_refused() {
    let site = Site::new();
    let cases = [
        (
            "other",
            json!({"schemaVersion": 7, "subflakes": {}, "request": "r"}),
            "neither a plan nor",
        ),
        (
            "later",
            json!({"schemaVersion": 2, "request": "r", "tasks": []}),
            "schemaVersion 2",
        ),
        (
            "cycle",
            json!({"schemaVersion": 1, "request": "r", "tasks": [task("base", &["app"]), task("app", &["base"])]}),
            "base → app → base",
        ),
        (
            "unknown",
            json!({"schemaVersion": 1, "request": "r", "tasks": [{"id": "base", "prio": 1}]}),
            "unknown field `prio`",
        ),
    ];
    for (name, document, why) in cases {
        site.document(name, &document);
        let output = site.start_in(&site.repository, &site.place(name), &[]);
        refused(&output, why);
    }
    fs::write(site.place("broken"), "{\"schemaVersion\": 1,").unwrap();
    let output = site.start_in(&site.repository, &site.place("broken"), &[]);
    refused(&output, "neither a plan nor");
    assert_eq!(site.works(&site.repository), json!([]));
}

#[test]
fn repositories_that_cannot_be_worked_in_are_refused_before_anything_begins() {
    let site = Site::new();
    let tasks = site.place("tasks.json");
    // Nobody commits here.
    let nobody = site.repository.clone_of();
    let identity = [("user.useConfigOnly", "true")];
    for (name, value) in identity {
        nobody.git(&["config", name, value]);
    }
    let mut poag = nobody.poag("app");
    let output = poag
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .args(["work", "start", &tasks, "--agent-command", "true", "--yes"])
        .output()
        .unwrap();
    refused(&output, "git does not know who commits here");

    let shallow = site.repository.clone_of();
    let from = format!("file://{}", site.repository.root.display());
    fs::remove_dir_all(&shallow.root).unwrap();
    let to = shallow.root.display().to_string();
    site.repository
        .git(&["clone", "-q", "--depth", "1", &from, &to]);
    refused(&site.start_in(&shallow, &tasks, &[]), "is shallow");

    let nested = site.repository.clone_of();
    let other = nested.root.join("vendored");
    fs::create_dir(&other).unwrap();
    for args in [
        &["init", "-q"][..],
        &[
            "-c",
            "user.name=x",
            "-c",
            "user.email=x",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "x",
        ],
    ] {
        let ran = Command::new("git").current_dir(&other).args(args).status();
        assert!(ran.unwrap().success());
    }
    nested.commit("a repository in a repository");
    refused(&site.start_in(&nested, &tasks, &[]), "submodules");

    let empty = Repository::unlearned();
    empty.git(&["update-ref", "-d", "HEAD"]);
    let output = site.start_in(&empty, &tasks, &[]);
    refused(&output, "commit");

    // A branch of that name stands in the way of all below it.
    site.repository.git(&["branch", "poag"]);
    refused(&site.start(), "is taken by 'poag'");
    site.repository.git(&["branch", "-D", "poag"]);
    let output = site.start_in(&site.repository, &tasks, &["--base", "nowhere"]);
    refused(&output, "nowhere");
    for repository in [&nobody, &shallow, &nested, &empty, &site.repository] {
        assert_eq!(site.works(repository), json!([]));
    }
}

#[test]
fn a_target_that_is_dirty_or_has_moved_stays_as_it_is() {
    let site = Site::new();
    assert!(site.start().status.success());
    let land = || {
        let mut poag = site.repository.poag("app");
        poag.args(["work", "land"]).output().unwrap()
    };
    site.repository.write("base/README.md", "mine\n");
    refused(&land(), "changes that are not committed");
    assert_eq!(site.repository.read("base/README.md"), "mine\n");
    site.repository.commit("mine");
    let mine = site.repository.git(&["rev-parse", "main"]);
    refused(&land(), "cannot be reached by going forward");
    assert_eq!(site.repository.git(&["rev-parse", "main"]), mine);
    // Nothing of the work is lost.
    assert_eq!(site.view()["state"], "done");
    let tip = site.view()["tip"].as_str().unwrap().to_owned();
    site.repository.git(&["merge", "-q", "-m", "both", &tip]);
    assert!(site.repository.read("base/notes.md").contains("polite"));
}

#[test]
fn hooks_of_the_repository_never_run() {
    let site = Site::new();
    let hooks = site.repository.root.join(".git/hooks");
    let ran = site.place("ran");
    fs::create_dir_all(&hooks).unwrap();
    for hook in [
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "post-checkout",
        "post-merge",
        "pre-merge-commit",
        "reference-transaction",
        "post-index-change",
        "post-rewrite",
        "fsmonitor-watchman",
    ] {
        let file = hooks.join(hook);
        fs::write(&file, format!("#!/bin/sh\necho {hook} >>{ran}\nexit 1\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let output = site.start();
    assert!(output.status.success(), "{}", text(&output.stderr));
    for verb in ["land", "rollback"] {
        let mut poag = site.repository.poag("app");
        poag.args(["work", verb]).assert().success();
    }
    let ran = fs::read_to_string(ran).unwrap_or_default();
    assert_eq!(ran, "");
}

#[test]
fn names_that_are_taken_are_gone_around_and_what_was_there_stays() {
    let site = Site::new();
    site.repository.git(&["branch", "command/base"]);
    let mine = site.repository.git(&["rev-parse", "command/base"]);
    let output = site.start();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(site.view()["tasks"][0]["branch"], "command/base-1.1");
    assert_eq!(site.repository.git(&["rev-parse", "command/base"]), mine);
}

#[test]
fn an_agent_that_claims_without_a_change_is_tried_again_and_then_put_aside() {
    let site = Site::new();
    site.writes("true");
    let output = site.start();
    assert_eq!(output.status.code(), Some(12), "{}", text(&output.stderr));
    let view = site.view();
    assert_eq!(view["tasks"][0]["state"], "parked", "{view:#}");
    let needs = view["needsYou"][0].as_str().unwrap();
    assert!(
        needs.contains("nothing was changed") && needs.contains("poag work retry base"),
        "{needs}"
    );
    // With another program it comes to its end.
    site.writes("echo polite >>notes.md");
    let mut poag = site.repository.poag("app");
    poag.args(["work", "retry", "base"]).assert().success();
    assert_eq!(site.view()["state"], "done");
}

/// A small file system of its own, where this user may mount one; what is done there comes after it.
fn on_a_small_disk(place: &Path, script: &str) -> Option<Command> {
    let mut tried = Command::new("unshare");
    let works = tried.args(["--map-root-user", "--mount", "true"]).status();
    if !works.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no file system can be mounted here");
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-euc"]);
    command.arg(format!("disk={}\n{script}", place.display()));
    Some(command)
}

#[test]
fn where_the_disk_is_full_it_stops_and_goes_on_when_there_is_room() {
    let site = Site::new();
    site.writes("grep -q polite notes.md || echo polite >>notes.md\nhead -c 30000000 /dev/urandom >large || exit 1\nrm large");
    let state = site.repository.state();
    fs::create_dir_all(&state).unwrap();
    let words = format!(
        "work start {} --agent-command {} --review-command {} --approvals 1 --yes",
        site.place("tasks.json"),
        site.place("writer"),
        site.place("reviewer")
    );
    let poag = assert_cmd::cargo::cargo_bin!("poag").display().to_string();
    let script = format!(
        "mount -t tmpfs -o size=12m tmpfs \"$disk\"
         code=0; timeout 60 {poag} {words} >first 2>&1 || code=$?
         echo \"code $code\" >>first
         mount -o remount,size=400m \"$disk\"
         {poag} work resume >second 2>&1 || echo \"code $?\" >>second
         {poag} work show --json >view"
    );
    let Some(mut command) = on_a_small_disk(&state, &script) else {
        return;
    };
    site.repository.place(&mut command, "app");
    let ran = command.env("POAG_STATE_DIR", &state).output().unwrap();
    let base = site.repository.root.join("app");
    let read = |name: &str| fs::read_to_string(base.join(name)).unwrap_or_default();
    let said = format!(
        "{}\n---\n{}\n---\n{}",
        read("first"),
        read("second"),
        text(&ran.stderr)
    );
    assert!(
        read("first").contains("No space left") || read("first").contains("full"),
        "{said}"
    );
    let view: Value = serde_json::from_str(&read("view")).unwrap_or_else(|_| panic!("{said}"));
    assert_eq!(view["state"], "done", "{said}");
    println!("{said}");
    let shown = site.repository.git(&[
        "show",
        &format!("{}:base/notes.md", view["tip"].as_str().unwrap()),
    ]);
    assert!(shown.contains("polite"));
}
