use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::folder::{folder, paths, write};
use crate::files::{Content, Files, HUGE};
use crate::hash::{Digest, digests};

fn no_links(_: &Path) -> Result<String, String> {
    Err("no symbolic link was expected".into())
}

#[test]
fn files_are_sorted_bytewise_by_their_whole_path() {
    let folder = folder(&[
        ("a/b.rs", ""),
        ("a-b.rs", ""),
        ("a.rs", ""),
        ("Z.rs", ""),
        ("a/B/c.rs", ""),
    ]);
    let files = Files::read(folder.path()).unwrap();
    assert_eq!(
        paths(&files),
        ["Z.rs", "a-b.rs", "a.rs", "a/B/c.rs", "a/b.rs"]
    );
    assert!(files.find("a/b.rs").is_some());
    assert!(files.find("b.rs").is_none());
}

#[test]
fn a_declared_folder_stands_for_all_below_it_and_not_for_its_namesakes() {
    let folder = folder(&[("src/a.rs", ""), ("src/b/c.rs", ""), ("srcs.rs", "")]);
    let files = Files::read(folder.path()).unwrap();
    let below = |path| {
        files
            .below(path)
            .map(|f| f.path.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(below("src"), ["src/a.rs", "src/b/c.rs"]);
    assert_eq!(below("./src/"), ["src/a.rs", "src/b/c.rs"]);
    assert_eq!(below("src/a.rs"), ["src/a.rs"]);
    assert_eq!(below(".").len(), 3);
}

#[test]
fn text_binary_huge_and_links_are_told_apart() {
    let folder = folder(&[
        ("text", "Grüße, 世界".as_bytes()),
        ("empty", b""),
        ("latin", b"Gr\xfc\xdfe"),
        ("nul", b"text with a \0"),
        ("huge", &vec![b'a'; HUGE as usize + 1]),
    ]);
    symlink("/etc/passwd", folder.path().join("link")).unwrap();
    let files = Files::read(folder.path()).unwrap();
    let content = |path| files.find(path).unwrap().content;
    assert_eq!(content("text"), Content::Text);
    assert_eq!(content("empty"), Content::Text);
    assert_eq!(content("latin"), Content::Binary);
    assert_eq!(content("nul"), Content::Binary);
    assert_eq!(content("huge"), Content::Huge);
    assert_eq!(content("link"), Content::Symlink);
    assert_eq!(files.find("link").unwrap().size, 11);
}

#[test]
fn a_character_cut_at_the_end_of_the_probe_does_not_make_a_file_binary() {
    let text = format!("{}世界", "a".repeat(8191));
    let folder = folder(&[("cut", text.as_bytes())]);
    let files = Files::read(folder.path()).unwrap();
    assert_eq!(files.text(&files.files[0]).unwrap(), Some(text));
}

#[test]
fn a_file_that_turns_out_not_to_be_text_after_all_has_no_text() {
    let mut bytes = vec![b'a'; 10_000];
    bytes.push(0xff);
    let folder = folder(&[("late", &bytes)]);
    let files = Files::read(folder.path()).unwrap();
    assert_eq!(files.files[0].content, Content::Text);
    assert_eq!(files.text(&files.files[0]).unwrap(), None);
}

#[test]
fn a_name_that_is_not_utf8_is_refused_with_the_repair() {
    let folder = folder(&[("a", "")]);
    fs::write(folder.path().join(OsStr::from_bytes(b"gr\xfcn")), "").unwrap();
    let error = Files::read(folder.path()).unwrap_err().to_string();
    assert_eq!(
        error,
        "the file name 'gr\u{fffd}n' is not UTF-8\nrepair: rename the file, or leave it out with `knowledge.exclude`"
    );
}

#[test]
fn links_are_neither_followed_nor_read_even_when_they_replace_a_file_later() {
    let outside = folder(&[("secret", "outside")]);
    let folder = folder(&[("plain", "inside")]);
    symlink(outside.path(), folder.path().join("dir")).unwrap();
    let files = Files::read(folder.path()).unwrap();
    assert_eq!(paths(&files), ["dir", "plain"]);
    fs::remove_file(folder.path().join("plain")).unwrap();
    symlink(outside.path().join("secret"), folder.path().join("plain")).unwrap();
    assert!(files.text(files.find("plain").unwrap()).is_err());
}

#[test]
fn a_path_that_leaves_the_folder_is_refused() {
    let folder = folder(&[("a", "")]);
    let files = Files::read(folder.path()).unwrap();
    for path in ["../a", "/etc/passwd", "x/../../a", "", "./a"] {
        assert!(files.inside(path).is_err(), "{path}");
    }
}

#[test]
fn a_missing_folder_and_a_file_in_its_place_are_refused_with_the_repair() {
    let folder = folder(&[("file", "")]);
    for name in ["missing", "file"] {
        let error = Files::read(&folder.path().join(name)).unwrap_err();
        assert!(error.to_string().contains("\nrepair: "), "{error}");
    }
}

#[test]
fn digests_are_those_of_sha256sum_and_links_get_their_nar_hash() {
    let folder = folder(&[("b", "abc"), ("a", "")]);
    symlink("b", folder.path().join("link")).unwrap();
    let files = Files::read(folder.path()).unwrap();
    let digests = digests(&files, |path| {
        assert!(path.ends_with("link"));
        Ok::<_, String>("sha256-of-the-link".to_owned())
    })
    .unwrap();
    let sha256 = |hex: &str| Digest::Sha256(hex.to_owned());
    assert_eq!(
        digests,
        [
            (
                "a".to_owned(),
                sha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
            ),
            (
                "b".to_owned(),
                sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            ),
            ("link".to_owned(), Digest::Nar("sha256-of-the-link".into())),
        ]
    );
}

#[test]
fn many_files_are_digested_in_order() {
    let folder = folder::<&str>(&[]);
    for at in 0..200 {
        write(folder.path(), &format!("{at:03}"), at.to_string());
    }
    let files = Files::read(folder.path()).unwrap();
    let digests = digests(&files, no_links).unwrap();
    let order: Vec<_> = digests.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(order, paths(&files));
}
