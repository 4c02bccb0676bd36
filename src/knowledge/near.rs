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

fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 16 || a.len() > 128 {
        return usize::MAX;
    }
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (at, row) in rows.iter_mut().enumerate() {
        row[0] = at;
    }
    for (at, cell) in rows[0].iter_mut().enumerate() {
        *cell = at;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut edits = (rows[i - 1][j - 1] + same)
                .min(rows[i - 1][j] + 1)
                .min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                edits = edits.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = edits;
        }
    }
    rows[a.len()][b.len()]
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
