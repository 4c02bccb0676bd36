//! Which texts hold which words, for the plain methods: lowercase runs of letters and digits, nothing else.

use std::collections::{BTreeMap, HashMap};

use poag_knowledge::parallel;

/// Characters above which a run is no word.
const LONG: usize = 255;

/// One text that holds a word.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// Its number.
    pub text: u32,
    /// How often.
    pub times: u32,
}

/// Words of many texts.
pub struct Terms {
    numbers: HashMap<String, usize>,
    postings: Vec<Vec<Posting>>,
    /// Words of each text.
    pub lengths: Vec<u32>,
}

impl Terms {
    /// Of the given texts.
    pub fn of<T: Sync>(items: &[T], text: impl Fn(&T) -> &str + Sync) -> Self {
        let counts: Vec<BTreeMap<String, u32>> =
            parallel::map(items, |item| counted(text(item))).collect();
        let mut all = Self {
            numbers: HashMap::new(),
            postings: Vec::new(),
            lengths: Vec::with_capacity(items.len()),
        };
        for (text, words) in (0..).zip(counts) {
            all.lengths.push(words.values().sum());
            for (word, times) in words {
                let new = all.postings.len();
                let at = *all.numbers.entry(word).or_insert(new);
                if at == new {
                    all.postings.push(Vec::new());
                }
                all.postings[at].push(Posting { text, times });
            }
        }
        all
    }

    /// The texts that hold a word.
    pub fn postings(&self, word: &str) -> &[Posting] {
        self.numbers
            .get(word)
            .map_or(&[], |at| self.postings[*at].as_slice())
    }
}

/// The words of a text and how often each stands there, in order.
pub fn counted(text: &str) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if !word.is_empty() && word.len() <= LONG {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    counts
}
