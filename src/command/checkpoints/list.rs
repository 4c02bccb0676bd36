//! The checkpoints of this machine as a table, and the latest of one expert in words.

use clap::Args;
use serde_json::json;

use crate::command::context::{engine, open};
use crate::command::global::Global;
use crate::command::style;
use crate::engine::checkpoint::How;
use crate::engine::{CheckpointState, EngineError, Latest, ListedCheckpoint, Project};
use crate::error::{Error, exit};
use crate::terminal;

/// Lists them [default]
#[derive(Args, Debug)]
pub struct List {
    /// For a script
    #[arg(long)]
    json: bool,
}

fn word(state: CheckpointState) -> &'static str {
    match state {
        CheckpointState::Current => "current",
        CheckpointState::Old => "old",
        CheckpointState::Elsewhere => "elsewhere",
        CheckpointState::Unknown => "unknown",
        CheckpointState::Damaged => "damaged",
    }
}

/// Runs it.
pub async fn run(args: List, global: Global) -> Result<u8, Error> {
    let engine = engine(&global)?;
    let known = engine.store()?.list().map_err(EngineError::from)?;
    let here = match known.is_empty() {
        true => None,
        false => here(&global).await?,
    };
    let rows = engine.checkpoints(here.as_ref())?;
    match args.json {
        true => terminal::json(in_json(&rows).as_bytes())?,
        false if rows.is_empty() => {
            terminal::people("no checkpoints yet; `poag learn` makes them\n")?;
        }
        false => terminal::people(&table(&rows))?,
    }
    Ok(exit::OK)
}

/// The flake here; none where there is none and nobody named one.
async fn here(global: &Global) -> Result<Option<Project>, Error> {
    match open(global).await {
        Ok(project) => Ok(Some(project)),
        Err(error) if global.flake.is_some() => Err(error),
        Err(_) => Ok(None),
    }
}

fn in_json(rows: &[ListedCheckpoint]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(
            |ListedCheckpoint { entry, uses, state }| match &entry.meta {
                Ok(meta) => {
                    json!({"key": entry.key, "state": state, "uses": uses, "checkpoint": meta})
                }
                Err(reason) => json!({"key": entry.key, "state": state, "reason": reason}),
            },
        )
        .collect();
    format!("{:#}\n", json!({"schemaVersion": 1, "checkpoints": rows}))
}

fn table(rows: &[ListedCheckpoint]) -> String {
    let head = [
        "key", "expert", "backend", "model", "age", "cost", "uses", "state",
    ];
    let mut lines = vec![head.map(String::from)];
    for ListedCheckpoint { entry, uses, state } in rows {
        let key = entry.key.chars().take(12).collect();
        let Ok(meta) = &entry.meta else {
            let none = || "-".to_owned();
            let state = word(*state).to_owned();
            lines.push([key, none(), none(), none(), none(), none(), none(), state]);
            continue;
        };
        let key_parts = &meta.key_parts;
        lines.push([
            key,
            key_parts.expert.clone(),
            format!("{} {}", key_parts.backend, key_parts.version),
            key_parts.model.clone().unwrap_or_else(|| "-".into()),
            age(meta.created),
            match meta.usage.cost_usd > 0.0 {
                true => format!("${:.4}", meta.usage.cost_usd),
                false => format!("{} tokens", meta.usage.input_tokens),
            },
            uses.uses.to_string(),
            word(*state).into(),
        ]);
    }
    let table = style::table(lines.into_iter().map(Vec::from).collect());
    let (head, rest) = table.split_once('\n').unwrap_or((&table, ""));
    format!("{}\n{rest}", style::dim(head))
}

/// How long ago a moment was, in one unit.
fn age(then: i64) -> String {
    let now = jiff::Timestamp::now().as_millisecond();
    let seconds = now.saturating_sub(then).max(0) / 1000;
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// How the backend of an expert came to know its flake, and why so.
pub fn in_words(latest: &Latest) -> String {
    let Latest {
        meta,
        uses,
        current,
    } = latest;
    let key_parts = &meta.key_parts;
    let what = match meta.how {
        How::Primed => "was primed".to_owned(),
        How::Told => {
            let on = meta.told_on.last().map_or("", String::as_str);
            let on: String = on.chars().take(12).collect();
            format!("was told what changed on top of checkpoint {on}")
        }
    };
    let model = match &key_parts.model {
        Some(model) => format!(" with {model}"),
        None => String::new(),
    };
    let knows = match current {
        true => "it knows the flake as it is now",
        false => {
            "its flake has changed since; the next question or `poag learn` brings it up to date"
        }
    };
    let times = match uses.uses {
        0 => "no turn was forked from it yet".to_owned(),
        1 => "1 turn was forked from it".to_owned(),
        many => format!("{many} turns were forked from it"),
    };
    let read = match uses.usage.cached_tokens {
        0 => String::new(),
        read => format!(", reading {read} tokens from the prompt cache"),
    };
    format!(
        "on {} {}{model} it {what} {} ago ({})\n  because {}\n  {knows}; {times}{read}\n",
        key_parts.backend,
        key_parts.version,
        age(meta.created),
        style::spent(&meta.usage),
        meta.why,
    )
}
