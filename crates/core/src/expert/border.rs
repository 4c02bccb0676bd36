//! Where the flake of somebody else begins below an expert's folder.
//!
//! The rule of `lib/internal/border.nix`, for work trees; both are tested on one table.

/// Folders whose flakes are material of the flake that holds them.
const TEMPLATES: [&str; 2] = ["template", "templates"];
/// Folders whose flakes are, too, unless they speak of poag and so may have an expert.
const SAMPLES: [&str; 11] = [
    "demo", "demos", "example", "examples", "fixture", "fixtures", "sample", "samples", "test",
    "testdata", "tests",
];

/// Whether a folder is the flake of somebody else: its path below the expert's, and the text of its flake.nix.
///
/// A file of that name that has no `outputs`, such as a module, hides nothing.
#[must_use]
pub fn is_border(path: &str, flake: &str) -> bool {
    let lies_in = |names: &[&str]| path.split('/').any(|part| names.contains(&part));
    !lies_in(&TEMPLATES) && is_flake(flake) && (!lies_in(&SAMPLES) || speaks_of_poag(flake))
}

/// Whether the text of a flake.nix binds `outputs`. Nothing is parsed: the rule is the same in Nix.
#[must_use]
pub fn is_flake(text: &str) -> bool {
    has_word(text, "outputs", |c| "_.'-".contains(c), |c| c == '=')
}

/// Whether it takes or uses poag.
fn speaks_of_poag(text: &str) -> bool {
    has_word(
        text,
        "poag",
        |c| "_'-".contains(c),
        |c| "],.;=}".contains(c),
    )
}

/// Whether a word stands in a line, with no letter or digit before it and none of the other characters that `goes_on`
/// says, and behind it, after blanks, the end of the line or one of those that `ends` says.
fn has_word(
    text: &str,
    word: &str,
    goes_on: impl Fn(char) -> bool,
    ends: impl Fn(char) -> bool,
) -> bool {
    lines(text).any(|line| {
        line.match_indices(word).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + word.len()..].trim_start_matches(is_space);
            !before.is_some_and(|c| c.is_ascii_alphanumeric() || goes_on(c))
                && after.chars().next().is_none_or(&ends)
        })
    })
}

/// The lines that are no comment.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .filter(|line| !line.trim_start_matches(is_space).starts_with('#'))
}

/// What POSIX calls `[[:space:]]`.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// The table that the library's own test goes by, too.
    #[test]
    fn nix_and_the_runner_have_one_rule() {
        let table = include_str!("../../../../checks/lib/cases/a-border-is-a-flake/table.json");
        let rows: Vec<Value> = serde_json::from_str(table).unwrap();
        assert!(rows.len() > 10);
        for row in rows {
            let text = |field: &str| row[field].as_str().unwrap();
            let found = is_border(text("path"), text("flake"));
            assert_eq!(Some(found), row["border"].as_bool(), "{row}");
        }
    }
}
