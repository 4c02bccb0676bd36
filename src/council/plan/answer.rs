//! The answer: what experts say to a usage question, each with its sources.

use super::assemble::Order;
use super::paths;
use super::report::Citing;
use crate::council::machine::Council;
use crate::council::message::Answer;
use crate::expert::Expert;

/// The answers of all experts that have one, the root's first; named only where there are several.
pub(super) fn assemble(council: &Council<'_>, order: &Order) -> (String, Vec<Citing>) {
    let mut all: Vec<(&Expert, &Answer)> = council
        .seats
        .iter()
        .filter_map(|(name, seat)| {
            let answer = seat.result.as_ref()?.answer.as_ref()?;
            Some((council.graph().expert(name)?, answer))
        })
        .filter(|(_, answer)| !answer.markdown.trim().is_empty())
        .collect();
    all.sort_by_key(|(expert, _)| order.at(&expert.name));
    let several = all.len() > 1;
    let texts: Vec<String> = all
        .iter()
        .map(|(expert, answer)| section(expert, answer, several))
        .collect();
    let citing = all.iter().flat_map(|(expert, answer)| {
        answer.citations.iter().map(|citation| Citing {
            expert: expert.name.clone(),
            path: paths::dotted(&citation.path),
            lines: citation.lines,
        })
    });
    (texts.join("\n\n"), citing.collect())
}

fn section(expert: &Expert, answer: &Answer, named: bool) -> String {
    let mut text = answer.markdown.trim().to_owned();
    if named {
        text = format!("### {}\n\n{text}", expert.name);
    }
    if !answer.citations.is_empty() {
        let sources: Vec<String> = answer
            .citations
            .iter()
            .map(|citation| {
                let (first, last) = citation.lines;
                let path = paths::in_repository(expert, &citation.path);
                match first == last {
                    true => paths::code(&format!("{path}:{first}")),
                    false => paths::code(&format!("{path}:{first}-{last}")),
                }
            })
            .collect();
        text.push_str("\n\nSources: ");
        text.push_str(&sources.join(", "));
    }
    text
}
