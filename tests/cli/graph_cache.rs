//! The evaluated graph is taken from the cache while nothing that it depends on changed, and never else.

mod trust;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use crate::harness::{Repository, text};

/// Evaluates the graph, and tells whether nix was asked for it: it may well refuse what it finds.
fn asks_nix(repository: &Repository, folder: &str) -> bool {
    asks_nix_with(repository, folder, &[])
}

fn asks_nix_with(repository: &Repository, folder: &str, env: &[(&str, &str)]) -> bool {
    let output = repository
        .poag(folder)
        .args(["graph", "--json", "--verbose"])
        .envs(env.iter().copied())
        .output()
        .unwrap();
    let stderr = text(&output.stderr);
    let asked = stderr.lines().any(|line| line.starts_with("$ nix"));
    assert!(asked || output.status.success(), "{stderr}");
    asked
}

/// A family whose graph is in the cache.
fn warm() -> Repository {
    let family = Repository::family();
    warm_up(&family, "app");
    family
}

/// Has flake.lock completed, as learning does: without it, nothing can be kept.
fn lock(repository: &Repository, folder: &str) {
    let mut poag = repository.poag(folder);
    poag.args(["learn", "--quiet", "--no-prime"])
        .assert()
        .success();
}

fn warm_up(repository: &Repository, folder: &str) {
    asks_nix(repository, folder);
    assert!(!asks_nix(repository, folder), "nothing changed");
}

#[test]
fn nothing_changed_means_no_nix_process_and_the_same_bytes() {
    let family = Repository::family();
    let json = |more: &[&str]| {
        let output = family
            .poag("app")
            .args(["graph", "--json"])
            .args(more)
            .output()
            .unwrap();
        assert!(output.status.success());
        output.stdout
    };
    let first = json(&[]);
    assert!(!asks_nix(&family, "app"));
    assert_eq!(json(&[]), first);
    assert_eq!(json(&["--no-cache"]), first);
}

#[test]
fn it_is_said_where_the_graph_comes_from_and_how_to_do_without() {
    let family = warm();
    let explain = |more: &[&str]| {
        let output = family
            .poag("app")
            .arg("explain")
            .args(more)
            .output()
            .unwrap();
        text(&output.stdout).contains("Nix was not asked")
    };
    assert!(explain(&[]));
    assert!(!explain(&["--no-cache"]));
    assert!(asks_nix_with(
        &family,
        "app",
        &[("POAG_NO_GRAPH_CACHE", "1")]
    ));
}

#[test]
fn each_change_of_what_nix_copies_is_seen() {
    type Change = fn(&Repository);
    let changes: [(&str, Change); 17] = [
        ("a tracked file", |r| {
            r.edit("base/README.md", "Call", "Use")
        }),
        ("a tracked file, same size and time", |r| {
            let path = r.root.join("base/README.md");
            let modified = fs::metadata(&path).unwrap().modified().unwrap();
            r.edit("base/README.md", "Call", "Make");
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(modified).unwrap();
        }),
        ("an intent to add", |r| {
            r.write("base/new.md", "# New\n");
            r.git(&["add", "--intent-to-add", "base/new.md"]);
        }),
        ("a staged file", |r| {
            r.write("base/new.md", "# New\n");
            r.git(&["add", "base/new.md"]);
        }),
        ("a removed file", |r| {
            fs::remove_file(r.root.join("app/notes.md")).unwrap()
        }),
        ("a file that is tracked no more", |r| {
            r.git(&["rm", "-q", "--cached", "app/notes.md"]);
        }),
        ("an executable bit", |r| {
            let path = r.root.join("base/src/greet.py");
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }),
        ("a symlink in place of a file", |r| {
            let path = r.root.join("app/notes.md");
            fs::remove_file(&path).unwrap();
            symlink("main.py", path).unwrap();
        }),
        ("a folder that became a symlink to itself elsewhere", |r| {
            fs::rename(r.root.join("base/src"), r.root.join("base/moved")).unwrap();
            symlink("moved", r.root.join("base/src")).unwrap();
        }),
        ("two files that changed places", |r| {
            let path = |name: &str| r.root.join("base/src").join(name);
            fs::rename(path("greet.py"), path("third.py")).unwrap();
            fs::rename(path("private.py"), path("greet.py")).unwrap();
            fs::rename(path("third.py"), path("private.py")).unwrap();
        }),
        ("flake.lock", |r| {
            r.edit("app/flake.lock", "\"version\": 7", "\"version\":  7")
        }),
        ("poag.lock", |r| {
            r.edit("base/poag.lock", "version = 1", "version = 1\n")
        }),
        ("a declaration", |r| {
            r.edit("base/flake.nix", "Owns the greeting.", "Owns it.")
        }),
        ("a nested flake", |r| {
            r.write("base/src/inner/flake.nix", "{ outputs = _: { }; }\n");
            r.git(&["add", "-A"]);
        }),
        ("a commit", |r| {
            r.git(&["commit", "-q", "--allow-empty", "-m", "nothing"]);
        }),
        ("attributes of files, tracked or not", |r| {
            r.write("base/src/.gitattributes", "* eol=crlf\n")
        }),
        ("a setting of git", |r| {
            r.git(&["config", "core.autocrlf", "input"]);
        }),
    ];
    let family = warm();
    for (what, change) in changes {
        change(&family);
        assert!(asks_nix(&family, "app"), "{what}");
        family.git(&["clean", "-q", "-d", "-f"]);
        family.git(&["reset", "-q", "--hard"]);
        warm_up(&family, "app");
    }
}

#[test]
fn what_nix_does_not_copy_changes_nothing() {
    let family = warm();
    family.write("base/scratch.txt", "not tracked\n");
    fs::create_dir(family.root.join("base/empty")).unwrap();
    assert!(!asks_nix(&family, "app"));
}

#[test]
fn a_symlink_that_leads_elsewhere_is_seen() {
    let family = Repository::family();
    let link = family.root.join("app/link");
    symlink("main.py", &link).unwrap();
    family.commit("link");
    warm_up(&family, "app");
    fs::remove_file(&link).unwrap();
    symlink("note.md", &link).unwrap();
    assert!(asks_nix(&family, "app"));
}

#[test]
fn a_worktree_has_a_commit_and_an_index_of_its_own() {
    let family = Repository::family();
    family.git(&["worktree", "add", "-q", "-b", "other", "../other"]);
    let folder = "../other/app";
    warm_up(&family, folder);
    family.git(&["commit", "-q", "--allow-empty", "-m", "on main"]);
    assert!(!asks_nix(&family, folder));
    family.git(&[
        "-C",
        "../other",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "on other",
    ]);
    assert!(asks_nix(&family, folder));
}

#[test]
fn knowledge_that_was_collected_as_garbage_is_made_again() {
    let family = Repository::family();
    // No other test may hold on to it.
    family.edit("base/README.md", "Call", &family.root.to_string_lossy());
    warm_up(&family, "app");
    let output = family
        .poag("app")
        .args(["graph", "--json"])
        .output()
        .unwrap();
    let graph: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let path = graph["experts"]["base"]["knowledge"]["path"]
        .as_str()
        .unwrap();
    let deleted = family.nix("app", &["store", "delete", path]);
    assert!(deleted.status.success(), "{}", text(&deleted.stderr));
    assert!(asks_nix(&family, "app"));
    assert!(Path::new(path).exists());
}

#[test]
fn settings_and_the_program_of_nix_are_part_of_it() {
    let family = warm();
    let config = std::env::var("NIX_CONFIG").unwrap_or_default();
    let more = format!("{config}\nwarn-dirty = false");
    assert!(asks_nix_with(&family, "app", &[("NIX_CONFIG", &more)]));
    assert!(!asks_nix_with(&family, "app", &[("NIX_CONFIG", &more)]));
    let impure = format!("{config}\npure-eval = false");
    for _ in 0..2 {
        assert!(asks_nix_with(&family, "app", &[("NIX_CONFIG", &impure)]));
    }

    let settings = family.state().join("settings");
    fs::create_dir_all(settings.join("nix")).unwrap();
    let home = settings.to_str().unwrap();
    asks_nix_with(&family, "app", &[("XDG_CONFIG_HOME", home)]);
    assert!(!asks_nix_with(&family, "app", &[("XDG_CONFIG_HOME", home)]));
    for (file, content) in [
        ("nix/nix.conf", "warn-dirty = false\n!include more.conf\n"),
        ("nix/more.conf", "max-jobs = 1\n"),
        ("nix/registry.json", "{ \"version\": 2, \"flakes\": [] }\n"),
        ("git/config", "[core]\n\tautocrlf = input\n"),
    ] {
        let path = settings.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        assert!(
            asks_nix_with(&family, "app", &[("XDG_CONFIG_HOME", home)]),
            "{file}"
        );
        assert!(
            !asks_nix_with(&family, "app", &[("XDG_CONFIG_HOME", home)]),
            "{file}"
        );
    }

    let bare = family.bare_path();
    let path = bare.to_str().unwrap();
    asks_nix_with(&family, "app", &[("PATH", path)]);
    assert!(!asks_nix_with(&family, "app", &[("PATH", path)]));
    let real = fs::canonicalize(bare.join("nix")).unwrap();
    fs::remove_file(bare.join("nix")).unwrap();
    fs::write(
        bare.join("nix"),
        format!("#!/bin/sh\nexec {} \"$@\"\n", real.display()),
    )
    .unwrap();
    fs::set_permissions(bare.join("nix"), fs::Permissions::from_mode(0o755)).unwrap();
    for _ in 0..2 {
        assert!(asks_nix_with(
            &family,
            "app",
            &[("PATH", &format!("{path}:/bin:/usr/bin"))]
        ));
    }
}
