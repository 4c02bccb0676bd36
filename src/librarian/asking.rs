//! What kind of answer a question wants: a way to do something, what something is, where it is, or why.

/// The kind of a question, by the words it begins with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asking {
    /// A way to do something: an explanation with an example.
    How,
    /// What something is: a thing, not what is done with it.
    Is,
    /// What something does or means, or how it works.
    What,
    /// Where something is or is set.
    Where,
    /// Why or when something happens.
    Why,
    /// Anything else.
    Other,
}

impl Asking {
    /// Reads the first question of a request; other words before it do not count.
    pub fn of(request: &str) -> Self {
        let words: Vec<String> = request
            .split(|c: char| !(c.is_alphanumeric() || "'’-".contains(c)))
            .filter(|word| !word.is_empty())
            .take(200)
            .map(|word| word.replace('’', "'").to_lowercase())
            .collect();
        let asks = |at: &usize| {
            ["how", "what", "what's", "where", "where's", "which", "why"]
                .contains(&words[*at].as_str())
        };
        let start = (0..words.len()).find(asks).unwrap_or(0);
        let word = |at: usize| words.get(start + at).map_or("", String::as_str);
        match (word(0), word(1)) {
            ("how", "do" | "can" | "to" | "should" | "would" | "could" | "must") => Self::How,
            ("how", "long" | "much" | "many" | "often" | "big" | "large") => Self::Other,
            ("how", _) => Self::What,
            ("show" | "can" | "could", _) => Self::How,
            ("what", "is" | "are") | ("what's" | "explain" | "describe", _) => Self::Is,
            ("what", _) => Self::What,
            ("where" | "where's" | "which", _) => Self::Where,
            ("why" | "when", _) => Self::Why,
            _ => Self::Other,
        }
    }
}

/// Whether a number is asked for: how many, or what a default or limit is.
pub fn amount(request: &str) -> bool {
    let lower = request.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    let told = [
        "default", "defaults", "limit", "maximum", "minimum", "many", "much", "long", "often",
    ];
    words.any(|word| told.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_tell_what_is_wanted() {
        for (request, kind) in [
            ("How do I open a file?", Asking::How),
            ("I have a file. How can I open it?", Asking::How),
            ("show me an example of a parser", Asking::How),
            ("How are comments handled?", Asking::What),
            ("What does parse return?", Asking::What),
            ("what’s a span", Asking::Is),
            ("How long does a session last?", Asking::Other),
            ("Which variable sets the level?", Asking::Where),
            ("Why is it slow?", Asking::Why),
            ("time zones", Asking::Other),
            ("", Asking::Other),
        ] {
            assert_eq!(Asking::of(request), kind, "{request}");
        }
        assert!(amount("What is the default budget?") && !amount("What is a budget?"));
    }
}
