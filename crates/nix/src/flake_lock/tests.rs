//! Locks with instances that are and are not the same, and edits of flake.nix in every style.

use serde_json::{Value, json};

use super::edit::add;
use super::is_same;
use super::join::{InputDifference, JoinPlan};
use super::{Lock, LockNode};

fn lock(nodes: Value) -> Lock {
    let text = json!({ "nodes": nodes, "root": "root", "version": 7 }).to_string();
    Lock::parse(text.as_bytes()).unwrap()
}

fn plan(lock: &Lock, dir: &str) -> JoinPlan {
    super::join::plan(lock, dir, &|_| None)
}

fn left(plan: &JoinPlan) -> Vec<(String, InputDifference)> {
    let left = plan.left.iter();
    left.map(|left| (left.input.join("/"), left.why)).collect()
}

fn github(repo: &str, branch: &str, rev: &str, inputs: Value) -> Value {
    json!({
        "inputs": inputs,
        "locked": { "type": "github", "owner": "o", "repo": repo, "rev": rev, "narHash": rev, "lastModified": rev.len() },
        "original": { "type": "github", "owner": "o", "repo": repo, "ref": branch },
    })
}

fn relative(path: &str, parent: &[&str], inputs: Value) -> Value {
    let place = json!({ "type": "path", "path": path });
    json!({ "inputs": inputs, "locked": place, "original": place, "parent": parent })
}

fn joins(plan: &JoinPlan) -> Vec<String> {
    let line = |join: &super::join::Join| format!("{}: {}", join.flake, join.statement());
    plan.joins.iter().map(line).collect()
}

#[test]
fn the_same_input_of_an_input_follows_the_nearest_one() {
    let lock = lock(json!({
        "root": { "inputs": { "a": "a", "nixpkgs": "nixpkgs" } },
        "a": github("a", "main", "1", json!({ "nixpkgs": "nixpkgs_2" })),
        "nixpkgs": github("nixpkgs", "main", "2", json!({})),
        "nixpkgs_2": github("nixpkgs", "main", "2", json!({})),
    }));
    let plan = plan(&lock, "");
    assert_eq!(
        joins(&plan),
        [": inputs.a.inputs.nixpkgs.follows = \"nixpkgs\";"]
    );
    assert_eq!((plan.before.nodes, plan.after.nodes), (4, 3));
    assert!(plan.after.bytes < plan.before.bytes && plan.left.is_empty());
}

#[test]
fn what_only_looks_alike_is_left_and_told() {
    let lock = lock(json!({
        "root": { "inputs": { "a": "a", "b": "b", "c": "c", "d": "d", "lib": "lib", "x": "x" } },
        "a": github("a", "main", "1", json!({ "lib": "branch" })),
        "b": github("b", "main", "1", json!({ "lib": "older" })),
        "c": github("c", "main", "1", json!({ "lib": "files" })),
        "d": github("d", "main", "1", json!({ "x": "other" })),
        "lib": github("lib", "main", "2", json!({})),
        "branch": github("lib", "release", "2", json!({})),
        "older": github("lib", "main", "1", json!({})),
        "files": { "flake": false, "locked": { "type": "github", "owner": "o", "repo": "lib", "rev": "2", "narHash": "2" },
            "original": { "type": "github", "owner": "o", "repo": "lib", "ref": "main" } },
        "x": github("x", "main", "5", json!({ "lib": ["lib"] })),
        "other": github("x", "main", "5", json!({ "lib": "oldest" })),
        "oldest": github("lib", "main", "0", json!({})),
    }));
    let plan = plan(&lock, "");
    assert!(plan.joins.is_empty());
    assert_eq!(
        left(&plan),
        [
            ("a/lib".into(), InputDifference::OtherRef),
            ("b/lib".into(), InputDifference::OtherRevision),
            ("c/lib".into(), InputDifference::OtherUse),
            ("d/x".into(), InputDifference::OtherInputs),
            ("d/x/lib".into(), InputDifference::OtherRevision),
        ]
    );
}

#[test]
fn a_flake_of_the_repository_says_itself_what_concerns_only_it() {
    // f0 → f1, f2; f1 → f2, f3; f2 → f3.
    let lock = lock(json!({
        "root": { "inputs": { "f1": "f1", "f2": "f2" } },
        "f1": relative("../f1", &[], json!({ "f2": "f2_1", "f3": "f3_1" })),
        "f2": relative("../f2", &[], json!({ "f3": "f3_2", "f4": "f4_2" })),
        "f2_1": relative("../f2", &["f1"], json!({ "f3": "f3_12", "f4": "f4_12" })),
        "f3_1": relative("../f3", &["f1"], json!({ "f4": "f4_13" })),
        "f3_2": relative("../f3", &["f2"], json!({ "f4": "f4_23" })),
        "f3_12": relative("../f3", &["f1", "f2"], json!({ "f4": "f4_123" })),
        "f4_2": relative("../f4", &["f2"], json!({})),
        "f4_12": relative("../f4", &["f1", "f2"], json!({})),
        "f4_13": relative("../f4", &["f1", "f3"], json!({})),
        "f4_23": relative("../f4", &["f2", "f3"], json!({})),
        "f4_123": relative("../f4", &["f1", "f2", "f3"], json!({})),
    }));
    let plan = plan(&lock, "f0");
    assert_eq!(
        joins(&plan),
        [
            ": inputs.f1.inputs.f2.follows = \"f2\";",
            ": inputs.f1.inputs.f3.follows = \"f2/f3\";",
            "../f2: inputs.f3.inputs.f4.follows = \"f4\";",
        ]
    );
    assert_eq!((plan.before.nodes, plan.after.nodes), (12, 5));
}

#[test]
fn an_input_of_an_input_of_an_input_is_told_and_not_joined() {
    let lock = lock(json!({
        "root": { "inputs": { "a": "a", "lib": "lib" } },
        "a": github("a", "main", "1", json!({ "b": "b" })),
        "b": github("b", "main", "2", json!({ "lib": "lib_2" })),
        "lib": github("lib", "main", "3", json!({})),
        "lib_2": github("lib", "main", "3", json!({})),
    }));
    let plan = plan(&lock, "");
    assert_eq!(joins(&plan), [""; 0]);
    assert_eq!(left(&plan), [("a/b/lib".into(), InputDifference::TooDeep)]);
    assert_eq!(plan.before, plan.after);
}

#[test]
fn what_locks_the_same_under_other_references_is_told_and_not_joined() {
    let mut registry = github("nixpkgs", "main", "1", json!({}));
    registry["original"] = json!({ "type": "indirect", "id": "nixpkgs" });
    let lock = lock(json!({
        "root": { "inputs": { "a": "a", "utils": "utils", "nixpkgs": "nixpkgs" } },
        "a": github("a", "main", "1", json!({ "nixpkgs": "registry", "flake-utils": "utils_2" })),
        "nixpkgs": github("nixpkgs", "main", "1", json!({})),
        "registry": registry,
        "utils": github("utils", "main", "2", json!({})),
        "utils_2": github("utils", "main", "2", json!({})),
    }));
    let plan = plan(&lock, "");
    // Another name is no other input, where the reference is the same.
    assert_eq!(
        joins(&plan),
        [": inputs.a.inputs.flake-utils.follows = \"utils\";"]
    );
    assert_eq!(
        left(&plan),
        [("a/nixpkgs".into(), InputDifference::OtherReference)]
    );
}

#[test]
fn what_is_refused_stays_and_says_why() {
    let lock = lock(json!({
        "root": { "inputs": { "a": "a", "b": "b", "lib": "lib" } },
        "a": github("a", "main", "1", json!({ "lib": "lib_2" })),
        "b": github("b", "main", "1", json!({ "lib": "lib_3" })),
        "lib": github("lib", "main", "3", json!({})),
        "lib_2": github("lib", "main", "3", json!({})),
        "lib_3": github("lib", "main", "3", json!({})),
    }));
    let refused = |join: &super::join::Join| (join.input[0] == "a").then(|| "no".to_owned());
    let plan = super::join::plan(&lock, "", &refused);
    assert_eq!(joins(&plan), [": inputs.b.inputs.lib.follows = \"lib\";"]);
    assert_eq!(left(&plan), [("a/lib".into(), InputDifference::Unproven)]);
    assert_eq!(plan.left[0].says.as_deref(), Some("no"));
    let joined = Lock::parse(plan.lock.text().as_bytes()).unwrap();
    assert!(is_same(&lock, &joined));
}

#[test]
fn locks_are_the_same_exactly_when_every_input_is() {
    let inner = |rev: &str| {
        lock(json!({
            "root": { "inputs": { "a": "a" } },
            "a": github("a", "main", "1", json!({ "lib": "lib" })),
            "lib": github("lib", "main", rev, json!({})),
        }))
    };
    assert!(is_same(&inner("1"), &inner("1")));
    assert!(!is_same(&inner("1"), &inner("2")));
}

#[test]
fn a_lock_whose_nodes_form_a_circle_ends() {
    let lock = lock(json!({
        "root": { "inputs": { "a": "a" } },
        "a": github("a", "main", "1", json!({ "b": "b" })),
        "b": github("b", "main", "1", json!({ "a": "a" })),
    }));
    assert!(plan(&lock, "").joins.is_empty());
}

#[test]
fn a_lock_as_deep_as_it_is_long_is_looked_through() {
    let mut nodes = serde_json::Map::new();
    for at in 0..20_000 {
        let name = if at == 0 {
            "root".into()
        } else {
            format!("n{at}")
        };
        let mut node = github(
            "x",
            "main",
            &at.to_string(),
            json!({ "next": format!("n{}", at + 1) }),
        );
        if at == 19_999 {
            node["inputs"] = json!({});
        }
        nodes.insert(name, node);
    }
    assert!(plan(&lock(Value::Object(nodes)), "").joins.is_empty());
}

#[test]
fn paths_that_double_with_every_step_are_resolved_once_each() {
    let mut inputs = serde_json::Map::new();
    inputs.insert("x0".into(), json!("x"));
    for at in 1..200 {
        let before = format!("x{}", at - 1);
        inputs.insert(format!("x{at}"), json!([before, before, before]));
    }
    let mut deeper = inputs.clone();
    deeper.insert("x0".into(), json!("x"));
    let nodes = json!({ "root": { "inputs": inputs }, "x": github("x", "main", "1", Value::Object(deeper)) });
    assert!(plan(&lock(nodes), "").joins.is_empty());
}

#[test]
fn a_lock_that_leads_nowhere_is_refused() {
    for nodes in [
        json!({ "root": { "inputs": { "a": "ghost" } } }),
        json!({ "root": { "inputs": { "a": ["a"] } } }),
        json!({}),
    ] {
        let text = json!({ "nodes": nodes, "root": "root", "version": 7 }).to_string();
        assert!(Lock::parse(text.as_bytes()).is_err());
    }
}

#[test]
fn a_lock_is_written_as_nix_writes_it() {
    let node: LockNode = serde_json::from_value(github("a", "main", "1", json!({}))).unwrap();
    assert!(node.inputs.is_empty());
    let text = include_str!("../../../../flake.lock");
    let lock = Lock::parse(text.as_bytes()).unwrap();
    assert_eq!(lock.text(), text);
}

/// Adds `inputs.a.inputs.b.follows = "c"` to a flake.
fn with(text: &str) -> String {
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_string())
            .collect::<Vec<_>>()
    };
    match add(text, &words(&["a", "b"]), &words(&["c"])) {
        Ok(edited) => edited,
        Err(reason) => panic!("{reason}: {text}"),
    }
}

#[test]
fn an_attribute_path_gets_another_one_below_it() {
    assert_eq!(
        with(
            "{\n  inputs.a.url = \"x\"; # why\n  inputs.c.url = \"y\";\n\n  # outputs\n  outputs = _: { };\n}\n"
        ),
        "{\n  inputs.a.url = \"x\"; # why\n  inputs.a.inputs.b.follows = \"c\";\n  inputs.c.url = \"y\";\n\n  # outputs\n  outputs = _: { };\n}\n"
    );
    assert_eq!(
        with(
            "{\n  inputs = {\n    a.url = \"x\";\n    c.url = \"y\";\n  };\n  outputs = _: { };\n}\n"
        ),
        "{\n  inputs = {\n    a.url = \"x\";\n    a.inputs.b.follows = \"c\";\n    c.url = \"y\";\n  };\n  outputs = _: { };\n}\n"
    );
}

#[test]
fn a_nested_set_gets_it_inside_and_a_set_in_one_line_in_that_line() {
    assert_eq!(
        with(
            "{\n  inputs = {\n    a = {\n      url = \"x\";\n      # theirs\n      inputs = {\n        z.follows = \"c\";\n      };\n    };\n  };\n}"
        ),
        "{\n  inputs = {\n    a = {\n      url = \"x\";\n      # theirs\n      inputs = {\n        z.follows = \"c\";\n        b.follows = \"c\";\n      };\n    };\n  };\n}"
    );
    assert_eq!(
        with("{\n\tinputs.a = {\n\t\turl = \"x\";\n\t};\n}"),
        "{\n\tinputs.a = {\n\t\turl = \"x\";\n\t\tinputs.b.follows = \"c\";\n\t};\n}"
    );
    assert_eq!(
        with("{ inputs.a = { url = \"x\"; inputs.z.follows = \"c\"; }; outputs = _: { }; }"),
        "{ inputs.a = { url = \"x\"; inputs.z.follows = \"c\"; inputs.b.follows = \"c\"; }; outputs = _: { }; }"
    );
    assert_eq!(
        with("{ inputs = { a = { }; }; }"),
        "{ inputs = { a = { inputs.b.follows = \"c\"; }; }; }"
    );
}

#[test]
fn an_input_that_is_not_spelled_out_gets_a_statement_of_its_own() {
    assert_eq!(
        with("{\n  description = \"d\";\n\n  outputs = { self, a }: { };\n}\n"),
        "{\n  inputs.a.inputs.b.follows = \"c\";\n  description = \"d\";\n\n  outputs = { self, a }: { };\n}\n"
    );
    assert_eq!(
        with("{\n  inputs = {\n  };\n}\n"),
        "{\n  inputs = {\n    a.inputs.b.follows = \"c\";\n  };\n}\n"
    );
}

#[test]
fn quoted_names_line_ends_and_remarks_stay_as_they_are() {
    assert_eq!(
        with("{\r\n  inputs.\"a\".url = \"x\"; /* first */\r\n  outputs = _: { };\r\n}\r\n"),
        "{\r\n  inputs.\"a\".url = \"x\"; /* first */\r\n  inputs.a.inputs.b.follows = \"c\";\r\n  outputs = _: { };\r\n}\r\n"
    );
}

#[test]
fn what_says_something_else_is_not_touched() {
    let path = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_string())
            .collect::<Vec<_>>()
    };
    for text in [
        "{ inputs.a.inputs.b.follows = \"d\"; }",
        "{ inputs.a.inputs.b.url = \"x\"; }",
        "{ inputs.a = { inputs = { b = { follows = \"d\"; }; }; }; }",
        "{ inputs = import ./inputs.nix; }",
        "let x = 1; in { }",
        "{ broken",
    ] {
        assert!(
            add(text, &path(&["a", "b"]), &path(&["c"])).is_err(),
            "{text}"
        );
    }
}
