//! What only a few places may do, as far as it is told by a word and not by a function: clippy.toml holds the rest. An
//! exception says why it is one, and is gone when nothing needs it any more.

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
fn nothing_opens_the_terminal() {
    only(
        &["/dev/tty"],
        &[],
        "print through crate::terminal, or give the text to the caller",
    );
}
