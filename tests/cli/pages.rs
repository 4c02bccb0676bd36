//! What the README and the book show, read as it stands: blocks of code behind a line `<!-- tested: NAME -->`, and a place
//! to run them in.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::harness::{Repository, poag_url, text};

/// What stands for wherever a person's copy of poag lives.
pub const COPY: &str = "git+file:///path/to/poag";

/// The blocks of a page that are called so, as (language, text).
pub fn blocks(page: &str, name: &str) -> Vec<(String, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let page = fs::read_to_string(file).unwrap();
    let mark = format!("<!-- tested: {name} -->\n```");
    let after_marks = page.split(&mark).skip(1);
    let found: Vec<_> = after_marks
        .map(|rest| {
            let (language, rest) = rest.split_once('\n').unwrap();
            let (code, _) = rest.split_once("\n```").unwrap();
            (language.to_string(), format!("{code}\n"))
        })
        .collect();
    assert!(!found.is_empty(), "no block is called {name}");
    found
}

/// The one block of a page that is called so.
pub fn block(page: &str, name: &str) -> String {
    let mut found = blocks(page, name);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found.remove(0).1.replace(COPY, &poag_url())
}

/// A folder with a `nix` that is this machine's, with a stand-in where nixpkgs cannot be reached. `nix run REF#poag -- …` is
/// the program under test, which Nix need not build once more.
pub fn nix_shim(folder: &Path) {
    let which = Command::new("sh")
        .args(["-c", "command -v nix"])
        .output()
        .unwrap();
    let nixw = Path::new(env!("CARGO_MANIFEST_DIR")).join("nixw");
    let script = format!(
        "#!/bin/sh\n\
         case \"$1 $2 $3\" in\n\
         'run .#poag --') shift 3; exec {poag} \"$@\" ;;\n\
         'run git+file:'*'#poag --') shift 3; exec {poag} \"$@\" ;;\n\
         'run ./'*'#poag --') ref=${{2%#poag}}; shift 3; exec {poag} --flake \"$ref\" \"$@\" ;;\n\
         esac\n\
         NIXW_NIX={} exec {} \"$@\"\n",
        text(&which.stdout).trim(),
        nixw.display(),
        poag = assert_cmd::cargo::cargo_bin!("poag").display()
    );
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("nix"), script).unwrap();
    fs::set_permissions(folder.join("nix"), fs::Permissions::from_mode(0o755)).unwrap();
    // As `poag.lib.withPoag` puts it on the PATH of a dev shell.
    let poag = folder.join("poag");
    if !poag.exists() {
        std::os::unix::fs::symlink(assert_cmd::cargo::cargo_bin!("poag"), poag).unwrap();
    }
}

/// Types these lines in a folder, as somebody who has Nix and git; what is beside the folder is theirs.
pub fn typed(folder: &Path, beside: &Path, lines: &str) -> Output {
    let shim = beside.join("shim");
    nix_shim(&shim);
    let path = std::env::var("PATH").unwrap();
    Command::new("sh")
        .args(["-e", "-c", lines])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", shim.display()))
        .env("POAG_STATE_DIR", beside.join("state"))
        .env("POAG_CACHE_DIR", beside.join("cache"))
        .env("GIT_AUTHOR_NAME", "Test")
        .env("GIT_AUTHOR_EMAIL", "test@example.org")
        .env("GIT_COMMITTER_NAME", "Test")
        .env("GIT_COMMITTER_EMAIL", "test@example.org")
        .output()
        .unwrap()
}

/// The same, which must succeed: what was printed, both ways.
pub fn succeeds(folder: &Path, beside: &Path, lines: &str) -> (String, String) {
    let output = typed(folder, beside, lines);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{lines}\n{out}\n{err}");
    (out, err)
}

/// A fresh clone of this repository, to try a page in its playground: the clone's own folder, the playground in it.
pub fn fresh_clone(beside: &Repository) -> (PathBuf, PathBuf) {
    let place = beside.root.parent().unwrap().join("poag");
    let from = poag_url().replace("git+file://", "");
    let done = Command::new("git")
        .args(["clone", "-q", &from, place.to_str().unwrap()])
        .status();
    assert!(done.unwrap().success());
    let playground = place.join("hello-subflakes");
    (place, playground)
}
