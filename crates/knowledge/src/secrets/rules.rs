//! The rule set in `shipped.rules`, read once.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

use super::words::WordSet;

const SHIPPED: &str = include_str!("shipped.rules");
/// Least entropy of a secret, in bits per character, where its rule says nothing.
const ENTROPY: f64 = 3.0;

type Compile = Box<dyn FnOnce() -> Option<Regex> + Send>;

/// One format of secrets.
pub(super) struct Rule {
    /// Its name, as packs show it.
    pub name: &'static str,
    /// Finds the secret as its first group; compiled when a line first has its words.
    pattern: LazyLock<Option<Regex>, Compile>,
    /// What the line must match too.
    hint: Option<LazyLock<Option<Regex>, Compile>>,
    /// Least bits per character.
    pub entropy: f64,
    /// Whether the secret must also look random.
    pub random: bool,
    /// Extensions or whole names of the files it is for; empty for all.
    pub files: Vec<&'static str>,
    /// Whether the secret may span lines.
    pub block: bool,
}

/// All rules, and the words that a line must hold to be worth looking at.
pub(super) struct Rules {
    words: WordSet,
    pub rules: Vec<Rule>,
}

/// The shipped rules; a test sees to it that every block of the file is read.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let read: Vec<(Rule, &str)> = SHIPPED.split("\n\n").filter_map(block).collect();
    let words = read.iter().enumerate().flat_map(|(rule, (_, words))| {
        let words = words.split(',').map(str::trim);
        words.map(move |word| (rule, word))
    });
    Rules {
        words: WordSet::new(words),
        rules: read.into_iter().map(|(rule, _)| rule).collect(),
    }
});

impl Rules {
    /// Each line that holds a word of any rule, with the rules that have one on it, in their order.
    pub fn lines<'r>(&'r self, text: &str, mut look: impl FnMut(Range<usize>, Present<'r>)) {
        let mut line = 0..0;
        let mut present = 0_u64;
        self.words.find(text, |at, rule| {
            if at >= line.end {
                if present != 0 {
                    look(line.clone(), self.present(present));
                }
                let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
                let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
                (line, present) = (start..end, 0);
            }
            present |= 1 << rule;
        });
        if present != 0 {
            look(line, self.present(present));
        }
    }

    fn present(&self, bits: u64) -> Present<'_> {
        Present {
            rules: &self.rules,
            bits,
        }
    }

    /// The name of a rule as the rules have it.
    pub fn named(&self, name: &str) -> Option<&'static str> {
        self.rules
            .iter()
            .find(|rule| rule.name == name)
            .map(|rule| rule.name)
    }
}

/// Some of the rules, in their order.
pub(super) struct Present<'r> {
    rules: &'r [Rule],
    bits: u64,
}

impl<'r> Iterator for Present<'r> {
    type Item = &'r Rule;

    fn next(&mut self) -> Option<&'r Rule> {
        if self.bits == 0 {
            return None;
        }
        let at = self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        self.rules.get(at)
    }
}

/// One block: the rule and its words; none for comments and for what cannot be read.
fn block(text: &'static str) -> Option<(Rule, &'static str)> {
    let field = |name: &str| {
        text.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            (key == name).then(|| value.trim())
        })
    };
    let pattern = field("pattern")?;
    let rule = Rule {
        name: field("rule")?,
        pattern: lazy(pattern),
        hint: field("hint").map(lazy),
        entropy: match field("entropy") {
            Some(bits) => bits.parse().ok()?,
            None => ENTROPY,
        },
        random: field("random") == Some("yes"),
        files: field("files").map_or_else(Vec::new, |files| files.split(' ').collect()),
        block: field("block") == Some("yes"),
    };
    Some((rule, field("words")?))
}

/// Secrets are ASCII: without the tables of Unicode an expression is compiled in a fraction of the time, and the engine
/// stays on its fast path where the text is not ASCII.
fn lazy(pattern: &'static str) -> LazyLock<Option<Regex>, Compile> {
    let compile = move || RegexBuilder::new(pattern).unicode(false).build().ok();
    LazyLock::new(Box::new(compile))
}

impl Rule {
    /// Where the rule finds secrets within `scope`, one behind the other.
    pub fn secrets(&self, text: &str, scope: Range<usize>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = scope.start;
        let Some(pattern) = self.pattern.as_ref() else {
            return found;
        };
        // Where the engine counts bytes, a secret may begin or end within a character.
        let whole = |range: Range<usize>| {
            text.floor_char_boundary(range.start)..text.ceil_char_boundary(range.end)
        };
        while let Some(groups) = pattern.captures(&text.as_bytes()[from..scope.end]) {
            let Some(secret) = groups.get(1).filter(|secret| !secret.is_empty()) else {
                break;
            };
            found.push(whole(from + secret.start()..from + secret.end()));
            from += secret.end();
        }
        found
    }

    /// Whether its pattern is worth running on a line that has its words.
    pub fn hints(&self, line: &str) -> bool {
        self.hint
            .as_ref()
            .and_then(|hint| hint.as_ref())
            .is_none_or(|hint| hint.is_match(line.as_bytes()))
    }

    /// Whether the rule is for that file.
    pub fn covers(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit('.').next().unwrap_or_default();
        self.files.is_empty()
            || self
                .files
                .iter()
                .any(|file| *file == name || *file == extension)
    }
}

#[cfg(test)]
mod tests {
    use super::{RULES, SHIPPED};

    #[test]
    fn every_rule_of_the_file_is_read_and_names_its_source() {
        let blocks = SHIPPED.matches("\nrule: ").count();
        assert_eq!(RULES.rules.len(), blocks);
        assert_eq!(SHIPPED.matches("\nsource: https://").count(), blocks);
        assert!(blocks <= 64, "each is one bit of a number");
        for rule in &RULES.rules {
            assert!(
                rule.hint.as_ref().is_none_or(|hint| hint.is_some()),
                "{}",
                rule.name
            );
            let pattern = rule.pattern.as_ref().unwrap();
            assert_eq!(pattern.captures_len(), 2, "{}", rule.name);
        }
    }
    #[test]
    fn a_line_with_any_word_of_a_rule_is_looked_at_by_that_rule_even_where_words_overlap() {
        for block in SHIPPED.split("\n\n") {
            let field = |name| block.lines().find_map(|line| line.strip_prefix(name));
            let (Some(name), Some(words)) = (field("rule: "), field("words: ")) else {
                continue;
            };
            for word in words.split(", ") {
                assert_eq!(word, word.to_ascii_lowercase());
                for line in [
                    word.to_owned(),
                    word.to_ascii_uppercase(),
                    format!("token {word}secret"),
                ] {
                    let mut found = false;
                    RULES.lines(&line, |_, mut rules| {
                        found |= rules.any(|rule| rule.name == name);
                    });
                    assert!(found, "{name}: {line}");
                }
            }
        }
    }
}
