//! Which contracts an expert's edits touch, and whom that concerns.

use super::Council;
use crate::council::message::{Action, Edit, TurnResult};
use crate::expert::Contract;

/// The part of an edit that a consumer judges.
pub(super) type Touch<'a> = (&'a str, Action, &'a str);

/// Whether a file is one that the contract names; a folder stands for all below it.
pub(in crate::council) fn names(contract: &Contract, path: &str) -> bool {
    contract.files.iter().any(|file| {
        let file = file.trim_start_matches("./").trim_end_matches('/');
        file.is_empty()
            || file == "."
            || path == file
            || path
                .strip_prefix(file)
                .is_some_and(|rest| rest.starts_with('/'))
    })
}

impl Council<'_> {
    /// Names of the contracts of `provider` that change with `result`, and that `consumer` takes.
    pub(in crate::council) fn touched(
        &self,
        provider: &str,
        consumer: &str,
        result: &TurnResult,
    ) -> Vec<String> {
        self.taken(provider, consumer)
            .filter(|(_, contract)| changes(result).any(|edit| names(contract, &edit.path)))
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    /// The edits in `result` that change a contract which `consumer` takes from `provider`.
    pub(super) fn touches<'r>(
        &self,
        provider: &str,
        consumer: &str,
        result: &'r TurnResult,
    ) -> Vec<Touch<'r>> {
        changes(result)
            .filter(|edit| {
                self.taken(provider, consumer)
                    .any(|(_, contract)| names(contract, &edit.path))
            })
            .map(|edit| (edit.path.as_str(), edit.action, edit.instruction.as_str()))
            .collect()
    }

    fn taken(&self, provider: &str, consumer: &str) -> impl Iterator<Item = (&str, &Contract)> {
        let graph = self.graph();
        let edge = graph
            .expert(consumer)
            .and_then(|expert| expert.neighbors.get(provider));
        let provider = graph.expert(provider);
        edge.into_iter()
            .flat_map(|edge| &edge.contracts)
            .filter_map(move |name| Some((name.as_str(), provider?.provides.get(name)?)))
    }
}

/// Edits that change something.
pub(in crate::council) fn changes(result: &TurnResult) -> impl Iterator<Item = &Edit> {
    result
        .edits
        .iter()
        .filter(|edit| !matches!(edit.action, Action::Read | Action::Perhaps))
}
