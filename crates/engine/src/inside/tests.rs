//! Links of a repository, in every place where one can stand.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::{InsideError, Permissions, place_of, read, write, write_named, write_own};

struct Made {
    folder: tempfile::TempDir,
}

impl Made {
    /// A repository `in` beside a folder `out`.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("in/.git")).unwrap();
        fs::create_dir(folder.path().join("out")).unwrap();
        fs::write(folder.path().join("out/secret"), "secret").unwrap();
        Self { folder }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("in")
    }

    fn out(&self) -> Vec<String> {
        let mut found: Vec<String> = fs::read_dir(self.folder.path().join("out"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        assert_eq!(
            fs::read_to_string(self.folder.path().join("out/secret")).unwrap(),
            "secret"
        );
        found
    }
}

#[test]
fn no_link_is_followed_wherever_it_stands() {
    let made = Made::new();
    let root = made.root();
    symlink("../out", root.join("folder")).unwrap();
    symlink("../out/secret", root.join("file")).unwrap();
    symlink("../out/new", root.join("dangling")).unwrap();
    fs::create_dir(root.join("deep")).unwrap();
    symlink("../../out", root.join("deep/er")).unwrap();
    symlink("loop", root.join("loop")).unwrap();
    for path in [
        "folder/x",
        "folder/secret",
        "folder/new/x",
        "file",
        "dangling",
        "deep/er/x",
        "loop",
        "loop/x",
    ] {
        let path = Path::new(path);
        let refused = write(&root, path, b"x", Permissions::Kept);
        assert!(matches!(refused, Err(InsideError::Link(_))), "{refused:?}");
        let named = write_named(&root.join(path), b"x", Permissions::Kept);
        assert!(matches!(named, Err(InsideError::Link(_))), "{named:?}");
        let refused = read(&root, path, 100);
        assert!(matches!(refused, Err(InsideError::Link(_))), "{refused:?}");
    }
    for path in ["../out/x", "/x", "", ".", "a/../../out/x"] {
        let refused = write(&root, Path::new(path), b"x", Permissions::Kept);
        assert!(
            matches!(refused, Err(InsideError::Outside { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(made.out(), ["secret"]);
}

#[test]
fn a_file_keeps_its_permissions_and_another_name_of_it_its_content() {
    let made = Made::new();
    let root = made.root();
    let file = root.join("a");
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o750)).unwrap();
    fs::hard_link(&file, root.join("other")).unwrap();
    write(&root, Path::new("a"), b"new", Permissions::Kept).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    assert_eq!(fs::read_to_string(root.join("other")).unwrap(), "old");
    let mode = |path: &str| fs::metadata(root.join(path)).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode("a"), 0o750);
    write(&root, Path::new("b/c"), b"x", Permissions::Exactly(0o755)).unwrap();
    assert_eq!(mode("b/c"), 0o755);
    assert_eq!(read(&root, Path::new("b/c"), 1).unwrap().unwrap(), b"x");
    let left: Vec<_> = fs::read_dir(&root).unwrap().collect();
    assert_eq!(left.len(), 4, "{left:?}");
}

#[test]
fn what_is_no_file_is_neither_read_nor_replaced() {
    let made = Made::new();
    let root = made.root();
    fs::create_dir(root.join("folder")).unwrap();
    fs::write(root.join("folder/x"), "x").unwrap();
    let refused = write(&root, Path::new("folder"), b"x", Permissions::Kept);
    assert!(matches!(refused, Err(InsideError::NoFile(_))));
    let refused = write(&root, Path::new("folder/x/y"), b"x", Permissions::Kept);
    assert!(matches!(refused, Err(InsideError::NoFolder(_))));
    assert!(matches!(
        read(&root, Path::new("folder"), 9),
        Err(InsideError::NoFile(_))
    ));
    assert!(read(&root, Path::new("none/x"), 9).unwrap().is_none());
    fs::write(root.join("large"), "0123456789").unwrap();
    assert!(matches!(
        read(&root, Path::new("large"), 9),
        Err(InsideError::Large { .. })
    ));
}

#[test]
fn what_stands_in_the_place_of_a_file_of_poags_own_makes_room() {
    let made = Made::new();
    let root = made.root();
    let lock = root.join("poag.lock");
    symlink("../out/secret", &lock).unwrap();
    let said = write_own(&root, Path::new("poag.lock"), b"one").unwrap();
    assert!(said.unwrap().contains("symbolic link"));
    assert!(lock.symlink_metadata().unwrap().is_file());
    assert_eq!(made.out(), ["secret"]);
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    fs::write(lock.join("a"), "a").unwrap();
    fs::write(root.join("poag.lock.1"), "taken").unwrap();
    let said = write_own(&root, Path::new("poag.lock"), b"two").unwrap();
    assert!(said.unwrap().contains("poag.lock.2"));
    assert_eq!(fs::read_to_string(&lock).unwrap(), "two");
    assert_eq!(fs::read_to_string(root.join("poag.lock.2/a")).unwrap(), "a");
    assert!(
        write_own(&root, Path::new("poag.lock"), b"3")
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_place_that_a_person_named_belongs_to_the_outermost_repository_around_its_words() {
    let made = Made::new();
    let root = made.root();
    fs::create_dir_all(root.join("sub/.git")).unwrap();
    let (found, path) = place_of(&root.join("sub/./x/../y")).unwrap();
    assert!(found.ends_with("in") || root.starts_with(&found));
    assert!(root.join("sub/y").ends_with(&path));
    // A pipe that a person names is written as they mean it.
    write_named(Path::new("/dev/null"), b"x", Permissions::Kept).unwrap();
}
