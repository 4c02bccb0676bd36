//! Plans of councils that were held by script.

mod documents;
mod paths;
mod rendering;
mod steps;

use serde_json::json;

use crate::council::machine::Council;
use crate::council::message::{Action, Answer, Citation, Edit, Evidence, TurnResult};
use crate::expert::Graph;
use crate::testing::{asks, edits, flake, graph, locked, said, take};

/// app (the root, at the top) → py → lib; py also takes `far` from another repository.
pub(super) fn playground() -> Graph {
    let mut app = flake("app", &["py"]);
    app["location"] = json!({"kind": "local", "dir": ""});
    let mut lib = flake("lib", &[]);
    lib["checks"] = json!(["nix flake check", "cargo test"]);
    graph(vec![
        app,
        flake("py", &["far", "lib"]),
        lib,
        locked(flake("far", &[])),
    ])
}

/// A council on the playground that changes lib's contract, py, and wishes something of far.
pub(super) fn changed(graph: &Graph) -> Council<'_> {
    let mut council = crate::testing::council(graph);
    take(&mut council, "app", asks(&["py"]));
    take(&mut council, "py", asks(&["far", "lib"]));
    take(&mut council, "far", edits(&["src/far"]));
    let mut lib = edits(&["api/greet.rs", "src/inner.rs"]);
    lib.edits.push(Edit {
        path: "src/polite.rs".into(),
        action: Action::Create,
        instruction: "the polite form".into(),
        likelihood: None,
        evidence: vec![Evidence {
            lines: None,
            what: "nothing like it is there".into(),
        }],
    });
    lib.notes = vec!["no test covers it".into()];
    take(&mut council, "lib", lib);
    take(&mut council, "py", edits(&["greet.py"]));
    take(&mut council, "app", said());
    council
}

/// An answer with a source.
pub(super) fn answers(markdown: &str, path: &str) -> TurnResult {
    TurnResult {
        answer: Some(Answer {
            confidence: None,
            markdown: markdown.into(),
            citations: vec![Citation {
                path: path.into(),
                lines: (3, 9),
            }],
        }),
        ..said()
    }
}
