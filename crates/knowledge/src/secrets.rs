//! Secrets in the files of an expert: found by a kept rule set, and left out of everything it knows.

mod names;
mod random;
mod rules;
mod words;

use std::borrow::Cow;
use std::ops::Range;

pub use names::secret_name;
use rules::{RULES, Rule};

/// Bytes of a secret that spans lines.
const MAX_BLOCK: usize = 64 << 10;

/// A secret that was left out. Its value is nowhere kept.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Finding {
    /// Line it starts on, from 1.
    pub line: u32,
    /// The rule that found it.
    pub rule: &'static str,
}

/// The text with each secret replaced by `[left out: <rule>]`, and where they were. Lines keep their numbers.
#[must_use]
pub fn redact<'t>(path: &str, text: &'t str) -> (Cow<'t, str>, Vec<Finding>) {
    let found = find(path, text);
    if found.is_empty() {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut clean = String::with_capacity(text.len());
    let mut findings = Vec::with_capacity(found.len());
    let (mut at, mut line) = (0, 1);
    for (range, rule) in found {
        line += breaks(&text[at..range.start]);
        findings.push(Finding { line, rule });
        clean.push_str(&text[at..range.start]);
        clean.push_str("[left out: ");
        clean.push_str(rule);
        clean.push(']');
        let inside = breaks(&text[range.clone()]);
        clean.extend((0..inside).map(|_| '\n'));
        line += inside;
        at = range.end;
    }
    clean.push_str(&text[at..]);
    (Cow::Owned(clean), findings)
}

/// Where secrets stand, without their text: what is cheaper where nothing is shown.
#[must_use]
pub fn findings(path: &str, text: &str) -> Vec<Finding> {
    let (mut at, mut line) = (0, 1);
    let finding = |(range, rule): (Range<usize>, &'static str)| {
        line += breaks(&text[at..range.start]);
        at = range.start;
        Finding { line, rule }
    };
    find(path, text).into_iter().map(finding).collect()
}

/// A finding that was written down; none where no rule has that name any more.
pub(super) fn recalled(line: u32, rule: &str) -> Option<Finding> {
    let rule = RULES.named(rule)?;
    Some(Finding { line, rule })
}

fn breaks(text: &str) -> u32 {
    let count = text.bytes().filter(|byte| *byte == b'\n').count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Where secrets stand, in order, without overlaps.
fn find(path: &str, text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    RULES.lines(text, |line, rules| {
        for rule in rules {
            if !rule.covers(path) || !rule.hints(&text[line.clone()]) {
                continue;
            }
            let end = match rule.block {
                true => block_end(text, line.start),
                false => line.end,
            };
            for place in rule.secrets(text, line.start..end) {
                if counts(rule, &text[place.clone()]) {
                    found.push((place, rule.name));
                }
            }
        }
    });
    without_overlaps(found)
}

/// Where a block that starts at `start` must have ended.
fn block_end(text: &str, start: usize) -> usize {
    let mut end = text.len().min(start + MAX_BLOCK);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

fn counts(rule: &Rule, secret: &str) -> bool {
    rule.block
        || (random::entropy(secret) >= rule.entropy
            && !secret.contains("EXAMPLE")
            && (!rule.random || random::looks_random(secret)))
}

/// The first rule of the file wins where two find the same place.
fn without_overlaps(
    mut found: Vec<(Range<usize>, &'static str)>,
) -> Vec<(Range<usize>, &'static str)> {
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut kept: Vec<(Range<usize>, &'static str)> = Vec::with_capacity(found.len());
    for (range, rule) in found {
        match kept.last_mut() {
            Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
            _ => kept.push((range, rule)),
        }
    }
    kept
}
