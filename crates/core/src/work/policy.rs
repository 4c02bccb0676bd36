//! How far a work may go by itself. The flake declares it; the command line may narrow it, and only a person widens it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Trust;
use crate::agent::Usage;
use crate::expert::{LandingConditions, LandingSettings, PolicySettings};

/// How far a work may go by itself.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WorkPolicy {
    /// Approvals that a task needs, from others than its author.
    #[schemars(range(max = 16))]
    pub approvals: u32,
    /// When the person's branch is moved without a yes; none is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_land: Option<AutoLand>,
    /// What it may cost.
    pub budget: WorkBudget,
    /// Commands that actors may run beside the checks of their task, each word for word.
    pub tools: BTreeSet<String>,
    /// Whether checks, and actors beyond what their backends need, may use the network.
    pub network: bool,
    /// Attempts under way at a time.
    #[schemars(range(min = 1, max = 64))]
    pub parallel: u32,
    /// Largest file that an attempt may leave, in bytes.
    pub artifact_bytes: u64,
    /// Whether worktrees stay when their attempt has ended.
    pub keep_worktrees: bool,
    /// How often reviewers may send a task back before a person is asked.
    pub rounds: u32,
    /// Failures in a row after which a task is put aside.
    #[schemars(range(min = 1))]
    pub park_after: u32,
    /// How long a lease lasts unless it is renewed, in seconds.
    #[schemars(range(min = 1))]
    pub lease_seconds: u64,
    /// Whether actors that can do a task are asked for a bid, of which the best wins.
    pub bids: bool,
}

impl Default for WorkPolicy {
    fn default() -> Self {
        Self {
            approvals: 2,
            auto_land: None,
            budget: WorkBudget::default(),
            tools: BTreeSet::new(),
            network: true,
            parallel: 4,
            artifact_bytes: 64 << 20,
            keep_worktrees: false,
            rounds: 3,
            park_after: 5,
            lease_seconds: 120,
            bids: false,
        }
    }
}

/// When the person's branch is moved without a yes: all of it must hold.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AutoLand {
    /// Lines added and removed, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<u64>,
    /// Globs that every changed path must match; empty for any path.
    pub paths: BTreeSet<String>,
    /// US dollars that it cost, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// Trust that every author must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust: Option<Trust>,
    /// Whether a file of a contract may have changed.
    pub contracts: bool,
}

/// What a work may cost. None: whatever it costs.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WorkBudget {
    /// US dollars over all turns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
    /// Tokens received over all turns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// Wall clock, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// US dollars for one task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_usd: Option<f64>,
    /// Tokens received for one task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_output_tokens: Option<u64>,
    /// Wall clock of all attempts at one task, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_seconds: Option<u64>,
}

/// What is to be landed, as [`AutoLand`] judges it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Landing {
    /// Lines added and removed.
    pub lines: u64,
    /// Every changed path, from the repository's root.
    pub paths: Vec<String>,
    /// What all of it cost.
    pub usage: Usage,
    /// The least trust of its authors.
    pub trust: Trust,
    /// Files of contracts that changed.
    pub contract_files: Vec<String>,
}

impl AutoLand {
    fn declared(when: &LandingConditions) -> Self {
        let trust = when.trust.as_deref().map(|trust| match trust {
            "provisional" => Trust::Provisional,
            // A tier that this runner does not know asks for no less than the highest one.
            _ => Trust::Verified,
        });
        Self {
            lines: when.lines,
            paths: when.paths.clone().unwrap_or_default(),
            cost_usd: when.cost_usd,
            trust,
            contracts: when.contracts.unwrap_or_default(),
        }
    }

    /// Why it may not land by itself; empty where it may. `matches` says whether a path matches a glob.
    #[must_use]
    pub fn against(&self, landing: &Landing, matches: impl Fn(&str, &str) -> bool) -> Vec<String> {
        let mut reasons = Vec::new();
        if let Some(most) = self.lines.filter(|most| landing.lines > *most) {
            reasons.push(format!(
                "{} lines changed, {most} are allowed",
                landing.lines
            ));
        }
        let outside = |path: &&String| !self.paths.iter().any(|glob| matches(glob, path));
        if !self.paths.is_empty()
            && let Some(path) = landing.paths.iter().find(outside)
        {
            reasons.push(format!("{path} matches none of the paths that may land"));
        }
        if let Some(most) = self.cost_usd.filter(|most| landing.usage.cost_usd > *most) {
            reasons.push(format!(
                "it cost {:.2} USD, {most:.2} are allowed",
                landing.usage.cost_usd
            ));
        }
        if self.trust.is_some_and(|least| landing.trust < least) {
            reasons.push("one of its authors has not earned enough trust".to_owned());
        }
        if let (false, Some(file)) = (self.contracts, landing.contract_files.first()) {
            reasons.push(format!("{file} belongs to a contract"));
        }
        reasons
    }
}

impl WorkPolicy {
    /// The policy of a flake: what it declares, and the defaults for the rest.
    #[must_use]
    pub fn declared(settings: &PolicySettings) -> Self {
        let none = Self::default();
        let budget = settings.budget.clone().unwrap_or_default();
        Self {
            approvals: settings.approvals.unwrap_or(none.approvals),
            auto_land: match &settings.auto_land {
                Some(LandingSettings::When(when)) => Some(AutoLand::declared(when)),
                Some(LandingSettings::Never(_)) | None => None,
            },
            budget: WorkBudget {
                usd: budget.usd,
                output_tokens: budget.output_tokens,
                seconds: budget.seconds,
                task_usd: budget.task_usd,
                task_output_tokens: budget.task_output_tokens,
                task_seconds: budget.task_seconds,
            },
            tools: settings.tools.clone().unwrap_or_default(),
            network: settings.network.unwrap_or(none.network),
            parallel: settings.parallel.unwrap_or(none.parallel).max(1),
            artifact_bytes: settings.artifact_bytes.unwrap_or(none.artifact_bytes),
            keep_worktrees: settings.keep_worktrees.unwrap_or(none.keep_worktrees),
            rounds: settings.rounds.unwrap_or(none.rounds),
            park_after: settings.park_after.unwrap_or(none.park_after).max(1),
            lease_seconds: settings.lease_seconds.unwrap_or(none.lease_seconds).max(1),
            bids: settings.bids.unwrap_or(none.bids),
        }
    }

    /// What of `asked` would allow more than this does, field by field; empty where it only narrows.
    #[must_use]
    pub fn widened_by(&self, asked: &Self) -> Vec<&'static str> {
        let over = |have: Option<f64>, want: Option<f64>| match (have, want) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(have), Some(want)) => want > have,
        };
        let tokens = |have: Option<u64>, want: Option<u64>| match (have, want) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(have), Some(want)) => want > have,
        };
        let (have, want) = (&self.budget, &asked.budget);
        let budget = over(have.usd, want.usd)
            || over(have.task_usd, want.task_usd)
            || tokens(have.output_tokens, want.output_tokens)
            || tokens(have.task_output_tokens, want.task_output_tokens)
            || tokens(have.seconds, want.seconds)
            || tokens(have.task_seconds, want.task_seconds);
        let wider = [
            ("approvals", asked.approvals < self.approvals),
            (
                "autoLand",
                asked.auto_land.is_some() && asked.auto_land != self.auto_land,
            ),
            ("budget", budget),
            ("tools", !asked.tools.is_subset(&self.tools)),
            ("network", asked.network && !self.network),
            ("parallel", asked.parallel > self.parallel),
            ("artifactBytes", asked.artifact_bytes > self.artifact_bytes),
            ("rounds", asked.rounds > self.rounds),
            ("parkAfter", asked.park_after > self.park_after),
        ];
        wider
            .into_iter()
            .filter_map(|(name, wider)| wider.then_some(name))
            .collect()
    }
}

/// The wait after so many failures in a row, in seconds: 10, 20, 40 … at most 300 (RULES 12).
#[must_use]
pub fn backoff_seconds(failures: u32) -> u64 {
    match failures {
        0 => 0,
        failures => (10_u64 << (failures - 1).min(5)).min(300),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_ten_seconds_to_five_minutes() {
        let waits: Vec<u64> = (0..8).map(backoff_seconds).collect();
        assert_eq!(waits, [0, 10, 20, 40, 80, 160, 300, 300]);
    }

    #[test]
    fn what_allows_more_is_named_and_what_allows_less_is_not() {
        let flake = WorkPolicy {
            budget: WorkBudget {
                usd: Some(5.0),
                ..WorkBudget::default()
            },
            ..WorkPolicy::default()
        };
        let mut narrow = flake.clone();
        narrow.approvals = 3;
        narrow.budget.usd = Some(1.0);
        narrow.parallel = 1;
        assert_eq!(flake.widened_by(&narrow), Vec::<&str>::new());
        let mut wide = flake.clone();
        wide.approvals = 0;
        wide.budget.usd = None;
        wide.tools.insert("curl".into());
        wide.auto_land = Some(AutoLand::default());
        assert_eq!(
            flake.widened_by(&wide),
            ["approvals", "autoLand", "budget", "tools"]
        );
    }

    #[test]
    fn each_condition_of_landing_by_itself_is_asked() {
        let rule = AutoLand {
            lines: Some(10),
            paths: BTreeSet::from(["docs/".to_owned()]),
            cost_usd: Some(1.0),
            trust: Some(Trust::Verified),
            contracts: false,
        };
        let matches = |glob: &str, path: &str| path.starts_with(glob);
        let mut landing = Landing {
            lines: 10,
            paths: vec!["docs/a.md".into()],
            trust: Trust::Verified,
            ..Landing::default()
        };
        assert_eq!(rule.against(&landing, matches), Vec::<String>::new());
        landing.lines = 11;
        landing.paths.push("src/lib.rs".into());
        landing.usage.cost_usd = 1.5;
        landing.trust = Trust::Provisional;
        landing.contract_files.push("src/lib.rs".into());
        assert_eq!(rule.against(&landing, matches).len(), 5);
    }
}
