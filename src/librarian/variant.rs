//! Other terms for a word of a request: derived forms and the short forms that code uses.

use super::stem::stem;

/// Words that code shortens. General usage, about no project.
const SHORT: &[&[&str]] = &[
    &["argument", "arg"],
    &["async", "asynchronous"],
    &["authentication", "auth", "authenticate"],
    &["authorization", "auth", "authorize"],
    &["attribute", "attr"],
    &["calculate", "calc"],
    &["command", "cmd"],
    &["config", "configuration", "configure", "cfg", "conf"],
    &["connection", "conn"],
    &["context", "ctx"],
    &["database", "db"],
    &["dependency", "dep"],
    &["description", "desc"],
    &["destination", "dest", "dst"],
    &["develop", "dev", "development"],
    &["directory", "dir", "folder"],
    &["document", "documentation", "doc"],
    &["environment", "env"],
    &["error", "err"],
    &["execute", "exec", "execution"],
    &["expression", "expr"],
    &["format", "fmt"],
    &["function", "fn", "func"],
    &["identifier", "ident", "id"],
    &["image", "img"],
    &["implementation", "impl", "implement"],
    &["index", "idx"],
    &["information", "info"],
    &["initialize", "init", "initialise", "initialization"],
    &["iterator", "iter", "iterate"],
    &["length", "len"],
    &["library", "lib"],
    &["maximum", "max"],
    &["memory", "mem"],
    &["message", "msg"],
    &["minimum", "min"],
    &["number", "num"],
    &["object", "obj"],
    &["package", "pkg"],
    &["parameter", "param"],
    &["pointer", "ptr"],
    &["previous", "prev"],
    &["reference", "ref"],
    &["regex", "regexp", "regular"],
    &["repository", "repo"],
    &["request", "req"],
    &["response", "resp", "res"],
    &["source", "src"],
    &["specification", "spec"],
    &["statistics", "stats"],
    &["string", "str"],
    &["synchronize", "sync", "synchronous"],
    &["temporary", "tmp", "temp"],
    &["utility", "util"],
    &["value", "val"],
    &["variable", "var"],
];

/// Forms of verbs and nouns that no ending tells. General English.
const IRREGULAR: &[&[&str]] = &[
    &["begin", "began", "begun"],
    &["bind", "bound"],
    &["break", "broke", "broken"],
    &["build", "built"],
    &["catch", "caught"],
    &["choose", "chose", "chosen"],
    &["drive", "driven", "drove"],
    &["forget", "forgot", "forgotten"],
    &["freeze", "froze", "frozen"],
    &["hide", "hidden", "hid"],
    &["hold", "held"],
    &["keep", "kept"],
    &["lose", "lost"],
    &["mean", "meant"],
    &["overwrite", "overwritten"],
    &["run", "ran"],
    &["send", "sent"],
    &["spend", "spent"],
    &["throw", "threw", "thrown"],
    &["wake", "woke", "woken"],
    &["write", "wrote", "written"],
    &["child", "children"],
    &["index", "indices"],
    &["vertex", "vertices"],
    &["matrix", "matrices"],
];

/// Terms that mean nearly the same as a word in lower case, the word's own left out, each with how
/// much a match of it is worth.
pub fn variants(word: &str) -> Vec<(String, f64)> {
    let own = stemmed(word);
    let mut found: Vec<(String, f64)> = Vec::new();
    let mut offer = |form: String, worth: f64| {
        if form.len() > 1 && form != own && !found.iter().any(|(known, _)| *known == form) {
            found.push((form, worth));
        }
    };
    for family in SHORT {
        if family.iter().any(|form| stemmed(form) == own) {
            family.iter().for_each(|form| offer(stemmed(form), 0.8));
        }
    }
    if own.len() >= 5 && own.bytes().all(|b| b.is_ascii_lowercase()) {
        for ending in ["ation", "ion", "er", "or", "ment", "able"] {
            if let Some(rest) = own.strip_suffix(ending).filter(|rest| rest.len() >= 4) {
                offer(rest.to_owned(), 0.7);
                if ending == "ation" {
                    offer(format!("{rest}at"), 0.7);
                }
            }
        }
        for ending in ["ation", "ion", "er", "or", "ment"] {
            offer(format!("{own}{ending}"), 0.7);
        }
    }
    found
}

/// Further terms of a word of a question: forms that no ending tells, and the quality of what it says. Not for changes, which
/// follow names: what is `sent` is not what `send` defines.
pub fn forms(word: &str) -> Vec<(String, f64)> {
    let own = stemmed(word);
    let mut found: Vec<(String, f64)> = Vec::new();
    let mut offer = |form: String, worth: f64| {
        if form.len() > 1 && form != own && !found.iter().any(|(known, _)| *known == form) {
            found.push((form, worth));
        }
    };
    for family in IRREGULAR {
        if family.iter().any(|form| stemmed(form) == own) {
            family.iter().for_each(|form| offer(stemmed(form), 0.9));
        }
    }
    if own.len() >= 4 && own.bytes().all(|b| b.is_ascii_lowercase()) {
        match word.strip_suffix("ness") {
            Some(rest) if rest.len() >= 4 => offer(stemmed(rest), 0.7),
            _ => offer(stemmed(&format!("{word}ness")), 0.6),
        }
    }
    found
}

fn stemmed(word: &str) -> String {
    let mut word = word.to_owned();
    stem(&mut word);
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(word: &str) -> Vec<String> {
        let all = variants(word).into_iter().chain(super::forms(word));
        all.map(|(form, _)| form).collect()
    }

    #[test]
    fn a_verb_finds_its_noun_and_a_noun_its_verb() {
        assert!(forms("install").contains(&"installation".into()));
        assert!(forms("installation").contains(&"install".into()));
        assert!(forms("parser").contains(&"pars".into()));
        assert!(forms("validate").contains(&"validation".into()));
    }

    #[test]
    fn forms_that_no_ending_tells_and_qualities_meet() {
        assert!(forms("written").contains(&"writ".into()));
        assert!(forms("keeps").contains(&"kept".into()));
        assert!(forms("staleness").contains(&"stal".into()));
        assert!(forms("stale").contains(&"staleness".into()));
    }

    #[test]
    fn a_long_word_finds_the_short_one_of_code() {
        assert!(forms("directories").contains(&"dir".into()));
        assert!(forms("config").contains(&"configuration".into()));
        assert!(forms("zebra").iter().all(|form| form.starts_with("zebra")));
    }
}
