//! The checkpoints of this machine as a table, and the latest of one expert in words.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::command::context::{cache_dir, checkpoints};
use crate::command::global::Global;
use crate::command::{Context, style};
use crate::council::brief;
use crate::council::plan::schema;
use crate::engine::checkpoint::{Entry, How, Meta, Store, Uses, sha256};
use crate::error::{Error, exit};
use crate::expert::{Expert, Graph};
use crate::knowledge::pack::{Pack, PackOptions};
use crate::terminal;

/// Lists them [default]
#[derive(Args, Debug)]
pub struct List {
    /// For a script
    #[arg(long)]
    json: bool,
}

/// What a checkpoint is to the flake here.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
enum State {
    /// It knows its expert's flake as it is now.
    Current,
    /// Its flake, its model or what experts are told has changed since.
    Old,
    /// No expert of that name is in the graph of the flake here.
    Elsewhere,
    /// There is no flake here to compare it with.
    Unknown,
    /// It cannot be read.
    Damaged,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Old => "old",
            Self::Elsewhere => "elsewhere",
            Self::Unknown => "unknown",
            Self::Damaged => "damaged",
        }
    }
}

/// Runs it.
pub async fn run(args: List, global: Global) -> Result<u8, Error> {
    let store = checkpoints()?;
    let entries = store.list()?;
    let graph = match entries.is_empty() {
        true => None,
        false => here(global).await?,
    };
    let mut rows = Vec::new();
    for entry in entries {
        let uses = store.uses(&entry.key)?;
        let state = match &entry.meta {
            Ok(meta) => state(graph.as_ref(), meta)?,
            Err(_) => State::Damaged,
        };
        rows.push((entry, uses, state));
    }
    match args.json {
        true => terminal::json(in_json(&rows).as_bytes())?,
        false if rows.is_empty() => {
            terminal::people("no checkpoints yet; `poag learn` makes them\n")?;
        }
        false => terminal::people(&table(&rows))?,
    }
    Ok(exit::OK)
}

/// The graph of the flake here; none where there is none and nobody named one.
async fn here(global: Global) -> Result<Option<Graph>, Error> {
    let named = global.flake.is_some();
    let evaluated = match Context::new(global, None) {
        Ok(context) => context.evaluate().await,
        Err(error) => Err(error),
    };
    match evaluated {
        Ok(evaluation) => Ok(Some(evaluation.graph)),
        Err(error) if named => Err(error),
        Err(_) => Ok(None),
    }
}

fn state(graph: Option<&Graph>, meta: &Meta) -> Result<State, Error> {
    let Some(graph) = graph else {
        return Ok(State::Unknown);
    };
    let Some(expert) = graph.expert(&meta.key_parts.expert) else {
        return Ok(State::Elsewhere);
    };
    let current = knows_it_all(graph, expert, meta)?;
    Ok(if current { State::Current } else { State::Old })
}

/// Whether a checkpoint holds what its expert would be given now. The backend's version is not asked for.
fn knows_it_all(graph: &Graph, expert: &Expert, meta: &Meta) -> Result<bool, Error> {
    let key_parts = &meta.key_parts;
    let declared = expert.agent.backend.as_deref() == Some(key_parts.backend.as_str());
    if declared && expert.agent.model != key_parts.model
        || key_parts.instructions != sha256(brief::INSTRUCTIONS.as_bytes())
        || key_parts.schema != sha256(schema::turn_result().to_string().as_bytes())
    {
        return Ok(false);
    }
    let pack = Pack::cached(&cache_dir()?, graph, expert, &PackOptions::default())?;
    Ok(meta.pack == sha256(pack.text.as_bytes()))
}

type Row = (Entry, Uses, State);

fn in_json(rows: &[Row]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|(entry, uses, state)| match &entry.meta {
            Ok(meta) => json!({"key": entry.key, "state": state, "uses": uses, "checkpoint": meta}),
            Err(reason) => json!({"key": entry.key, "state": state, "reason": reason}),
        })
        .collect();
    format!("{:#}\n", json!({"schemaVersion": 1, "checkpoints": rows}))
}

fn table(rows: &[Row]) -> String {
    let head = [
        "key", "expert", "backend", "model", "age", "cost", "uses", "state",
    ];
    let mut lines = vec![head.map(String::from)];
    for (entry, uses, state) in rows {
        let key = entry.key.chars().take(12).collect();
        let Ok(meta) = &entry.meta else {
            let none = || "-".to_owned();
            let state = state.word().to_owned();
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
            state.word().into(),
        ]);
    }
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: [usize; 8] = std::array::from_fn(width);
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        let line = cells.join("  ");
        let line = line.trim_end();
        let line = if at == 0 {
            style::dim(line)
        } else {
            line.into()
        };
        let _ = writeln!(out, "{line}");
    }
    out
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

/// How the backend of an expert came to know its flake the last time, and why so; none where it has no
/// checkpoint.
pub fn latest(graph: &Graph, expert: &Expert) -> Result<Option<String>, Error> {
    let store = checkpoints()?;
    let metas = store.list()?.into_iter();
    let mut metas = metas.filter_map(|entry| entry.meta.ok());
    let Some(meta) = metas.find(|meta| meta.key_parts.expert == expert.name) else {
        return Ok(None);
    };
    in_words(&store, &meta, knows_it_all(graph, expert, &meta)?).map(Some)
}

fn in_words(store: &Store, meta: &Meta, current: bool) -> Result<String, Error> {
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
    let uses = store.uses(&meta.key)?;
    let times = match uses.uses {
        0 => "no turn was forked from it yet".to_owned(),
        1 => "1 turn was forked from it".to_owned(),
        many => format!("{many} turns were forked from it"),
    };
    let read = match uses.usage.cached_tokens {
        0 => String::new(),
        read => format!(", reading {read} tokens from the prompt cache"),
    };
    Ok(format!(
        "on {} {}{model} it {what} {} ago ({})\n  because {}\n  {knows}; {times}{read}\n",
        key_parts.backend,
        key_parts.version,
        age(meta.created),
        style::spent(&meta.usage),
        meta.why,
    ))
}
