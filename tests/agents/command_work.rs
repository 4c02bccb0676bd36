//! The backend `command` where it carries out a task: what it is given, what it may answer, and where it may write.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use poag::agent::command::Command;
use poag::agent::wall::WallKind;
use poag::agent::{AgentError, Fault, TurnOutput, Writing};
use serde_json::{Value, json};

use crate::request::{launcher, request, turn};

/// What a task is given, as far as this backend cares.
fn document() -> Value {
    json!({
        "schemaVersion": 1, "work": "w1", "task": {"id": "t1", "prompt": "Be polite"}, "attempt": 1,
        "context": "# What to do", "previous": null,
    })
}

struct Tree {
    site: tempfile::TempDir,
}

impl Tree {
    fn new() -> Self {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir_all(site.path().join("tree/flake")).unwrap();
        fs::write(site.path().join("tree/flake/greet.sh"), "echo hello\n").unwrap();
        Self { site }
    }

    fn flake(&self) -> PathBuf {
        self.site.path().canonicalize().unwrap().join("tree/flake")
    }

    fn run(&self, command: &[&str], allowed: Duration) -> TurnOutput {
        let folder = tempfile::tempdir().unwrap();
        let mut request = request(command, Path::new("/"));
        request.timeout = allowed;
        request.input = document();
        request.writing = Some(Writing {
            network: true,
            worktree: self.flake().parent().unwrap().to_owned(),
            folder: self.flake(),
            file_bytes: 1 << 20,
        });
        turn(&Command::new(launcher(folder.path())), request)
    }

    fn shell(&self, script: &str) -> TurnOutput {
        self.run(&["sh", "-c", script], Duration::from_secs(60))
    }

    fn error(&self, script: &str) -> AgentError {
        self.shell(script).outcome.unwrap_err()
    }
}

#[test]
fn it_works_in_its_flake_of_the_worktree_and_reads_the_attempt() {
    let tree = Tree::new();
    let script = "cat >read.json; sed -i 's/hello/hello, please/' greet.sh; pwd >where; \
                  echo '{\"schemaVersion\":1,\"outcome\":\"done\",\"summary\":\"polite\",\"outputs\":[\"greet.sh\"],\
                  \"usage\":{\"outputTokens\":7}}'";
    let output = tree.shell(script);
    assert_eq!(
        output.outcome.unwrap(),
        json!({"schemaVersion": 1, "outcome": "done", "summary": "polite", "outputs": ["greet.sh"]})
    );
    assert_eq!(output.usage.output_tokens, 7);
    let text = |name: &str| fs::read_to_string(tree.flake().join(name)).unwrap();
    assert_eq!(text("greet.sh"), "echo hello, please\n");
    assert_eq!(text("where").trim(), tree.flake().to_str().unwrap());
    assert_eq!(
        serde_json::from_str::<Value>(&text("read.json")).unwrap(),
        document()
    );
}

#[test]
fn anything_but_the_one_document_is_refused() {
    let tree = Tree::new();
    for answer in [
        "done",
        "{}",
        r#"{"schemaVersion":1,"outcome":"done"}"#,
        r#"{"schemaVersion":2,"outcome":"done","summary":""}"#,
        r#"{"schemaVersion":1,"outcome":"perfect","summary":""}"#,
        r#"{"schemaVersion":1,"outcome":"done","summary":"","approved":true}"#,
        r#"{"schemaVersion":1,"outcome":"done","summary":""} {}"#,
        r#"{"schemaVersion":1,"outcome":"done","summary":"","outputs":[1]}"#,
        r#"{"schemaVersion":1,"outcome":"done","summary":"","usage":{"outputTokens":-1}}"#,
    ] {
        let error = tree.error(&format!("cat <<'E'\n{answer}\nE"));
        assert_eq!(error.fault, Fault::Invalid, "{answer}: {error}");
    }
    let large = "printf '{\"schemaVersion\":1,\"outcome\":\"done\",\"summary\":\"'; head -c 100000 /dev/zero | tr '\\0' x; echo '\"}'";
    let error = tree.error(large);
    assert_eq!(error.fault, Fault::Invalid);
    assert!(error.reason.contains("more than 65536 bytes"), "{error}");
    let error = tree.error("head -c 3000000 /dev/zero | tr '\\0' x");
    assert!(error.reason.contains("3000000 bytes"), "{error}");
    assert_eq!(tree.error("cat >/dev/null").fault, Fault::Silent);
}

#[test]
fn a_program_that_ends_badly_is_not_done_whatever_it_says() {
    let tree = Tree::new();
    let done = r#"echo '{"schemaVersion":1,"outcome":"done","summary":"all is well"}'"#;
    let error = tree.error(&format!("{done}; echo 'disk full' >&2; exit 3"));
    assert_eq!(error.fault, Fault::Failed);
    assert!(error.reason.contains("exit code 3") && error.reason.contains("disk full"));
    // That it failed is believed.
    let failed =
        r#"echo '{"schemaVersion":1,"outcome":"failed","summary":"no such file"}'; exit 1"#;
    let output = tree.shell(failed).outcome.unwrap();
    assert_eq!(
        (&output["outcome"], &output["summary"]),
        (&json!("failed"), &json!("no such file"))
    );
    let asking =
        r#"echo '{"schemaVersion":1,"outcome":"asking","summary":"Which language first?"}'"#;
    assert_eq!(tree.shell(asking).outcome.unwrap()["outcome"], "asking");
}

#[test]
fn one_that_never_ends_is_ended() {
    let tree = Tree::new();
    let output = tree.run(
        &["sh", "-c", "echo begun >begun; sleep 1000"],
        Duration::from_secs(2),
    );
    assert_eq!(output.outcome.unwrap_err().fault, Fault::Timeout);
    assert!(tree.flake().join("begun").exists());
}

#[test]
fn a_write_outside_fails_and_is_reported_with_the_programs_words() {
    let tree = Tree::new();
    let folder = tempfile::tempdir().unwrap();
    if launcher(folder.path()).wall_kind() == WallKind::Compared {
        eprintln!("skipped: this kernel has no Landlock");
        return;
    }
    let error = tree.error("set -e; echo x >../inside; echo x >../../outside; echo never");
    assert_eq!(error.fault, Fault::Failed);
    assert!(
        error.reason.to_lowercase().contains("permission denied"),
        "{error}"
    );
    assert!(tree.flake().parent().unwrap().join("inside").exists());
    assert!(!tree.site.path().join("outside").exists());
    // Its own home and folder of temporary files are inside.
    let output = tree.shell(
        "set -e; echo x >\"$HOME/x\"; echo x >\"$TMPDIR/x\"; echo '{\"schemaVersion\":1,\"outcome\":\"done\",\"summary\":\"\"}'",
    );
    assert!(output.outcome.is_ok(), "{:?}", output.outcome);
}
