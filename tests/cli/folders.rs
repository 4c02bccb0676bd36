//! What poag keeps lies in the person's own folders, and never where one stands.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::harness::{Repository, text};

/// Asks with these variables instead of those that other tests have.
fn ask(repository: &Repository, env: &[(&str, &str)]) -> std::process::Output {
    let mut poag = repository.poag("base");
    for name in [
        "POAG_CACHE_DIR",
        "POAG_STATE_DIR",
        "XDG_CACHE_HOME",
        "XDG_STATE_HOME",
    ] {
        poag.env_remove(name);
    }
    poag.envs(env.iter().copied())
        .args(["ask", "How do I call greet?"])
        .output()
        .unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_path_that_is_not_absolute_counts_for_nothing() {
    let repository = Repository::family();
    let home = tempfile::tempdir().unwrap();
    let own = home.path().to_str().unwrap();
    // The first one may write flake.lock.
    ask(&repository, &[("HOME", own)]);
    let before = repository.git(&["status", "--porcelain", "--ignored"]);
    for wrong in ["", "relative", "./here", "../app"] {
        let output = ask(
            &repository,
            &[
                ("HOME", own),
                ("XDG_CACHE_HOME", wrong),
                ("XDG_STATE_HOME", wrong),
                ("XDG_CONFIG_HOME", wrong),
                ("TMPDIR", wrong),
            ],
        );
        assert!(output.status.success(), "{}", text(&output.stderr));
        let after = repository.git(&["status", "--porcelain", "--ignored"]);
        assert_eq!(after, before, "{wrong:?}");
    }
    for folder in [".local/state/poag", ".cache/poag", ".cache/poag/librarian"] {
        assert_eq!(mode(&home.path().join(folder)), 0o700, "{folder}");
    }
    assert!(
        home.path()
            .join(".local/state/poag/ledger.sqlite")
            .is_file()
    );
}

#[test]
fn a_home_that_is_not_absolute_is_that_of_the_password_database() {
    let repository = Repository::family();
    let kept = tempfile::tempdir().unwrap();
    let kept = kept.path().to_str().unwrap();
    ask(
        &repository,
        &[("XDG_CACHE_HOME", kept), ("XDG_STATE_HOME", kept)],
    );
    let before = repository.git(&["status", "--porcelain", "--ignored"]);
    let user = rustix::process::getuid().as_raw();
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    let home = passwd.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        (fields.get(2) == Some(&user.to_string().as_str())).then(|| fields[5].to_owned())
    });
    for wrong in ["", "relative"] {
        // What is written goes elsewhere, so that the test leaves nothing in a real home.
        let env = [
            ("HOME", wrong),
            ("XDG_CACHE_HOME", kept),
            ("XDG_STATE_HOME", kept),
        ];
        let output = ask(&repository, &env);
        assert!(output.status.success(), "{}", text(&output.stderr));
        // Doctor says where the ledger would be, and makes nothing there without agents.
        let mut doctor = repository.poag("base");
        doctor.env("HOME", wrong).env_remove("POAG_CACHE_DIR");
        let output = doctor
            .env_remove("XDG_CACHE_HOME")
            .args(["doctor", "--json"])
            .output();
        let said = text(&output.unwrap().stdout);
        if let Some(home) = &home {
            assert!(said.contains(&format!("{home}/.cache/poag")), "{said}");
        }
        let after = repository.git(&["status", "--porcelain", "--ignored"]);
        assert_eq!(after, before, "{wrong:?}");
    }
}

#[test]
fn a_folder_that_is_named_for_poag_must_be_absolute() {
    let repository = Repository::family();
    let output = ask(&repository, &[("POAG_STATE_DIR", "here")]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("repair: ") && said.contains("POAG_STATE_DIR"),
        "{said}"
    );
    assert!(!repository.root.join("base/here").exists());
}
