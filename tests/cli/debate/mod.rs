//! `poag debate` with participants that are programs: rounds, vote, ties, what stays hidden, and deaths.

mod deaths;
mod template;

use std::fs;
use std::process::{Command, Output, Stdio};
use std::thread;

use poag::engine::run::list;
use poag::ledger::{Ledger as _, SqliteLedger};
use serde_json::{Value, json};

use crate::deaths::{database, kill};
use crate::harness::text;
use crate::programs::Stage;

/// Keeps what it is given, and says what stands in `say/PARTICIPANT-ROUND`; `wait` in its place is a turn without end.
const DEBATER: &str = r#"
name="$POAG_EXPERT-${POAG_TURN%/*}"
echo "$POAG_EXPERT/${POAG_TURN%/*}" >>"$1/log"
cat >"$1/given/$name-$$"
(setsid sh -c "sleep 600; : $2" >/dev/null 2>&1 &)
if [ "$(cat "$1/say/$name" 2>/dev/null)" = wait ]; then echo waits >"$1/waits"; sleep 600; fi
cat "$1/say/$name" 2>/dev/null || cat "$1/say/else"
"#;
const TOPIC: &str = "How should it greet?";

/// A stage whose participants propose something else each, and then rank by label.
fn stage(names: &[&str], rounds: u32) -> Stage {
    let stage = Stage::new();
    fs::write(stage.folder.join("debater"), DEBATER).unwrap();
    fs::create_dir(stage.folder.join("given")).unwrap();
    for name in names {
        for round in 1..=rounds {
            stage.says(
                &format!("{name}-{round}"),
                &proposal(&format!("secret of {name} in {round}")),
            );
        }
        let ranking = json!({"schemaVersion": 1, "ranking": [["A"], ["B"]]});
        stage.says(&format!("{name}-{}", rounds + 1), &ranking);
    }
    stage
}

fn proposal(position: &str) -> Value {
    let cited = json!({"kind": "file", "path": "main.py", "lines": [1, 1]});
    let argument = json!({"text": "it is called there", "citations": [cited]});
    json!({"schemaVersion": 1, "submission": {"position": position, "arguments": [argument]}})
}

fn poag(stage: &Stage, words: &[&str]) -> Command {
    let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    stage.repository.place(&mut process, "app");
    process.args(words);
    process
}

/// `poag debate` of these participants.
fn debate(stage: &Stage, names: &[&str], rounds: u32, words: &[&str]) -> Command {
    let mut process = poag(
        stage,
        &[
            "debate",
            TOPIC,
            "--json",
            "--quiet",
            "--rounds",
            &rounds.to_string(),
        ],
    );
    let folder = &stage.folder;
    for name in names {
        let program = format!(
            "{name}=command:sh {0}/debater {0} {1}",
            folder.display(),
            stage.mark
        );
        process.args(["--panel", &program]);
    }
    process.args(words);
    process
}

fn result(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

fn run(stage: &Stage) -> String {
    let ledger = SqliteLedger::open(&database(stage)).unwrap();
    let mut runs = list(&ledger, None, None).unwrap();
    assert!(runs.len() < 2, "a debate was begun anew instead of resumed");
    runs.pop().map(|run| run.id).unwrap_or_default()
}

/// Of each event its kind, and whose turn of which round it is about.
fn events(stage: &Stage) -> Vec<(String, String)> {
    let run = run(stage);
    if run.is_empty() {
        return Vec::new();
    }
    let ledger = SqliteLedger::open(&database(stage)).unwrap();
    let events = ledger.events(&run, 0).unwrap().into_iter();
    let told = events.map(|event| {
        let body: Value = serde_json::from_str(&event.body).unwrap();
        let turn = &body["turn"];
        (
            event.kind,
            format!(
                "{}/{}",
                turn["expert"].as_str().unwrap_or_default(),
                turn["turn"]
            ),
        )
    });
    told.collect()
}

/// What stays the same whenever it is killed: labels are drawn anew in each debate.
fn essence(result: &Value) -> (Vec<String>, Value, Value) {
    let choices = result["choices"].as_array().unwrap().iter();
    let mut said: Vec<String> = choices
        .map(|one| format!("{}: {}", one["by"], one["position"]))
        .collect();
    said.sort();
    (said, result["method"].clone(), result["turns"].clone())
}

fn saw_nothing_early(stage: &Stage) {
    for given in fs::read_dir(stage.folder.join("given")).unwrap() {
        let given = fs::read(given.unwrap().path()).unwrap();
        // One that was killed while it read.
        let Ok(request) = serde_json::from_slice::<Value>(&given) else {
            continue;
        };
        let input = &request["input"];
        for seen in input["submissions"].as_array().unwrap() {
            assert!(
                seen["round"].as_u64() < input["round"].as_u64(),
                "{input:#}"
            );
        }
        let round = input["round"].as_u64().unwrap();
        assert!(
            !text(&given).contains(&format!("in {round}\"")),
            "{input:#}"
        );
    }
}

const NAMES: [&str; 2] = ["ada", "bob"];

#[test]
fn a_debate_has_rounds_a_vote_pages_and_a_story() {
    let stage = stage(&["ada", "bob", "cleo"], 2);
    let names = ["ada", "bob", "cleo"];
    // Bob answers nothing in the second round, and says something that is no ballot.
    fs::write(stage.folder.join("say/bob-2"), "I would rather talk").unwrap();
    stage.says("bob-3", &json!({"schemaVersion": 1, "ranking": [["Q"]]}));
    let output = debate(&stage, &names, 2, &[]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let result = result(&output);
    assert_eq!(
        (result["winner"].as_str(), result["method"].as_str()),
        (Some("A"), Some("condorcet"))
    );
    assert!(
        result["participants"]["bob"]["noVote"]
            .as_str()
            .unwrap()
            .contains("'Q', which is no choice")
    );
    assert_eq!(result["rounds"][1]["missing"][0]["by"], "bob");
    // Each is asked once, bob again where it was refused.
    assert_eq!(stage.started().len(), 3 + 4 + 4);
    let pages = stage.repository.root.join("app/docs/debate");
    assert!(
        text(&fs::read(pages.join("round-1/bob.md")).unwrap()).contains("> secret of bob in 1")
    );
    assert!(!pages.join("round-2/bob.md").exists());
    assert!(text(&fs::read(pages.join("result.md")).unwrap()).contains("did not vote"));
    saw_nothing_early(&stage);
    // What one said is told to the others under a label.
    let given = fs::read_dir(stage.folder.join("given")).unwrap();
    let mut last = given.map(|file| fs::read(file.unwrap().path()).unwrap());
    assert!(last.any(|given| text(&given).contains("secret of ada in 1")));
    let story = poag(&stage, &["run", "show", "last"]).output().unwrap();
    for word in [
        "Round 2 of 2",
        "secret of cleo in 2",
        "refused: ",
        "Vote on A, B, C",
    ] {
        assert!(
            text(&story.stdout).contains(word),
            "{word}: {}",
            text(&story.stdout)
        );
    }
    let replayed = poag(&stage, &["run", "replay", "last"]).output().unwrap();
    let replayed: Value = serde_json::from_slice(&replayed.stdout).unwrap();
    assert_eq!(
        (&replayed["winner"], &replayed["choices"]),
        (&result["winner"], &result["choices"])
    );
    let exported = poag(&stage, &["run", "export", "last"]).output().unwrap();
    assert!(exported.status.success() && text(&exported.stdout).contains("debateFinished"));
    let again = debate(&stage, &names, 2, &[]).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert!(
        text(&again.stderr)
            .contains("holds a debate already\nrepair: name another folder with --out")
    );
}

#[test]
fn a_tie_waits_for_a_person_and_is_answered_once() {
    let stage = stage(&NAMES, 1);
    stage.says(
        "bob-2",
        &json!({"schemaVersion": 1, "ranking": [["B"], ["A"]]}),
    );
    let output = debate(&stage, &NAMES, 1, &["--no-files"]).output().unwrap();
    assert_eq!(output.status.code(), Some(12), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("a tie between A, B waits for a person"));
    let run = run(&stage);
    let choose = |label: &str| {
        poag(
            &stage,
            &["debate", "--json", "--resume", &run, "--choose", label],
        )
        .output()
        .unwrap()
    };
    assert_eq!(choose("Z").status.code(), Some(2));
    let chosen = choose("B");
    assert!(chosen.status.success(), "{}", text(&chosen.stderr));
    assert_eq!(result(&chosen)["method"], "person");
    let second = choose("A");
    assert_eq!(second.status.code(), Some(11));
    assert!(text(&second.stderr).contains("'B' was chosen already by "));
    assert_eq!(stage.started().len(), 4);
    assert!(!stage.repository.root.join("app/docs").exists());
}

#[test]
fn what_is_wrong_is_said_by_exit_code_and_words() {
    let stage = stage(&NAMES, 1);
    for (names, words, code, said) in [
        (
            &NAMES[..1],
            &[][..],
            2,
            "1 take part; a debate has between 2 and 16",
        ),
        (&["ada", "ada"], &[], 2, "two participants are called 'ada'"),
        (&NAMES, &["--out", "../else"], 1, "does not lie in"),
        (&NAMES, &["--to", "eve"], 2, "there is no expert 'eve'"),
        (&[], &["--panel", "librarian,codex"], 2, "holds no position"),
        (
            &[],
            &["--panel", "x=codx,codex"],
            2,
            "did you mean 'codex'?",
        ),
    ] {
        let output = debate(&stage, names, 1, words).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(code),
            "{words:?}: {}",
            text(&output.stderr)
        );
        assert!(
            text(&output.stderr).contains(said),
            "{}",
            text(&output.stderr)
        );
    }
    assert!(stage.started().is_empty() && run(&stage).is_empty());
    for name in NAMES {
        fs::write(
            stage.folder.join(format!("say/{name}-1")),
            "nothing that counts",
        )
        .unwrap();
    }
    let output = debate(&stage, &NAMES, 1, &["--no-files"]).output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(result(&output)["method"], "none");
}

#[test]
fn what_is_submitted_is_hidden_until_its_round_closes() {
    let stage = stage(&NAMES, 1);
    fs::write(stage.folder.join("say/bob-1"), "wait").unwrap();
    let mut child = debate(&stage, &NAMES, 1, &[])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let submitted = || events(&stage).iter().any(|(kind, _)| kind == "submitted");
    while !database(&stage).exists() || !submitted() {
        thread::sleep(std::time::Duration::from_millis(20));
    }
    for (words, code) in [
        (&["run", "show", "last"][..], 0),
        (&["run", "show", "last", "--json"], 0),
        (&["run", "show", "last", "--turn", "ada/1"], 2),
        (&["run", "export", "last"], 2),
        (&["run", "replay", "last"], 0),
    ] {
        let output = poag(&stage, words).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(code),
            "{words:?}: {}",
            text(&output.stderr)
        );
        let all = [output.stdout, output.stderr].concat();
        assert!(
            !text(&all).contains("secret of ada"),
            "{words:?}: {}",
            text(&all)
        );
        assert!(
            text(&all).contains("hidden") || words.contains(&"--json") || words.contains(&"replay"),
            "{}",
            text(&all)
        );
    }
    assert!(!stage.repository.root.join("app/docs").exists());
    kill(&stage, &mut child);
}
