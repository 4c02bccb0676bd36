//! How far one council may go, and what is said when it may go no further.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Limits of one council. Recorded with the run, so that a resumed run keeps them.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Limits {
    /// Turns of each expert; its flake may set fewer.
    pub turns_per_expert: u32,
    /// Edges between the root and the farthest expert that may be asked.
    pub depth: u32,
    /// Messages sent; after that, only answers to what was asked already.
    pub messages: u32,
    /// Tokens sent and received, over all turns; no turn begins beyond it.
    pub tokens: u64,
    /// US dollars over all turns; no turn begins beyond it. None: whatever it costs.
    pub cost_usd: Option<f64>,
    /// Wall clock of the whole run, in seconds; turns under way are then dropped.
    pub seconds: u64,
    /// Wall clock of one turn, in seconds, unless its flake says otherwise.
    pub turn_seconds: u64,
    /// How often a turn that failed is taken again, where that can help.
    pub retries: u32,
    /// Turns under way at the same time.
    pub parallel: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            turns_per_expert: 6,
            depth: 32,
            messages: 512,
            tokens: 5_000_000,
            cost_usd: None,
            seconds: 3600,
            turn_seconds: 600,
            retries: 1,
            parallel: 8,
        }
    }
}

/// A limit that was reached, by name.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "limit",
    deny_unknown_fields
)]
pub enum Reached {
    /// The wall clock of the run.
    Time {
        /// Seconds allowed.
        allowed: u64,
    },
    /// Tokens over all turns.
    Tokens {
        /// Tokens allowed.
        allowed: u64,
    },
    /// Money over all turns.
    Money {
        /// US dollars allowed, as text.
        allowed: String,
    },
    /// Messages sent.
    Messages {
        /// Messages allowed.
        allowed: u32,
    },
    /// Edges from the root.
    Depth {
        /// Edges allowed.
        allowed: u32,
    },
    /// Turns of one expert.
    Turns {
        /// The expert.
        expert: String,
        /// Turns allowed.
        allowed: u32,
    },
    /// Tokens of one expert, as its flake allows.
    ExpertTokens {
        /// The expert.
        expert: String,
        /// Tokens allowed.
        allowed: u64,
    },
    /// Money of one expert, as its flake allows.
    ExpertMoney {
        /// The expert.
        expert: String,
        /// US dollars allowed, as text.
        allowed: String,
    },
}

impl std::fmt::Display for Reached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Time { allowed } => write!(f, "time: {allowed} s"),
            Self::Tokens { allowed } => write!(f, "tokens: {allowed}"),
            Self::Money { allowed } => write!(f, "money: {allowed} USD"),
            Self::Messages { allowed } => write!(f, "messages: {allowed}"),
            Self::Depth { allowed } => write!(f, "depth: {allowed} edges from the root"),
            Self::Turns { expert, allowed } => write!(f, "turns of {expert}: {allowed}"),
            Self::ExpertTokens { expert, allowed } => write!(f, "tokens of {expert}: {allowed}"),
            Self::ExpertMoney { expert, allowed } => write!(f, "money of {expert}: {allowed} USD"),
        }
    }
}
