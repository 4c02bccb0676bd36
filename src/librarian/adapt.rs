//! What providers want to change and the speaker uses, put together: one instruction for each file, however many
//! providers have a part in it.

use std::collections::{BTreeMap, BTreeSet};

use super::revise::amend;
use super::role::Role;
use super::uses::Uses;
use super::view::ticked;
use crate::council::message::{Action, Edit, Evidence, TurnResult};

/// Evidence for one file.
const EVIDENCE: usize = 8;

/// Uses of what changes elsewhere.
#[derive(Default)]
pub struct Adaptations {
    files: BTreeMap<String, File>,
    contracts: BTreeMap<String, BTreeSet<String>>,
}

struct File {
    role: Role,
    names: BTreeSet<String>,
    providers: BTreeSet<String>,
    evidence: Vec<Evidence>,
}

impl Adaptations {
    /// Adds the uses in one file, in its role, of what a provider's contract defines.
    pub fn add(&mut self, path: &str, role: Role, uses: &Uses, (provider, contract): (&str, &str)) {
        let file = self.files.entry(path.to_owned()).or_insert_with(|| File {
            role,
            names: BTreeSet::new(),
            providers: BTreeSet::new(),
            evidence: Vec::new(),
        });
        let what = format!(
            "uses {} of `{provider}` (contract `{contract}`)",
            ticked(&uses.names)
        );
        for line in uses.lines.iter().take(3) {
            let lines = Some((*line, *line));
            if !file.evidence.iter().any(|known| known.lines == lines) {
                file.evidence.push(Evidence {
                    lines,
                    what: what.clone(),
                });
            }
        }
        file.names.extend(uses.names.iter().cloned());
        file.providers.insert(provider.to_owned());
        self.contracts
            .entry(provider.to_owned())
            .or_default()
            .insert(contract.to_owned());
    }

    /// Puts them into what the speaker says.
    pub fn apply(self, own: &mut TurnResult) {
        if self.files.is_empty() {
            return;
        }
        let all: Vec<String> = self
            .contracts
            .iter()
            .map(|(provider, contracts)| {
                format!(
                    "`{provider}` ({})",
                    ticked(&contracts.iter().collect::<Vec<_>>())
                )
            })
            .collect();
        let files = if self.files.len() == 1 {
            "1 file here uses".into()
        } else {
            format!("{} files here use", self.files.len())
        };
        amend(
            own,
            &format!(
                "{files} what changes in the contracts of {}",
                all.join(", ")
            ),
        );
        for (path, file) in self.files {
            file.apply(path, own);
        }
    }
}

impl File {
    fn apply(self, path: String, own: &mut TurnResult) {
        let names = ticked(&self.names.iter().collect::<Vec<_>>());
        let who = ticked(&self.providers.iter().collect::<Vec<_>>());
        let change = if self.providers.len() == 1 {
            "changes"
        } else {
            "change"
        };
        let instruction = match self.role {
            Role::Test => format!("extend the tests here to what {who} {change}: they use {names}"),
            Role::Document => format!("update what is said about {names}, which {who} {change}"),
            Role::Configure => {
                format!("check that it still fits: it uses {names}, which {who} {change}")
            }
            _ => format!("adapt the use of {names} to what {who} {change}"),
        };
        let action = match self.role {
            Role::Configure => Action::Read,
            _ => Action::Change,
        };
        let Some(edit) = own.edits.iter_mut().find(|edit| edit.path == path) else {
            let evidence = self.evidence;
            own.edits.push(Edit {
                path,
                action,
                instruction,
                likelihood: None,
                evidence,
            });
            return;
        };
        if edit.action == Action::Read && action == Action::Change {
            edit.instruction = instruction;
        } else if !edit.instruction.contains(&instruction) {
            edit.instruction = format!("{}; {instruction}", edit.instruction);
        }
        edit.action = edit.action.min(action);
        let new: Vec<Evidence> = self
            .evidence
            .into_iter()
            .filter(|one| !edit.evidence.contains(one))
            .collect();
        edit.evidence.extend(new);
        edit.evidence.truncate(EVIDENCE);
    }
}
