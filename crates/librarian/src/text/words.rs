//! Terms: the words under which text and identifiers are indexed and searched.
//!
//! `parseDateTime`, `parse_date_time` and `parse-date-time` all give `parsedatetime` and the stems
//! of their parts: the parts for people who ask in words, the whole for people who ask by name.

use super::stem::stem;

/// Longest run of characters taken for an identifier; longer ones are hashes or encoded data.
const LONGEST: usize = 48;

/// Calls `emit` for each term of `text`, in order. Terms hold letters and digits only.
pub fn each(text: &str, mut emit: impl FnMut(&str)) {
    let mut parts = Vec::new();
    let mut term = String::new();
    for run in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')) {
        let run = run.trim_matches(['_', '-']);
        if run.is_empty() || run.len() > LONGEST * 2 {
            continue;
        }
        split(run, &mut parts);
        if parts.len() > 1 {
            term.clear();
            for part in &parts {
                lower(part, &mut term);
            }
            if term.len() <= LONGEST && term.len() > 2 {
                emit(&term);
            }
        }
        for part in &parts {
            if part.len() < 2 || part.len() > LONGEST {
                continue;
            }
            term.clear();
            lower(part, &mut term);
            stem(&mut term);
            emit(&term);
        }
    }
}

/// Calls `emit` for each term of `text` as [`each`] does, with what stands for it in the text.
pub fn each_written<'t>(text: &'t str, mut emit: impl FnMut(&str, &'t str)) {
    let mut parts = Vec::new();
    for run in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')) {
        let run = run.trim_matches(['_', '-']);
        split(run, &mut parts);
        let written = match parts.len() {
            0 | 1 => vec![run],
            _ => std::iter::once(run).chain(parts.iter().copied()).collect(),
        };
        for (at, written) in written.into_iter().enumerate() {
            let mut first = true;
            each(written, |term| {
                // Of the whole only the whole; of a part all that it gives.
                if first || at > 0 {
                    emit(term, written);
                }
                first = false;
            });
        }
    }
}

/// The terms of `text`, separated by blanks, appended to `to`.
pub fn append(text: &str, to: &mut String) {
    each(text, |term| {
        to.push_str(term);
        to.push(' ');
    });
}

/// The term of one whole identifier, however it is spelled: joined and in lower case, not stemmed
/// when it has several parts.
pub fn whole(identifier: &str) -> String {
    let mut first = String::new();
    each(identifier, |term| {
        if first.is_empty() {
            first.push_str(term);
        }
    });
    first
}

/// The last part of a name that is qualified by `::` or dots.
pub fn last(name: &str) -> &str {
    name.rsplit([':', '.']).next().unwrap_or(name)
}

/// Whether an identifier has several parts, so that prose does not use it by chance.
pub fn compound(identifier: &str) -> bool {
    let mut parts = Vec::new();
    split(identifier.trim_matches(['_', '-']), &mut parts);
    parts.len() > 1
}

fn lower(part: &str, to: &mut String) {
    if part.is_ascii() {
        to.extend(part.bytes().map(|b| char::from(b.to_ascii_lowercase())));
    } else {
        to.extend(part.chars().flat_map(char::to_lowercase));
    }
}

/// Splits at `_` and `-`, between lower and upper case, before the last capital of `HTTPServer`, and
/// between a word and its number where both are long enough to mean something (`sha256` → `sha`, `256`).
fn split<'a>(run: &'a str, parts: &mut Vec<&'a str>) {
    parts.clear();
    for piece in run.split(['_', '-']).filter(|piece| !piece.is_empty()) {
        let bytes = piece.as_bytes();
        let mut start = 0;
        for at in 1..bytes.len() {
            if !piece.is_char_boundary(at) {
                continue;
            }
            let (before, here) = (bytes[at - 1], bytes[at]);
            let next = bytes.get(at + 1).copied().unwrap_or(b' ');
            let camel = (before.is_ascii_lowercase() || before.is_ascii_digit())
                && here.is_ascii_uppercase();
            let acronym = before.is_ascii_uppercase()
                && here.is_ascii_uppercase()
                && next.is_ascii_lowercase();
            let number = before.is_ascii_alphabetic()
                && here.is_ascii_digit()
                && next.is_ascii_digit()
                && at - start > 1;
            if camel || acronym || number {
                parts.push(&piece[start..at]);
                start = at;
            }
        }
        parts.push(&piece[start..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        each(text, |term| all.push(term.to_owned()));
        all
    }

    #[test]
    fn every_spelling_of_an_identifier_has_the_same_terms() {
        let expected = ["parsedatetime", "pars", "dat", "tim"];
        for spelling in [
            "parseDateTime",
            "parse_date_time",
            "parse-date-time",
            "ParseDateTime",
        ] {
            let found = terms(spelling);
            assert_eq!(found, expected, "{spelling}");
        }
    }

    #[test]
    fn a_term_is_told_as_it_is_written() {
        let mut all = Vec::new();
        each_written("--maxNotes, turns", |term, written| {
            all.push((term.to_owned(), written));
        });
        let expected = [
            ("maxnotes", "maxNotes"),
            ("max", "max"),
            ("not", "Notes"),
            ("turn", "turns"),
        ];
        let found: Vec<(&str, &str)> = all.iter().map(|(term, it)| (term.as_str(), *it)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn acronyms_and_numbers_are_parts_of_their_own() {
        assert_eq!(terms("HTTPServer")[..2], ["httpserver", "http"]);
        assert_eq!(terms("sha256"), ["sha256", "sha", "256"]);
        assert_eq!(terms("utf8"), ["utf8"]);
    }

    #[test]
    fn terms_hold_nothing_but_letters_and_digits() {
        for term in terms("\"NEAR(* AND ^col:x\" -- 'DROP' ä-ö é_É {}[] \u{0} naïve") {
            assert!(term.chars().all(char::is_alphanumeric), "{term}");
        }
    }

    #[test]
    fn encoded_data_is_no_word() {
        assert!(terms(&"a1B2".repeat(100)).is_empty());
    }
}
