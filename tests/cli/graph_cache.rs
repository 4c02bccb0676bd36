//! The evaluated graph is taken from the cache while nothing that it depends on changed, and never else.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use crate::harness::{Repository, flake, text};

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

fn warm_up(repository: &Repository, folder: &str) {
    // The first one may write flake.lock.
    asks_nix(repository, folder);
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

/// Another repository with one expert, `base`, and a flake here that takes it as `url` says.
fn beside(url: &str) -> (Repository, Repository) {
    let other = Repository::new();
    let declaration = "role = \"Owns the greeting.\"; provides.greet.summary = \"greet(name)\";";
    other.write("flake.nix", &flake("base", "", declaration));
    other.commit("begin");
    let here = Repository::new();
    let url = format!("{url}{}", other.root.display());
    let declaration = "role = \"Owns the program.\"; neighbors.base = { expert = base.poag; needs.greet = \"it\"; };";
    here.write(
        "flake.nix",
        &flake("app", "base", declaration).replace("path:../base", &url),
    );
    here.commit("begin");
    (here, other)
}

#[test]
fn another_repository_counts_as_its_lock_says() {
    let (here, other) = beside("git+file://");
    assert!(asks_nix(&here, "."), "it writes the lock");
    warm_up(&here, ".");
    let before = here.nix(".", &["eval", "--json", ".#.poag"]).stdout;
    other.edit("flake.nix", "Owns the greeting.", "Owns more.");
    other.commit("more");
    assert!(!asks_nix(&here, "."), "the lock holds it where it was");
    assert_eq!(here.nix(".", &["eval", "--json", ".#.poag"]).stdout, before);
    here.nix(".", &["flake", "update", "base"]);
    assert!(asks_nix(&here, "."));
}

#[test]
fn a_dirty_repository_beside_is_never_trusted() {
    let (here, other) = beside("git+file://");
    other.edit("flake.nix", "Owns the greeting.", "Owns more.");
    for _ in 0..3 {
        assert!(asks_nix(&here, "."));
    }
    let (here, _other) = beside("path:");
    for _ in 0..3 {
        assert!(asks_nix(&here, "."));
    }
}

#[test]
fn a_flake_outside_of_git_is_all_that_lies_in_its_folder() {
    let family = Repository::family();
    fs::remove_dir_all(family.root.join(".git")).unwrap();
    warm_up(&family, "base");
    family.write("base/new.md", "# New\n");
    assert!(asks_nix(&family, "base"));
    warm_up(&family, "base");
    family.edit("base/src/private.py", "Hello", "Salut");
    assert!(asks_nix(&family, "base"));
}

#[test]
fn submodules_are_not_trusted() {
    let family = warm();
    let other = Repository::new();
    other.write("file", "text\n");
    other.commit("begin");
    let url = format!("file://{}", other.root.display());
    family.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &url,
        "app/sub",
    ]);
    for _ in 0..2 {
        assert!(asks_nix(&family, "app"));
    }
}

#[test]
fn a_merge_under_way_is_not_trusted() {
    let family = warm();
    family.git(&["checkout", "-q", "-b", "other"]);
    family.edit("app/notes.md", "Nothing yet", "Something");
    family.commit("one");
    family.git(&["checkout", "-q", "main"]);
    family.edit("app/notes.md", "Nothing yet", "Little");
    family.commit("two");
    let merge = std::process::Command::new("git")
        .current_dir(&family.root)
        .args([
            "-c",
            "user.name=T",
            "-c",
            "user.email=t@example.org",
            "merge",
            "-q",
            "other",
        ])
        .output()
        .unwrap();
    assert!(!merge.status.success());
    for _ in 0..2 {
        assert!(asks_nix(&family, "app"));
    }
}

#[test]
fn a_damaged_entry_is_evaluated_again() {
    let family = warm();
    let cache = family.state().parent().unwrap().join("cache/graphs");
    for entry in fs::read_dir(cache).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).unwrap();
    }
    assert!(asks_nix(&family, "app"));
    assert!(!asks_nix(&family, "app"));
}

#[test]
fn a_hook_with_an_index_of_its_own_sees_what_nix_sees() {
    let family = warm();
    let index = family.root.join(".git/other-index");
    fs::copy(family.root.join(".git/index"), &index).unwrap();
    let env = [("GIT_INDEX_FILE", index.to_str().unwrap())];
    asks_nix_with(&family, "app", &env);
    family.write("base/new.md", "# New\n");
    family.git(&["add", "base/new.md"]);
    assert!(asks_nix_with(&family, "app", &env));
}

#[test]
fn a_verdict_in_continuous_integration_is_that_of_nix_itself() {
    let family = warm();
    let asks = |ci: &str, words: &[&str]| {
        let output = family
            .poag("app")
            .args(words)
            .arg("--verbose")
            .env("CI", ci)
            .output()
            .unwrap();
        let stderr = text(&output.stderr);
        assert!(output.status.success(), "{stderr}");
        stderr.lines().any(|line| line.starts_with("$ nix"))
    };
    for ci in ["true", "1", "yes"] {
        assert!(asks(ci, &["check"]), "CI={ci}");
    }
    for ci in ["", "false", "0", "FALSE"] {
        assert!(!asks(ci, &["check"]), "CI={ci}");
        assert!(asks(ci, &["check", "--no-cache"]), "CI={ci}");
    }
}
