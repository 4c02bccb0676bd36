//! How long a text is, in tokens of a real tokenizer (o200k).

use bpe_openai::{Tokenizer, o200k_base};

/// Bytes of one word above which it is counted in pieces: the tokenizer would take them as one.
const MAX_WORD: usize = 4096;

/// Number of tokens. The vocabulary is loaded at the first call.
#[must_use]
pub fn count(text: &str) -> usize {
    let tokenizer: &Tokenizer = o200k_base();
    tokenizer
        .split(text)
        .map(|word| {
            word.as_bytes()
                .chunks(MAX_WORD)
                .map(|piece| tokenizer.bpe.count(piece))
                .sum::<usize>()
        })
        .sum()
}

/// Tokens that a text of that many bytes has at least, without reading it: for deciding what surely does not fit.
/// No token of o200k that occurs in sources is longer than 128 bytes.
#[must_use]
pub fn at_least(bytes: usize) -> usize {
    bytes / 128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_those_of_the_published_tokenizer() {
        assert_eq!(count(""), 0);
        assert_eq!(count("hello world"), 2);
        let text = "fn greet(name: &str) -> String { format!(\"Grüße, {name}\") }\n";
        assert_eq!(count(text), o200k_base().count(text));
    }

    #[test]
    fn a_very_long_word_is_counted_in_time() {
        let word = "a".repeat(1 << 20);
        assert!(count(&word) >= at_least(word.len()));
    }
}
