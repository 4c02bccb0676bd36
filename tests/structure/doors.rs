//! What only a few places may do. An exception says why it is one, and is gone when nothing needs it any more.

use crate::shipped;

/// Places that do one of `ways`, less those that may: a file, or a folder that ends in `/`, with the reason.
fn only(ways: &[&str], may: &[(&str, &str)], instead: &str) {
    let mut used = vec![false; may.len()];
    let mut found = Vec::new();
    for (name, text) in shipped() {
        let compact = compact(&text);
        let Some(way) = ways.iter().find(|way| stands_in(&compact, way)) else {
            continue;
        };
        let allowed = |(place, _): &(&str, &str)| match place.ends_with('/') {
            true => name.starts_with(place),
            false => name == *place,
        };
        match may.iter().position(allowed) {
            Some(at) => used[at] = true,
            None => found.push(format!("{name}: {way}")),
        }
    }
    assert!(found.is_empty(), "{found:#?}\nrepair: {instead}");
    let idle: Vec<_> = may.iter().zip(used).filter(|(_, used)| !used).collect();
    assert!(idle.is_empty(), "exceptions that are none: {idle:#?}");
}

/// The code without comments and line breaks, and with a space only where it parts two words.
fn compact(text: &str) -> String {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let mut compact = String::with_capacity(text.len());
    for word in code.flat_map(str::split_whitespace) {
        let parts = |c: Option<char>| c.is_some_and(|c| c == '_' || c.is_alphanumeric());
        if parts(compact.chars().next_back()) && parts(word.chars().next()) {
            compact.push(' ');
        }
        compact.push_str(word);
    }
    compact
}

/// Whether the word is there, and not as the end of a longer one.
fn stands_in(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| c != '_' && !c.is_alphanumeric())
    })
}

#[test]
fn git_is_started_in_one_place() {
    only(
        &["Command::new(\"git\")", "arg(\"git\")"],
        &[("crates/git/src/command.rs", "the door")],
        "start git through poag_git::Git",
    );
}

#[test]
fn processes_are_started_at_the_doors() {
    only(
        &[
            "process::Command::new(",
            "Command::new(\"",
            "Command::new(&",
            "Command::new(p",
            "Command::new(g",
        ],
        &[
            ("crates/git/src/command.rs", "the door to git"),
            (
                "crates/git/src/work/push.rs",
                "gh, which opens pull requests for the person",
            ),
            ("crates/nix/src/command.rs", "the door to nix"),
            (
                "crates/nix/src/bare.rs",
                "nix, before it is known that it can be used",
            ),
            (
                "crates/agent/src/process.rs",
                "the door to agents, through their guard",
            ),
            ("crates/agent/src/guard.rs", "the guard itself"),
            ("crates/agent/src/guard/namespace.rs", "the guard itself"),
            (
                "crates/agent/src/guard/wall.rs",
                "the guard itself, which becomes the program",
            ),
            (
                "crates/engine/src/notify/command.rs",
                "the person's own program that is told what became of a work",
            ),
            ("src/command/graph/open.rs", "the person's browser"),
            ("src/command/ask/request.rs", "the person's editor"),
            (
                "src/command/detach.rs",
                "poag itself, as the supervisor of a work that outlives the terminal",
            ),
        ],
        "start programs through poag_git, poag_nix or poag_agent::process",
    );
}

#[test]
fn one_module_prints() {
    only(
        &[
            "println!",
            "eprintln!",
            "print!",
            "eprint!",
            "stdout()",
            "stderr()",
            "dbg!",
            "/dev/tty",
        ],
        &[
            ("src/terminal/", "the door"),
            (
                "crates/agent/src/guard.rs",
                "a guard's own standard error, which poag reads",
            ),
        ],
        "print through crate::terminal, or give the text to the caller",
    );
}

#[test]
fn the_environment_is_read_at_the_doors() {
    only(
        &[
            "env::var(",
            "env::var_os(",
            "env::vars(",
            "env::vars_os(",
            "env::current_dir(",
            "env::current_exe(",
            "env::temp_dir(",
        ],
        &[
            ("crates/env/src/folders.rs", "the door"),
            ("crates/git/src/command.rs", "the environment of git"),
            ("crates/git/src/settings.rs", "the environment of git"),
            ("crates/git/src/index.rs", "the environment of git"),
            ("crates/nix/src/command.rs", "the environment of nix"),
            (
                "crates/nix/src/setup/",
                "how nix is set up, for a program with a home of its own",
            ),
            (
                "crates/nix/src/cached/",
                "the environment that an evaluation depends on",
            ),
            (
                "crates/agent/src/",
                "the environment of agents: what of it they get, and how they are set up in it",
            ),
            (
                "crates/engine/src/run/turn_socket.rs",
                "the folder of temporary files, for sockets",
            ),
            ("src/", "the command line"),
        ],
        "let the command line read it, and pass it on",
    );
}

#[test]
fn repositories_are_written_in_one_place() {
    only(
        &[
            "fs::write(",
            "File::create",
            "persist(",
            "fs::rename(",
            ".create(true)",
            "create_new(",
            "tempfile_in(",
            "new_in(",
            "fs::copy(",
            "fs::create_dir",
            "set_permissions(",
            "fs::symlink(",
        ],
        &[
            ("crates/engine/src/inside.rs", "the door"),
            ("crates/agent/src/", "private homes of agents"),
            (
                "crates/git/src/work/remove.rs",
                "worktrees of poag's own, which are removed",
            ),
            (
                "crates/engine/src/checkpoint/",
                "checkpoints, in the state folder",
            ),
            ("crates/ledger/src/", "the ledger, in the state folder"),
            ("crates/serve/src/tokens.rs", "tokens, in the state folder"),
            ("crates/librarian/src/", "indexes, in the cache folder"),
            (
                "crates/nix/src/",
                "evaluated graphs, in the cache folder; temporary folders",
            ),
            (
                "crates/knowledge/src/pack/place.rs",
                "packs, in the cache folder",
            ),
            ("crates/knowledge/src/export/facts.rs", "a temporary folder"),
            (
                "crates/knowledge/src/share/write.rs",
                "a folder that was not there before",
            ),
            (
                "crates/engine/src/backends/dev_shell.rs",
                "the cache folder",
            ),
            ("src/command/graph/open.rs", "pages, in the cache folder"),
            (
                "crates/engine/src/pack.rs",
                "a temporary folder on its way to the store",
            ),
            (
                "src/command/doctor/folders.rs",
                "state and cache folders, to see whether they can be used",
            ),
            ("src/command/man.rs", "manual pages, for packagers"),
            ("src/cli/reference.rs", "the book, in a test"),
            ("src/cli/schemas.rs", "schema/, in a test"),
        ],
        "write through poag_engine",
    );
}
