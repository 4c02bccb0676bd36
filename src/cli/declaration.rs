//! The page of the book about the declaration is made from the table that the Nix library checks declarations by, and held
//! to it; so are the settings that the runner reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::reference::hold;
use crate::council::Limits;
use crate::engine::run::ArtifactQuota;
use crate::expert::{
    ActorSettings, AgentSettings, BudgetSettings, CouncilSettings, LandingConditions,
    MilestoneSettings, PolicySettings, QuotaSettings, RecipientSettings, WorkSettings,
};
use poag_core::work::policy::WorkPolicy;

const PAGE: &str = "docs/src/reference/declaration.md";

#[derive(Deserialize)]
struct FieldTable {
    expert: Vec<FieldRow>,
    flake: Vec<FieldRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldRow {
    name: String,
    r#type: String,
    #[serde(default)]
    values: Vec<String>,
    default: Option<Value>,
    #[serde(default)]
    optional: bool,
    means: String,
}

fn fields() -> FieldTable {
    toml::from_str(include_str!("../../lib/internal/fields.toml")).unwrap()
}

#[test]
fn the_page_about_the_declaration_is_what_the_library_checks() {
    let FieldTable { expert, flake } = fields();
    let mut out = String::from(
        "# The declaration in a flake\n\n\
         Made from `lib/internal/fields.toml`, by which the library checks each field. `poag.lib.mkPoagFlake` takes all of\n\
         this, `poag.lib.mkPoagExpert` and the `poag` of the flake-parts module the fields of the first table. An unknown field\n\
         is an error that names the nearest one.\n\n## The expert\n\n",
    );
    table(&mut out, &expert);
    out.push_str("\n## The flake\n\n");
    table(&mut out, &flake);
    hold(PAGE, &out);
}

#[test]
fn the_runner_reads_the_settings_that_the_library_knows() {
    let declared = |prefix: &str| -> Vec<String> {
        let fields = fields().expert.into_iter();
        let names = fields.filter_map(|field| Some(field.name.strip_prefix(prefix)?.to_owned()));
        let names = names.filter(|name| !name.contains('.'));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    assert_eq!(read::<AgentSettings>(), declared("agent."));
    assert_eq!(read::<CouncilSettings>(), declared("council."));
    assert_eq!(read::<QuotaSettings>(), declared("quota."));
    assert_eq!(read::<WorkSettings>(), declared("work."));
    assert_eq!(read::<PolicySettings>(), declared("work.policy."));
    assert_eq!(
        read::<LandingConditions>(),
        declared("work.policy.autoLand.")
    );
    assert_eq!(read::<BudgetSettings>(), declared("work.policy.budget."));
    assert_eq!(read::<ActorSettings>(), declared("work.actors.<name>."));
    assert_eq!(read::<RecipientSettings>(), declared("work.notify.<name>."));
    assert_eq!(read::<MilestoneSettings>(), declared("work.milestones."));
}

/// The fields of a type as it is read, sorted.
fn read<T: Default + Serialize>() -> Vec<String> {
    let value = serde_json::to_value(T::default()).unwrap();
    let names = value.as_object().unwrap().keys().cloned();
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn table(out: &mut String, fields: &[FieldRow]) {
    out.push_str("| field | what it holds | left out | meaning |\n|---|---|---|---|\n");
    for field in fields {
        let FieldRow { name, means, .. } = field;
        let _ = writeln!(
            out,
            "| `{name}` | {} | {} | {means} |",
            holds(field),
            left_out(field)
        );
    }
}

fn holds(field: &FieldRow) -> String {
    let Some((last, others)) = field.values.split_last() else {
        return match field.r#type.as_str() {
            "count" | "amount" => "a whole number, 1 or more".into(),
            "countOrNone" => "a whole number".into(),
            "money" => "US dollars".into(),
            "switch" => "`true` or `false`".into(),
            "rule" => "`\"never\"` or a set".into(),
            "expert" => "an expert".into(),
            "text or file" => "a text or a file".into(),
            "set or file" => "a set or a file".into(),
            other => format!("a {other}"),
        };
    };
    let others: Vec<String> = others.iter().map(|value| format!("`{value}`")).collect();
    if field.r#type == "list of choices" {
        return format!("a list of {} and `{last}`", others.join(", "));
    }
    format!("{} or `{last}`", others.join(", "))
}

/// What stands for a field that is not there.
fn left_out(field: &FieldRow) -> String {
    if let Some(default) = &field.default {
        return format!("`{}`", nix(default));
    }
    match runner().get(field.name.as_str()) {
        Some(chosen) => chosen.clone(),
        None if field.optional => "–".into(),
        None => "an error".into(),
    }
}

/// What the runner chooses.
fn runner() -> BTreeMap<&'static str, String> {
    let limits = Limits::default();
    let money = limits
        .cost_usd
        .map_or("no limit".into(), |usd| format!("{usd}"));
    let policy = WorkPolicy::default();
    let quota = ArtifactQuota::default();
    BTreeMap::from([
        ("work.policy.approvals", policy.approvals.to_string()),
        ("work.policy.autoLand", "`\"never\"`".into()),
        ("work.policy.autoLand.contracts", "`false`".into()),
        ("work.policy.network", format!("`{}`", policy.network)),
        ("work.policy.parallel", policy.parallel.to_string()),
        (
            "work.policy.artifactBytes",
            policy.artifact_bytes.to_string(),
        ),
        (
            "work.policy.keepWorktrees",
            format!("`{}`", policy.keep_worktrees),
        ),
        ("work.policy.rounds", policy.rounds.to_string()),
        ("work.policy.parkAfter", policy.park_after.to_string()),
        ("work.policy.leaseSeconds", policy.lease_seconds.to_string()),
        ("work.policy.bids", format!("`{}`", policy.bids)),
        ("work.actors.<name>.capacity", "1".into()),
        ("work.notify.<name>.private", "`false`".into()),
        ("work.milestones.nod", "`false`".into()),
        ("agent.backend", format!("`{}`", crate::librarian::NAME)),
        ("agent.timeoutSeconds", limits.turn_seconds.to_string()),
        ("council.maxTurns", limits.turns_per_expert.to_string()),
        ("council.maxDepth", limits.depth.to_string()),
        ("council.maxMessages", limits.messages.to_string()),
        ("council.maxTokens", limits.tokens.to_string()),
        ("council.maxCostUsd", money),
        ("council.timeoutSeconds", limits.seconds.to_string()),
        ("council.parallel", limits.parallel.to_string()),
        ("council.retries", limits.retries.to_string()),
        ("quota.artifacts", quota.all.count.to_string()),
        ("quota.artifactBytes", quota.all.bytes.to_string()),
        ("quota.artifactsEach", quota.each.count.to_string()),
        ("quota.artifactBytesEach", quota.each.bytes.to_string()),
    ])
}

/// A value as it is written in Nix.
fn nix(value: &Value) -> String {
    match value {
        Value::Array(values) if values.is_empty() => "[ ]".into(),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(nix).collect();
            format!("[ {} ]", values.join(" "))
        }
        Value::Object(set) if set.is_empty() => "{ }".into(),
        other => other.to_string(),
    }
}
