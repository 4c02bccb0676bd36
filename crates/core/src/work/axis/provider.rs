//! Whether the provider of a backend answers: apart from attempts, since a rate limit is no failure of a task.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether the provider of a backend answers.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "health", rename_all = "camelCase", deny_unknown_fields)]
pub enum ProviderHealth {
    /// It does, as far as is known.
    Healthy {},
    /// It wants to be left alone.
    Limited {
        /// Until then, in milliseconds since 1970 in UTC.
        until: i64,
    },
    /// It cannot be reached.
    Unreachable {
        /// Since then, in milliseconds since 1970 in UTC.
        since: i64,
        /// It is asked again then, at the earliest.
        until: i64,
    },
}

impl Default for ProviderHealth {
    fn default() -> Self {
        Self::Healthy {}
    }
}

impl ProviderHealth {
    /// Whether it may be asked at this time.
    #[must_use]
    pub fn may_ask(&self, now: i64) -> bool {
        match self {
            Self::Healthy {} => true,
            Self::Limited { until } | Self::Unreachable { until, .. } => *until <= now,
        }
    }

    /// The next state; none where it says nothing new.
    #[must_use]
    pub fn step(&self, next: Self) -> Option<Self> {
        (*self != next).then_some(match (self, next) {
            // It has been so since the first time.
            (Self::Unreachable { since, .. }, Self::Unreachable { until, .. }) => {
                Self::Unreachable {
                    since: *since,
                    until,
                }
            }
            (_, next) => next,
        })
    }
}
