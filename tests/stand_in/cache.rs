//! What a call costs, with the prompt cache of its provider.
//!
//! Anthropic: <https://docs.claude.com/en/docs/build-with-claude/prompt-caching>. OpenAI:
//! <https://platform.openai.com/docs/guides/prompt-caching>. Gemini's implicit cache is taken to be like OpenAI's.

use std::collections::HashSet;

use bpe_openai::o200k_base;
use sha2::{Digest, Sha256};

use super::call::Api;

/// A prefix of fewer tokens is not cached.
const MINIMUM: usize = 1024;
/// OpenAI caches in steps of so many tokens.
const STEP: usize = 128;
/// Anthropic looks for a written prefix so many blocks back from each breakpoint.
const LOOKBACK: usize = 20;

/// Tokens of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accounted {
    /// All that were sent, those from the cache included.
    pub input: usize,
    /// Of these, read from the cache.
    pub cached: usize,
    /// Of these, written into the cache; only Anthropic tells it (and charges for it), 0 elsewhere.
    pub written: usize,
    /// What the model said.
    pub output: usize,
}

/// A piece of a request that is cached as a whole or not at all.
pub struct Block {
    /// The canonical content.
    pub text: String,
    /// A `cache_control` stands here.
    pub mark: bool,
    /// Further parameters that content from here on is cached under; no tokens.
    pub salt: String,
}

impl Block {
    /// A block without a breakpoint.
    pub fn plain(text: String) -> Self {
        Self {
            text,
            mark: false,
            salt: String::new(),
        }
    }
}

type Hash = [u8; 32];

/// The prefixes that were written so far.
#[derive(Default)]
pub struct Cache {
    written: HashSet<Hash>,
}

/// The prefixes that a call writes, once its answer begins.
pub struct Pending(Vec<Hash>);

impl Cache {
    /// What a call costs now, less its output.
    pub fn account(&self, api: Api, model: &str, blocks: &[Block]) -> (Accounted, Pending) {
        match api {
            Api::Anthropic => self.by_breakpoints(model, blocks),
            _ => self.by_steps(model, blocks),
        }
    }

    /// The call's answer begins: what it wrote can be read from now on.
    pub fn write(&mut self, pending: Pending) {
        self.written.extend(pending.0);
    }

    fn by_breakpoints(&self, model: &str, blocks: &[Block]) -> (Accounted, Pending) {
        let mut hash: Hash = Sha256::digest(model).into();
        let mut tokens = 0;
        let mut prefixes = Vec::new();
        for block in blocks {
            let mut next = Sha256::new_with_prefix(hash);
            next.update(&block.salt);
            next.update([0]);
            next.update(&block.text);
            hash = next.finalize().into();
            tokens += count(&block.text);
            prefixes.push((hash, tokens));
        }
        let marks = || {
            let marked = blocks.iter().enumerate().filter(|(_, block)| block.mark);
            marked.map(|(at, _)| at)
        };
        let cached = marks()
            .flat_map(|at| &prefixes[(at + 1).saturating_sub(LOOKBACK)..=at])
            .filter(|(hash, _)| self.written.contains(hash))
            .map(|(_, tokens)| *tokens)
            .max()
            .unwrap_or(0);
        let writes: Vec<_> = marks()
            .map(|at| prefixes[at])
            .filter(|(_, tokens)| *tokens >= MINIMUM)
            .collect();
        let last = writes.last().map_or(0, |(_, tokens)| *tokens);
        let accounted = Accounted {
            input: tokens,
            cached,
            written: last.saturating_sub(cached),
            output: 0,
        };
        let writes = writes.into_iter().map(|(hash, _)| hash).collect();
        (accounted, Pending(writes))
    }

    fn by_steps(&self, model: &str, blocks: &[Block]) -> (Accounted, Pending) {
        let tokens: Vec<u32> = blocks
            .iter()
            .flat_map(|block| o200k_base().encode(&block.text))
            .collect();
        let mut hash: Hash = Sha256::digest(model).into();
        let mut cached = 0;
        let mut writes = Vec::new();
        for (at, step) in tokens.chunks_exact(STEP).enumerate() {
            let mut next = Sha256::new_with_prefix(hash);
            for token in step {
                next.update(token.to_le_bytes());
            }
            hash = next.finalize().into();
            let length = (at + 1) * STEP;
            if length >= MINIMUM {
                if self.written.contains(&hash) {
                    cached = length;
                }
                writes.push(hash);
            }
        }
        let accounted = Accounted {
            input: tokens.len(),
            cached,
            written: 0,
            output: 0,
        };
        (accounted, Pending(writes))
    }
}

/// Number of tokens.
pub fn count(text: &str) -> usize {
    o200k_base().count(text)
}
