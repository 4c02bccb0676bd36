//! The story of a debate for a person: who took part, what each submitted, what was refused, and the vote. What was submitted
//! in a round that is open stays hidden.

use std::collections::BTreeMap;

use super::show::Page;
use super::told;
use crate::command::style;
use crate::engine::DebateDetails;
use poag_core::agent::Usage;
use poag_core::debate::DebateEvent;

/// The whole story.
pub fn text(details: &DebateDetails) -> String {
    let mut page = Page::new();
    head(&mut page, details);
    let mut story = Story {
        page,
        details,
        began: BTreeMap::new(),
    };
    for (at, event) in &details.events {
        story.tell(*at, event);
    }
    let mut page = story.page;
    page.line(0, "");
    let report = crate::command::debate::report(&details.debate.outcome());
    page.line(0, style::bold("What came of it"));
    for line in report.lines() {
        page.line(2, line);
    }
    page.text()
}

fn head(page: &mut Page, details: &DebateDetails) {
    let (start, debate) = (details.debate.start(), &details.debate);
    let run = &start.run;
    let waits = debate.open_round().is_none() && !details.view().tied.is_empty();
    let state = match (debate.result().is_some(), &details.holder) {
        (true, _) => "finished".to_owned(),
        (false, _) if waits => style::warn(format!(
            "waits for a person: `poag debate --resume {run} --choose LABEL`"
        )),
        (false, Some(holder)) => style::warn(format!("under way: {holder} drives it")),
        (false, None) => style::warn(format!(
            "interrupted; `poag debate --resume={run}` goes on with it"
        )),
    };
    page.line(
        0,
        format!("{} {state}", style::bold(format!("debate {run}"))),
    );
    if let Some((began, _)) = details.events.first() {
        page.labelled(2, "began", &format!("{} UTC", told::time(*began)));
    }
    page.labelled(2, "flake", &details.flake);
    page.labelled(2, "topic", &start.topic);
    for (name, one) in &start.panel {
        let backend = start
            .selection
            .backends
            .get(name)
            .cloned()
            .unwrap_or_default();
        let model = start.selection.models.get(name);
        let model = model.map_or_else(String::new, |model| format!(" ({model})"));
        let knows = &one.expert;
        // Who stands behind which label is told when nothing is judged any more.
        let label = match debate.result().is_some() {
            true => format!(", {}", one.label),
            false => String::new(),
        };
        let said = format!("{name}{label}: {backend}{model}, knows {knows}");
        page.labelled(2, "panel", &said);
    }
}

struct Story<'d> {
    page: Page,
    details: &'d DebateDetails,
    /// Turn → when it began.
    began: BTreeMap<String, i64>,
}

impl Story<'_> {
    fn tell(&mut self, at: i64, event: &DebateEvent) {
        let debate = &self.details.debate;
        let rounds = debate.start().rounds;
        match event {
            DebateEvent::RoundOpened { round, choices } => {
                self.page.line(0, "");
                let title = match *round > rounds {
                    true => format!("Vote on {}", choices.join(", ")),
                    false => format!("Round {round} of {rounds}"),
                };
                self.page.line(0, style::bold(title));
            }
            DebateEvent::DebaterAsked { turn } => {
                self.began.insert(turn.to_string(), at);
            }
            DebateEvent::Submitted {
                turn,
                taken,
                submission,
            } => {
                let who = &turn.expert;
                let hidden = debate.open_round() == Some(turn.turn);
                let said = match hidden {
                    true => "has submitted; hidden until the round closes".to_owned(),
                    false => submission.position.trim().to_owned(),
                };
                self.say(who, &said, self.took(at, &turn.to_string(), &taken.usage));
                if hidden {
                    return;
                }
                for argument in &submission.arguments {
                    let cited = match argument.citations.len() {
                        0 => String::new(),
                        1 => " (1 citation)".to_owned(),
                        more => format!(" ({more} citations)"),
                    };
                    self.page
                        .short(4, "because", &format!("{}{cited}", argument.text));
                }
                if !submission.supports.is_empty() {
                    self.page
                        .labelled(4, "supports", &submission.supports.join(", "));
                }
                if submission.withdraws {
                    self.page.labelled(4, "", "withdraws its own proposal");
                }
            }
            DebateEvent::Voted {
                turn,
                taken,
                ranking,
            } => {
                let said = match debate.open_round() == Some(turn.turn) {
                    true => "has voted; hidden until the vote closes".to_owned(),
                    false => {
                        let ranks: Vec<String> =
                            ranking.iter().map(|rank| rank.join(" = ")).collect();
                        ranks.join(" > ")
                    }
                };
                self.say(
                    &turn.expert,
                    &said,
                    self.took(at, &turn.to_string(), &taken.usage),
                );
            }
            DebateEvent::AnswerRefused {
                turn,
                failure,
                taken,
            } => {
                let why = failure.reason.lines().next().unwrap_or_default();
                let why = style::warn(format!("refused: {why}"));
                self.say(
                    &turn.expert,
                    &why,
                    self.took(at, &turn.to_string(), &taken.usage),
                );
            }
            DebateEvent::RoundClosed { late, .. } => {
                for turn in late {
                    let late = style::warn("late: the round closed before it said anything");
                    self.say(&turn.expert, &late, String::new());
                }
            }
            DebateEvent::DebateResumed {} => {
                let line = format!("gone on with at {} UTC", told::time(at));
                self.page.line(2, style::dim(line));
            }
            DebateEvent::TieBroken { choice, by } => {
                let by = by.as_deref().unwrap_or("the rule that it began with");
                self.page.line(2, format!("{by} chose {choice}"));
            }
            DebateEvent::DebateStarted(_) | DebateEvent::DebateFinished { .. } => {}
        }
    }

    fn say(&mut self, who: &str, said: &str, took: String) {
        self.page
            .line(2, format!("{} {}", style::bold(who), style::dim(took)));
        self.page.labelled(4, "", said);
    }

    fn took(&self, at: i64, turn: &str, usage: &Usage) -> String {
        let began = self.began.get(turn).copied().unwrap_or(at);
        // A clock may jump back.
        let took = told::duration(u64::try_from(at - began).unwrap_or(0));
        let cost = told::cost(usage);
        match cost.is_empty() {
            true => took,
            false => format!("{took}, {cost}"),
        }
    }
}
