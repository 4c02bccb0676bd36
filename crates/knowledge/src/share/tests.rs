//! A pack goes out as a folder and is opened where nothing else is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use super::{FILES, LABEL, Label, open, write};
use crate::pack::{Pack, PackOptions};
use poag_core::expert::{Graph, Location, SCHEMA};

/// An expert with these files, and its pack laid out beside them.
fn laid_out(files: &[(&str, &str)], budget: usize) -> (TempDir, Label, Pack) {
    let folder = tempfile::tempdir().unwrap();
    let knowledge = folder.path().join("knowledge");
    for (path, text) in files {
        let file = knowledge.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let graph = json!({
        "schema": SCHEMA, "root": "base", "experts": { "base": {
            "name": "base", "role": "Owns it.", "prompt": null, "neighbors": {},
            "provides": { "greet": { "summary": "greet(name)", "files": ["src/a.py"], "hash": "h" } },
            "knowledge": { "path": knowledge, "include": [], "exclude": [], "maxTokens": budget },
            "agent": { "backend": "command", "command": ["./evil"] },
            "location": { "kind": "local", "dir": "" }, "identity": "i", "declaration": {},
            "freshness": { "status": "stale" },
        } },
    });
    let graph = Graph::from_json(graph.to_string().as_bytes()).unwrap();
    let pack = Pack::build(&graph, &graph.experts["base"], &PackOptions::default()).unwrap();
    let label = write(&folder.path().join("pack"), &graph.experts["base"], &pack).unwrap();
    (folder, label, pack)
}

/// Path → text of everything below a folder.
fn all(folder: &Path) -> BTreeMap<String, String> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            (path.to_str().unwrap().to_owned(), text)
        })
        .collect()
}

const TWO: [(&str, &str); 2] = [
    ("src/a.py", "def greet(name):\n    return name\n"),
    ("README.md", "# Base\n\nIt greets.\n"),
];

#[test]
fn a_pack_holds_its_sources_line_for_line_and_says_the_rest_once() {
    let (folder, label, pack) = laid_out(&TWO, 2_000);
    let files = all(&folder.path().join("pack"));
    assert_eq!(files["pack.md"], pack.text);
    assert_eq!(files["files/src/a.py"], TWO[0].1);
    assert_eq!(files["files/README.md"], TWO[1].1);
    let rest = &files["files/poag-pack.md"];
    assert!(
        !rest.contains("### src/a.py") && !rest.contains("```"),
        "{rest}"
    );
    assert!(
        rest.contains("Owns it.") && !rest.contains("return name"),
        "{rest}"
    );
    let sources: Vec<_> = label
        .sources
        .iter()
        .map(|one| (one.path.as_str(), one.lines))
        .collect();
    assert_eq!(sources, [("README.md", 3), ("src/a.py", 2)]);
    assert_eq!(label.pack.tokens, pack.tokens);
}

#[test]
fn nothing_in_a_pack_names_where_it_was_made() {
    let (folder, ..) = laid_out(&TWO, 2_000);
    let place = folder.path().to_str().unwrap();
    for (path, text) in all(&folder.path().join("pack")) {
        assert!(!text.contains(place), "{path}: {text}");
    }
    let (other, ..) = laid_out(&TWO, 2_000);
    let [one, two] = [&folder, &other].map(|folder| all(&folder.path().join("pack")));
    assert_eq!(one, two, "in another place");
}

#[test]
fn an_expert_is_opened_alone_and_brings_no_program() {
    let (folder, ..) = laid_out(&TWO, 2_000);
    let graph = open(&folder.path().join("pack")).unwrap();
    let expert = &graph.experts["base"];
    assert!(matches!(expert.location, Location::Pack { .. }) && !expert.is_local());
    assert!(expert.knowledge.path.ends_with("pack/files"));
    assert!(expert.agent.command.is_none() && expert.agent.backend.is_none());
    assert_eq!(expert.provides["greet"].summary, "greet(name)");
}

#[test]
fn a_file_of_the_name_of_the_rest_keeps_its_place() {
    let files = [("poag-pack.md", "# Mine\n\nIt is a source.\n")];
    let (folder, label, _) = laid_out(&files, 2_000);
    assert_eq!(label.rest, "_poag-pack.md");
    let files = all(&folder.path().join("pack"));
    assert_eq!(files["files/poag-pack.md"], "# Mine\n\nIt is a source.\n");
}

#[test]
fn what_the_budget_left_out_is_no_file_of_the_pack() {
    let long = "x = 'some line that takes its tokens'\n".repeat(400);
    let files = [("src/a.py", TWO[0].1), ("src/long.py", &long)];
    let (folder, label, _) = laid_out(&files, 1_000);
    assert!(!folder.path().join("pack/files/src/long.py").exists());
    assert!(
        label
            .pack
            .left_out
            .iter()
            .any(|one| one.path == "src/long.py")
    );
}

#[test]
fn a_folder_that_is_there_is_not_written_into() {
    let (folder, ..) = laid_out(&TWO, 2_000);
    let graph = open(&folder.path().join("pack")).unwrap();
    let pack = Pack::build(&graph, &graph.experts["base"], &PackOptions::default()).unwrap();
    let error = write(folder.path(), &graph.experts["base"], &pack)
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("repair: name a folder that is not there yet"),
        "{error}"
    );
}

#[test]
fn another_schema_no_label_and_a_link_are_refused_with_the_repair() {
    let (folder, ..) = laid_out(&TWO, 2_000);
    let pack = folder.path().join("pack");
    let refused = || {
        let error = open(&pack).unwrap_err().to_string();
        assert!(
            error.lines().last().unwrap().starts_with("repair: "),
            "{error}"
        );
        error
    };
    fs::write(pack.join(LABEL), r#"{"schema":"poag.pack/9"}"#).unwrap();
    assert!(refused().contains("'poag.pack/9'"));
    fs::write(pack.join(LABEL), "[]").unwrap();
    assert!(refused().contains("cannot be read"));
    fs::remove_file(pack.join(LABEL)).unwrap();
    std::os::unix::fs::symlink(folder.path().join("knowledge/README.md"), pack.join(LABEL))
        .unwrap();
    assert!(refused().contains("holds no pack.json"));
    let (folder, ..) = laid_out(&TWO, 2_000);
    let pack = folder.path().join("pack");
    fs::remove_dir_all(pack.join(FILES)).unwrap();
    std::os::unix::fs::symlink("/", pack.join(FILES)).unwrap();
    let error = open(&pack).unwrap_err().to_string();
    assert!(error.contains("holds no folder files"), "{error}");
}
