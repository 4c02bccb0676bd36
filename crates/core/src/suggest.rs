//! "Did you mean": the known name that is closest to a wrong one.

/// The closest name within a third of the wrong one's length, by edits (Damerau–Levenshtein, adjacent swaps);
/// none where no name is close.
pub fn nearest<'n>(wrong: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = (wrong.chars().count() / 3).max(1);
    known
        .map(|name| (distance(wrong, name), name))
        .filter(|(edits, _)| *edits <= most)
        .min()
        .map(|(_, name)| name)
}

/// Names out of a repository may be of any length; one that is too long is near nothing.
fn distance(a: &str, b: &str) -> usize {
    let (long, other) = (a.chars().count(), b.chars().count());
    if long.abs_diff(other) > 16 || long > 128 {
        return usize::MAX;
    }
    strsim::osa_distance(a, b)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_close_name_is_suggested_and_a_far_one_is_not() {
        let known = ["sources", "role", "outline"];
        assert_eq!(nearest("source", known.into_iter()), Some("sources"));
        assert_eq!(nearest("ruole", known.into_iter()), Some("role"));
        assert_eq!(nearest("oultine", known.into_iter()), Some("outline"));
        assert_eq!(nearest("knowledge", known.into_iter()), None);
        assert_eq!(nearest("", known.into_iter()), None);
    }
}
