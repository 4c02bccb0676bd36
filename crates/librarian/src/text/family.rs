//! Words of one family: `install` and `installation`, `encode` and `encoder`.
//!
//! A stem (`stem`) keeps apart what derives, since in code these are different things. Who asks in ordinary words means the
//! family; it is searched for with less weight than the word itself.

/// Endings that derive, of words that are stemmed; the longest first.
const ENDINGS: &[&str] = &[
    "ization", "isation", "ication", "fulness", "ability", "ibility", "ational", "ation", "ition",
    "ement", "ency", "ancy", "ence", "ance", "ment", "able", "ible", "ator", "ness", "ical", "enc",
    "anc", "abl", "ibl", "ity", "ion", "iv", "ent", "ant", "ful", "less", "al", "er", "or", "at",
    "iz", "is", "ic", "en", "y",
];
/// Letters of the shortest root.
const SHORTEST: usize = 4;

/// The root of a stemmed word in lower case: what its family begins with.
#[must_use]
pub fn root(word: &str) -> &str {
    if !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word;
    }
    let mut root = word;
    // What derives twice: `configurable` → `configur`, `validation` → `validat` → `valid`.
    for _ in 0..2 {
        let shorter = ENDINGS
            .iter()
            .filter_map(|ending| root.strip_suffix(ending))
            .find(|rest| rest.len() >= SHORTEST);
        match shorter {
            Some(shorter) => root = shorter,
            None => break,
        }
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;

    #[test]
    fn words_that_derive_from_one_another_have_one_root() {
        for family in [
            &["install", "installation", "installer", "installs"][..],
            &["configure", "configuration", "configurable"],
            &["validate", "validation", "validator"],
            &["encode", "encoder", "encoding"],
            &["compress", "compression", "compressed"],
            &["depend", "dependency", "dependencies"],
        ] {
            let roots: Vec<String> = family
                .iter()
                .map(|word| root(&words::whole(word)).to_owned())
                .collect();
            assert!(roots.iter().all(|it| *it == roots[0]), "{roots:?}");
        }
        assert_ne!(root("version"), root("verbos"));
        assert_eq!(root("sha256"), "sha256");
    }
}
