//! Checks, commits and the pull request: how a change is proven and handed in.

use super::paths::{code, folder, list, one_line};
use super::report::{Judgement, Opinion};
use super::steps::Part;
use crate::council::machine::Council;
use crate::expert::Expert;

/// Longest subject line of a suggested commit, in characters.
const SUBJECT: usize = 72;

/// What must pass before anything is changed; none where a flake declares no checks.
pub(super) fn baseline(council: &Council<'_>, expert: &Expert) -> Option<String> {
    let place = folder(expert);
    let checks = list(&expert.checks);
    if checks.is_empty() {
        return None;
    }
    Some(match council.started.stale.get(&expert.name) {
        Some(repair) => format!(
            "Baseline in {place}: its expert is not up to date, so first run {} at the repository's root; then run {checks}, which must pass before anything is changed",
            code(repair)
        ),
        None => {
            format!("Baseline in {place}: run {checks}, which must pass before anything is changed")
        }
    })
}

/// How a changed flake is proven.
pub(super) fn prove(part: &Part<'_>) -> String {
    let place = folder(part.expert);
    let learn = code("nix run .#poag -- learn");
    match part.expert.checks.is_empty() {
        true => {
            format!("In {place}: run {learn}, then review by hand: its expert declares no checks")
        }
        false => format!(
            "In {place}: run {learn} so that poag.lock knows the change, then prove it: run {}",
            list(&part.expert.checks)
        ),
    }
}

/// How the whole is proven, at its root.
pub(super) fn prove_root(part: &Part<'_>) -> String {
    if part.change.is_some() || !part.under.is_empty() {
        return format!("{} (the whole graph's checks, last)", prove(part));
    }
    let place = folder(part.expert);
    match part.expert.checks.is_empty() {
        true => format!("In {place}: review the whole by hand: its expert declares no checks"),
        false => format!(
            "In {place}: prove the whole: run {}",
            list(&part.expert.checks)
        ),
    }
}

/// The commit of one flake.
pub(super) fn commit(council: &Council<'_>, part: &Part<'_>) -> String {
    let place = folder(part.expert);
    let what = if part.change.is_some() {
        "commit"
    } else {
        "commit poag.lock"
    };
    let subject = subject(&format!("{}: {}", part.expert.name, first_line(council)));
    format!("In {place}: {what} as {}", code(&subject))
}

/// The pull request.
pub(super) fn pull_request(council: &Council<'_>, commits: usize) -> String {
    let title = code(&subject(&first_line(council)));
    match commits {
        1 => format!(
            "Open the pull request with this commit, titled {title}, with this plan as its description"
        ),
        _ => format!(
            "Open one pull request with these {commits} commits, titled {title}, with this plan as its description"
        ),
    }
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

fn first_line(council: &Council<'_>) -> String {
    let request = council.started.request.trim();
    one_line(request.lines().next().unwrap_or_default())
}

/// Text cut at a word so that it fits a commit's first line.
fn subject(text: &str) -> String {
    if text.chars().count() <= SUBJECT {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SUBJECT - 1).collect();
    let at = cut
        .rfind(' ')
        .filter(|at| *at > SUBJECT / 2)
        .unwrap_or(cut.len());
    format!("{}…", &cut[..at])
}
