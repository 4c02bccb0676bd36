//! What poag says when something is wrong: each text whole, in a fresh clone, by the real program and the real Nix. It
//! says what it is, where, and what to do, in at most three lines, without a trace of nix.

use std::ffi::OsString;

use crate::harness::{Repository, text};

/// Something wrong, and what is said about it.
struct Fault {
    /// What is wrong.
    name: &'static str,
    /// Makes it so, in a fresh clone of [`Repository::family`].
    make: fn(&Repository),
    /// The folder in which poag is started.
    folder: &'static str,
    words: &'static [&'static str],
    code: i32,
    /// Where it is said: verdicts of `check` are its result.
    stream: Stream,
    /// The text. `REPO` is the repository; `[..]` is what differs between versions of Nix, within its line.
    said: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Stream {
    Output,
    Error,
}

/// Nothing is wrong with the repository.
fn nothing(_: &Repository) {}

fn fault(
    name: &'static str,
    make: fn(&Repository),
    words: &'static [&'static str],
    (code, said): (i32, &'static str),
) -> Fault {
    Fault {
        name,
        make,
        folder: "app",
        words,
        code,
        stream: Stream::Error,
        said,
    }
}

impl Fault {
    fn from(self, folder: &'static str) -> Self {
        Self { folder, ..self }
    }

    fn verdict(self) -> Self {
        Self {
            stream: Stream::Output,
            ..self
        }
    }

    /// What is said, with the repository's folder as `REPO`.
    fn happens(&self, family: &Repository) -> (Option<i32>, String) {
        let clone = family.fresh_clone();
        (self.make)(&clone);
        let mut poag = clone.poag(self.folder);
        poag.args(self.words).arg("--quiet");
        // No registry of flakes, and no second attempt: nothing here waits for a network.
        let mut config = std::env::var("NIX_CONFIG").unwrap_or_default();
        config.push_str("\nflake-registry =\ndownload-attempts = 1\nconnect-timeout = 1\n");
        poag.env("NIX_CONFIG", config);
        if let Some(path) = path(self.name, &clone) {
            poag.env("PATH", path);
        }
        let done = poag.output().unwrap();
        let said = match self.stream {
            Stream::Output => &done.stdout,
            Stream::Error => &done.stderr,
        };
        let said = text(said).replace(clone.root.to_str().unwrap(), "REPO");
        (done.status.code(), said)
    }
}

/// The PATH of a machine that lacks a program.
fn path(name: &str, clone: &Repository) -> Option<OsString> {
    let lacking = match name {
        "no nix" => "nix",
        "no git" => "git",
        _ => return None,
    };
    let bare = clone.bare_path();
    std::fs::remove_file(bare.join(lacking)).unwrap();
    Some(bare.into())
}

/// Whether a text is as expected, where `[..]` stands for anything in one line.
fn is_like(said: &str, expected: &str) -> bool {
    let lines: Vec<&str> = said.lines().collect();
    let wanted: Vec<&str> = expected.lines().collect();
    let like = |(line, wanted): (&&str, &&str)| {
        let mut parts = wanted.split("[..]");
        let Some(rest) = parts.next().and_then(|first| line.strip_prefix(first)) else {
            return false;
        };
        let mut parts: Vec<&str> = parts.collect();
        let Some(last) = parts.pop() else {
            return rest.is_empty();
        };
        let Some(mut rest) = rest.strip_suffix(last) else {
            return false;
        };
        parts.iter().all(|part| match rest.split_once(part) {
            Some((_, behind)) => {
                rest = behind;
                true
            }
            None => false,
        })
    };
    lines.len() == wanted.len() && lines.iter().zip(&wanted).all(like)
}

const OFFLINE: &str = "still works offline: `poag runs`, `poag ask --pack FOLDER`, and every flake whose inputs are in its flake.lock and in the Nix store";

/// All of them, with what is said.
fn faults() -> Vec<Fault> {
    vec![
        fault(
            "flake.nix is not tracked",
            |clone| {
                clone.git(&["rm", "-q", "--cached", "app/flake.nix"]);
            },
            &["graph"],
            (6, "error: flake.nix is not tracked by git, and nix sees only what git tracks; repair: git add flake.nix\n"),
        ),
        fault(
            "poag.nix is not tracked",
            |clone| {
                clone.edit("app/flake.nix", "\"Owns the program.\"", "import ./poag.nix");
                clone.write("app/poag.nix", "\"Owns the program.\"\n");
            },
            &["ask", "Who are you?"],
            (6, "error: poag.nix is not tracked by git, and nix sees only what git tracks; repair: git add poag.nix\n"),
        ),
        fault(
            "the flake.nix of an input is not tracked, and git ignores it",
            |clone| {
                clone.git(&["rm", "-q", "--cached", "base/flake.nix"]);
                clone.write(".gitignore", "base/flake.nix\n");
            },
            &["graph"],
            (6, "error: REPO/base/flake.nix is not tracked by git, and nix sees only what git tracks; repair: git add --force REPO/base/flake.nix\n"),
        ),
        fault(
            "the wrong folder",
            nothing,
            &["ask", "Who are you?"],
            (2, "error: there is no flake.nix in REPO or in a folder above it\nrepair: go to a flake, or name one with --flake (there is one in app, one in base)\n"),
        )
        .from(""),
        fault(
            "no such folder",
            nothing,
            &["graph", "./nowhere"],
            (2, "error: there is no folder REPO/app/nowhere\nrepair: name a folder with a flake.nix, or a flake reference such as github:owner/name\n"),
        ),
        fault(
            "no such flake",
            nothing,
            &["graph", "nowhere"],
            (6, "error: nowhere is no folder here, and no flake that nix can fetch: cannot find flake 'flake:nowhere' in the flake registries\nOFFLINE\nrepair: name a folder with a flake.nix, or a flake reference such as github:owner/name\n"),
        ),
        fault(
            "no nix",
            nothing,
            &["graph"],
            (6, "error: nix is not on PATH\nrepair: install Nix 2.26 or newer (https://nixos.org/download), or start poag through ./nixw\n"),
        ),
        fault(
            "no git",
            |clone| {
                clone.git(&["rm", "-q", "app/flake.lock"]);
            },
            &["learn"],
            (6, "error: git is not on PATH: [..]git[..]\nwhile evaluating the experts of REPO/app\nrepair: install git 2.30 or newer\n"),
        ),
        fault(
            "an input that is not declared",
            |clone| clone.edit("app/flake.nix", "outputs = { poag,", "outputs = { poag, other,"),
            &["graph"],
            (6, "error: outputs of REPO/app takes an input 'other' that its flake.nix does not declare\nrepair: write `inputs.other.url = \"…\";` there, or take 'other' out of the arguments of outputs\n"),
        ),
        fault(
            "an input that is not there",
            |clone| clone.edit("app/flake.nix", "path:../base", "path:../bsae"),
            &["graph"],
            (6, "error: the input 'base' of REPO/app could not be fetched from path:../bsae: [..]\nnothing of this flake can be evaluated without it\nrepair: correct `inputs.base.url` in flake.nix\n"),
        ),
        fault(
            "an input that cannot be reached",
            |clone| clone.edit("app/flake.nix", "inputs.poag.url", "inputs.far.url = \"https://127.0.0.1:9/far.tar.gz\"; inputs.poag.url"),
            &["graph"],
            (6, "error: the input 'far' of REPO/app could not be fetched from https://127.0.0.1:9/far.tar.gz: [..]unable to download 'https://127.0.0.1:9/far.tar.gz': [..]\nOFFLINE\nrepair: connect and ask again, or correct `inputs.far.url` in flake.nix\n"),
        ),
        fault(
            "a syntax error",
            |clone| clone.edit("app/flake.nix", "src = ./.;", "src = ./.;;"),
            &["graph"],
            (6, "error: syntax error, unexpected ';'[..]\nat app/flake.nix:6:15, while evaluating the experts of REPO/app\nrepair: correct it there; -v shows all that nix says\n"),
        ),
        fault(
            "a name that is not defined",
            |clone| clone.edit("app/flake.nix", "expert = base.poag;", "expert = bsae.poag;"),
            &["graph"],
            (6, "error: undefined variable 'bsae'\nat app/flake.nix:9:41, while evaluating the experts of REPO/app\nrepair: correct it there; -v shows all that nix says\n"),
        ),
        fault(
            "no expert",
            |clone| clone.write("app/flake.nix", "{ outputs = _: { }; }\n"),
            &["graph"],
            (5, "error: REPO/app is a flake without a `poag` output\nrepair: declare its expert with poag.lib.mkPoagFlake (the README shows the lines), or name another flake with --flake\n"),
        ),
        fault(
            "an expert that is none",
            |clone| clone.write("app/flake.nix", "{ outputs = _: { poag = 3; }; }\n"),
            &["graph"],
            (5, "error: the flake's `poag` output cannot be read: [..]\nrepair: make it with poag.lib.mkPoagExpert of the same poag as this runner\n"),
        ),
        fault(
            "a typo in a field",
            |clone| clone.edit("app/flake.nix", "role =", "rolle ="),
            &["graph"],
            (5, "error: expert 'app', field 'rolle': there is no such field; did you mean 'role'?\nwhile evaluating the experts of REPO/app\nrepair: remove it, or use one of: [..]\n"),
        ),
        fault(
            "a typo in a contract",
            |clone| clone.edit("app/flake.nix", "needs.greet", "needs.gret"),
            &["graph"],
            (5, "error: expert 'app', field 'neighbors.base.needs.gret': [..]; did you mean 'greet'?\nwhile evaluating the experts of REPO/app\nrepair: [..]\n"),
        ),
        fault(
            "a typo in a field of an expert in lib.poag",
            |clone| clone.edit("app/flake.nix", "role =", "output = \"lib.poag\"; rolle ="),
            &["graph"],
            (5, "error: expert 'app', field 'rolle': there is no such field; did you mean 'role'?\nwhile evaluating the experts of REPO/app\nrepair: remove it, or use one of: [..]\n"),
        ),
        fault(
            "a typo in a verb",
            nothing,
            &["lern"],
            (2, "error: there is no verb 'lern'; did you mean 'learn'?\nrepair: `poag --help` shows what it takes\n"),
        ),
        fault(
            "a typo in an option",
            nothing,
            &["ask", "--bakend", "librarian", "Who are you?"],
            (2, "error: `poag ask` takes no option '--bakend'; did you mean '--backend'?\nrepair: `poag ask --help` shows what it takes\n"),
        ),
        fault(
            "a typo in an expert",
            nothing,
            &["experts", "bsae"],
            (2, "error: there is no expert 'bsae' in this graph; did you mean 'base'?\nrepair: `poag experts` lists them\n"),
        ),
        fault(
            "a typo in a backend",
            nothing,
            &["ask", "--backend", "libarian", "Who are you?"],
            (2, "error: there is no backend 'libarian' in this poag; did you mean 'librarian'?\nrepair: use one of: librarian, claude-code, codex, gemini, acp, openai, command\n"),
        ),
        fault(
            "no request",
            nothing,
            &["ask", " "],
            (2, "error: the request is empty\nrepair: say in a few sentences what is wanted, and name files instead of pasting them\n"),
        ),
        fault(
            "not learned",
            |clone| {
                clone.git(&["rm", "-q", "app/poag.lock"]);
            },
            &["check"],
            (3, "poag: expert 'app' has not learned its flake yet: there is no poag.lock beside flake.nix\nrepair: nix run ./app#poag -- learn && git add app/poag.lock\n"),
        )
        .verdict(),
        fault(
            "stale",
            |clone| {
                clone.edit("app/main.py", "World", "Moon");
                clone.edit("app/notes.md", "Nothing", "Something");
                clone.git(&["rm", "-q", "base/README.md"]);
                clone.edit("base/src/greet.py", "Says hello", "Says good day");
                for at in 0..9 {
                    clone.write(&format!("app/new{at}.py"), "");
                }
                clone.git(&["add", "-A"]);
            },
            &["check"],
            (3, "poag: expert 'app' is stale: its flake differs from what it learned (poag.lock)\n  changed file: main.py, notes.md; added file: new0.py, new1.py, new2.py, … 6 more; changed contract: base provides greet\nrepair: nix run ./app#poag -- learn\n"),
        )
        .verdict(),
        fault(
            "a lock of a newer poag is not overwritten",
            |clone| clone.edit("app/poag.lock", "version = 1", "version = 9"),
            &["learn"],
            (1, "error: REPO/app/poag.lock is of version 9, written by a newer poag, and is left as it is\nrepair: learn with the poag of the flake itself (`nix run .#poag -- learn`), or update its input `poag`\n"),
        ),
        fault(
            "a lock of a newer poag",
            |clone| clone.edit("app/poag.lock", "version = 1", "version = 9"),
            &["check"],
            (3, "poag: expert 'app' is stale: poag.lock is of version 9, and this poag reads version 1\nrepair: [..]\n"),
        )
        .verdict(),
    ]
}

#[test]
fn each_error_says_what_it_is_where_and_what_to_do_in_three_lines_at_most() {
    let family = Repository::family();
    let mut wrong = Vec::new();
    let mut longest = 0;
    for fault in faults() {
        let (code, said) = fault.happens(&family);
        let expected = fault.said.replace("OFFLINE", OFFLINE);
        if code != Some(fault.code) || !is_like(&said, &expected) {
            wrong.push(format!(
                "{} [{code:?}]:\n{said}expected [{}]:\n{expected}",
                fault.name, fault.code
            ));
        }
        longest = longest.max(said.lines().count());
    }
    assert!(
        wrong.is_empty(),
        "{} are wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(longest, 3);
}

#[test]
fn all_that_nix_says_is_shown_where_it_is_wanted() {
    let family = Repository::family();
    family.edit("app/flake.nix", "role =", "rolle =");
    let shown = family.poag("app").args(["graph", "-v"]).output().unwrap();
    let said = text(&shown.stderr);
    assert!(
        said.contains("$ nix ") && said.contains("… while "),
        "{said}"
    );
    assert!(
        said.contains("\n       error: poag: expert 'app'"),
        "{said}"
    );
}

#[test]
fn doctor_says_which_input_cannot_be_fetched_and_what_works_without_it() {
    let family = Repository::family();
    let clone = family.fresh_clone();
    clone.edit(
        "app/flake.nix",
        "inputs.poag.url",
        "inputs.far.url = \"https://127.0.0.1:9/far.tar.gz\"; inputs.poag.url",
    );
    let mut config = std::env::var("NIX_CONFIG").unwrap_or_default();
    config.push_str("\ndownload-attempts = 1\n");
    let done = clone
        .poag("app")
        .arg("doctor")
        .env("NIX_CONFIG", config)
        .output()
        .unwrap();
    let said = text(&done.stdout);
    let line = said
        .lines()
        .find(|line| line.contains("the input 'far' of"));
    let line = line.unwrap_or_else(|| panic!("{said}"));
    assert!(line.starts_with("note  flake"), "{line}");
    assert!(
        said.contains(&format!("\n                   {OFFLINE}\n")),
        "{said}"
    );
    assert!(
        said.contains("repair: connect and ask again, or correct `inputs.far.url` in flake.nix\n"),
        "{said}"
    );
}
