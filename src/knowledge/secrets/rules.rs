//! The rule set in `shipped.rules`, read once.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

const SHIPPED: &str = include_str!("shipped.rules");
/// Least entropy of a secret, in bits per character, where its rule says nothing.
const ENTROPY: f64 = 3.0;

type Compile = Box<dyn FnOnce() -> Option<Regex> + Send>;

/// One format of secrets.
pub(super) struct Rule {
    /// Its name, as packs show it.
    pub name: &'static str,
    /// Finds the secret as its first group; compiled when a line first hints at any secret.
    pattern: LazyLock<Option<Regex>, Compile>,
    /// Least bits per character.
    pub entropy: f64,
    /// Whether the secret must also look random.
    pub random: bool,
    /// Extensions or whole names of the files it is for; empty for all.
    pub files: Vec<&'static str>,
    /// Whether the secret may span lines.
    pub block: bool,
}

/// All rules, and what a line must contain to be worth looking at.
pub(super) struct Rules {
    pub hint: Option<Regex>,
    pub rules: Vec<Rule>,
}

/// The shipped rules; a test sees to it that every block of the file is read.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let read: Vec<(Rule, &str)> = SHIPPED.split("\n\n").filter_map(block).collect();
    let hints: Vec<&str> = read.iter().map(|(_, hint)| *hint).collect();
    Rules {
        hint: Regex::new(&ascii(&hints.join("|"))).ok(),
        rules: read.into_iter().map(|(rule, _)| rule).collect(),
    }
});

/// With word boundaries of ASCII: at those of Unicode the regex engine leaves its fast path as soon as the text
/// is not ASCII, and takes a hundred times as long.
fn ascii(pattern: &str) -> String {
    pattern.replace(r"\b", r"(?-u:\b)")
}

/// One block: the rule and its hint; none for comments and for what cannot be read.
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
        pattern: LazyLock::new(Box::new(move || Regex::new(&ascii(pattern)).ok())),
        entropy: match field("entropy") {
            Some(bits) => bits.parse().ok()?,
            None => ENTROPY,
        },
        random: field("random") == Some("yes"),
        files: field("files").map_or_else(Vec::new, |files| files.split(' ').collect()),
        block: field("block") == Some("yes"),
    };
    Some((rule, field("hint")?))
}

impl Rule {
    /// Where the rule finds secrets within `scope`, one behind the other.
    pub fn secrets(&self, text: &str, scope: Range<usize>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = scope.start;
        let Some(pattern) = self.pattern.as_ref() else {
            return found;
        };
        while let Some(groups) = pattern.captures(&text[from..scope.end]) {
            let Some(secret) = groups.get(1).filter(|secret| !secret.is_empty()) else {
                break;
            };
            found.push(from + secret.start()..from + secret.end());
            from += secret.end();
        }
        found
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
        assert!(RULES.hint.is_some());
        for rule in &RULES.rules {
            let pattern = rule.pattern.as_ref().unwrap();
            assert_eq!(pattern.captures_len(), 2, "{}", rule.name);
        }
    }
}
