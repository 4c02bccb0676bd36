//! One author and five reviewers by a program of a person's own: a shell script over `poag session`.

use std::fs;
use std::process::Output;

use crate::harness::{Repository, text};

/// Is rude until somebody objects to that, and never gives in where it is told to be stubborn; who looks at it as a user
/// objects to what is rude, everybody else approves.
const PROGRAM: &str = r#"
import json, os, sys
request = json.load(sys.stdin)
said = request["input"]["request"]
first = said.split("\n\nThis is what was said before", 1)[0]
with open(os.path.join(sys.argv[1], "log"), "a") as log:
    log.write(first.split(":")[0] + "\n")
if first.startswith("Propose"):
    answer = "Greet rudely." + (" There is no answer." if "no answer" in first else "")
elif first.startswith("Reviewers object"):
    answer = "Greet rudely, again." if "stubborn" in said else "Greet politely."
    assert "OBJECT: it is rude" in first, first
elif "no answer" in first:
    sys.exit("the program is out of words")
elif "stumble over" in first and "rudely" in first.split("The proposal:")[1]:
    answer = "OBJECT: it is rude."
else:
    answer = "APPROVE: none of that."
json.dump({"output": {"schemaVersion": 1, "edits": [], "asks": [], "verdict": {"verdict": "accept"},
    "answer": {"markdown": answer, "citations": []}}, "usage": {"inputTokens": 3, "outputTokens": 2}}, sys.stdout)
"#;

const SCRIPT: &str = "examples/adversarial-review.sh";

/// Runs the script in the folder of the consumer; gives what it printed, and the first words of what was said.
fn reviewed(topic: &str) -> (Output, Vec<String>) {
    let family = Repository::family();
    let folder = family.root.parent().unwrap().join("agent");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("program.py"), PROGRAM).unwrap();
    let program = folder.join("program.py");
    let command = format!("python3 {} {}", program.display(), folder.display());
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(SCRIPT);
    let mut shell = std::process::Command::new("bash");
    family.place(&mut shell, "app");
    let output = shell
        .arg(script)
        .args(["base", topic, "--backend", "command"])
        .args(["--agent-command", &command])
        .env("POAG", assert_cmd::cargo::cargo_bin!("poag"))
        .env("ROUNDS", "2")
        .output()
        .unwrap();
    let list = family.poag("app").args(["session", "list"]).output();
    let open = text(&list.unwrap().stdout).to_owned();
    assert!(open.contains("no open sessions"), "{open}");
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    (output, log.lines().map(str::to_owned).collect())
}

#[test]
fn five_reviewers_send_a_proposal_back_until_none_of_them_objects() {
    let (output, said) = reviewed("Give the greeting a tone");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "Greet politely.\n");
    let count = |word: &str| said.iter().filter(|line| line.starts_with(word)).count();
    assert_eq!(
        (count("Propose"), count("Reviewers object")),
        (1, 1),
        "{said:?}"
    );
    assert_eq!((count("Round 1."), count("Round 2.")), (5, 5), "{said:?}");
}

#[test]
fn who_objects_still_is_told_and_who_does_not_answer_ends_it() {
    let (output, _) = reviewed("Be stubborn about the greeting");
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "Greet rudely, again.\n");
    let told = text(&output.stderr);
    assert!(told.contains("user: OBJECT: it is rude."), "{told}");
    let (output, _) = reviewed("Give no answer");
    assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("out of words"));
}
