use std::fs;

use super::folder::{graph, two, write};
use crate::pack::{Pack, PackOptions};
use poag_core::expert::Graph;

fn cached(folder: &std::path::Path, graph: &Graph, budget: Option<usize>) -> Pack {
    Pack::cached(
        folder,
        graph,
        graph.expert("app").unwrap(),
        &PackOptions {
            budget,
            files: None,
        },
    )
    .unwrap()
}

fn entries(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect()
}

#[test]
fn an_unchanged_expert_costs_no_look_at_its_files() {
    let ((app, lib), cache) = (two(), tempfile::tempdir().unwrap());
    let folder = cache.path().join("new/packs");
    let graph = graph(app.path(), lib.path(), |_| {});
    let first = cached(&folder, &graph, None);
    fs::remove_dir_all(app.path()).unwrap();
    fs::remove_dir_all(lib.path()).unwrap();
    assert_eq!(cached(&folder, &graph, None), first);
    assert_eq!(entries(&folder).len(), 1);
}

#[test]
fn whatever_goes_into_a_pack_makes_another_entry_and_what_does_not_makes_none() {
    let ((app, lib), cache) = (two(), tempfile::tempdir().unwrap());
    let build = |change: &dyn Fn(&mut serde_json::Value), budget| {
        cached(cache.path(), &graph(app.path(), lib.path(), change), budget);
        entries(cache.path()).len()
    };
    assert_eq!(build(&|_| {}, None), 1);
    assert_eq!(build(&|_| {}, Some(8000)), 1);
    assert_eq!(
        build(
            &|graph| graph["experts"]["lib"]["identity"] = "other".into(),
            None
        ),
        1
    );
    assert_eq!(
        build(
            &|graph| graph["experts"]["lib"]["provides"]["private"]["hash"] = "9".into(),
            None
        ),
        1
    );
    assert_eq!(build(&|_| {}, Some(7000)), 2);
    assert_eq!(
        build(
            &|graph| graph["experts"]["app"]["identity"] = "other".into(),
            None
        ),
        3
    );
    assert_eq!(
        build(
            &|graph| graph["experts"]["lib"]["provides"]["api"]["hash"] = "9".into(),
            None
        ),
        4
    );
    assert_eq!(
        build(
            &|graph| graph["experts"]["app"]["prompt"] = "{{ name }}".into(),
            None
        ),
        5
    );
    assert_eq!(
        build(&|graph| graph["experts"]["app"]["role"] = "x".into(), None),
        6
    );
}

#[test]
fn a_damaged_entry_is_built_again() {
    let ((app, lib), cache) = (two(), tempfile::tempdir().unwrap());
    let graph = graph(app.path(), lib.path(), |_| {});
    let pack = cached(cache.path(), &graph, None);
    let entry = entries(cache.path()).remove(0);
    let whole = fs::read_to_string(&entry).unwrap();
    for damage in [
        String::new(),
        "not json".to_owned(),
        whole[..whole.len() / 2].to_owned(),
        whole.replace("Owns app.", "Owns all."),
        "{}".to_owned(),
    ] {
        fs::write(&entry, damage).unwrap();
        assert_eq!(cached(cache.path(), &graph, None), pack);
        assert_eq!(fs::read_to_string(&entry).unwrap(), whole);
    }
    assert_eq!(entries(cache.path()), [entry]);
}

#[test]
fn a_cache_that_cannot_be_written_costs_nothing_but_time() {
    let ((app, lib), cache) = (two(), tempfile::tempdir().unwrap());
    write(cache.path(), "file", "in the way");
    let graph = graph(app.path(), lib.path(), |_| {});
    let pack = cached(&cache.path().join("file"), &graph, None);
    assert!(pack.text.contains("Owns app."));
}
