//! The story of a run for a person: who was asked by whom and why, what each said, what it cost.

mod foot;
pub(super) mod page;
mod turn;

use super::told;
use crate::command::style;
use crate::council::event::{Joined, Opening};
use crate::council::message::Body;
use crate::engine::run::transcript::{Transcript, TranscriptEnd, TranscriptPart};
use crate::engine::{RunDetails, RunState};
use crate::ledger::Holder;
use foot::foot;
pub(super) use page::Page;
use turn::turn_said;

/// Most columns of indentation: a deep graph still has room for its words.
const INDENT: usize = 24;

/// The whole story.
pub fn text(details: &RunDetails) -> String {
    let transcript = &details.transcript;
    let mut page = Page::new();
    head(
        &mut page,
        transcript,
        &details.flake,
        details.holder.as_ref(),
    );
    for part in &transcript.parts {
        page.line(0, "");
        expert(&mut page, transcript, part);
    }
    page.line(0, "");
    foot(&mut page, transcript);
    page.text()
}

fn head(page: &mut Page, transcript: &Transcript, flake: &str, holder: Option<&Holder>) {
    let state = RunState::of(transcript.finished, holder);
    let took = told::duration(u64::try_from(transcript.last - transcript.began).unwrap_or(0));
    let state = match (state, holder) {
        (RunState::Finished, _) => format!("finished after {took}"),
        (_, Some(holder)) => style::warn(format!("under way: {holder} drives it")),
        _ => style::warn(format!(
            "interrupted after {took}; `poag ask --resume={}` goes on with it",
            transcript.run
        )),
    };
    page.line(
        0,
        format!("{} {state}", style::bold(format!("run {}", transcript.run))),
    );
    page.labelled(2, "began", &format!("{} UTC", told::time(transcript.began)));
    page.labelled(2, "flake", flake);
    page.labelled(2, "request", &transcript.request);
    for at in &transcript.resumed {
        let at = told::time(*at);
        page.labelled(
            2,
            "resumed",
            &format!("{at} UTC; turns under way began again"),
        );
    }
}

fn expert(page: &mut Page, transcript: &Transcript, part: &TranscriptPart) {
    let indent = (2 * part.depth).min(INDENT);
    page.line(indent, style::bold(&part.expert));
    for message in transcript
        .messages
        .iter()
        .filter(|one| one.to == part.expert)
    {
        if let Body::Ask { text, contract } = &message.body {
            let contract = contract.as_ref().map(|name| format!(" (contract {name})"));
            let contract = contract.unwrap_or_default();
            match (&message.from, transcript.reason(message)) {
                (Some(from), Some(why)) => {
                    let why = format!("{from} asks it, because {why}{contract}");
                    page.labelled(indent + 2, "asked", &why);
                    if *text != transcript.request {
                        page.short(indent + 2, "", text);
                    }
                }
                _ => page.labelled(indent + 2, "asked", "you ask it"),
            }
        }
    }
    for member in &part.members {
        page.labelled(indent + 2, "thinks", &member_said(member));
    }
    let mut before = None;
    for turn in &part.turns {
        turn_said(page, transcript, turn, before, indent + 2);
        if let TranscriptEnd::Finished { result, .. } = &turn.end {
            before = Some(result.as_ref());
        }
    }
    if part.turns.is_empty() {
        page.labelled(indent + 2, "", "it took no turn");
    }
}

/// Which backend, and how it came to know the flake.
fn member_said(member: &Joined) -> String {
    let opening = match member.opening {
        Opening::New => "no checkpoint",
        Opening::Reused => "a checkpoint used again",
        Opening::Primed => "primed for this question, and sealed for the next",
        Opening::Told => "an older checkpoint, told what changed",
    };
    let mut said = format!("with {} {}", member.backend, member.version);
    if let Some(model) = &member.model {
        said.push_str(&format!(" ({model})"));
    }
    said.push_str(&format!("; {opening}"));
    if let Some(key) = &member.checkpoint {
        said.push_str(&format!(" {}", told::cut(key, 16)));
    }
    if !member.why.is_empty() {
        said.push_str(&format!(": {}", member.why));
    }
    let cost = told::cost(&member.usage);
    if !cost.is_empty() {
        said.push_str(&format!("; before its first turn it {cost}"));
    }
    said
}
