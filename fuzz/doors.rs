//! Doors to everything that reads a repository or an agent, for the targets of `fuzz/` and nobody else. Each
//! takes any bytes, and ends the process where a promise of the parser is broken.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde_json::{Value, json};

use poag_agent::{Persona, Settings, Start, TurnRequest, acp, claude_code, codex, gemini, prompt};
use poag_core::council::check::{Tree, TreeEntry, accept, json_bytes};
use poag_core::council::{assemble, identity};
use poag_core::expert::Graph;
use poag_engine::poag_lock::LearnedFiles;
use poag_engine::run::export;
use poag_engine::run::transcript::Transcript;
use poag_knowledge::export::{Facts, Form, compare, render};
use poag_knowledge::{hash::Digest, outline, secrets};

/// One path for each language, and one for none.
const PATHS: [&str; 20] = [
    "a.rs", "a.py", "a.js", "a.ts", "a.tsx", "a.jsx", "a.nix", "a.sh", "a.go", "a.c", "a.h",
    "a.cpp", "a.hpp", "a.java", "a.rst", "a.toml", "Makefile", "script", "a.mjs", "a.pyi",
];

/// The first byte, to choose by, and the rest as text.
fn chosen(data: &[u8]) -> Option<(usize, &str)> {
    let (first, rest) = data.split_first()?;
    Some((usize::from(*first), std::str::from_utf8(rest).ok()?))
}

fn outlined(path: &str, text: &str) {
    let lines = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
    for symbol in outline::outline(path, text) {
        let (first, last) = symbol.lines;
        assert!(
            1 <= first && first <= last && last <= lines,
            "{path}: {symbol:?} of {lines} lines"
        );
        assert!(!symbol.signature.contains('\n'), "{path}: {symbol:?}");
    }
}

/// Definitions of a source file: a byte that chooses the language, and its text.
pub fn outline(data: &[u8]) {
    if let Some((language, text)) = chosen(data) {
        outlined(PATHS[language % PATHS.len()], text);
    }
}

/// Sections of a document.
pub fn markdown(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        outlined("README.md", text);
    }
}

/// The search for secrets: a byte that chooses the file's name, and its text.
pub fn secrets(data: &[u8]) {
    let names = [
        ".env",
        "a.py",
        "Cargo.lock",
        "id_rsa",
        "config.json",
        "a.pem",
    ];
    if let Some((name, text)) = chosen(data) {
        let (clean, findings) = secrets::redact(names[name % names.len()], text);
        let lines = |text: &str| text.matches('\n').count();
        assert_eq!(lines(&clean), lines(text), "lines are lost");
        assert!(
            findings
                .iter()
                .all(|found| found.line as usize <= lines(text) + 1)
        );
    }
}

/// Prompt templates.
pub fn template(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        poag_knowledge::pack::fuzzing::template(text);
    }
}

/// `nix eval --json .#.poag`, and what is told of it.
pub fn graph(data: &[u8]) {
    let Ok(graph) = Graph::from_json(data) else {
        return;
    };
    assert_eq!(graph.providers_first().len(), graph.experts.len());
    let _ = (graph.edges(), identity::of(&graph));
    for (name, expert) in &graph.experts {
        let part = graph.rooted_at(name);
        assert!(part.is_some(), "{name} is gone");
        let _ = (graph.consumers(name), expert.dir());
    }
}

/// `poag.lock` as poag writes it of any names: the text, to be read back, and what must be in it.
#[must_use]
pub fn lock(data: &[u8]) -> Option<(String, Value)> {
    let texts: Vec<&str> = std::str::from_utf8(data).ok()?.split('\u{1f}').collect();
    let [name, field, hash, files @ ..] = texts.as_slice() else {
        return None;
    };
    let mut graph = EXAMPLE.clone();
    let expert = graph.experts.get_mut("root")?;
    expert.name = (*name).to_owned();
    expert.declaration = [((*field).to_owned(), (*hash).to_owned())].into();
    let expert = expert.clone();
    let files: std::collections::BTreeMap<&str, &str> = files
        .chunks(2)
        .map(|two| (two[0], two.get(1).copied().unwrap_or("")))
        .collect();
    let read = files
        .iter()
        .map(|(path, hash)| ((*path).to_owned(), Digest::Sha256((*hash).to_owned())));
    let learned = LearnedFiles {
        read: read.collect(),
        unread: Vec::new(),
    };
    let text = poag_engine::poag_lock::render(&graph, &expert, &learned);
    let files: serde_json::Map<String, Value> = files
        .iter()
        .map(|(path, hash)| ((*path).to_owned(), json!({ "sha256": hash })))
        .collect();
    let mut wanted = json!({
        "version": 1, "expert": name, "declaration": { *field: { "sha256": hash } },
        "contracts": { "inner": { "greet": { "sha256": "h" } } },
    });
    if !files.is_empty() {
        wanted["files"] = Value::Object(files);
    }
    Some((text, wanted))
}

/// A graph of two, the second inside the first.
static EXAMPLE: LazyLock<Graph> = LazyLock::new(|| {
    let expert = |name: &str, dir: &str, neighbors: Value| {
        json!({
            "name": name, "role": "r", "prompt": null, "neighbors": neighbors,
            "provides": { "greet": { "summary": "s", "files": ["a"], "hash": "h" } },
            "knowledge": { "path": "/nonexistent", "include": [], "exclude": [], "maxTokens": 1000 },
            "location": { "kind": "local", "dir": dir }, "identity": name, "declaration": {},
            "freshness": { "status": "fresh" },
        })
    };
    let edge = json!({ "inner": { "needs": {}, "contracts": ["greet"] } });
    let graph = json!({
        "schema": poag_core::expert::SCHEMA, "root": "root",
        "experts": { "root": expert("root", "", edge), "inner": expert("inner", "inner", json!({})) },
    });
    let graph = Graph::from_json(graph.to_string().as_bytes());
    graph.unwrap_or_else(|error| panic!("the example is no graph: {error}"))
});

/// A flake in which everything exists whose path begins with `a`.
struct Flake;

impl Tree for Flake {
    fn entry(&self, path: &str) -> TreeEntry {
        assert!(
            !path.starts_with('/') && !path.split('/').any(|part| part == ".."),
            "{path:?}"
        );
        match path.as_bytes() {
            [b'a', ..] => TreeEntry::File,
            [b'b', ..] => TreeEntry::Folder,
            [b'c', ..] => TreeEntry::Beyond,
            [b'd', ..] => TreeEntry::Tracked,
            [b'e', ..] => TreeEntry::Unseen,
            [b'f', ..] => TreeEntry::Foreign,
            _ => TreeEntry::Nothing,
        }
    }
    fn lines(&self, path: &str) -> Option<u32> {
        u32::try_from(path.len()).ok()
    }
}

/// The answer of an agent, from its words to a turn's result.
pub fn envelope(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(object) = prompt::object(&text) else {
        return;
    };
    let root = &EXAMPLE.experts["root"];
    for value in [codex::fuzzing::loosen(object.clone()), object] {
        if let Ok(result) = accept(&value, json_bytes(&value), root, &EXAMPLE, &Flake) {
            // What was accepted once is accepted again: it is read back from the ledger.
            let again = serde_json::to_value(&result).unwrap_or_default();
            let again = accept(&again, json_bytes(&again), root, &EXAMPLE, &Flake);
            assert_eq!(again.ok(), Some(result));
        }
    }
}

/// What programs say that think for an expert: a byte that chooses the program, and its standard output.
pub fn replies(data: &[u8]) {
    let Some((program, rest)) = data.split_first() else {
        return;
    };
    match program % 5 {
        0 => {
            let mut parts = rest.splitn(2, |byte| *byte == 0x1f);
            let stdout = parts.next().unwrap_or_default();
            let session = String::from_utf8_lossy(parts.next().unwrap_or_default());
            claude_code::fuzzing::reply(stdout, &session);
        }
        1 => codex::fuzzing::reply(rest),
        2 => gemini::fuzzing::reply(rest),
        3 => poag_agent::openai::fuzzing::reply(rest),
        _ => poag_agent::command::fuzzing::reply(rest),
    }
}

/// The lines of an agent of the Agent Client Protocol; `"$"` stands for the id of what it was asked last.
pub fn acp(data: &[u8]) {
    let Ok(lines) = std::str::from_utf8(data) else {
        return;
    };
    let request = TurnRequest {
        persona: Arc::new(Persona {
            speaker: "root".into(),
            instructions: "i".into(),
            pack: "p".into(),
            schema: Arc::new(json!({})),
            folder: PathBuf::from("/nonexistent"),
            settings: Settings {
                model: Some("m".into()),
                command: None,
                server: None,
            },
            search_path: None,
        }),
        start: Start::New,
        input: json!({}),
        timeout: Duration::from_secs(1),
        correlation: Vec::new(),
        tools: None,
        writing: None,
    };
    acp::fuzzing::conversation(&request, lines);
}

/// An exported run, read back, replayed and told.
pub fn run(data: &[u8]) {
    let Ok(history) = export::read(&mut &*data) else {
        return;
    };
    let _ = history.plan();
    let Ok(council) = history.council() else {
        return;
    };
    let _ = assemble(&council).to_json();
    let _ = serde_json::to_string(&Transcript::of(&council, &history.events));
}

/// A checkpoint in a parcel.
pub fn parcel(data: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    poag_engine::checkpoint::fuzzing::archive(folder.path(), data);
    let names = std::fs::read_dir(folder.path())
        .into_iter()
        .flatten()
        .flatten();
    for entry in names {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        assert!(
            name == "store" || name.starts_with("ledger"),
            "{name} was written"
        );
    }
}

/// An index of git.
pub fn index(data: &[u8]) {
    poag_git::fuzzed(data);
}

/// The terms of a text.
pub fn words(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        poag_librarian::fuzzing::words(text);
    }
}

/// A request.
pub fn query(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        poag_librarian::fuzzing::query(text);
    }
}

/// The label of a pack.
pub fn label(data: &[u8]) {
    poag_knowledge::share::fuzzing::label(data);
}

/// A file that may be an export, against the export that it should be.
pub fn export(data: &[u8]) {
    let Ok(found) = std::str::from_utf8(data) else {
        return;
    };
    for form in Form::ALL {
        let wanted = render(form, &Facts::default(), "fuzz");
        match compare(Some(found), &wanted) {
            None => assert_eq!(found, wanted),
            Some(difference) => assert!(difference.tell("A", "b").len() < 16 << 10),
        }
    }
}
