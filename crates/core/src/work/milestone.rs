//! Milestones: gates in an order. A task of a later one begins when every gate before it is open.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Board, BoardRefusal, CheckOutcome, Task};
use crate::suggest::nearest;

/// A gate, as a flake or a file of tasks declares it.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Milestone {
    /// As tasks name it.
    pub name: String,
    /// Commands that must be green on the work's branch, once all tasks of the milestone have ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<String>,
    /// Whether a person must agree, too.
    #[serde(default)]
    pub nod: bool,
    /// Where its checks run, relative to the repository's root; empty for the root itself.
    #[serde(default)]
    pub working_dir: String,
}

/// What is known of a gate.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GateRecord {
    /// Full id of the commit that was checked last.
    pub commit: Option<String>,
    /// What its checks said there.
    pub checks: Vec<CheckOutcome>,
    /// Who agreed; a red check or a task that is done anew takes it back.
    pub nod: Option<String>,
}

/// Where a gate stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum GateState {
    /// So many tasks of the milestone have not ended.
    Tasks(usize),
    /// A gate before it is not open.
    Behind(String),
    /// Its checks have not been run.
    Unchecked,
    /// This command was red.
    Red(String),
    /// A person has not agreed.
    Nod,
    /// Tasks of the next one can begin.
    Open,
}

impl GateState {
    /// In one word or a few.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Tasks(1) => "1 task to do".into(),
            Self::Tasks(count) => format!("{count} tasks to do"),
            Self::Behind(before) => format!("after {before}"),
            Self::Unchecked => "to be checked".into(),
            Self::Red(command) => format!("red: {command}"),
            Self::Nod => "waits for a nod".into(),
            Self::Open => "open".into(),
        }
    }
}

/// Whether milestones fit each other.
pub(super) fn fit(milestones: &[Milestone]) -> Result<(), BoardRefusal> {
    let refused = |milestone: &Milestone, why: &str| BoardRefusal::NoGate {
        milestone: milestone.name.clone(),
        why: why.to_owned(),
    };
    let mut names = BTreeSet::new();
    for milestone in milestones {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if milestone.name.is_empty()
            || milestone.name.len() > 64
            || !milestone.name.chars().all(plain)
        {
            return Err(refused(
                milestone,
                "its name is not 1 to 64 letters, digits, '-' and '_'",
            ));
        }
        if !names.insert(&milestone.name) {
            return Err(refused(milestone, "another milestone has its name"));
        }
        if milestone.checks.is_empty() && !milestone.nod {
            return Err(refused(milestone, "it has neither checks nor a nod"));
        }
        let parts = milestone.working_dir.split('/');
        let outside = |part: &str| matches!(part, "" | "." | ".." | ".git");
        if !milestone.working_dir.is_empty() && parts.into_iter().any(outside) {
            return Err(refused(
                milestone,
                "its workingDir is no folder of the repository",
            ));
        }
    }
    Ok(())
}

/// Whether the milestone that a task names is there; a work without any takes every name.
pub(super) fn known(task: &Task, milestones: &[Milestone]) -> Result<(), BoardRefusal> {
    let Some(name) = task.milestone.as_ref().filter(|_| !milestones.is_empty()) else {
        return Ok(());
    };
    if milestones.iter().any(|milestone| milestone.name == *name) {
        return Ok(());
    }
    let names = milestones.iter().map(|milestone| milestone.name.as_str());
    let close = nearest(name, names);
    let close = close.map_or_else(String::new, |name| format!("; did you mean '{name}'?"));
    Err(BoardRefusal::NotAdded {
        task: task.id.clone(),
        why: format!("there is no milestone '{name}'{close}"),
    })
}

impl Board {
    /// Every gate with where it stands, the first one first.
    #[must_use]
    pub fn gates(&self) -> Vec<(&Milestone, GateState)> {
        let milestones = &self.start.milestones;
        if milestones.is_empty() {
            return Vec::new();
        }
        let mut open: BTreeMap<&str, usize> = BTreeMap::new();
        for record in self.tasks.values() {
            let name = record.task.milestone.as_deref();
            if let Some(name) = name.filter(|_| !record.phase.is_ended()) {
                *open.entry(name).or_default() += 1;
            }
        }
        let mut before: Option<&str> = None;
        let mut gates = Vec::with_capacity(milestones.len());
        for milestone in milestones {
            let state = match (open.get(milestone.name.as_str()), before) {
                (_, Some(before)) => GateState::Behind(before.to_owned()),
                (Some(count), None) => GateState::Tasks(*count),
                (None, None) => self.gate(milestone),
            };
            if state != GateState::Open && before.is_none() {
                before = Some(&milestone.name);
            }
            gates.push((milestone, state));
        }
        gates
    }

    /// Where a gate stands all of whose tasks have ended.
    fn gate(&self, milestone: &Milestone) -> GateState {
        let record = self.gates.get(&milestone.name);
        let checked = record.filter(|record| record.commit.is_some());
        let red = checked.and_then(|record| record.checks.iter().find(|check| !check.green));
        match (checked, red, record.and_then(|record| record.nod.as_ref())) {
            (None, ..) if !milestone.checks.is_empty() => GateState::Unchecked,
            (_, Some(red), _) => GateState::Red(red.command.clone()),
            (_, None, None) if milestone.nod => GateState::Nod,
            _ => GateState::Open,
        }
    }

    /// Milestones whose tasks cannot begin: those behind a gate that is not open.
    #[must_use]
    pub fn gated(&self) -> BTreeSet<&str> {
        let gates = self.gates().into_iter();
        let behind = gates.filter(|(_, state)| matches!(state, GateState::Behind(_)));
        behind
            .map(|(milestone, _)| milestone.name.as_str())
            .collect()
    }

    /// A gate whose checks are to be run on the tip of the work's branch: it was not checked there, and all of its tasks have
    /// ended.
    #[must_use]
    pub fn gate_to_check(&self) -> Option<&Milestone> {
        let gates = self.gates().into_iter();
        let mut due = gates.filter(|(milestone, state)| {
            let at = self.gates.get(&milestone.name);
            let at = at.and_then(|record| record.commit.as_ref());
            !milestone.checks.is_empty()
                && !matches!(state, GateState::Tasks(_) | GateState::Behind(_))
                && at != Some(&self.tip)
        });
        due.next().map(|(milestone, _)| milestone)
    }

    /// The first gate that is not open, with where it stands.
    #[must_use]
    pub fn closed_gate(&self) -> Option<(&Milestone, GateState)> {
        let gates = self.gates().into_iter();
        gates
            .into_iter()
            .find(|(_, state)| *state != GateState::Open)
    }
}
