//! More files than an expert learns by their content: its pack comes from some of them, and from the names of the others.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use super::folder::{folder, graph, pack, write};
use crate::pack::{LeftOutReason, Pack, PackOptions};
use poag_core::expert::Graph;

/// A folder of 400 files, each of which may be shown, and its provider.
fn many() -> (TempDir, TempDir) {
    let app = folder(&[("README.md", "# App\n\nHas many parts.\n")]);
    for at in 0..400 {
        let path = format!("src/part{}/file{at}.rs", at % 20);
        let uses = format!("part_{}()", (at * 7) % 40);
        let text = format!("//! Part {at}.\n\n/// Does it.\npub fn part_{at}() {{ {uses} }}\n");
        write(app.path(), &path, text.repeat(3));
    }
    (app, folder(&[("src/lib.rs", "pub fn greet() {}\n")]))
}

/// The graph, in which the expert learned these files by their content.
fn learned(app: &Path, lib: &Path, chosen: Option<&BTreeSet<String>>) -> Graph {
    graph(app, lib, |graph| {
        if let Some(chosen) = chosen {
            graph["experts"]["app"]["knowledge"]["learned"] = json!(chosen);
        }
    })
}

fn chosen(graph: &Graph) -> BTreeSet<String> {
    let app = graph.expert("app").unwrap();
    let chosen = Pack::chosen(graph, app, &PackOptions::default()).unwrap();
    chosen.unwrap()
}

#[test]
fn a_pack_depends_on_the_content_of_what_was_learned_and_on_the_names_of_the_rest() {
    let (app, lib) = many();
    let (app, lib) = (app.path(), lib.path());
    let chosen = chosen(&learned(app, lib, None));
    assert!((10..=240).contains(&chosen.len()), "{}", chosen.len());
    let with = || pack(&learned(app, lib, Some(&chosen)), None).unwrap();
    let before = with();
    // What it is before it learned is what it is afterwards.
    assert_eq!(pack(&learned(app, lib, None), None).unwrap(), before);

    let unread: Vec<String> = (0..400)
        .map(|at| format!("src/part{}/file{at}.rs", at % 20))
        .filter(|path| !chosen.contains(path))
        .collect();
    for (at, path) in unread.iter().enumerate() {
        // Other names, other uses, another size, no text at all, nothing.
        match at % 4 {
            0 => write(app, path, "pub fn part_1() { part_2(); part_3() }\n"),
            1 => write(app, path, [0, 159, 146, 150]),
            2 => write(app, path, ""),
            _ => write(app, path, "x\n".repeat(5000)),
        }
    }
    assert_eq!(with(), before);

    let read = chosen.iter().find(|path| path.starts_with("src/"));
    let read = read.unwrap();
    write(
        app,
        read,
        "//! Another part altogether.\npub fn other() {}\n",
    );
    assert_ne!(with().text, before.text);
}

#[test]
fn what_is_not_read_is_left_out_by_name() {
    let (app, lib) = many();
    let first = learned(app.path(), lib.path(), None);
    let chosen = chosen(&first);
    let pack = pack(&first, None).unwrap();
    let unread = pack.left_out.iter();
    let unread = unread.filter(|one| one.reason == LeftOutReason::Unread);
    assert_eq!(unread.count(), 401 - chosen.len());
    assert!(pack.tokens <= 8000);
}

#[test]
fn few_files_are_all_learned_by_their_content() {
    let (app, lib) = super::folder::two();
    let graph = graph(app.path(), lib.path(), |_| {});
    let expert = graph.expert("app").unwrap();
    assert_eq!(
        Pack::chosen(&graph, expert, &PackOptions::default()).unwrap(),
        None
    );
}
