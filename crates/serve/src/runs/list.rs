//! Which runs there are, page by page.

use std::sync::Arc;

use poag_engine::{RunState, RunSummary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{Call, Nothing};
use crate::problem::Problem;
use crate::within::Within;

/// Runs in a list, where nothing else is said, and at most.
const PAGE: u32 = 50;
const PAGE_MOST: u64 = 200;
/// Runs that are looked through for one page.
const LOOKED: usize = 10_000;

/// Which runs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct RunFilter {
    /// Of this served flake alone.
    flake: Option<String>,
    /// Only those that have come so far.
    state: Option<RunState>,
    /// Only those that began before this run: the `next` of the page before.
    before: Option<String>,
    /// At most so many.
    limit: Option<Within<1, PAGE_MOST>>,
}

/// A page of a list of runs.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct RunPage {
    /// Runs, the newest first.
    runs: Vec<RunSummary>,
    /// What to give as `before` for the next page; none where this is the last.
    next: Option<String>,
}

pub(crate) async fn list(call: Call<Nothing, RunFilter>) -> Result<RunPage, Problem> {
    let filter = call.query;
    let flake = match &filter.flake {
        Some(name) => Some(call.server.flake(Some(name))?.subject.clone()),
        None => None,
    };
    let limit = filter.limit.and_then(Within::to).unwrap_or(PAGE);
    let server = Arc::clone(&call.server);
    call.server
        .read(move |runs| {
            let wanted = |one: &RunSummary| {
                server.of_subject(&one.run.flake).is_some()
                    && flake.as_ref().is_none_or(|flake| one.run.flake == *flake)
                    && filter.state.is_none_or(|state| one.state == state)
            };
            let (mut found, mut before, mut looked) = (Vec::new(), filter.before, 0);
            loop {
                let part = runs.list_before(before.as_deref(), PAGE_MOST as u32)?;
                let last = part.len() < PAGE_MOST as usize;
                for one in part {
                    looked += 1;
                    before = Some(one.run.id.clone());
                    if wanted(&one) {
                        found.push(one);
                    }
                    if found.len() == limit as usize {
                        let next = before.take();
                        return Ok(RunPage { runs: found, next });
                    }
                }
                if last || looked >= LOOKED {
                    let next = before.filter(|_| !last);
                    return Ok(RunPage { runs: found, next });
                }
            }
        })
        .await
}
