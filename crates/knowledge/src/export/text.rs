//! Small forms of text that every export uses.

/// On one line, with single spaces.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most that many characters, with a sign where something is missing.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => {
            let kept: String = text.chars().take(most.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end())
        }
    }
}

/// Headings one level lower, so that a text can stand below one; fences are left alone.
pub(super) fn lowered(text: &str) -> String {
    let mut fenced = false;
    let lines = text.lines().map(|line| {
        fenced ^= line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        match !fenced && line.starts_with('#') {
            true => format!("##{line}"),
            false => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Without any heading, as where none may stand.
pub(super) fn without_headings(text: &str) -> String {
    let lines = text.lines().map(|line| match line.starts_with('#') {
        true => line.trim_start_matches('#').trim_start(),
        false => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Markdown code that holds any text of one line, backticks included.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A path as the target of a Markdown link: what is no plain sign of an address, in percent.
pub(super) fn target(path: &str) -> String {
    let mut target = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'~' | b'-' => {
                target.push(char::from(byte));
            }
            _ => target.push_str(&format!("%{byte:02X}")),
        }
    }
    target
}

/// The text of a Markdown link.
pub(super) fn label(path: &str) -> String {
    path.replace(['[', ']', '\\'], "_")
}
