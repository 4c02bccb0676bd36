//! Paths.

use serde_json::json;

use super::{edit, judge, turn};

#[test]
fn a_file_that_is_there_changes_goes_or_is_read_and_a_new_one_is_made() {
    for (path, action) in [
        ("src/lib.rs", "change"),
        ("flake.nix", "change"),
        ("src/lib.rs", "delete"),
        ("README.md", "read"),
        ("src/new.rs", "create"),
        ("brand/new/folder/file", "create"),
        ("link", "delete"),
        (".gitignore", "create"),
        ("sub/flake.lock", "create"),
        ("inner2/x", "create"),
        ("Cargo.lock", "change"),
        ("Cargo.lock", "delete"),
        ("Cargo.lock", "read"),
        (".github/x", "create"),
        ("gitx/.git-blame-ignore-revs", "create"),
        ("emoji/\u{1f468}\u{200d}\u{1f469}.md", "create"),
    ] {
        judge(&edit(path, action)).unwrap();
    }
    let result = judge(&edit("./src/lib.rs", "change")).unwrap();
    assert_eq!(result.edits[0].path, "src/lib.rs");
}

#[test]
fn a_path_that_is_not_the_experts_own_is_refused_with_the_reason() {
    for (path, action, problem) in [
        ("", "change", "is empty"),
        ("/etc/passwd", "read", "is not relative"),
        ("~/x", "create", "is not relative"),
        ("../other/x", "change", "leads out of the flake"),
        ("src/../../x", "create", "leads out of the flake"),
        ("..", "delete", "leads out of the flake"),
        ("src\\lib.rs", "change", "holds a backslash"),
        ("src/a\nb", "create", "holds a control character"),
        ("src/\u{1b}[31m", "create", "holds a control character"),
        ("src//lib.rs", "change", "is not written plainly"),
        ("././src/lib.rs", "change", "is not written plainly"),
        ("src/", "change", "is not written plainly"),
        (".git/hooks/pre-commit", "create", "belongs to git"),
        (".GIT/hooks/x", "create", "belongs to git"),
        ("src/.Git", "create", "belongs to git"),
        (".git./config", "create", "belongs to git"),
        (".git /config", "create", "belongs to git"),
        (".git . ./config", "create", "belongs to git"),
        (".git::$INDEX_ALLOCATION/x", "create", "belongs to git"),
        ("git~1/x", "create", "belongs to git"),
        ("GIT~2", "create", "belongs to git"),
        (".g\u{200c}it/x", "create", "belongs to git"),
        (".git\u{feff}/x", "create", "belongs to git"),
        ("src/\u{9b}x", "create", "holds a control character"),
        ("src/\u{202e}x", "create", "how text is laid out"),
        ("src/\u{2066}x", "change", "how text is laid out"),
        ("src/\u{2028}x", "create", "how text is laid out"),
        ("Cargo.lock", "create", "is there already"),
        ("untracked", "create", "is there already"),
        ("untracked", "change", "is not tracked by git"),
        ("foreign/new", "create", "belongs to another flake"),
        ("foreign", "delete", "belongs to another flake"),
        ("flake.lock", "create", "is written by programs"),
        ("poag.lock", "create", "is written by programs"),
        ("inner/src/x.rs", "create", "belongs to the expert 'inner'"),
        ("inner", "create", "belongs to the expert 'inner'"),
        ("src/none.rs", "change", "is no file of this flake"),
        ("src/none.rs", "delete", "is no file of this flake"),
        ("src/none.rs", "read", "is no file of this flake"),
        ("src", "change", "is a folder"),
        ("link", "change", "is a link"),
        ("link/x", "read", "is no file of this flake"),
        ("link/x", "create", "below something that is no folder"),
        (
            "src/lib.rs/x",
            "create",
            "below something that is no folder",
        ),
        ("src/lib.rs", "create", "is there already"),
        ("src", "create", "is there already"),
    ] {
        let error = judge(&edit(path, action)).unwrap_err();
        assert!(error.contains(problem), "{path} {action}: {error}");
    }
}

#[test]
fn a_path_named_twice_must_be_for_the_same_thing() {
    let same = json!([
        {"path": "src/lib.rs", "action": "change", "instruction": "one"},
        {"path": "./src/lib.rs", "action": "change", "instruction": "two"}
    ]);
    judge(&turn(same)).unwrap();
    let other = json!([
        {"path": "src/lib.rs", "action": "change", "instruction": "one"},
        {"path": "src/lib.rs", "action": "delete", "instruction": "two"}
    ]);
    let error = judge(&turn(other)).unwrap_err();
    assert!(error.contains("named twice"), "{error}");
}

#[test]
fn lines_must_be_there() {
    for (first, last, fine) in [
        (1, 1, true),
        (1, 10, true),
        (10, 10, true),
        (0, 1, false),
        (3, 2, false),
        (9, 11, false),
    ] {
        let evidence = json!([{"path": "src/lib.rs", "action": "change", "instruction": "x",
            "evidence": [{"lines": [first, last], "what": "here"}]}]);
        assert_eq!(judge(&turn(evidence)).is_ok(), fine, "{first}-{last}");
        let mut answer = turn(json!([]));
        answer["answer"] = json!({"markdown": "so", "citations": [{"path": "src/lib.rs", "lines": [first, last]}]});
        assert_eq!(judge(&answer).is_ok(), fine, "{first}-{last}");
    }
    let new = json!([{"path": "new", "action": "create", "instruction": "x",
        "evidence": [{"lines": [1, 1], "what": "here"}]}]);
    assert!(judge(&turn(new)).unwrap_err().contains("is new"));
    let mut answer = turn(json!([]));
    answer["answer"] =
        json!({"markdown": "so", "citations": [{"path": "inner/x", "lines": [1, 1]}]});
    assert!(judge(&answer).unwrap_err().contains("'inner'"));
}
