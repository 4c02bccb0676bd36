//! The plan that a council comes to, made from its state alone.

mod answer;
mod part;
mod paths;
mod proof;
mod said;
mod steps;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::agent::Usage;
use crate::council::machine::{AskOutcome, Council, changes};
use crate::council::message::{Body, Verdict};
use crate::expert::Location;
use crate::plan::text;
use crate::plan::{
    Dissent, Failing, Judgement, Member, Note, OpenDecision, Opinion, Question, RefusedQuestion,
    Report, TurnTaken,
};
use crate::plan::{PLAN_VERSION, Plan};

/// The order of experts in a report: the root first, providers after their consumers.
pub(super) struct Order(BTreeMap<String, usize>);

impl Order {
    fn of(council: &Council<'_>) -> Self {
        let graph = council.graph();
        let names = graph.providers_first().into_iter().rev();
        Self(
            names
                .enumerate()
                .map(|(at, e)| (e.name.clone(), at))
                .collect(),
        )
    }

    pub fn at(&self, name: &str) -> usize {
        self.0.get(name).copied().unwrap_or(usize::MAX)
    }
}

/// Assembles the plan of a council as it stands.
#[must_use]
pub fn assemble(council: &Council<'_>) -> Plan {
    let order = Order::of(council);
    let (answer, citations) = answer::assemble(council, &order);
    let verdicts = verdicts(council, &order);
    let dissent = dissent(council, &order);
    let owners = paths::owners(council);
    let subflakes = paths::subflakes(council);
    let perhaps = paths::perhaps(council);
    let providers_first = council.graph().providers_first().into_iter();
    let named = providers_first
        .map(|expert| expert.name.clone())
        .filter(|name| subflakes.contains_key(name) || perhaps.contains_key(name))
        .collect();
    Plan {
        schema_version: PLAN_VERSION,
        request: council.started.request.clone(),
        answer,
        subflakes,
        plan: steps::assemble(council, &verdicts, &dissent, &owners),
        council: Report {
            id: council.started.run.clone(),
            root: council.started.root.clone(),
            asked: asked(council, &order),
            refused: refused(council, &order),
            verdicts,
            dissent,
            owners,
            limits: council.reached.iter().cloned().collect(),
            dropped: dropped(council, &order),
            failures: failures(council, &order),
            notes: notes(council, &order),
            evidence: paths::evidence(council),
            likelihood: paths::likelihood(council),
            perhaps,
            order: named,
            decisions: decisions(council, &order),
            citations,
            stale: stale(council),
            members: members(council, &order),
            turns: turns(council, &order),
            usage: council.spent.usage(),
        },
    }
}

/// Of the stale experts, those that had a part in it.
fn stale(council: &Council<'_>) -> BTreeMap<String, String> {
    let stale = council.started.stale.iter();
    let had_a_part = |(name, _): &(&String, &String)| council.seats.contains_key(*name);
    let pair = |(name, repair): (&String, &String)| (name.clone(), repair.clone());
    stale.filter(had_a_part).map(pair).collect()
}

fn members(council: &Council<'_>, order: &Order) -> Vec<Member> {
    let mut all: Vec<_> = council.joined.iter().collect();
    all.sort_by_key(|(expert, _)| order.at(expert));
    all.into_iter()
        .map(|(expert, member)| Member {
            expert: expert.clone(),
            member: member.clone(),
        })
        .collect()
}

fn asked(council: &Council<'_>, order: &Order) -> Vec<Question> {
    let mut all: Vec<_> = council
        .asked
        .iter()
        .filter_map(|(id, asked)| Some((council.message(*id)?, asked)))
        .collect();
    all.sort_by_key(|(message, asked)| {
        let from = message.from.as_deref().unwrap_or_default();
        (order.at(from), asked.turn, message.id)
    });
    let question = |(message, asked): (
        &crate::council::message::Message,
        &crate::council::machine::AskRecord,
    )| {
        let Body::Ask { text, contract } = &message.body else {
            return None;
        };
        let why_not = match &asked.outcome {
            AskOutcome::Replied => None,
            AskOutcome::NoReply(reason) => Some(reason.clone()),
            AskOutcome::Open => Some("a limit of the run was reached first".to_owned()),
        };
        Some(Question {
            from: message.from.clone()?,
            to: message.to.clone(),
            text: text.clone(),
            contract: contract.clone(),
            reason: asked.reason.clone(),
            answered: why_not.is_none(),
            why_not,
        })
    };
    all.into_iter().filter_map(question).collect()
}

fn refused(council: &Council<'_>, order: &Order) -> Vec<RefusedQuestion> {
    let mut all: Vec<_> = council.refused.iter().collect();
    all.sort_by_key(|refused| order.at(&refused.from));
    all.into_iter()
        .map(|refused| RefusedQuestion {
            from: refused.from.clone(),
            to: refused.to.clone(),
            text: refused.text.clone(),
            why: refused.why.clone(),
        })
        .collect()
}

/// Verdicts that were given, then those that a touched contract calls for and that are missing.
fn verdicts(council: &Council<'_>, order: &Order) -> Vec<Opinion> {
    let mut all = Vec::new();
    for (name, seat) in &council.seats {
        let Some(result) = &seat.result else { continue };
        let (verdict, reason, about) = match &result.verdict {
            Verdict::Accept => (Judgement::Accept, String::new(), None),
            Verdict::Amend { reason } => (Judgement::Amend, reason.clone(), None),
            Verdict::Object { reason, to } => (Judgement::Object, reason.clone(), Some(to.clone())),
        };
        all.push(Opinion {
            expert: name.clone(),
            verdict,
            reason,
            about,
        });
        for &consumer in council.consumers(name) {
            let contracts = council.touched(name, consumer, result);
            if !contracts.is_empty() && !council.judged(name, consumer) {
                let contracts = contracts.join(", ");
                all.push(Opinion {
                    expert: consumer.to_owned(),
                    verdict: Judgement::Missing,
                    reason: format!("{name} changes its contract {contracts}, and {consumer} has not judged that"),
                    about: Some(name.clone()),
                });
            }
        }
    }
    all.sort_by_key(|opinion| (order.at(&opinion.expert), opinion.about.clone()));
    all
}

fn dissent(council: &Council<'_>, order: &Order) -> Vec<Dissent> {
    let objection = |(name, seat): (&String, &crate::council::machine::Seat)| match &seat
        .result
        .as_ref()?
        .verdict
    {
        Verdict::Object { reason, to } => Some(Dissent {
            from: name.clone(),
            to: to.clone(),
            reason: reason.clone(),
        }),
        _ => None,
    };
    let mut all: Vec<Dissent> = council.seats.iter().filter_map(objection).collect();
    all.sort_by_key(|dissent| order.at(&dissent.from));
    all
}

/// What the request leaves open, each question with each proposal once.
fn decisions(council: &Council<'_>, order: &Order) -> Vec<OpenDecision> {
    let mut seats: Vec<_> = council.seats.iter().collect();
    seats.sort_by_key(|(name, _)| order.at(name));
    let said = seats.into_iter().flat_map(|(name, seat)| {
        let decisions = seat.result.iter().flat_map(|result| &result.decisions);
        decisions.map(|decision| OpenDecision {
            expert: name.clone(),
            question: text::one_line(&decision.question),
            proposal: text::one_line(&decision.proposal),
        })
    });
    let mut seen = BTreeSet::new();
    said.filter(|said| !said.question.is_empty())
        .filter(|said| seen.insert((said.question.to_lowercase(), said.proposal.to_lowercase())))
        .collect()
}

fn failures(council: &Council<'_>, order: &Order) -> Vec<Failing> {
    let failing = |record: &crate::council::machine::TurnRecord| {
        let failure = record.failure.as_ref()?;
        let seat = council.seats.get(&record.turn.expert);
        let ended =
            seat.is_some_and(|seat| seat.failed.is_some() && seat.turns == record.turn.turn);
        let later = |other: &&crate::council::machine::TurnRecord| {
            other.turn.expert == record.turn.expert && other.turn > record.turn
        };
        Some(Failing {
            expert: record.turn.expert.clone(),
            turn: record.turn.turn,
            kind: failure.kind,
            reason: failure.reason.clone(),
            last: ended && !council.turns.iter().any(|other| later(&other)),
        })
    };
    let mut all: Vec<Failing> = council.turns.iter().filter_map(failing).collect();
    all.sort_by_key(|failing| (order.at(&failing.expert), failing.turn));
    all
}

fn notes(council: &Council<'_>, order: &Order) -> Vec<Note> {
    let mut experts: Vec<_> = council.seats.iter().collect();
    experts.sort_by_key(|(name, _)| order.at(name));
    let theirs = experts.into_iter().flat_map(|(name, seat)| {
        let notes = seat.result.iter().flat_map(|result| &result.notes);
        notes.map(|text| Note {
            expert: Some(name.clone()),
            text: text.clone(),
        })
    });
    // A step is done with a change; where nothing changes, it is only told.
    let steps = experts_steps(council, order);
    let packs = council.seats.keys().filter_map(|name| {
        let Location::Pack { .. } = &council.graph().expert(name)?.location else {
            return None;
        };
        Some(Note {
            expert: None,
            text: format!(
                "{name} sees only its pack: what its flake holds beyond that, and the experts it depends on, were not seen"
            ),
        })
    });
    let unread = council.seats.iter().filter_map(|(name, seat)| {
        let failed = seat.failed.is_some()
            && seat
                .result
                .as_ref()
                .is_some_and(|r| changes(r).next().is_some());
        failed.then(|| Note {
            expert: None,
            text: format!(
                "{name} failed after it had answered: its edits are those of its last valid turn"
            ),
        })
    });
    let mut chair = council.notes.clone();
    chair.sort();
    let chair = chair.into_iter().map(|text| Note { expert: None, text });
    let theirs = theirs.chain(steps);
    theirs.chain(packs).chain(unread).chain(chair).collect()
}

/// The steps of experts that change nothing.
fn experts_steps(council: &Council<'_>, order: &Order) -> Vec<Note> {
    let results = council.seats.iter().filter_map(|(name, seat)| {
        let result = seat.result.as_ref()?;
        changes(result).next().is_none().then_some((name, result))
    });
    let mut results: Vec<_> = results.collect();
    results.sort_by_key(|(name, _)| order.at(name));
    let notes = results.into_iter().flat_map(|(name, result)| {
        let lines = result.steps.iter().filter_map(said::line);
        lines.map(|line| Note {
            expert: Some(name.clone()),
            text: format!("without a change of its own: {line}"),
        })
    });
    notes.collect()
}

fn turns(council: &Council<'_>, order: &Order) -> Vec<TurnTaken> {
    let finished = council
        .turns
        .iter()
        .filter(|record| record.failure.is_none());
    let mut all: Vec<TurnTaken> = finished
        .map(|record| TurnTaken {
            expert: record.turn.expert.clone(),
            turn: record.turn.turn,
            backend: record.backend.clone(),
            usage: record.usage,
        })
        .collect();
    all.sort_by_key(|turn| (order.at(&turn.expert), turn.turn));
    all
}

fn dropped(council: &Council<'_>, order: &Order) -> Vec<TurnTaken> {
    let mut all: Vec<TurnTaken> = council
        .dropped
        .iter()
        .map(|turn| TurnTaken {
            expert: turn.expert.clone(),
            turn: turn.turn,
            backend: council
                .started
                .selection
                .backends
                .get(&turn.expert)
                .cloned()
                .unwrap_or_default(),
            usage: Usage::default(),
        })
        .collect();
    all.sort_by_key(|turn| (order.at(&turn.expert), turn.turn));
    all
}
