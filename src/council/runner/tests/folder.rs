//! The real files of an expert.

use std::os::unix::fs::symlink;

use crate::council::check::{Entry, Tree};
use crate::council::runner::Folder;

#[test]
fn entries_are_told_apart_and_links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir(root.join("src")).unwrap();
    std::fs::write(root.join("src/a"), "x").unwrap();
    symlink("/etc", root.join("etc")).unwrap();
    symlink("a", root.join("src/b")).unwrap();
    let tree = Folder::new(root);
    for (path, entry) in [
        ("src", Entry::Folder),
        ("src/a", Entry::File),
        ("src/b", Entry::Other),
        ("src/c", Entry::Nothing),
        ("new/deep/file", Entry::Nothing),
        ("src/a/x", Entry::Beyond),
        ("etc", Entry::Other),
        ("etc/passwd", Entry::Beyond),
    ] {
        assert_eq!(tree.entry(path), entry, "{path}");
    }
}

#[test]
fn lines_are_counted_with_and_without_a_last_line_feed() {
    let folder = tempfile::tempdir().unwrap();
    let tree = Folder::new(folder.path());
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
