//! `poag vote`, as a script uses it.

use serde_json::{Value, json};

use crate::harness::{Repository, text};

const BALLOTS: &str = r#"{"choices": ["tea", "coffee", "water"],
 "ballots": [{"by": "ada", "ranking": [["tea"], ["coffee", "water"]]}, {"by": "bob", "ranking": [["water"]]},
  {"by": "eve", "ranking": [["tea", "coffee"]]}, {"by": "joe", "ranking": []}]}"#;

#[test]
fn a_file_and_standard_input_give_the_same_result() {
    let repository = Repository::new();
    repository.write("ballots.json", BALLOTS);
    let file = repository.poag("").args(["vote", "ballots.json"]).output();
    let piped = repository
        .poag("")
        .args(["vote", "-"])
        .write_stdin(BALLOTS)
        .output();
    let (file, piped) = (file.unwrap(), piped.unwrap());
    assert!(file.status.success() && piped.status.success(), "{file:?}");
    assert_eq!(file.stdout, piped.stdout);
    let result: Value = serde_json::from_slice(&file.stdout).unwrap();
    assert_eq!(result["winner"], "tea", "{result:#}");
    assert_eq!(result["method"], "condorcet");
    assert_eq!(result["tied"], json!([]));
    assert_eq!(result["matrix"]["tea"]["water"], 2);
    assert_eq!(result["rounds"], json!([]));
    assert_eq!(result["abstained"], json!(["joe"]));
}

#[test]
fn what_is_no_ballot_is_refused_with_a_repair() {
    let repository = Repository::new();
    let twice = r#"{"choices": ["a"], "ballots": [{"by": "x", "ranking": [["a"], ["a"]]}]}"#;
    repository.write("twice.json", twice);
    repository.write("deep.json", &"[".repeat(100_000));
    for file in ["twice.json", "deep.json", "absent.json", "."] {
        let output = repository.poag("").args(["vote", file]).output().unwrap();
        let error = text(&output.stderr);
        assert!(output.stdout.is_empty(), "{file}");
        assert!(error.lines().count() <= 3, "{error}");
        assert!(
            error.lines().last().unwrap().contains("repair: "),
            "{error}"
        );
        assert!(matches!(output.status.code(), Some(1 | 2)), "{output:?}");
    }
}
