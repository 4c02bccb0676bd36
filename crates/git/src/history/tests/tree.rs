//! Files of a commit, and what they held.

use crate::history::{contents, snapshot};
use crate::testing::Repository;

#[test]
fn a_snapshot_lists_files_with_sizes_and_modes_without_a_checkout() {
    let made = Repository::new();
    made.write("b.txt", "12345");
    made.write("a/z.sh", "#!/bin/sh\n");
    made.write("a\nb", "");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", made.path().join("link")).unwrap();
    let first = made.commit("begin");
    made.write("b.txt", "other");
    made.commit("change");
    let files = snapshot(&made.path().join("a"), &first).unwrap();
    let told: Vec<(&str, Option<u64>, u32)> = files
        .iter()
        .map(|file| (file.path.as_str(), file.size, file.mode))
        .collect();
    assert_eq!(
        told,
        [
            ("a\nb", Some(0), 0o100_644),
            ("a/z.sh", Some(10), 0o100_644),
            ("b.txt", Some(5), 0o100_644),
            ("link", Some(11), 0o120_000),
        ]
    );
    assert!(files[3].is_link());
    let texts = contents(made.path(), &[&files[2].id, &files[1].id, &files[0].id]).unwrap();
    let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
    assert_eq!(texts, [Some("12345"), Some("#!/bin/sh\n"), Some("")]);
}

#[test]
fn what_is_no_text_is_too_large_or_is_missing_has_no_text() {
    let made = Repository::new();
    made.write("binary", b"a\0b");
    made.write("latin", b"\xe9t\xe9");
    made.write("huge", vec![b'x'; (1 << 20) + 1]);
    made.write("large", vec![b'y'; 1 << 20]);
    made.commit("begin");
    let files = snapshot(made.path(), "HEAD").unwrap();
    let mut ids: Vec<String> = files.iter().map(|file| file.id.clone()).collect();
    ids.push("0123456789".repeat(4));
    ids.push("main".into());
    ids.push("a\nb".into());
    ids.push(String::new());
    let texts = contents(made.path(), &ids).unwrap();
    let sizes: Vec<Option<usize>> = texts
        .iter()
        .map(|it| it.as_ref().map(String::len))
        .collect();
    assert_eq!(
        sizes,
        [None, None, Some(1 << 20), None, None, None, None, None]
    );
}

#[test]
fn contents_beyond_one_batch_come_in_the_order_that_was_asked() {
    let made = Repository::new();
    for number in 0..70 {
        let mut text = format!("{number}\n").into_bytes();
        text.resize(1 << 20, b'.');
        made.write(format!("{number}.txt"), text);
    }
    made.commit("begin");
    let files = snapshot(made.path(), "HEAD").unwrap();
    let ids: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
    let texts = contents(made.path(), &ids).unwrap();
    for (file, text) in files.iter().zip(texts) {
        let number = file.path.strip_suffix(".txt").unwrap();
        assert_eq!(text.unwrap().lines().next(), Some(number));
    }
}
