//! Stemming that does not hurt code: plurals, `-ing`, `-ed`, `-ly` and a silent `e`, nothing that derives.
//!
//! Porter's stemmer makes one word of `general` and `generate`, of `valid` and `validate`: in code these
//! are different things. Variants such as `install`/`installation` are tried when searching instead.

/// Stems a word in lower case, in place. Anything but plain ASCII letters stays as it is.
pub fn stem(word: &mut String) {
    if word.len() < 4 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return;
    }
    plural(word);
    for ending in ["ing", "ed"] {
        if verb(word, ending) {
            return;
        }
    }
    if word.len() >= 7 && word.ends_with("ly") {
        word.truncate(word.len() - 2);
    }
    silent_e(word);
}

fn plural(word: &mut String) {
    if word.len() > 4 && word.ends_with("ies") {
        word.truncate(word.len() - 3);
        word.push('y');
    } else if ["sses", "shes", "ches", "xes", "zes"]
        .iter()
        .any(|ending| word.ends_with(ending))
    {
        // "caches" is the plural of "cache": without its silent e it is the same word either way.
        word.truncate(word.len() - 2);
    } else if word.ends_with('s')
        && !["ss", "us", "is", "ias", "ous"]
            .iter()
            .any(|ending| word.ends_with(ending))
    {
        word.pop();
    }
}

/// Strips a verb's ending where a word remains; says whether it did.
fn verb(word: &mut String, ending: &str) -> bool {
    let Some(rest) = word.strip_suffix(ending) else {
        return false;
    };
    let vowels = rest.bytes().filter(|b| b"aeiouy".contains(b)).count();
    if rest.len() < 2 || vowels == 0 || rest.ends_with('e') {
        return false;
    }
    let bytes = rest.as_bytes();
    let last = bytes[bytes.len() - 1];
    if rest.len() == 2 {
        // "using" → "use", but "need" and "bing" stay.
        if !b"aeiou".contains(&bytes[0]) {
            return false;
        }
        word.truncate(2);
        word.push('e');
        return true;
    }
    let doubled = rest.len() > 3 && bytes[bytes.len() - 2] == last && !b"lsz".contains(&last);
    let keep = rest.len() - usize::from(doubled);
    word.truncate(keep);
    if !doubled {
        silent_e(word);
    }
    true
}

fn silent_e(word: &mut String) {
    let Some(rest) = word.strip_suffix('e') else {
        return;
    };
    if rest.len() >= 3 && !rest.ends_with('e') && rest.bytes().any(|b| b"aeiouy".contains(&b)) {
        word.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stemmed(word: &str) -> String {
        let mut word = word.to_owned();
        stem(&mut word);
        word
    }

    #[test]
    fn forms_of_one_word_meet() {
        for forms in [
            &["parse", "parses", "parsing", "parsed"][..],
            &["use", "uses", "using", "used"],
            &["cache", "caches", "caching", "cached"],
            &["index", "indexes", "indexing", "indexed"],
            &["run", "runs", "running"],
            &["class", "classes"],
            &["library", "libraries"],
            &["greet", "greets", "greeting", "greetings"],
            &["polite", "politely"],
            &["time", "times", "timing", "timed"],
            &["add", "adds", "adding", "added"],
        ] {
            for form in forms {
                assert_eq!(stemmed(form), stemmed(forms[0]), "{form}");
            }
        }
    }

    #[test]
    fn words_that_only_look_like_forms_stay() {
        for word in [
            "string", "need", "status", "this", "thing", "alias", "speed", "less", "sha256",
        ] {
            assert_eq!(stemmed(word), word);
        }
        assert_ne!(stemmed("general"), stemmed("generate"));
        assert_ne!(stemmed("valid"), stemmed("validate"));
    }
}
