//! Who wants something, and what they may.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, ProblemKind};

/// What somebody may do. Each is given apart; `admin` has all others.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Look at everything that is served.
    Read,
    /// Ask experts, which may cost money.
    Ask,
    /// Begin, change, review and land works, and take their tasks.
    Work,
    /// All of it.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Ask, Self::Work, Self::Admin];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Ask => "ask",
            Self::Work => "work",
            Self::Admin => "admin",
        }
    }
}

/// Somebody who may do something.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Under which name what they do is recorded.
    pub name: String,
    /// What their limits and keys are counted under.
    pub id: String,
    pub scopes: BTreeSet<Scope>,
}

impl Caller {
    /// Refuses what they may not.
    pub fn may(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin) {
            return Ok(());
        }
        let word = scope.word();
        Err(Problem::new(
            ProblemKind::Forbidden,
            &format!("{} has no right to '{word}'", self.name),
            &format!("use a token that has it: `poag serve token new --scope {word}`"),
        ))
    }
}
