//! What Gemini says on standard output: one JSON document.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Usage;

/// A reply.
#[derive(Debug, Deserialize)]
pub struct Reply {
    /// What the model said last.
    pub response: Option<String>,
    /// Why there is none.
    pub error: Option<GeminiError>,
    #[serde(default)]
    stats: Stats,
}

/// A failure in its own words.
#[derive(Debug, Deserialize)]
pub struct GeminiError {
    /// For a person.
    #[serde(default)]
    pub message: String,
}

#[derive(Debug, Default, Deserialize)]
struct Stats {
    #[serde(default)]
    models: BTreeMap<String, ModelStats>,
}

#[derive(Debug, Deserialize)]
struct ModelStats {
    #[serde(default)]
    tokens: GeminiTokens,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct GeminiTokens {
    /// All that were sent.
    prompt: u64,
    cached: u64,
    candidates: u64,
    thoughts: u64,
}

impl Reply {
    /// The reply, where it is one.
    pub fn read(stdout: &[u8]) -> Option<Self> {
        serde_json::from_slice(stdout).ok()
    }

    /// What all its models have cost.
    pub fn usage(&self) -> Usage {
        let mut usage = Usage::default();
        for ModelStats { tokens } in self.stats.models.values() {
            usage += Usage {
                input_tokens: tokens.prompt,
                cached_tokens: tokens.cached,
                output_tokens: tokens.candidates.saturating_add(tokens.thoughts),
                cost_usd: 0.0,
            };
        }
        usage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_all_measure_add_up_to_the_largest() {
        let most = u64::MAX;
        let tokens =
            format!(r#"{{"tokens":{{"prompt":{most},"candidates":{most},"thoughts":{most}}}}}"#);
        let reply = format!(r#"{{"stats":{{"models":{{"a":{tokens},"b":{tokens}}}}}}}"#);
        let usage = Reply::read(reply.as_bytes()).unwrap().usage();
        assert_eq!((usage.input_tokens, usage.output_tokens), (most, most));
    }
}
