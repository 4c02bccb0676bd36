//! The answer: what experts say to a usage question, each with its sources.

use std::cmp::Reverse;

use super::Order;
use super::paths;
use crate::council::machine::Council;
use crate::council::message::Answer;
use crate::expert::Expert;
use crate::plan::Citing;
use crate::plan::text;

/// An answer with less than this share of the best one's confidence is only pointed to.
const SURE: f64 = 0.75;

/// The answers of the experts, the surest first and then the root's; named only where there are
/// several. Every source is listed, also of those that are only pointed to.
pub fn assemble(council: &Council<'_>, order: &Order) -> (String, Vec<Citing>) {
    let mut all: Vec<(&Expert, &Answer)> = council
        .seats
        .iter()
        .filter_map(|(name, seat)| {
            let answer = seat.result.as_ref()?.answer.as_ref()?;
            Some((council.graph().expert(name)?, answer))
        })
        .filter(|(_, answer)| !answer.markdown.trim().is_empty())
        .collect();
    all.sort_by_key(|(expert, answer)| (Reverse(confidence(answer)), order.at(&expert.name)));
    let best = all.first().map_or(0, |(_, answer)| confidence(answer));
    let sure =
        |(_, answer): &&(&Expert, &Answer)| f64::from(confidence(answer)) >= f64::from(best) * SURE;
    let shown = all.iter().filter(sure).count();
    let (shown, others) = all.split_at(shown);
    let mut texts: Vec<String> = shown
        .iter()
        .map(|(expert, answer)| section(expert, answer, shown.len() > 1))
        .collect();
    let pointed: Vec<String> = others
        .iter()
        .filter(|(_, answer)| !answer.citations.is_empty())
        .map(|(expert, answer)| format!("{} ({})", sources(expert, answer), expert.name))
        .collect();
    if !pointed.is_empty() {
        texts.push(format!("See also: {}", pointed.join("; ")));
    }
    let citing = all.iter().flat_map(|(expert, answer)| {
        answer.citations.iter().map(|citation| Citing {
            expert: expert.name.clone(),
            path: paths::dotted(&citation.path),
            lines: citation.lines,
        })
    });
    (texts.join("\n\n"), citing.collect())
}

fn confidence(answer: &Answer) -> u8 {
    answer.confidence.unwrap_or(100).min(100)
}

fn section(expert: &Expert, answer: &Answer, named: bool) -> String {
    let mut text = answer.markdown.trim().to_owned();
    if named {
        text = format!("### {}\n\n{text}", expert.name);
    }
    if !answer.citations.is_empty() {
        text.push_str("\n\nSources: ");
        text.push_str(&sources(expert, answer));
    }
    text
}

fn sources(expert: &Expert, answer: &Answer) -> String {
    let sources: Vec<String> = answer
        .citations
        .iter()
        .map(|citation| {
            let (first, last) = citation.lines;
            let path = expert.place_of(&citation.path);
            match first == last {
                true => text::code(&format!("{path}:{first}")),
                false => text::code(&format!("{path}:{first}-{last}")),
            }
        })
        .collect();
    sources.join(", ")
}
