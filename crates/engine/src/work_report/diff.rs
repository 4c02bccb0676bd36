//! A unified difference, file by file and line by line.

use std::collections::BTreeMap;

/// The text of each file of a difference without renames, by the path that it has; from the first `@@` on.
pub(super) fn by_file(text: &str) -> BTreeMap<String, &str> {
    let mut found = BTreeMap::new();
    let starts: Vec<usize> = starts(text).collect();
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(text.len());
        let part = &text[*start..end];
        let Some(hunk) = part.find("\n@@ ") else {
            continue;
        };
        if let Some(path) = path(&part[..hunk]) {
            found.insert(path, &part[hunk + 1..]);
        }
    }
    found
}

/// Where files begin. Lines inside of a hunk begin with another sign, so that none of them is taken for it.
fn starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    });
    lines
        .filter(|(_, line)| line.starts_with("diff --git "))
        .map(|(start, _)| start)
}

/// The path after `+++ b/`, or after `--- a/` for a file that is gone.
fn path(head: &str) -> Option<String> {
    let of = |mark: &str, side: &str| {
        let mut lines = head.lines().filter_map(|line| line.strip_prefix(mark));
        let path = lines.next()?.trim_end_matches('\t');
        match path
            .strip_prefix('"')
            .and_then(|path| path.strip_suffix('"'))
        {
            Some(quoted) => unquoted(quoted)?.strip_prefix(side).map(str::to_owned),
            None => path.strip_prefix(side).map(str::to_owned),
        }
    };
    of("+++ ", "b/").or_else(|| of("--- ", "a/"))
}

/// A path that git quoted: see `core.quotePath` in git-config(1).
fn unquoted(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut signs = text.bytes();
    while let Some(sign) = signs.next() {
        if sign != b'\\' {
            bytes.push(sign);
            continue;
        }
        bytes.push(match signs.next()? {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            first @ b'0'..=b'3' => {
                let digits = [first, signs.next()?, signs.next()?];
                let text = std::str::from_utf8(&digits).ok()?;
                u8::from_str_radix(text, 8).ok()?
            }
            other => other,
        });
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What sort of line it is, as the style calls it.
pub(super) fn class(line: &str) -> &'static str {
    match line.as_bytes().first() {
        Some(b'+') => "came",
        Some(b'-') => "went",
        Some(b'@') => "hunk",
        _ => "same",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_hunks() {
        let text = "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+diff --git b\n\
                    diff --git a/gone b/gone\ndeleted file mode 100644\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n\
                    diff --git \"a/\\303\\244 \\\"q\\\"\" \"b/\\303\\244 \\\"q\\\"\"\n--- /dev/null\n+++ \"b/\\303\\244 \\\"q\\\"\"\n@@ -0,0 +1 @@\n+c\n\
                    diff --git a/bin b/bin\nBinary files a/bin and b/bin differ\n";
        let files = by_file(text);
        let names: Vec<_> = files.keys().map(String::as_str).collect();
        assert_eq!(names, ["gone", "x", "ä \"q\""]);
        assert_eq!(files["x"], "@@ -1 +1 @@\n-a\n+diff --git b\n");
        assert_eq!(files["gone"], "@@ -1 +0,0 @@\n-b\n");
    }

    #[test]
    fn bad_text_is_no_file() {
        for text in [
            "",
            "diff --git ",
            "diff --git a b\n+++ \"b/\\9\n@@ ",
            "+++ b/x\n@@ ",
        ] {
            assert!(by_file(text).is_empty(), "{text}");
        }
    }
}
