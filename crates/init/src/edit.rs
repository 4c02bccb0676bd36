//! Insertions into a text, in the manner of the lines around them.

/// One replacement: from byte, to byte, and the text that comes there.
pub type TextEdit = (usize, usize, String);

/// The text with all replacements done; they must not overlap.
pub fn apply(text: &str, mut edits: Vec<TextEdit>) -> String {
    edits.sort_by_key(|(from, to, _)| (*from, *to));
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (from, to, with) in edits {
        out.push_str(&text[done..from]);
        out.push_str(&with);
        done = to;
    }
    out.push_str(&text[done..]);
    out
}

/// The white space that the line of a byte begins with.
pub fn indent(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Puts whole lines after the thing that ends at `end`, and after its comment on the same line; `begin` is where it
/// begins. Where something else follows on that line, all comes on the same line.
pub fn after(text: &str, begin: usize, end: usize, lines: &[String]) -> TextEdit {
    let rest = &text[end..];
    let eol = rest.find('\n').unwrap_or(rest.len());
    let behind = rest[..eol].trim();
    let alone = text[..begin]
        .rsplit('\n')
        .next()
        .is_some_and(|line| line.trim().is_empty());
    if alone && (behind.is_empty() || behind.starts_with('#')) {
        let margin = indent(text, begin);
        let lines = lines.iter().map(|line| indented(line, margin));
        let at = end + eol;
        return (at, at, lines.map(|line| format!("\n{line}")).collect());
    }
    let one_line = lines.iter().map(|line| format!(" {line}")).collect();
    (end, end, one_line)
}

/// Puts whole lines as the first into braces that open before `open`, with one step more than their line.
pub fn first(text: &str, open: usize, close: usize, lines: &[String]) -> TextEdit {
    let margin = format!("{}  ", indent(text, open));
    let lines = lines.iter().map(|line| indented(line, &margin));
    let mut put: String = lines.map(|line| format!("\n{line}")).collect();
    let inside = &text[open..close];
    if inside.trim().is_empty() && !inside.contains('\n') {
        put.push('\n');
        put.push_str(indent(text, open));
        return (open, close, put);
    }
    (open, open, put)
}

/// Each line that holds something, behind a margin.
pub fn indented(block: &str, margin: &str) -> String {
    let lines = block.lines().map(|line| match line.is_empty() {
        true => String::new(),
        false => format!("{margin}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The unified difference of two versions of a file; empty where they are the same.
pub fn difference(name: &str, before: Option<&str>, after: &str) -> String {
    let old = before.map_or_else(|| "/dev/null".into(), |_| format!("a/{name}"));
    similar::TextDiff::from_lines(before.unwrap_or_default(), after)
        .unified_diff()
        .context_radius(3)
        .header(&old, &format!("b/{name}"))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_behind_the_comment_of_what_they_follow() {
        let text = "{\n  a = 1; # one\n}\n";
        let edit = after(text, 4, 10, &["b = 2;".into()]);
        assert_eq!(apply(text, vec![edit]), "{\n  a = 1; # one\n  b = 2;\n}\n");
    }

    #[test]
    fn what_stands_on_one_line_stays_on_one_line() {
        let text = "{ a = 1; }\n";
        let edit = after(text, 2, 8, &["b = 2;".into()]);
        assert_eq!(apply(text, vec![edit]), "{ a = 1; b = 2; }\n");
    }

    #[test]
    fn empty_braces_are_opened() {
        let text = "  x = { };\n";
        let edit = first(text, 7, 8, &["b = 2;".into()]);
        assert_eq!(apply(text, vec![edit]), "  x = {\n    b = 2;\n  };\n");
    }
}
