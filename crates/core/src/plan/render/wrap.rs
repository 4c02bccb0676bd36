//! Text in lines that fit a screen: broken at words, with what follows under what it belongs to.

/// The words of a text in lines of at most `width` characters; a longer word stands alone.
pub(super) fn words(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let own = word.chars().count();
        if length > 0 && length + 1 + own > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += own;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The same, at most `most` lines: what is left out is an ellipsis. Also whether something was left out.
pub(super) fn first(text: &str, width: usize, most: usize) -> (Vec<String>, bool) {
    let mut lines = words(text, width);
    if lines.len() <= most {
        return (lines, false);
    }
    lines.truncate(most);
    if let Some(last) = lines.last_mut() {
        let room = width.saturating_sub(2);
        while last.chars().count() > room && last.contains(' ') {
            let end = last.rfind(' ').unwrap_or(0);
            last.truncate(end);
        }
        last.push_str(" …");
    }
    (lines, true)
}

/// Markdown with its long lines broken: those of paragraphs, quotes and lists. Code stays as it is.
pub(super) fn markdown(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut code = false;
    for line in text.lines() {
        let (before, rest) = prefix(line);
        let fence = rest.starts_with("```") || rest.starts_with("~~~");
        code ^= fence;
        let indented = before.ends_with("    ") && !before.contains(['-', '*', '+', '.']);
        if code || fence || indented || rest.starts_with('|') || line.chars().count() <= width {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        // What follows stands in the same quote, under the text of a list.
        let under: String = before
            .chars()
            .map(|c| if c == '>' { '>' } else { ' ' })
            .collect();
        let free = width.saturating_sub(before.chars().count()).max(20);
        for (at, part) in words(rest, free).iter().enumerate() {
            out.push_str(if at == 0 { before } else { &under });
            out.push_str(part);
            out.push('\n');
        }
    }
    out
}

/// The marks of quotes and lists that a line begins with, and the rest.
fn prefix(line: &str) -> (&str, &str) {
    let mut at = line.len() - line.trim_start_matches([' ', '>']).len();
    let rest = line.get(at..).unwrap_or_default();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let after = rest.get(digits..).unwrap_or_default();
    if digits > 0 && after.starts_with(". ") {
        at += digits + 2;
    } else if ["- ", "* ", "+ "].iter().any(|mark| rest.starts_with(mark)) {
        at += 2;
    }
    line.split_at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_words() {
        assert_eq!(words("one  two\nthree", 7), ["one two", "three"]);
        assert_eq!(words("unbreakable a", 4), ["unbreakable", "a"]);
        assert_eq!(words("", 4), [""; 0]);
        let (lines, cut) = first("one two three four", 9, 1);
        assert_eq!((lines, cut), (vec!["one two …".to_owned()], true));
        assert_eq!(first("one", 9, 1), (vec!["one".to_owned()], false));
    }

    #[test]
    fn quotes_and_lists_go_on_as_they_begin_and_code_stays() {
        let text = "> - one two three four five six\n```\nlet this = line_is_longer_than_that;\n```\n12. one two three four five six\n";
        let wrapped = "> - one two three four\n>   five six\n```\nlet this = line_is_longer_than_that;\n```\n12. one two three four\n    five six\n";
        assert_eq!(markdown(text, 24), wrapped);
    }
}
