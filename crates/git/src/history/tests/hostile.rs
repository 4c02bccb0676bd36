//! Repositories whose own settings want to run something.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::history::{contents, read, snapshot};
use crate::testing::Repository;

#[test]
fn no_setting_of_the_repository_runs_anything() {
    let made = Repository::new();
    made.write("a.txt", "a\n");
    made.commit("begin");
    made.write("a.txt", "b\n");
    made.write(".gitattributes", "* diff=evil filter=evil\n");
    made.commit("change");
    let trace = made.path().join(".git/ran");
    let program = made.path().join(".git/evil");
    let script = format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\n", trace.display());
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let program = program.to_str().unwrap();
    for name in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.gitProxy",
        "core.editor",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "gpg.program",
        "gpg.ssh.program",
        "credential.helper",
        "pager.rev-list",
        "pager.diff-tree",
        "pager.ls-tree",
    ] {
        made.git(&["config", name, program]);
    }
    made.git(&["config", "log.showSignature", "true"]);
    made.git(&["config", "alias.rev-list", &format!("!{program}")]);
    fs::create_dir_all(made.path().join(".git/hooks")).unwrap();
    for hook in [
        "post-index-change",
        "fsmonitor-watchman",
        "reference-transaction",
    ] {
        let place = made.path().join(".git/hooks").join(hook);
        fs::copy(program, &place).unwrap();
    }
    let past = read(made.path(), "HEAD", "", 10).unwrap();
    assert_eq!(past.commits.len(), 2);
    let files = snapshot(made.path(), "HEAD").unwrap();
    let ids: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
    assert_eq!(
        contents(made.path(), &ids).unwrap()[1].as_deref(),
        Some("b\n")
    );
    let ran = fs::read_to_string(&trace).unwrap_or_default();
    assert_eq!(ran, "");
}

#[test]
fn what_a_partial_clone_lacks_is_not_fetched() {
    let made = Repository::new();
    made.write("a.txt", "a\n");
    made.commit("begin");
    let id = made.git(&["rev-parse", "HEAD:a.txt"]);
    let trace = made.path().join(".git/ran");
    made.git(&["config", "core.repositoryFormatVersion", "1"]);
    made.git(&["config", "extensions.partialClone", "origin"]);
    made.git(&["config", "remote.origin.promisor", "true"]);
    let url = format!("ext::sh -c touch% {}", trace.display());
    made.git(&["config", "remote.origin.url", &url]);
    made.git(&["config", "protocol.ext.allow", "always"]);
    let loose = made
        .path()
        .join(".git/objects")
        .join(&id[..2])
        .join(&id[2..]);
    fs::remove_file(loose).unwrap();
    let files = snapshot(made.path(), "HEAD").unwrap();
    assert_eq!(files[0].size, None);
    assert_eq!(contents(made.path(), &[&id]).unwrap(), [None]);
    assert_eq!(read(made.path(), "HEAD", "", 10).unwrap().commits.len(), 1);
    assert!(!trace.exists());
}

#[test]
fn replaced_objects_change_nothing() {
    let made = Repository::new();
    made.write("a.txt", "a\n");
    let first = made.commit("begin");
    made.write("a.txt", "b\n");
    let second = made.commit("change");
    made.git(&["replace", &second, &first]);
    let past = read(made.path(), "HEAD", "", 10).unwrap();
    assert_eq!(past.commits.len(), 2);
    assert_eq!(past.commits[0].message, "change");
}

#[test]
fn a_history_in_another_encoding_and_renames_turned_off_read_the_same() {
    let made = Repository::new();
    made.write("a.txt", "a\n");
    made.commit("begin");
    made.git(&["mv", "a.txt", "b.rs"]);
    made.git(&[
        "-c",
        "i18n.commitEncoding=ISO-8859-1",
        "commit",
        "--quiet",
        "-m",
        "caf\u{e9}",
    ]);
    for setting in [
        "diff.renames=false",
        "diff.relative=true",
        "diff.noprefix=true",
    ] {
        let (name, value) = setting.split_once('=').unwrap();
        made.git(&["config", name, value]);
    }
    let past = read(made.path(), "HEAD", "", 10).unwrap();
    assert_eq!(past.commits[0].changes[0].path, "b.rs");
    assert!(matches!(
        past.commits[0].changes[0].kind,
        crate::history::ChangeKind::Renamed { .. }
    ));
}
