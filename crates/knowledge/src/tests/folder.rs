//! Temporary folders with files, and graphs over them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::files::Files;
use crate::pack::{Pack, PackError, PackOptions};
use poag_core::expert::{Graph, SCHEMA};

/// A new folder with these files.
pub fn folder<B: AsRef<[u8]>>(files: &[(&str, B)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        write(folder.path(), path, bytes.as_ref());
    }
    folder
}

/// Writes one file, with the folders above it.
pub fn write(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The paths, in order.
pub fn paths(files: &Files) -> Vec<&str> {
    files.files.iter().map(|file| file.path.as_str()).collect()
}

/// A graph in which `app` needs the contract `api` of `lib`, which also provides `private`. `change` may adjust the
/// JSON before it is read.
pub fn graph(app: &Path, lib: &Path, change: impl FnOnce(&mut Value)) -> Graph {
    let expert = |name: &str, path: &Path| {
        json!({
            "name": name, "role": format!("Owns {name}."), "prompt": null,
            "knowledge": {"path": path, "include": [], "exclude": [], "maxTokens": 8000},
            "provides": {}, "neighbors": {}, "checks": ["nix flake check"], "capabilities": ["rust"],
            "location": {"kind": "local", "dir": name}, "identity": format!("identity of {name}"),
            "declaration": {}, "freshness": {"status": "fresh"}
        })
    };
    let mut graph = json!({
        "schema": SCHEMA, "root": "app",
        "experts": {"app": expert("app", app), "lib": expert("lib", lib)}
    });
    graph["experts"]["lib"]["provides"] = json!({
        "api": {"summary": "greet(name)", "files": ["src/lib.rs"], "hash": "1"},
        "private": {"summary": "nobody needs this", "files": ["src/private.rs"], "hash": "2"}
    });
    graph["experts"]["app"]["neighbors"] = json!({
        "lib": {"needs": {"api": "the greeting itself"}, "contracts": ["api"]}
    });
    change(&mut graph);
    Graph::from_json(graph.to_string().as_bytes()).unwrap()
}

/// Two folders for [`graph`]: the consumer with some of everything, and its provider.
pub fn two() -> (TempDir, TempDir) {
    let app = folder(&[
        (
            "README.md",
            "# App\n\nShows greetings.\n\n## Use\n\n```sh\napp\n```\n",
        ),
        (
            "src/main.rs",
            "//! Starts.\n\n/// Runs it.\npub fn run_app() {}\n",
        ),
        ("src/used.rs", "/// Used by all.\npub fn widely_used() {}\n"),
        ("src/other.rs", "fn x() { widely_used(); }\n"),
        ("tests/run.rs", "#[test]\nfn runs() { widely_used(); }\n"),
        ("Cargo.lock", "version = 4\n"),
        ("empty.txt", ""),
    ]);
    let lib = folder(&[
        (
            "src/lib.rs",
            "/// Greets.\npub fn greet(name: &str) -> String { todo!() }\n",
        ),
        ("src/private.rs", "pub fn hidden() {}\n"),
    ]);
    (app, lib)
}

/// The pack of `app`.
pub fn pack(graph: &Graph, budget: Option<usize>) -> Result<Pack, PackError> {
    let options = PackOptions {
        budget,
        files: None,
    };
    Pack::build(graph, graph.expert("app").unwrap(), &options)
}
