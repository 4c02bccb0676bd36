//! The words of a request to look for, each with the words that mean the same.

use super::request::RequestText;
use super::{thesaurus, words};

/// A word of a request to look for.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedWord {
    /// Its term.
    pub term: String,
    /// How much it counts.
    pub weight: f64,
    /// Terms of other words that mean the same.
    pub also: Vec<&'static str>,
}

/// Words after the first of two that mean something together among which the second is: "turn the whole thing off".
const APART: usize = 5;

impl RequestText {
    /// The words to look for: those of sentences that ask count `1`, those told beside them `context`, and words that most
    /// requests hold less.
    #[must_use]
    pub fn wanted(&self, context: f64) -> Vec<WantedWord> {
        let mut all: Vec<WantedWord> = Vec::new();
        for (term, weight) in self.terms(context) {
            let also = thesaurus::like(&term).iter().map(String::as_str).collect();
            all.push(WantedWord { term, weight, also });
        }
        for (sentence, asks) in &self.sentences {
            let mut terms: Vec<String> = Vec::new();
            words::each(sentence, |term| terms.push(term.to_owned()));
            for (at, first) in terms.iter().enumerate() {
                for second in terms.iter().skip(at + 1).take(APART) {
                    let like = thesaurus::like_both(first, second);
                    let also = like.iter().map(String::as_str);
                    match all.iter_mut().find(|word| word.term == *first) {
                        _ if like.is_empty() => {}
                        Some(word) => word.also.extend(also),
                        None => all.push(WantedWord {
                            term: first.clone(),
                            weight: if *asks { 1.0 } else { context },
                            also: also.collect(),
                        }),
                    }
                }
            }
        }
        all
    }
}
