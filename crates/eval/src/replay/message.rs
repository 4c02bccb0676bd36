//! What of a message is asked: all of it, or without what gives files away by name.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Scopes at the beginning of a line that are stripped one after the other.
const NESTED: usize = 3;

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).unwrap());
    };
}

pattern!(
    TRAILER,
    r"(?i)^\s*(?:[\w-]+-by|change-id|reviewed-on|cc|git-svn-id|differential revision|pick-to|x-[\w-]+)\s*:"
);
// `scope: `, `scope(x)!: `, `a, b: `, `[scope] `: at most three words before the colon.
pattern!(
    SCOPE,
    r"^(?:\[[^\]]{1,60}\]:?\s*|[\w.*/&+@-]+(?:,?\s[\w.*/&+@-]+){0,2}(?:\([^)]{0,80}\))?!?:\s+)"
);
pattern!(BULLET, r"^(\s*[*-]\s+)(.*)$");
pattern!(URL, r"[a-z][a-z+.-]*://\S+");
pattern!(NUMBER, r"(?:[\w.-]+/[\w.-]+)?#\d+\b|\bGH-\d+\b");
pattern!(
    NAME,
    r"[\w@.+~-]*(?:/[\w@.+~-]+)+/?|[\w@+~-][\w@.+~-]*\.[A-Za-z]\w*"
);

/// The whole message, without trailers (`Signed-off-by:` and their like).
pub fn full(message: &str) -> String {
    let lines = message.lines().filter(|line| !TRAILER.is_match(line));
    let text = lines.collect::<Vec<_>>().join("\n");
    text.trim().to_owned()
}

/// The names of files of a snapshot, as messages may write them.
pub struct Names<'p> {
    parts: BTreeSet<&'p str>,
    endings: BTreeSet<&'p str>,
}

impl<'p> Names<'p> {
    /// Of all its paths.
    pub fn of(paths: impl Iterator<Item = &'p str>) -> Self {
        let mut all = Self {
            parts: BTreeSet::new(),
            endings: BTreeSet::new(),
        };
        for path in paths {
            all.parts.extend(path.split('/'));
            let name = path.rsplit('/').next().unwrap_or(path);
            all.endings
                .extend(name.rsplit_once('.').map(|(_, ending)| ending));
        }
        all
    }

    /// Whether a word is the name of a file or a path.
    fn hold(&self, word: &str) -> bool {
        let word = word.trim_matches('/');
        let last = word.rsplit('/').next().unwrap_or(word);
        if last
            .rsplit_once('.')
            .is_some_and(|(_, ending)| self.endings.contains(ending))
        {
            return true;
        }
        // `read/write` is no path, `src/parse` is one where there are such folders.
        word.contains('/') && word.split('/').all(|part| self.parts.contains(part))
    }
}

/// A text without the scopes before its subject and its listed subjects, without names of files and paths, addresses,
/// and numbers of issues and pull requests.
pub fn without_scope(text: &str, names: &Names<'_>) -> String {
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        lines.push(match BULLET.captures(line) {
            _ if at == 0 => unscoped(line).to_owned(),
            Some(parts) => format!("{}{}", &parts[1], unscoped(&parts[2])),
            None => line.to_owned(),
        });
    }
    let text = lines.join("\n");
    let text = URL.replace_all(&text, " ");
    let text = NUMBER.replace_all(&text, " ");
    let text = NAME.replace_all(&text, |found: &Captures<'_>| {
        // A sentence may end behind a name.
        let word = found[0].trim_end_matches('.');
        match names.hold(word) {
            true => " ".to_owned(),
            false => found[0].to_owned(),
        }
    });
    text.trim().to_owned()
}

fn unscoped(line: &str) -> &str {
    let mut line = line.trim_start();
    for _ in 0..NESTED {
        match SCOPE.find(line) {
            Some(scope) => line = &line[scope.end()..],
            None => break,
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(text: &str) -> String {
        let paths = [
            "gix-pack/src/lib.rs",
            "docs/a.md",
            "Makefile",
            "src/parse/mod.rs",
            "x.tar.gz",
        ];
        let words = without_scope(text, &Names::of(paths.into_iter()));
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn trailers_go_and_what_the_message_says_stays() {
        let message = "fix: it\n\nFixes: #12\nBecause: so\n\nSigned-off-by: A <a@b>\nCo-Authored-By: B\nChange-Id: I1\n";
        assert_eq!(full(message), "fix: it\n\nFixes: #12\nBecause: so");
    }

    #[test]
    fn scopes_go_from_the_subject_and_from_listed_subjects() {
        for (text, left) in [
            ("gix-pack: read it", "read it"),
            ("feat(gix-pack)!: read it", "read it"),
            ("fix: core: read it", "read it"),
            ("[core] read it", "read it"),
            ("subscriber, core: read it", "read it"),
            ("src/parse: read it", "read it"),
            (
                "a very long sentence about it: read it",
                "a very long sentence about it: read it",
            ),
            ("std::mem is used", "std::mem is used"),
            (
                "fix: one\n\n* feat(x): two\n- y: three\nnote: four",
                "one * two - three note: four",
            ),
        ] {
            assert_eq!(stripped(text), left, "{text}");
        }
    }

    #[test]
    fn names_of_files_addresses_and_numbers_go() {
        for (text, left) in [
            (
                "use lib.rs and src/parse, not read/write.",
                "use and , not read/write.",
            ),
            (
                "see https://example.org/a/b#1 (#123), a/b#4 and GH-5",
                "see ( ), and",
            ),
            ("in gix-pack/src/lib.rs.", "in"),
            (
                "call foo.bar and self.x of C#7",
                "call foo.bar and self.x of C",
            ),
            ("the Makefile stays a word", "the Makefile stays a word"),
        ] {
            assert_eq!(stripped(text), left, "{text}");
        }
    }
}
