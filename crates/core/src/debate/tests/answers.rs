//! What participants say that does not count.

use serde_json::{Value, json};

use super::*;
use crate::council::check::{Tree, TreeEntry, json_bytes};
use crate::debate::check::{ANSWER_BYTES, accept};
use crate::debate::{Argument, Cited};
use crate::expert::Expert;
use crate::testing::{flake, graph};

/// One file of two lines.
struct OneFile;

impl Tree for OneFile {
    fn entry(&self, path: &str) -> TreeEntry {
        match path {
            "main.py" => TreeEntry::File,
            "notes" => TreeEntry::Tracked,
            _ => TreeEntry::Nothing,
        }
    }
    fn lines(&self, _: &str) -> Option<u32> {
        Some(2)
    }
}

/// What is said to an answer of ada; nothing where it counts.
fn said(debate: &Debate, output: &Value) -> String {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let trees = |_: &Expert| Box::new(OneFile) as Box<dyn Tree>;
    let answer = accept(output, json_bytes(output), (debate, "ada"), &graph, &trees);
    answer
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

fn submission(change: impl Fn(&mut Submission)) -> Value {
    let mut submission = says("Bow");
    change(&mut submission);
    json!({"schemaVersion": 1, "submission": submission})
}

fn citing(cited: Value) -> Value {
    let cited: Cited = serde_json::from_value(cited).unwrap();
    submission(|said| {
        said.arguments = vec![Argument {
            text: "because".into(),
            citations: vec![cited.clone()],
        }];
    })
}

fn second_round() -> Debate {
    let mut debate = debate(&["ada", "bob", "cleo"], 2);
    let withdraws = Submission {
        withdraws: true,
        ..says("nothing")
    };
    round(
        &mut debate,
        &[
            ("ada", says("Say hello")),
            ("bob", says("Bow")),
            ("cleo", withdraws),
        ],
    );
    open(&mut debate);
    debate
}

#[test]
fn what_counts_is_taken_in() {
    let debate = second_round();
    for right in [
        submission(|_| {}),
        submission(|said| said.supports = vec!["B".into(), "A".into()]),
        citing(json!({"kind": "file", "path": "./main.py", "lines": [1, 2]})),
        citing(json!({"kind": "file", "expert": "lib", "path": "main.py", "lines": null})),
        citing(json!({"kind": "submission", "round": 1, "label": "B"})),
    ] {
        assert_eq!(said(&debate, &right), "", "{right}");
    }
}

#[test]
fn what_does_not_count_is_refused_with_its_reason() {
    let debate = second_round();
    for (wrong, why) in [
        (
            json!({"schemaVersion": 2, "submission": says("Bow")}),
            "has schemaVersion 2",
        ),
        (json!({"schemaVersion": 1}), "a submission is wanted now"),
        (
            json!({"schemaVersion": 1, "ranking": [["A"]]}),
            "a submission is wanted now",
        ),
        (
            json!({"schemaVersion": 1, "submission": says("Bow"), "vote": "A"}),
            "unknown field `vote`",
        ),
        (json!([1]), "is no JSON object"),
        (
            submission(|said| said.position = " \n".into()),
            "the position is empty",
        ),
        (
            submission(|said| said.position = "x".repeat((16 << 10) + 1)),
            "16384 are allowed",
        ),
        (
            submission(|said| said.supports = vec!["Z".into()]),
            "'Z', which is no label",
        ),
        (
            submission(|said| said.supports = vec!["C".into()]),
            "'C', which does not stand",
        ),
        (
            submission(|said| said.supports = vec!["A".into(), "A".into()]),
            "'A', twice",
        ),
        (
            citing(json!({"kind": "file", "path": "absent.py", "lines": null})),
            "is no file that its expert knows",
        ),
        (
            citing(json!({"kind": "file", "path": "../main.py", "lines": null})),
            "leads out of the flake",
        ),
        (
            citing(json!({"kind": "file", "path": "notes", "lines": null})),
            "is no file that its expert knows",
        ),
        (
            citing(json!({"kind": "file", "path": "main.py", "lines": [2, 3]})),
            "lines 2-3",
        ),
        (
            citing(json!({"kind": "file", "expert": "eve", "path": "main.py"})),
            "the expert 'eve'",
        ),
        // Of the round that is open, and of one in which nobody of that label said anything.
        (
            citing(json!({"kind": "submission", "round": 2, "label": "B"})),
            "none that is open to read",
        ),
        (
            citing(json!({"kind": "submission", "round": 1, "label": "Z"})),
            "none that is open to read",
        ),
    ] {
        let said = said(&debate, &wrong);
        assert!(
            said.contains(why) && said.contains("\nrepair: "),
            "{wrong}: {said}"
        );
    }
}

#[test]
fn ten_megabytes_are_refused_by_their_size() {
    let large = submission(|said| said.position = "x".repeat(10 << 20));
    let said = said(&second_round(), &large);
    assert!(
        said.contains(&format!("bytes of JSON, {ANSWER_BYTES} are allowed")),
        "{said}"
    );
}

#[test]
fn ballots_with_choices_that_are_none_twice_or_withdrawn_are_refused() {
    let mut debate = debate(&["ada", "bob", "cleo"], 1);
    let withdraws = Submission {
        withdraws: true,
        ..says("nothing")
    };
    round(
        &mut debate,
        &[
            ("ada", says("Say hello")),
            ("bob", says("Bow")),
            ("cleo", withdraws),
        ],
    );
    open(&mut debate);
    for (ranking, why) in [
        (json!([["Z"]]), "ranks 'Z', which is no choice"),
        (json!([["A"], ["A"]]), "ranks 'A' twice"),
        (
            json!([["C"]]),
            "'C', which was withdrawn or is not voted on",
        ),
    ] {
        let said = said(&debate, &json!({"schemaVersion": 1, "ranking": ranking}));
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(
        said(
            &debate,
            &json!({"schemaVersion": 1, "ranking": [["B", "A"]]})
        ),
        ""
    );
    assert_eq!(
        said(&debate, &json!({"schemaVersion": 1, "ranking": []})),
        ""
    );
    let both = json!({"schemaVersion": 1, "ranking": [], "submission": says("Bow")});
    assert!(said(&debate, &both).contains("a ranking is wanted now"));
}
