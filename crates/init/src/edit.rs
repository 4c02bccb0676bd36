//! Insertions into a text, in the manner of the lines around them.

/// Columns of a line that formatters of Nix allow.
const MAX_LINE: usize = 100;

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

/// One step of indentation, as the text has it: a tab, or the fewest spaces that a line begins with, at most 8.
pub fn step(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    if lines.clone().any(|line| line.starts_with('\t')) {
        return "\t".into();
    }
    let spaces = lines.map(|line| line.len() - line.trim_start_matches(' ').len());
    let least = spaces.filter(|count| (2..=8).contains(count)).min();
    " ".repeat(least.unwrap_or(2))
}

/// A block that was written with steps of two spaces, with other ones.
fn restepped(block: &str, step: &str) -> String {
    let lines = block.lines().map(|line| {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        format!("{}{}", step.repeat(spaces / 2), &line[spaces / 2 * 2..])
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Puts whole lines after the thing that ends at `end`, and after its comment on the same line; `begin` is where it
/// begins. Where something else follows on that line, all comes on the same line; in a block that is kept sorted, where
/// it belongs.
pub fn after(text: &str, begin: usize, end: usize, lines: &[String]) -> TextEdit {
    let step = step(text);
    let lines: Vec<String> = lines.iter().map(|line| restepped(line, &step)).collect();
    if let Some(edit) = sorted(text, begin, &lines.join("\n"), "") {
        return edit;
    }
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
    let step = step(text);
    let margin = format!("{}{step}", indent(text, open));
    let lines = lines
        .iter()
        .map(|line| indented(&restepped(line, &step), &margin));
    let mut put: String = lines.map(|line| format!("\n{line}")).collect();
    let inside = &text[open..close];
    if inside.trim().is_empty() && !inside.contains('\n') {
        put.push('\n');
        put.push_str(indent(text, open));
        return (open, close, put);
    }
    (open, open, put)
}

/// Puts one more item into a list, given the spans of its items and of itself. A list on one line that would become
/// too long is opened.
pub fn item(text: &str, items: &[(usize, usize)], list: (usize, usize), new: &str) -> TextEdit {
    let (open, close) = list;
    let Some((begin, end)) = items.last().copied() else {
        return (open, close, format!("[ {new} ]"));
    };
    let start = text[..open].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let one_line = !text[open..close].contains('\n');
    if !one_line || line.chars().count() + new.chars().count() < MAX_LINE {
        return after(text, begin, end, &[new.to_owned()]);
    }
    let margin = indent(text, open);
    let step = step(text);
    let all = items
        .iter()
        .map(|(from, to)| &text[*from..*to])
        .chain([new]);
    let lines: String = all.map(|item| format!("{margin}{step}{item}\n")).collect();
    (open, close, format!("[\n{lines}{margin}]"))
}

/// Where a line belongs in a block that is kept sorted (`# keep-sorted start`), if `at` lies in one: before the first
/// line of the same indentation that comes after it. Each new line ends in `end`.
pub fn sorted(text: &str, at: usize, new: &str, end: &str) -> Option<TextEdit> {
    let open = text[..at].rfind("keep-sorted start")?;
    if text[open..at].contains("keep-sorted end") {
        return None;
    }
    let close = at + text[at..].find("keep-sorted end")?;
    let margin = indent(text, at);
    let begin = open + text[open..].find('\n')? + 1;
    let first = new.split(['\n', ',']).next().unwrap_or(new);
    let mut place = begin;
    for line in text[begin..close].split_inclusive('\n') {
        let own = line
            .strip_prefix(margin)
            .filter(|rest| rest.starts_with(char::is_alphabetic));
        let last = line.contains("keep-sorted end") || !text[place..close].contains('\n');
        if last || own.is_some_and(|own| own > first) {
            break;
        }
        place += line.len();
    }
    let mut new: Vec<&str> = new.split('\n').collect();
    if new.iter().all(|line| line.starts_with(char::is_alphabetic)) {
        new.sort_unstable();
    }
    let lines = new.iter().map(|line| format!("{margin}{line}{end}\n"));
    Some((place, place, lines.collect()))
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
    fn a_block_that_is_kept_sorted_stays_sorted() {
        let text = "{\n  inputs = {\n    # keep-sorted start\n    a.url = 1;\n    z.url = 2;\n    # keep-sorted end\n  };\n}\n";
        let at = text.find("z.url").unwrap();
        let edit = after(text, at, at + 10, &["poag.url = 3;".into()]);
        assert_eq!(
            apply(text, vec![edit]),
            text.replace("    z.url", "    poag.url = 3;\n    z.url")
        );
    }

    #[test]
    fn indentation_is_that_of_the_text() {
        let text = "{\n\tinputs = {\n\t\ta = 1;\n\t};\n}\n";
        let at = text.find("a = 1;").unwrap();
        let edit = after(text, at, at + 6, &["b = {\n  c = 2;\n};".into()]);
        assert_eq!(
            apply(text, vec![edit]),
            "{\n\tinputs = {\n\t\ta = 1;\n\t\tb = {\n\t\t\tc = 2;\n\t\t};\n\t};\n}\n"
        );
    }

    #[test]
    fn a_list_that_becomes_too_long_is_opened() {
        let text = format!("  imports = [ {} ];\n", "a".repeat(80));
        let edit = item(
            &text,
            &[(14, 94)],
            (12, 96),
            "inputs.poag.flakeModules.default",
        );
        let after = apply(&text, vec![edit]);
        assert_eq!(
            after,
            format!(
                "  imports = [\n    {}\n    inputs.poag.flakeModules.default\n  ];\n",
                "a".repeat(80)
            )
        );
    }

    #[test]
    fn empty_braces_are_opened() {
        let text = "  x = { };\n";
        let edit = first(text, 7, 8, &["b = 2;".into()]);
        assert_eq!(apply(text, vec![edit]), "  x = {\n    b = 2;\n  };\n");
    }
}
