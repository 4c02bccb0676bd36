//! Checks, commits and the pull request: how a change is proven and handed in.

use super::part::{FlakePart, folder};
use super::said;
use crate::council::machine::Council;
use crate::council::message::Phase;
use crate::plan::text::{code, list, one_line};
use crate::plan::title;
use crate::plan::{Judgement, Opinion};

/// How poag.lock comes to know a change.
const LEARN: &str = "nix run .#poag -- learn";

/// What must pass before anything is changed, in all flakes; none where none declares checks or is stale.
pub(super) fn baseline(council: &Council<'_>, parts: &[&FlakePart<'_>]) -> Option<String> {
    let stale = &council.started.stale;
    let mut unlearned: Vec<(&str, &str)> = Vec::new();
    for part in parts {
        if let Some(repair) = stale.get(&part.expert.name) {
            unlearned.push((&part.expert.name, repair));
        }
    }
    let mut step = "Baseline: ".to_owned();
    if !unlearned.is_empty() {
        let names: Vec<&str> = unlearned.iter().map(|(name, _)| *name).collect();
        let mut repairs: Vec<&str> = unlearned.iter().map(|(_, repair)| *repair).collect();
        repairs.dedup();
        let who = match names.as_slice() {
            [one] => format!("the expert of {one} is"),
            many => format!("the experts of {} are", many.join(", ")),
        };
        step.push_str(&format!(
            "{who} not up to date, so first run {} at the repository's root",
            list(&repairs)
        ));
    }
    let checks = checks(parts);
    if unlearned.is_empty() && checks.is_empty() {
        return None;
    }
    if !checks.is_empty() {
        let then = if unlearned.is_empty() { "" } else { "; then " };
        step.push_str(&format!(
            "{then}these checks must pass before anything is changed"
        ));
    }
    match checks.as_slice() {
        [] => {}
        [one] => step.push_str(&format!(": {one}")),
        many => {
            step.push(':');
            for checks in many {
                step.push_str("\n- ");
                step.push_str(checks);
            }
        }
    }
    Some(step)
}

/// The checks of several flakes, those with the same ones together.
fn checks(parts: &[&FlakePart<'_>]) -> Vec<String> {
    let mut groups: Vec<(&[String], Vec<String>)> = Vec::new();
    for part in parts {
        let checks = part.expert.checks.as_slice();
        if checks.is_empty() {
            continue;
        }
        let place = folder(part.expert);
        match groups.iter_mut().find(|(known, _)| *known == checks) {
            Some((_, places)) => places.push(place),
            None => groups.push((checks, vec![place])),
        }
    }
    let said = groups
        .iter()
        .map(|(checks, places)| match places.as_slice() {
            [one] => format!("{} in {one}", list(checks)),
            many => format!("{} in each of {}", list(checks), list(many)),
        });
    said.collect()
}

/// How a changed flake is proven: what its owner says comes after the change, what poag must learn, its checks.
pub(super) fn prove(part: &FlakePart<'_>, remark: &str) -> String {
    let learn = code(LEARN);
    let proof = match part.expert.checks.is_empty() {
        true => format!("run {learn}, then review by hand: its expert declares no checks"),
        false => format!(
            "run {learn} so that poag.lock knows the change, then prove it: run {}{remark}",
            list(&part.expert.checks)
        ),
    };
    let place = folder(part.expert);
    let after = part
        .change
        .map(|result| said::in_phase(result, Phase::After));
    let after = after.unwrap_or_default();
    if after.is_empty() {
        return format!("In {place}: {proof}");
    }
    let mut step = format!("In {place}, when that is done:");
    for line in after.iter().chain([&proof]) {
        step.push_str("\n- ");
        step.push_str(line);
    }
    step
}

/// How the whole is proven at its root, which changes nothing itself.
pub(super) fn prove_whole(council: &Council<'_>, part: &FlakePart<'_>) -> String {
    let place = folder(part.expert);
    let proof = match part.expert.checks.is_empty() {
        true => "review the whole by hand: its expert declares no checks".to_owned(),
        false => format!("prove the whole: run {}", list(&part.expert.checks)),
    };
    if part.under.is_empty() {
        return format!("In {place}: {proof}");
    }
    let subject = subject(council, &part.expert.name);
    format!(
        "In {place}: run {} (it takes {}), {proof}, and commit poag.lock as {}",
        code(LEARN),
        part.taken(),
        code(&subject)
    )
}

/// What flakes do that change nothing and take a contract that changes: one step for all.
pub(super) fn learn(council: &Council<'_>, parts: &[&FlakePart<'_>]) -> String {
    let places: Vec<String> = parts
        .iter()
        .map(|part| format!("{} (takes {})", folder(part.expert), part.taken()))
        .collect();
    let learn = code(LEARN);
    let mut step = match places.as_slice() {
        [one] => format!("In {one}: nothing to edit; run {learn}"),
        many => format!(
            "In each of these, nothing to edit; run {learn}: {}",
            many.join("; ")
        ),
    };
    let checks = checks(parts);
    if !checks.is_empty() {
        step.push_str(&format!("; then prove it: run {}", checks.join("; ")));
    }
    let subject = match parts {
        [one] => subject(council, &one.expert.name),
        _ => subject(council, "poag.lock"),
    };
    format!("{step}; commit poag.lock as {}", code(&subject))
}

/// The commit of one flake.
pub(super) fn commit(council: &Council<'_>, part: &FlakePart<'_>) -> String {
    let subject = subject(council, &part.expert.name);
    format!("In {}: commit as {}", folder(part.expert), code(&subject))
}

/// The pull request.
pub(super) fn pull_request(council: &Council<'_>, commits: usize) -> String {
    let title = code(&subject(council, ""));
    match commits {
        1 => format!(
            "Open the pull request with this commit, titled {title}, with this plan as its description"
        ),
        _ => format!(
            "Open one pull request with these {commits} commits, titled {title}, with this plan as its description"
        ),
    }
}

fn subject(council: &Council<'_>, scope: &str) -> String {
    title::subject(scope, &council.started.request)
}

/// What the consumers of a touched contract say to it.
pub(super) fn opinions(consumers: &[&str], provider: &str, verdicts: &[Opinion]) -> String {
    let opinion = |consumer: &&str| {
        let of = |opinion: &&Opinion| opinion.expert == **consumer;
        let missing = |opinion: &&Opinion| {
            opinion.verdict == Judgement::Missing && opinion.about.as_deref() == Some(provider)
        };
        if verdicts.iter().filter(of).any(|opinion| missing(&opinion)) {
            return format!("{consumer} has not judged it");
        }
        let given = |opinion: &&Opinion| opinion.verdict != Judgement::Missing;
        match verdicts.iter().filter(of).find(given) {
            Some(Opinion {
                verdict: Judgement::Object,
                reason,
                about,
                ..
            }) if about.as_deref() == Some(provider) => {
                format!("{consumer} objects ({})", one_line(reason))
            }
            Some(Opinion {
                verdict: Judgement::Object,
                ..
            }) => format!("{consumer} does not object to this"),
            // Its reason stands with the verdicts; here it would be said once per contract.
            Some(Opinion {
                verdict: Judgement::Amend,
                ..
            }) => format!("{consumer} accepts with what it adds"),
            _ => format!("{consumer} accepts"),
        }
    };
    consumers.iter().map(opinion).collect::<Vec<_>>().join(", ")
}
