//! What a pack does not hold, by name, with size and reason.

use serde::{Deserialize, Serialize};

use poag_core::name;

/// One thing that was left out.
#[derive(
    Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, schemars::JsonSchema, Serialize,
)]
pub struct LeftOut {
    /// Relative to the flake; `<neighbour>:<path>` for a file of a neighbour's contract.
    pub path: String,
    /// Bytes of the file.
    pub size: u64,
    /// Why.
    pub reason: LeftOutReason,
}

/// Why something was left out.
#[derive(
    Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, schemars::JsonSchema, Serialize,
)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum LeftOutReason {
    /// It is a secret, or holds one: its value is nowhere in the pack.
    Secret {
        /// The rule that found it.
        rule: String,
        /// The line it starts on, from 1; none where the whole file is left out.
        line: Option<u32>,
    },
    /// It is not text.
    Binary,
    /// It is too large to be read.
    Huge,
    /// It is a symbolic link; what it points to stands under its own name, if it is knowledge.
    Link,
    /// It is made by a tool: a lock file, minified code, a licence text.
    Generated,
    /// The budget was spent on what is worth more.
    Budget,
    /// It was not looked into when the expert learned: it is known by its name.
    Unread,
}

impl LeftOut {
    /// A file that is left out as a whole.
    pub fn file(path: &str, size: u64, reason: LeftOutReason) -> Self {
        Self {
            path: path.to_owned(),
            size,
            reason,
        }
    }

    /// A secret in a file that is otherwise there.
    pub fn secret(path: &str, size: u64, rule: &str, line: u32) -> Self {
        let reason = LeftOutReason::Secret {
            rule: rule.to_owned(),
            line: Some(line),
        };
        Self::file(path, size, reason)
    }

    /// One line for people and models.
    pub fn line(&self) -> String {
        let Self { path, size, reason } = self;
        let path = name::shown(path);
        match reason {
            LeftOutReason::Secret {
                rule,
                line: Some(line),
            } => {
                format!("`{path}` line {line}: a secret ({rule})")
            }
            LeftOutReason::Secret { rule, line: None } => match size {
                0 => format!("`{path}`: a secret ({rule})"),
                size => format!("`{path}` ({size} bytes): a secret ({rule})"),
            },
            LeftOutReason::Binary => format!("`{path}` ({size} bytes): not text"),
            LeftOutReason::Huge => format!("`{path}` ({size} bytes): too large"),
            LeftOutReason::Link => format!("`{path}`: a symbolic link"),
            LeftOutReason::Generated => format!("`{path}` ({size} bytes): made by a tool"),
            LeftOutReason::Unread => format!("`{path}`: known by its name"),
            LeftOutReason::Budget => format!("`{path}` ({size} bytes): over the budget"),
        }
    }
}

/// The first `most` lines, secrets first, and how many more there are. What is over the budget keeps the order of
/// worth it came in.
pub(super) fn shown(left_out: &[LeftOut], most: usize) -> (Vec<String>, usize) {
    let mut order: Vec<&LeftOut> = left_out.iter().collect();
    order.sort_by_key(|one| match one.reason {
        LeftOutReason::Secret { .. } => 0,
        LeftOutReason::Huge => 1,
        LeftOutReason::Budget => 2,
        LeftOutReason::Binary => 3,
        LeftOutReason::Link | LeftOutReason::Generated => 4,
        LeftOutReason::Unread => 5,
    });
    let lines = order.iter().take(most).map(|one| one.line()).collect();
    (lines, order.len().saturating_sub(most))
}
