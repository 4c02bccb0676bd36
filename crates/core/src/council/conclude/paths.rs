//! Paths in a plan: what to do at each, why, and how places are written.

use std::collections::BTreeMap;

use serde_json::Value;

use super::part::folder;
use super::said;
use crate::council::machine::{Council, changes};
use crate::council::message::{Action, Edit, TurnResult};
use crate::expert::PACK_REST;
use crate::expert::{Expert, Location};
use crate::plan::text::one_line;
use crate::plan::{Ground, OwnerRequest};

/// Experts with a result, by name.
pub(super) fn results<'a>(
    council: &'a Council<'_>,
) -> impl Iterator<Item = (&'a Expert, &'a TurnResult)> {
    let graph = council.graph();
    council
        .seats
        .iter()
        .filter_map(move |(name, seat)| Some((graph.expert(name)?, seat.result.as_ref()?)))
}

/// Expert → path → what to do there, or why to read it. A flake of another repository is only ever read.
pub(super) fn subflakes(council: &Council<'_>) -> BTreeMap<String, BTreeMap<String, String>> {
    texts(council, |expert, edit| match edit.action {
        Action::Perhaps => None,
        Action::Read => Some("(read) "),
        _ if !expert.is_local() => None,
        Action::Change => Some(""),
        Action::Create => Some("(new) "),
        Action::Delete => Some("(delete) "),
    })
}

/// Expert → path that may have to change → why.
pub(super) fn perhaps(council: &Council<'_>) -> BTreeMap<String, BTreeMap<String, String>> {
    texts(council, |_, edit| {
        (edit.action == Action::Perhaps).then_some("")
    })
}

/// Expert → path → instruction, behind a mark, of all edits for which `mark` gives one.
fn texts(
    council: &Council<'_>,
    mark: impl Fn(&Expert, &Edit) -> Option<&'static str>,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (expert, result) in results(council) {
        for edit in &result.edits {
            let Some(mark) = mark(expert, edit) else {
                continue;
            };
            let paths = all.entry(expert.name.clone()).or_default();
            let text = paths.entry(dotted(&edit.path)).or_default();
            match text.is_empty() {
                true => text.push_str(mark),
                false => text.push('\n'),
            }
            text.push_str(edit.instruction.trim());
        }
    }
    all
}

/// Expert → path → how probable it is that the file changes, where its owner says so.
pub(super) fn likelihood(council: &Council<'_>) -> BTreeMap<String, BTreeMap<String, u8>> {
    let mut all: BTreeMap<String, BTreeMap<String, u8>> = BTreeMap::new();
    for (expert, result) in results(council) {
        for edit in &result.edits {
            let Some(likelihood) = edit.likelihood else {
                continue;
            };
            let paths = all.entry(expert.name.clone()).or_default();
            let highest = paths.entry(dotted(&edit.path)).or_default();
            *highest = likelihood.min(100).max(*highest);
        }
    }
    all
}

/// Expert → path → why this path.
pub(super) fn evidence(council: &Council<'_>) -> BTreeMap<String, BTreeMap<String, Vec<Ground>>> {
    let mut all: BTreeMap<String, BTreeMap<String, Vec<Ground>>> = BTreeMap::new();
    for (expert, result) in results(council) {
        for edit in result.edits.iter().filter(|edit| !edit.evidence.is_empty()) {
            let grounds = edit.evidence.iter().map(|evidence| Ground {
                lines: evidence.lines,
                what: evidence.what.clone(),
                likelihood: edit.likelihood.map(|likelihood| likelihood.min(100)),
            });
            all.entry(expert.name.clone())
                .or_default()
                .entry(dotted(&edit.path))
                .or_default()
                .extend(grounds);
        }
    }
    all
}

/// What the owners of flakes in other repositories are asked for, providers first.
pub(super) fn owners(council: &Council<'_>) -> Vec<OwnerRequest> {
    let request = |expert: &Expert| {
        let result = council.seats.get(&expert.name)?.result.as_ref()?;
        let is_pack = matches!(expert.location, Location::Pack { .. });
        let mut wishes: Vec<String> = changes(result)
            // That file is the pack's own, not the flake's.
            .filter(|edit| !(is_pack && edit.path.ends_with(PACK_REST)))
            .map(|edit| format!("in {}: {}", edit.path, one_line(&edit.instruction)))
            .collect();
        if expert.is_local() || wishes.is_empty() {
            return None;
        }
        wishes.extend(result.steps.iter().filter_map(said::line));
        Some(OwnerRequest {
            expert: expert.name.clone(),
            reference: reference(expert),
            request: wishes.join("; "),
        })
    };
    let order = council.graph().providers_first();
    order.into_iter().filter_map(request).collect()
}

/// Where an expert's flake is, as a flake reference; of one that is only a pack, where that is.
pub(super) fn reference(expert: &Expert) -> String {
    if let Location::Pack { source } = &expert.location {
        return source.display().to_string();
    }
    let Location::Locked {
        dir,
        source,
        reference,
    } = &expert.location
    else {
        return folder(expert);
    };
    let node = reference.as_ref().unwrap_or(&Value::Null);
    let node = node.get("locked").unwrap_or(node);
    let field = |name: &str| node.get(name).and_then(Value::as_str);
    let base = match (field("type"), field("owner"), field("repo"), field("url")) {
        (Some(kind), Some(owner), Some(repo), _) => match field("rev") {
            Some(rev) => format!("{kind}:{owner}/{repo}/{rev}"),
            None => format!("{kind}:{owner}/{repo}"),
        },
        (Some("git"), _, _, Some(url)) => match field("rev") {
            Some(rev) => format!("git+{url}?rev={rev}"),
            None => format!("git+{url}"),
        },
        (Some(_), _, _, Some(url)) => url.to_owned(),
        _ => field("path").map_or_else(
            || source.display().to_string(),
            |path| format!("path:{path}"),
        ),
    };
    match dir.is_empty() {
        true => base,
        false if base.contains('?') => format!("{base}&dir={dir}"),
        false => format!("{base}?dir={dir}"),
    }
}

/// `./path`, as plans write paths of a flake.
pub(super) fn dotted(path: &str) -> String {
    format!("./{path}")
}
