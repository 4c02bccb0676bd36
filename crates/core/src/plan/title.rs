//! A request as the first line of a commit: whole words of it, as many as fit.

use super::text::one_line;

/// Longest first line of a commit, in characters: the usual bound of git's own tools.
const LENGTH: usize = 72;
/// Said where not even the first word of a request fits.
const BARE: &str = "change as requested";

/// Where a clause may end: what follows is left out with the mark itself.
const CLAUSES: [&str; 10] = [
    ". ", "? ", "! ", "; ", ": ", " – ", " — ", " - ", ", ", " (",
];

/// Words that do not end a line: what they lead to is missing.
const LEADING: &[&str] = &[
    "a", "an", "and", "as", "at", "be", "because", "but", "by", "for", "from", "if", "in", "into",
    "is", "it", "its", "nor", "not", "of", "on", "or", "so", "that", "the", "their", "this", "to",
    "via", "when", "where", "which", "while", "who", "with", "without",
];

/// `scope: request`, at most [`LENGTH`] characters; a scope that leaves no room is left out. Whatever does not fit
/// is left away: clauses from the end where at least half the line remains, else words.
pub(crate) fn subject(scope: &str, request: &str) -> String {
    let line = request.lines().find(|line| !line.trim().is_empty());
    let line = one_line(line.unwrap_or_default());
    let scope = one_line(scope);
    let prefix = match scope.is_empty() {
        true => String::new(),
        false => format!("{scope}: "),
    };
    let prefix = match prefix.chars().count() + BARE.len() <= LENGTH {
        true => prefix,
        false => String::new(),
    };
    let room = LENGTH - prefix.chars().count();
    format!("{prefix}{}", fitted(&line, room))
}

fn fitted(line: &str, room: usize) -> String {
    if line.chars().count() <= room && !line.is_empty() {
        return line.to_owned();
    }
    let end = line
        .char_indices()
        .nth(room)
        .map_or(line.len(), |(at, _)| at);
    let clause = CLAUSES
        .iter()
        .flat_map(|mark| line.match_indices(mark))
        .map(|(at, _)| at)
        .filter(|at| *at <= end)
        .filter_map(|at| line.get(..at))
        .filter(|clause| 2 * clause.chars().count() >= room && is_closed(clause))
        .max_by_key(|clause| clause.len());
    if let Some(clause) = clause {
        return clause.trim_end().to_owned();
    }
    let mut words: Vec<&str> = Vec::new();
    let mut length = 0;
    for word in line.split(' ') {
        length += word.chars().count() + usize::from(!words.is_empty());
        if length > room {
            break;
        }
        words.push(word);
    }
    while let Some(last) = words.last() {
        let bare = last.to_lowercase();
        if !LEADING.contains(&bare.as_str()) && is_closed(&words.join(" ")) {
            break;
        }
        words.pop();
    }
    let text = words.join(" ");
    let text = text
        .trim_end_matches([',', ';', ':', '-', '–', '—'])
        .trim_end();
    match text.is_empty() {
        true => BARE.to_owned(),
        false => text.to_owned(),
    }
}

/// Whether every bracket, double quote and backtick that opens in it closes in it.
fn is_closed(text: &str) -> bool {
    let count = |mark: char| text.chars().filter(|c| *c == mark).count();
    let pairs = [('(', ')'), ('[', ']'), ('{', '}'), ('“', '”')];
    pairs
        .iter()
        .all(|(open, close)| count(*open) == count(*close))
        && ['`', '"'].iter().all(|mark| count(*mark).is_multiple_of(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_as_it_is() {
        assert_eq!(subject("lib", "Make it polite"), "lib: Make it polite");
        assert_eq!(subject("", " Make  it\npolite"), "Make it");
    }

    #[test]
    fn what_is_too_long_loses_clauses_and_then_words_and_never_ends_in_the_middle() {
        for (request, expected) in [
            (
                "Let the server close idle connections, since otherwise every one of them keeps a thread",
                "lib: Let the server close idle connections",
            ),
            (
                "Make every greeting of every language binding that there is in the whole of this repository polite",
                "lib: Make every greeting of every language binding that there",
            ),
            (
                "Add the option `--output-format json pretty` and the option `--keep going on and on`",
                "lib: Add the option `--output-format json pretty` and the option",
            ),
            (
                "https://example.org/a/very/long/address/that/has/no/spaces/and/goes/on/and/on/and/on",
                "lib: change as requested",
            ),
        ] {
            let subject = subject("lib", request);
            assert_eq!(subject, expected);
            assert!(subject.chars().count() <= LENGTH);
        }
    }

    #[test]
    fn a_scope_that_leaves_no_room_is_left_out() {
        let scope = "x".repeat(70);
        assert_eq!(subject(&scope, "Make it polite"), "Make it polite");
    }
}
