//! What moves in a pack when something changes, and what never does.

use std::fs;
use std::path::Path;

use super::folder::{graph, pack, two, write};
use crate::pack::{Pack, PackOptions};
use crate::parallel;

/// The parts of a pack's text by layer: everything up to the outline, the outline, each source, and what is left out.
fn layers(pack: &Pack) -> Vec<(String, String)> {
    let mut layers = Vec::new();
    let mut name = "front".to_owned();
    let mut text = String::new();
    for line in pack.text.lines() {
        let next = match line {
            "## Files and what they define" => Some("outline"),
            "## Not shown here" => Some("left out"),
            // Headings of sources; samples here have none of their own.
            _ => line
                .strip_prefix("### src/")
                .or(line.strip_prefix("### README")),
        };
        if let Some(next) = next.filter(|_| name != "front" || line.starts_with("## Files")) {
            layers.push((
                std::mem::replace(&mut name, next.to_owned()),
                std::mem::take(&mut text),
            ));
        }
        text.push_str(line);
        text.push('\n');
    }
    layers.push((name, text));
    layers
}

/// The names of layers that differ.
fn moved(before: &Pack, after: &Pack) -> Vec<String> {
    let (before, after) = (layers(before), layers(after));
    let names: Vec<_> = before.iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        after.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    let differ = before.iter().zip(&after).filter(|(a, b)| a != b);
    differ.map(|(a, _)| a.0.clone()).collect()
}

#[test]
fn a_change_of_one_source_moves_only_the_layers_that_contain_it() {
    let (app, lib) = two();
    let graph = graph(app.path(), lib.path(), |_| {});
    let before = pack(&graph, None).unwrap();
    let used = "/// Used by all.\npub fn widely_used() {}\n";
    // A body: only its own source.
    write(app.path(), "src/used.rs", used.replace("{}", "{ todo!() }"));
    assert_eq!(moved(&before, &pack(&graph, None).unwrap()), ["used.rs"]);
    // What the outline shows: the outline too.
    write(app.path(), "src/used.rs", used.replace("by all", "by most"));
    assert_eq!(
        moved(&before, &pack(&graph, None).unwrap()),
        ["outline", "used.rs"]
    );
    // What is nowhere shown: nothing.
    write(app.path(), "src/used.rs", used);
    assert_eq!(before, pack(&graph, None).unwrap());
    write(app.path(), "Cargo.lock", "version = 5\n");
    assert_eq!(before.text, pack(&graph, None).unwrap().text);
}

/// A folder of 300 files in several languages that use each other.
fn many(root: &Path) {
    for at in 0..300 {
        let next = (at * 7 + 1) % 300;
        let (path, text) = match at % 4 {
            0 => (
                "rs",
                format!("//! File {at}.\npub fn name_{at}() {{ name_{next}() }}\n"),
            ),
            1 => (
                "py",
                format!("\"\"\"File {at}.\"\"\"\ndef name_{at}():\n    name_{next}()\n"),
            ),
            2 => (
                "go",
                format!("// File {at}.\npackage a\nfunc Name_{at}() {{ name_{next}() }}\n"),
            ),
            _ => ("md", format!("# File {at}\n\nSee name_{next}.\n")),
        };
        let filler = "// filler of some length\n".repeat(at % 40);
        write(root, &format!("d{}/f{at}.{path}", at % 9), text + &filler);
    }
}

#[test]
fn a_pack_is_the_same_on_any_number_of_processors() {
    let (app, lib) = two();
    many(app.path());
    let graph = graph(app.path(), lib.path(), |_| {});
    let packs = [1, 2, 3, 16]
        .map(|threads| parallel::with_threads(threads, || pack(&graph, Some(12_000)).unwrap()));
    assert!(packs.iter().all(|pack| *pack == packs[0]));
    assert!(packs[0].tokens > 11_000);
}

fn renewed(cache: &Path, graph: &poag_core::expert::Graph, budget: usize) -> Pack {
    let options = PackOptions {
        budget: Some(budget),
        files: None,
    };
    Pack::renewed(cache, graph, graph.expert("app").unwrap(), &options).unwrap()
}

#[test]
fn what_is_kept_of_files_changes_no_pack_whatever_changed_since() {
    let ((app, lib), cache) = (two(), tempfile::tempdir().unwrap());
    many(app.path());
    let graph = graph(app.path(), lib.path(), |_| {});
    for (step, budget) in [12_000, 12_000, 3_000, 40_000, 12_000]
        .into_iter()
        .enumerate()
    {
        let anew = pack(&graph, Some(budget)).unwrap();
        for _ in 0..2 {
            assert_eq!(renewed(cache.path(), &graph, budget), anew, "step {step}");
        }
        write(
            app.path(),
            &format!("d{step}/f{step}.rs"),
            format!("pub fn other_{step}() {{}}\n"),
        );
        fs::remove_file(
            app.path()
                .join(format!("d{}/f{}.rs", (step * 4 + 40) % 9, step * 4 + 40)),
        )
        .unwrap();
    }
    // The same content under another name, and another content under the same name.
    fs::rename(app.path().join("d1/f100.rs"), app.path().join("d1/f100.py")).unwrap();
    assert_eq!(
        renewed(cache.path(), &graph, 12_000),
        pack(&graph, Some(12_000)).unwrap()
    );
}

#[test]
fn what_is_kept_and_damaged_is_found_out_again() {
    let ((app, lib), cache) = (two(), tempfile::tempdir().unwrap());
    let graph = graph(app.path(), lib.path(), |_| {});
    let anew = renewed(cache.path(), &graph, 8000);
    let files = || {
        fs::read_dir(cache.path().join("files"))
            .unwrap()
            .map(|one| one.unwrap().path())
    };
    let kept = files().next().unwrap();
    let whole = fs::read(&kept).unwrap();
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..60 {
        let mut bytes = whole.clone();
        match random.u8(0..3) {
            0 => bytes.truncate(random.usize(..whole.len())),
            1 => bytes[random.usize(..whole.len())] ^= 1 << random.u8(0..8),
            _ => bytes.extend_from_slice(b"more"),
        }
        fs::write(&kept, &bytes).unwrap();
        assert_eq!(renewed(cache.path(), &graph, 8000), anew);
        assert_eq!(fs::read(&kept).unwrap(), whole);
    }
    assert_eq!(files().count(), 1);
}

#[test]
fn several_at_once_keep_what_each_of_them_can_use() {
    let ((app, lib), cache) = (two(), tempfile::tempdir().unwrap());
    many(app.path());
    let graph = graph(app.path(), lib.path(), |_| {});
    let anew = pack(&graph, Some(9000)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..4 {
                    assert_eq!(renewed(cache.path(), &graph, 9000), anew);
                }
            });
        }
    });
}

/// The pack of a small expert, byte for byte, as it was on the machine where it was written.
#[test]
fn a_pack_is_the_one_that_is_written_down() {
    let (app, lib) = two();
    many(app.path());
    let pack = pack(&graph(app.path(), lib.path(), |_| {}), Some(4000)).unwrap();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/golden.md");
    if std::env::var_os("POAG_GOLDEN").is_some() {
        fs::write(&place, &pack.text).unwrap();
    }
    assert!(
        fs::read_to_string(&place).unwrap() == pack.text,
        "the pack differs from {}\nrepair: where it should, raise FORMAT in src/knowledge/pack.rs and run this test with POAG_GOLDEN=1",
        place.display()
    );
}
