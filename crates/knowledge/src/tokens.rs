//! How long a text is, in tokens of a real tokenizer (o200k).
//!
//! The vocabulary is that of the crate bpe-openai, laid out by build.rs so that nothing has to be loaded: its own
//! tables take 100 to 200 ms to load, which is longer than packing a repository, and the crate is as long in compiling as
//! all else here. So the vocabulary stands in a file of its own, which a test holds against the crate; `POAG_WRITE_TOKENS=1
//! cargo test -p poag-knowledge published` writes it and the classes of characters anew.

mod hash;
mod memory;
mod merge;
#[cfg(test)]
mod published_tests;
mod vocabulary;
mod words;

pub use hash::hash;
use memory::TokenCache;
use words::WordSplitter;

/// Bytes of one word above which it is counted in pieces, so that what it costs stays bounded.
const MAX_WORD: usize = 4096;

/// Number of tokens.
#[must_use]
pub fn count(text: &str) -> usize {
    memory::with(|memory| {
        WordSplitter::new(text)
            .map(|word| tokens_of(word, memory))
            .sum()
    })
}

/// Number of tokens, or none as soon as there are more than `most`.
#[must_use]
pub fn count_within(text: &str, most: usize) -> Option<usize> {
    memory::with(|memory| {
        let mut total = 0;
        for word in WordSplitter::new(text) {
            total += tokens_of(word, memory);
            if total > most {
                return None;
            }
        }
        Some(total)
    })
}

fn tokens_of(word: &str, memory: &mut TokenCache) -> usize {
    match word.len() {
        ..=MAX_WORD => memory.count(word.as_bytes()),
        _ => word.as_bytes().chunks(MAX_WORD).map(merge::count).sum(),
    }
}

/// Tokens that a text of that many bytes has at least, without reading it: for deciding what surely does not fit.
/// No token of o200k is longer than 128 bytes.
#[must_use]
pub fn at_least(bytes: usize) -> usize {
    bytes / 128
}

#[cfg(test)]
mod tests {
    use bpe_openai::o200k_base;

    use super::*;

    #[test]
    fn every_token_of_the_published_vocabulary_is_known_by_its_number_and_is_one() {
        let bpe = &o200k_base().bpe;
        for id in 0..bpe.num_tokens() as u32 {
            let bytes = bpe.token_bytes(id);
            assert_eq!(vocabulary::rank(bytes), Some(id));
            assert_eq!(vocabulary::bytes(id), bytes);
            assert_eq!(merge::count(bytes), bpe.count(bytes), "{id}");
        }
    }

    #[test]
    fn texts_split_and_count_as_with_the_published_tokenizer() {
        let mut random = fastrand::Rng::with_seed(7);
        let pieces = [
            "Hello",
            "world",
            "don't",
            "I'LL",
            "they'Re",
            "x'ſ",
            "'s",
            "ǅ",
            "ʰ",
            "e\u{301}",
            "\u{301}",
            "世界",
            "Grüße",
            "ÀÉ",
            "1",
            "²",
            "٣",
            "Ⅷ",
            " ",
            "  ",
            "\t",
            "\n",
            "\r\n",
            "\u{a0}",
            "\u{2003}",
            "\u{85}",
            "/",
            "//",
            "_",
            "{}",
            ");",
            "-----",
            "🦀",
            "👩‍👩‍👧",
            "\u{0}",
            "\u{200b}",
            "fn",
            "ABCdef",
            "Aa",
            "#!",
            "…",
            "'",
            "''d",
        ];
        for _ in 0..4000 {
            let text: String = (0..random.usize(0..24))
                .map(|_| pieces[random.usize(..pieces.len())])
                .collect();
            let theirs: Vec<&str> = o200k_base().split(&text).collect();
            assert_eq!(
                WordSplitter::new(&text).collect::<Vec<_>>(),
                theirs,
                "{text:?}"
            );
            assert_eq!(count(&text), o200k_base().count(text.as_str()), "{text:?}");
        }
        for text in [
            include_str!("tokens/words.rs"),
            include_str!("../../../README.md"),
            include_str!("../../../Cargo.lock"),
        ] {
            assert_eq!(count(text), o200k_base().count(text));
        }
    }

    #[test]
    fn long_words_are_merged_as_the_published_tokenizer_does() {
        let mut random = fastrand::Rng::with_seed(8);
        for length in [95, 96, 97, 200, 1000, 4096] {
            for letters in ["a", "ab", "abcdefghijklmnopqrstuvwxyz", "世界a", "=-"] {
                let letters: Vec<char> = letters.chars().collect();
                let mut word: String = (0..length)
                    .map(|_| letters[random.usize(..letters.len())])
                    .collect();
                while word.len() > 4096 {
                    word.pop();
                }
                assert_eq!(
                    merge::count(word.as_bytes()),
                    o200k_base().bpe.count(word.as_bytes()),
                    "{word}"
                );
            }
        }
    }

    #[test]
    fn counting_stops_where_there_is_no_room() {
        assert_eq!(count_within("hello world", 2), Some(2));
        assert_eq!(count_within("hello world", 1), None);
        assert_eq!(count_within("", 0), Some(0));
    }

    #[test]
    fn a_very_long_word_is_counted_in_time() {
        let word = "a".repeat(1 << 20);
        assert!(count(&word) >= at_least(word.len()));
    }
}
