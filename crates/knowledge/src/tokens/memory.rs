//! The tokens of words that were counted before: in sources the same words come again and again.

use std::cell::RefCell;

use super::hash::hash;
use super::merge;

/// Words that are remembered, a power of two; each has one place, and the last to come there stays.
const PLACES: usize = 1 << 12;
/// Bytes of a word that are remembered: with its length it is one number.
const LONGEST: usize = 15;

/// The words of one thread.
#[derive(Default)]
pub(super) struct TokenCache(Vec<(u128, u32)>);

thread_local! {
    static MEMORY: RefCell<TokenCache> = RefCell::default();
}

/// Lends the memory of this thread.
pub(super) fn with<R>(work: impl FnOnce(&mut TokenCache) -> R) -> R {
    MEMORY.with_borrow_mut(work)
}

impl TokenCache {
    /// Tokens of a word.
    pub fn count(&mut self, word: &[u8]) -> usize {
        let length = word.len();
        if !(2..=LONGEST).contains(&length) {
            return merge::count(word);
        }
        if self.0.is_empty() {
            // No word is no number at all.
            self.0.resize(PLACES, (0, 0));
        }
        let mut bytes = [0; 16];
        bytes[..length].copy_from_slice(word);
        // No more than 15.
        bytes[LONGEST] = length as u8;
        let key = u128::from_le_bytes(bytes);
        let place = (hash(&bytes) >> 32) as usize % PLACES;
        if self.0[place].0 != key {
            // No more than 15.
            self.0[place] = (key, merge::count(word) as u32);
        }
        self.0[place].1 as usize
    }
}
