//! The steps that experts say: put in their place and joined where they are equal, and nothing added to them.

use std::collections::HashSet;

use super::part::{FlakePart, folder};
use crate::council::message::{Phase, Step, TurnResult};
use crate::plan::text::{list, one_line};

/// The lines of one phase, in the order in which they were said, each once.
pub(super) fn in_phase(result: &TurnResult, phase: Phase) -> Vec<String> {
    let steps = result.steps.iter();
    let mut lines: Vec<String> = steps
        .filter(|step| step.phase == phase)
        .filter_map(line)
        .collect();
    let mut seen = HashSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    lines
}

/// What comes before anything changes: one step for each line, with all the flakes that say it.
pub(super) fn before(parts: &[&FlakePart<'_>]) -> Vec<String> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for part in parts {
        let said = part.change.map(|result| in_phase(result, Phase::Before));
        for line in said.unwrap_or_default() {
            let place = folder(part.expert);
            match all.iter_mut().find(|(known, _)| *known == line) {
                Some((_, places)) => places.push(place),
                None => all.push((line, vec![place])),
            }
        }
    }
    let step = |(line, places): (String, Vec<String>)| match places.as_slice() {
        [one] => format!("In {one}, before anything changes: {line}"),
        many => format!("In each of {}, before anything changes: {line}", list(many)),
    };
    all.into_iter().map(step).collect()
}

/// A step on one line, with its proof; none where it says nothing.
pub(super) fn line(step: &Step) -> Option<String> {
    let what = one_line(&step.what);
    let proof = step.proof.as_deref().map(one_line).unwrap_or_default();
    match (what.is_empty(), proof.is_empty()) {
        (true, _) => None,
        (false, true) => Some(what),
        (false, false) => Some(format!("{what} (proof: {proof})")),
    }
}
