//! One debate while it goes on: its rounds as they close, the vote with its matrix, and a tie that a person breaks.

use maud::{Markup, html};
use poag_core::debate::{Argument, Cited, DebateResult, DebateRound};
use poag_core::vote::{Tally, TallyMethod};
use poag_engine::{DebateView, RunState};

use super::run::state;
use super::{Look, Made, cost, short};
use crate::problem::Problem;

pub(super) async fn page(look: Look) -> Result<Made, Problem> {
    let view = crate::debates::view(&look.server, look.rest).await?;
    let live = match view.state {
        RunState::Finished => None,
        _ => Some(format!("/v1/events?run={}", view.start.run)),
    };
    Ok(Made {
        title: format!("Debate {}", short(&view.start.run)),
        place: "/runs",
        live,
        content: shown(&view),
    })
}

fn shown(view: &DebateView) -> Markup {
    let (start, result) = (&view.start, &view.result);
    let spent = cost(&result.usage);
    let of = |verb: &str| format!("/v1/runs/{}/{verb}", start.run);
    html! {
        h1 { (start.topic) }
        p { @if view.tied.is_empty() { (state(view.state)) } @else { b.wait { "waits for you" } }
            " · " (start.panel.len()) " take part · " (result.turns) " turns"
            @if !spent.is_empty() { " · " (spent) } }
        @if let Some(limit) = &result.limit { p.wait { (limit) } }
        @if view.state == RunState::UnderWay {
            form data-post=(of("cancel")) { button type="submit" { "Stop" } span #said role="status" {} }
        }
        @if view.state == RunState::Interrupted && view.tied.is_empty() {
            form data-post=(of("resume")) { button type="submit" { "Go on" } span #said role="status" {} }
        }
        (outcome(view))
        @for (number, round) in (1..).zip(&result.rounds) { (self::round(number, round, result)) }
        @if let Some(open) = view.open_round { (waits(open, view)) }
        @if let Some(tally) = &result.tally { (vote(tally, result)) }
        p.soft { "run " code { (start.run) } " · " a href={ "/v1/debates/" (start.run) } { "all of it as JSON" } }
    }
}

/// What won, or what is to be chosen.
fn outcome(view: &DebateView) -> Markup {
    let result = &view.result;
    let position = |label: &str| {
        let found = result.choices.iter().find(|choice| choice.label == label);
        found
            .map(|choice| choice.position.clone())
            .unwrap_or_default()
    };
    html! {
        @if !view.tied.is_empty() {
            section.card {
                h2 { "A tie: which shall it be?" }
                form data-post={ "/v1/debates/" (view.start.run) "/choose" } {
                    @for label in &view.tied {
                        div { button type="submit" name="choice" value=(label) { "Choose " (label) }
                            pre { (position(label)) } }
                    }
                    span #said role="status" {}
                }
            }
        }
        @if let (RunState::Finished, Some(won)) = (view.state, result.won()) {
            section.card {
                h2 { (won.label) " won" }
                p.soft { "proposed by " (won.by)
                    @if let Some(by) = result.tie.as_ref().and_then(|tie| tie.by.as_ref()) { ", chosen by " (by) } }
                pre { (won.position) }
            }
        } @else if view.state == RunState::Finished { p.wait { "Nobody won." } }
    }
}

fn round(number: u32, round: &DebateRound, result: &DebateResult) -> Markup {
    // While anything is judged, nobody reads who stands behind a label.
    let who = |name: &str| {
        let label = result
            .participants
            .get(name)
            .map_or("", |one| one.label.as_str());
        label.to_owned()
    };
    html! {
        h2 { "Round " (number) }
        ol.tree {
            @for (name, said) in &round.submissions {
                li.card {
                    b { (who(name)) } @if said.withdraws { " " span.wait { "withdraws" } }
                    @if !said.supports.is_empty() { span.soft { " · supports " (said.supports.join(", ")) } }
                    pre { (said.position) }
                    @for argument in &said.arguments { p { (argument.text) " " span.soft { (cited(argument)) } } }
                }
            }
            @for one in &round.missing {
                li.card { b { (who(&one.by)) } " " b.bad { "nothing that counts" } " "
                    (one.reason.lines().next().unwrap_or_default()) }
            }
        }
    }
}

fn cited(argument: &Argument) -> String {
    let words = argument.citations.iter().map(|one| match one {
        Cited::File { path, lines, .. } => match lines {
            Some((from, to)) => format!("{path}:{from}-{to}"),
            None => path.clone(),
        },
        Cited::Submission { round, label } => format!("{label} in round {round}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn waits(open: u32, view: &DebateView) -> Markup {
    html! {
        h2 { @if open > view.start.rounds { "The vote" } @else { "Round " (open) } }
        p { b.wait { "is open" } " · what is said in it is hidden until it closes" }
    }
}

/// The count: who is preferred to whom by how many, and each round of the runoff.
fn vote(tally: &Tally, result: &DebateResult) -> Markup {
    let labels: Vec<&String> = tally.matrix.keys().collect();
    let how = match tally.method {
        TallyMethod::Condorcet => "beats every other one, one against one",
        TallyMethod::Irv => "is left by instant runoff",
        TallyMethod::Tie => "nobody: it is a tie",
    };
    let of = |one: &String, other: &String| {
        let row = tally.matrix.get(one);
        row.and_then(|row| row.get(other)).copied()
    };
    html! {
        h2 { "The vote" }
        p { @if let Some(winner) = &tally.winner { b { (winner) } " " } (how) }
        div.wide role="region" aria-label="Votes of the row against the column" tabindex="0" {
            table {
                thead { tr { th scope="col" { "against" } @for label in &labels { th scope="col" { (label) } } } }
                tbody { @for one in &labels {
                    tr { th scope="row" { (one) }
                        @for other in &labels {
                            td data-th=(other) { @match of(one, other) { Some(votes) => (votes), None => "–" } }
                        } }
                } }
            }
        }
        ul {
            @for one in result.participants.values() {
                li { (one.label) ": "
                    @match (&one.ranking, &one.no_vote) {
                        (Some(ranking), _) => (ranking.iter().map(|rank| rank.join(" = ")).collect::<Vec<_>>().join(" > ")),
                        (None, Some(why)) => { b.bad { "did not vote" } " " (why.lines().next().unwrap_or_default()) },
                        (None, None) => "–",
                    } }
            }
        }
    }
}
