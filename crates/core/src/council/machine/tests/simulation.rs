//! Thousands of councils with deaths, delays, reorderings, duplicates and failures.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use serde_json::json;

use crate::council::assemble;
use crate::council::event::{Event, Failure, FailureKind, TurnId};
use crate::council::limits::Limits;
use crate::council::machine::{AskOutcome, Council, NextStep};
use crate::council::message::{Ask, Body, TurnResult, Verdict};
use crate::expert::Graph;
use crate::plan::Judgement;
use crate::testing::{asks, edits, finished, flake, graph, said, started};

const SEEDS: u64 = 2000;

#[test]
fn every_council_ends_with_every_ask_answered_and_its_replay_is_the_same() {
    let mut met = Met::default();
    for seed in 0..SEEDS {
        simulate(seed, &mut met);
    }
    // The simulation is worth something only if it meets what it is meant to meet.
    for (what, times) in [
        ("deaths", met.deaths),
        ("duplicates", met.duplicates),
        ("failures", met.failures),
        ("limits", met.limits),
        ("dissents", met.dissents),
        ("notices", met.notices),
        ("quiet ends", met.quiet),
        ("live asks", met.asks),
        ("answers heard", met.heard),
    ] {
        assert!(times > SEEDS / 50, "only {times} {what}");
    }
}

#[derive(Default)]
struct Met {
    deaths: u64,
    duplicates: u64,
    failures: u64,
    limits: u64,
    dissents: u64,
    notices: u64,
    quiet: u64,
    asks: u64,
    heard: u64,
}

fn simulate(seed: u64, met: &mut Met) {
    let mut rng = Rng::with_seed(seed);
    let graph = any_graph(&mut rng);
    let limits = any_limits(&mut rng);
    let mut council = Council::new(&graph, started(&graph, limits));
    let mut log: Vec<Event> = Vec::new();
    let mut under_way: Vec<TurnId> = Vec::new();
    let mut ended: BTreeSet<(String, u32)> = BTreeSet::new();
    for step in 0.. {
        assert!(step < 20_000, "seed {seed} does not end");
        let due = council.actions();
        if due == [NextStep::Finish] && under_way.is_empty() {
            break;
        }
        let event = match rng.u8(0..100) {
            0..2 => {
                met.deaths += 1;
                under_way.clear();
                council = replayed(&graph, &council, &log);
                Event::Resumed {
                    selection: Box::default(),
                }
            }
            2 if rng.u8(0..20) == 0 => {
                under_way.clear();
                Event::TimeIsUp {}
            }
            60..80 if !under_way.is_empty() => {
                let turn = under_way[rng.usize(0..under_way.len())].clone();
                match live(&mut rng, &graph, &council, turn) {
                    Some(event) => {
                        met.asks += u64::from(matches!(event, Event::Asked { .. }));
                        met.heard += u64::from(matches!(event, Event::Heard { .. }));
                        event
                    }
                    None => continue,
                }
            }
            3..60 if !due.is_empty() => {
                let NextStep::StartTurn { turn, messages } = due[rng.usize(0..due.len())].clone()
                else {
                    continue;
                };
                assert!(!ended.contains(&(turn.expert.clone(), turn.turn)));
                under_way.push(turn.clone());
                Event::TurnStarted { turn, messages }
            }
            _ if !under_way.is_empty() => {
                let turn = under_way.swap_remove(rng.usize(0..under_way.len()));
                let event = any_end(&mut rng, &graph, &turn);
                if matches!(event, Event::TurnFinished { .. }) {
                    assert!(
                        ended.insert((turn.expert.clone(), turn.turn)),
                        "finished twice"
                    );
                } else {
                    met.failures += 1;
                }
                event
            }
            _ => continue,
        };
        council
            .apply(&event)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        log.push(event);
        if rng.u8(0..20) == 0 {
            holds(&graph, &council, seed);
            met.duplicates += refuses_a_second_time(&mut council, &log);
        }
    }
    holds(&graph, &council, seed);
    at_the_end(&graph, &council, seed, met);
    let again = replayed(&graph, &council, &log);
    assert_eq!(again, council, "seed {seed}");
    let plan = assemble(&council);
    assert_eq!(assemble(&again).to_json().unwrap(), plan.to_json().unwrap());
    let end = Event::RunFinished {
        plan: Box::new(plan),
    };
    council.apply(&end).unwrap();
    assert!(council.actions().is_empty());
}

/// The state as another process would find it in the ledger: through JSON and replay.
fn replayed<'g>(graph: &'g Graph, council: &Council<'_>, log: &[Event]) -> Council<'g> {
    let mut again = Council::new(graph, council.started().clone());
    for event in log {
        let text = serde_json::to_string(event).unwrap();
        again.apply(&serde_json::from_str(&text).unwrap()).unwrap();
    }
    again
}

/// An end of a turn that was taken in already is refused, and changes nothing.
fn refuses_a_second_time(council: &mut Council<'_>, log: &[Event]) -> u64 {
    let ends = log
        .iter()
        .rev()
        .find(|event| matches!(event, Event::TurnFinished { .. } | Event::TurnFailed { .. }));
    let Some(event) = ends else { return 0 };
    let before = council.clone();
    assert!(council.apply(event).is_err());
    assert_eq!(*council, before);
    1
}

/// What holds at any time.
fn holds(graph: &Graph, council: &Council<'_>, seed: u64) {
    let limits = &council.started().limits;
    let mut answers: BTreeMap<u64, u32> = BTreeMap::new();
    let mut asks = 0;
    for (at, message) in council.messages().iter().enumerate() {
        assert_eq!(message.id, at as u64 + 1, "seed {seed}");
        match (&message.body, &message.from) {
            (Body::Ask { .. }, Some(from)) => {
                asks += 1;
                let neighbors = &graph.expert(from).unwrap().neighbors;
                assert!(neighbors.contains_key(&message.to), "seed {seed}");
            }
            (Body::Reply { to_ask, .. } | Body::NoReply { to_ask, .. }, Some(from)) => {
                let ask = council.message(*to_ask).unwrap();
                assert_eq!((Some(&message.to), from), (ask.from.as_ref(), &ask.to));
                *answers.entry(*to_ask).or_default() += 1;
            }
            _ => {}
        }
    }
    assert!(answers.values().all(|times| *times == 1), "seed {seed}");
    let others = council.messages().len() - answers.len();
    assert!(others <= limits.messages as usize, "seed {seed}");
    assert!(asks >= answers.len(), "seed {seed}");
    for seat in council.seats().values() {
        assert!(seat.turns <= limits.turns_per_expert, "seed {seed}");
    }
}

/// What holds when nothing is left to do.
fn at_the_end(graph: &Graph, council: &Council<'_>, seed: u64, met: &mut Met) {
    let plan = assemble(council);
    met.limits += u64::from(plan.is_cut_short());
    met.dissents += u64::from(plan.has_dissent());
    let notices = council
        .messages()
        .iter()
        .filter(|m| matches!(m.body, Body::Notice { .. }));
    met.notices += u64::from(notices.count() > 0);
    if !council.closing {
        let open = council
            .asked
            .values()
            .filter(|asked| asked.outcome == AskOutcome::Open);
        assert_eq!(open.count(), 0, "seed {seed}: an ask without an answer");
    }
    for (name, seat) in council.seats() {
        let result = seat.result.as_ref();
        if let Some(TurnResult {
            verdict: Verdict::Object { .. },
            ..
        }) = result
        {
            let shown = plan
                .council
                .dissent
                .iter()
                .any(|dissent| &dissent.from == name);
            assert!(shown, "seed {seed}: dissent is hidden");
        }
    }
    let quiet = plan.council.limits.is_empty() && plan.council.failures.is_empty();
    if quiet {
        met.quiet += 1;
        let unread = council
            .seats()
            .values()
            .filter(|seat| !seat.unread.is_empty());
        assert_eq!(unread.count(), 0, "seed {seed}: something is unread");
        let missing = plan
            .council
            .verdicts
            .iter()
            .filter(|v| v.verdict == Judgement::Missing);
        assert_eq!(
            missing.count(),
            0,
            "seed {seed}: a consumer has not judged its contract"
        );
    }
    for dissent in plan.council.dissent.iter().filter(|_| quiet) {
        let edge = |from: &str, to: &str| graph.experts[from].neighbors.contains_key(to);
        let heard = council.messages().iter().any(|message| {
            matches!(message.body, Body::Objection { .. })
                && message.from.as_ref() == Some(&dissent.from)
                && message.to == dissent.to
        });
        let near = edge(&dissent.from, &dissent.to) || edge(&dissent.to, &dissent.from);
        assert_eq!(heard, near, "seed {seed}: an objection goes to its owner");
    }
    assert!(
        plan.subflakes
            .keys()
            .all(|name| graph.expert(name).is_some())
    );
}

/// A graph of one to eight flakes without circles.
fn any_graph(rng: &mut Rng) -> Graph {
    let names: Vec<String> = (0..rng.usize(1..9)).map(|n| format!("e{n}")).collect();
    let flakes = names.iter().enumerate().map(|(at, name)| {
        let later = names.iter().skip(at + 1);
        // The first provider always, so that all of them hang together.
        let providers: Vec<&str> = later
            .enumerate()
            .filter(|(n, _)| *n == 0 || rng.u8(0..3) == 0)
            .map(|(_, name)| name.as_str())
            .collect();
        let mut flake = flake(name, &providers);
        match rng.u8(0..16) {
            0 => flake["agent"] = json!({"maxTokens": rng.u64(1..1500)}),
            1 => flake["agent"] = json!({"maxCostUsd": rng.f64() * 0.01}),
            _ => {}
        }
        flake
    });
    graph(flakes.collect())
}

fn any_limits(rng: &mut Rng) -> Limits {
    let mut limits = Limits {
        turns_per_expert: 14,
        messages: 2000,
        ..Limits::default()
    };
    if rng.bool() {
        limits.turns_per_expert = rng.u32(1..5);
    }
    match rng.u8(0..8) {
        0 => limits.messages = rng.u32(1..20),
        1 => limits.tokens = rng.u64(1..3000),
        2 => limits.depth = rng.u32(0..3),
        3 => limits.cost_usd = Some(rng.f64() * 0.02),
        _ => {}
    }
    limits
}

/// What an agent does in the middle of a turn: hears the answers that are there, or asks.
fn live(rng: &mut Rng, graph: &Graph, council: &Council<'_>, turn: TurnId) -> Option<Event> {
    let answers = council.seats()[&turn.expert].unread.iter().copied();
    let messages: Vec<u64> = answers.filter(|id| council.is_answer(*id)).collect();
    if !messages.is_empty() {
        return Some(Event::Heard { turn, messages });
    }
    // Few questions of many, as people do.
    if rng.u8(0..3) > 0 {
        return None;
    }
    let to = anybody(rng, graph, &turn);
    let mut ask: Ask = asks(&[&to]).asks.remove(0);
    if rng.u8(0..4) == 0 {
        ask.text.push_str(&rng.u8(0..9).to_string());
    }
    Some(Event::Asked { turn, ask })
}

/// A neighbour mostly, if there is any.
fn anybody(rng: &mut Rng, graph: &Graph, turn: &TurnId) -> String {
    let own = graph.experts[&turn.expert].neighbors.keys();
    let own: Vec<&String> = own.collect();
    let all: Vec<&String> = graph.experts.keys().collect();
    let from = if own.is_empty() || rng.u8(0..8) == 0 {
        all
    } else {
        own
    };
    from[rng.usize(0..from.len())].clone()
}

/// How an unreliable agent ends a turn.
fn any_end(rng: &mut Rng, graph: &Graph, turn: &TurnId) -> Event {
    if rng.u8(0..40) == 0 {
        return Event::TurnFailed {
            turn: turn.clone(),
            backend: "scripted".into(),
            failure: Failure {
                kind: FailureKind::Failed,
                reason: "it fell over".into(),
                retry: rng.bool(),
            },
            usage: Default::default(),
        };
    }
    let mut result = said();
    if rng.u8(0..3) > 0 {
        let paths = ["api/a", "api/b", "src/c"];
        let some: Vec<&str> = paths.into_iter().filter(|_| rng.bool()).collect();
        result = edits(&some);
    }
    // Fewer questions in later turns, as people do.
    if rng.u32(0..2 + turn.turn) < 2 {
        let whom: Vec<String> = (0..rng.usize(1..4))
            .map(|_| anybody(rng, graph, turn))
            .collect();
        let whom: Vec<&str> = whom.iter().map(String::as_str).collect();
        result.asks = asks(&whom).asks;
        if rng.u8(0..4) == 0 {
            result.asks[0].text.push_str(&rng.u8(0..9).to_string());
        }
    }
    if rng.u32(0..6 + 2 * turn.turn) == 0 {
        result.verdict = Verdict::Object {
            reason: format!("reason {}", rng.u8(0..2)),
            to: anybody(rng, graph, turn),
        };
    }
    finished(turn, result)
}
