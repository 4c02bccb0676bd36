//! The real files of an expert.

use std::os::unix::fs::symlink;

use serde_json::json;

use crate::run::flake_tree::FlakeTree;
use poag_core::council::check::{Tree, TreeEntry};
use poag_core::expert::Graph;
use poag_core::testing::graph;
use poag_git::testing::Repository;

#[test]
fn entries_are_told_apart_and_links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir(root.join("src")).unwrap();
    std::fs::write(root.join("src/a"), "x").unwrap();
    symlink("/etc", root.join("etc")).unwrap();
    symlink("a", root.join("src/b")).unwrap();
    let tree = FlakeTree::new(root);
    for (path, entry) in [
        ("src", TreeEntry::Folder),
        ("src/a", TreeEntry::File),
        ("src/b", TreeEntry::Other),
        ("src/c", TreeEntry::Nothing),
        ("new/deep/file", TreeEntry::Nothing),
        ("src/a/x", TreeEntry::Beyond),
        ("etc", TreeEntry::Other),
        ("etc/passwd", TreeEntry::Beyond),
    ] {
        assert_eq!(tree.entry(path), entry, "{path}");
    }
}

#[test]
fn lines_are_counted_with_and_without_a_last_line_feed() {
    let folder = tempfile::tempdir().unwrap();
    let tree = FlakeTree::new(folder.path());
    for (name, text, lines) in [
        ("a", "", 0),
        ("b", "1\n2", 2),
        ("c", "1\n2\n", 2),
        ("d", "\n", 1),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
        assert_eq!(tree.lines(name), Some(lines), "{name}");
    }
    assert_eq!(tree.lines("none"), None);
}

/// A repository with a flake, of which its expert knows only `src`.
fn flake() -> (Repository, Graph) {
    let made = Repository::new();
    for path in [
        "flake.nix",
        "src/a",
        "vendor/x",
        "Cargo.lock",
        "inner/y",
        "module/flake.nix",
        "knowledge/src/a",
    ] {
        made.write(path, "1\n2\n");
    }
    made.write("inner/flake.nix", "{ outputs = _: { }; }\n");
    made.write(".gitignore", "ignored\n");
    made.commit("begin");
    made.write("untracked", "");
    made.write("ignored/x", "");
    made.write("nested/.git/HEAD", "");
    made.write("nested/z", "");
    symlink("vendor", made.path().join("linked")).unwrap();
    let mut root = poag_core::testing::flake("root", &[]);
    root["location"] = json!({"kind": "local", "dir": ""});
    root["knowledge"]["path"] = json!(made.path().join("knowledge"));
    let graph = graph(vec![root]);
    (made, graph)
}

#[test]
fn what_exists_is_a_matter_of_the_work_tree_and_not_of_knowledge() {
    let (made, graph) = flake();
    let expert = graph.expert("root").unwrap();
    let tree = FlakeTree::of(expert, Some(made.path()));
    for (path, entry) in [
        ("src/a", TreeEntry::File),
        ("vendor/x", TreeEntry::Tracked),
        ("Cargo.lock", TreeEntry::Tracked),
        ("vendor", TreeEntry::Folder),
        ("vendor/x/y", TreeEntry::Beyond),
        ("untracked", TreeEntry::Unseen),
        ("ignored/x", TreeEntry::Unseen),
        ("inner", TreeEntry::Foreign),
        ("inner/y", TreeEntry::Foreign),
        ("inner/new", TreeEntry::Foreign),
        ("inner/flake.nix", TreeEntry::Foreign),
        ("module/flake.nix", TreeEntry::Tracked),
        ("module/new", TreeEntry::Nothing),
        ("nested/new", TreeEntry::Foreign),
        ("linked", TreeEntry::Other),
        ("linked/x", TreeEntry::Beyond),
        ("new", TreeEntry::Nothing),
        ("new/flake.nix", TreeEntry::Nothing),
        ("vendor/new", TreeEntry::Nothing),
    ] {
        assert_eq!(tree.entry(path), entry, "{path}");
    }
    assert_eq!(tree.lines("vendor/x"), Some(2));
    assert_eq!(tree.lines("untracked"), None);
    // Where the flake is not at hand, only knowledge can tell.
    assert_eq!(
        FlakeTree::of(expert, None).entry("vendor/x"),
        TreeEntry::Nothing
    );
}
