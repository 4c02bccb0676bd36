//! What is to be done next: turns to start, or the end.

use std::collections::BTreeMap;

use super::{Council, Seat};
use crate::council::event::TurnId;
use crate::council::message::{Asked, Body, ConsumerView, NeighborView, TURN_VERSION, TurnInput};
use crate::expert::{Graph, Neighbor};

/// Consumers that a turn is told of, at most: what many take is a contract that everybody takes.
const CONSUMERS: usize = 60;

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum NextStep {
    /// Start this turn. All those named may be under way at the same time.
    StartTurn {
        /// Which.
        turn: TurnId,
        /// The messages it is given.
        messages: Vec<u64>,
    },
    /// Nothing is unread or under way: assemble the plan.
    Finish,
}

impl Council<'_> {
    /// What can be done now, by name of the expert. Empty while turns are under way and none is due,
    /// and after the end.
    #[must_use]
    pub fn actions(&self) -> Vec<NextStep> {
        let due: Vec<NextStep> = self
            .due_turns()
            .map(|(turn, messages)| NextStep::StartTurn { turn, messages })
            .collect();
        if due.is_empty() && self.is_over() && !self.finished {
            return vec![NextStep::Finish];
        }
        due
    }

    /// The turns that are due, with the messages they are given, by name of the expert.
    pub fn due_turns(&self) -> impl Iterator<Item = (TurnId, Vec<u64>)> {
        let seats = self
            .awake
            .iter()
            .filter_map(|name| self.seats.get_key_value(name));
        seats.filter_map(|(name, seat)| self.due(name, seat))
    }

    /// Whether nothing is left to do but the plan.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let mut seats = self.awake.iter().filter_map(|name| self.seats.get(name));
        seats.all(|seat| seat.now.is_none()) && self.due_turns().next().is_none()
    }

    /// Whether a turn is under way by the events; after a replay, nobody is at it.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        let mut now = self.seats.values().filter_map(|seat| seat.now.as_ref());
        now.any(|now| now.running)
    }

    /// The turn that is due in a seat, and what it is given.
    pub(super) fn due(&self, name: &str, seat: &Seat) -> Option<(TurnId, Vec<u64>)> {
        let id = |turn, attempt| TurnId {
            expert: name.to_owned(),
            turn,
            attempt,
        };
        match &seat.now {
            Some(now) if now.running => None,
            Some(now) => Some((id(now.turn, now.attempt + 1), now.messages.clone())),
            None if self.may_begin(name, seat) => {
                Some((id(seat.turns + 1, 1), seat.unread.clone()))
            }
            None => None,
        }
    }

    /// Whether a new turn may begin: one with all that is unread, no matter whether a slower branch
    /// still works. Only the last turn allowed waits for every answer, so that none is lost.
    fn may_begin(&self, name: &str, seat: &Seat) -> bool {
        let is_last = || seat.turns + 1 >= self.turns_allowed(name);
        !self.closing
            && !seat.unread.is_empty()
            && seat.failed.is_none()
            && !self.is_exhausted(name, seat)
            && (seat.waits.is_empty() || !is_last())
    }

    /// What the expert is given for a turn.
    #[must_use]
    pub fn input(&self, turn: &TurnId, messages: &[u64]) -> TurnInput {
        let seat = self.seats.get(&turn.expert);
        TurnInput {
            schema_version: TURN_VERSION,
            expert: turn.expert.clone(),
            turn: turn.turn,
            request: self.started.request.clone(),
            unread: messages
                .iter()
                .filter_map(|id| self.message(*id).cloned())
                .collect(),
            previous: seat.and_then(|seat| seat.result.clone()),
            asked: self.asked(&turn.expert),
            neighbors: neighbor_views(self.graph(), &turn.expert),
            consumers: self.reliers(&turn.expert),
            retry: seat.and_then(|seat| seat.now.as_ref()?.retry()),
            worth_asking: Vec::new(),
            passages: Vec::new(),
            in_pack: Vec::new(),
            earlier_plans: Vec::new(),
        }
    }

    /// What the expert has asked, in the order of sending.
    fn asked(&self, name: &str) -> Vec<Asked> {
        let seat = self.seats.get(name);
        let mut sent: Vec<u64> = seat
            .into_iter()
            .flat_map(|seat| seat.asked.values().flatten().copied())
            .collect();
        sent.sort_unstable();
        let sent = sent.into_iter().filter_map(|id| self.message(id));
        sent.filter_map(|message| match &message.body {
            Body::Ask { contract, .. } => Some(Asked {
                to: message.to.clone(),
                contract: contract.clone(),
            }),
            _ => None,
        })
        .collect()
    }

    /// Who relies on the expert, and for what. Which symbols they use is for somebody to find who reads files.
    fn reliers(&self, name: &str) -> BTreeMap<String, ConsumerView> {
        let graph = self.graph();
        let consumers = self.consumers(name).iter();
        let view = |consumer: &&str| {
            let edge = graph.expert(consumer)?.neighbors.get(name)?;
            let view = ConsumerView {
                takes: spelled_out(edge, "taken with everything else you provide"),
                symbols: Vec::new(),
            };
            Some(((*consumer).to_owned(), view))
        };
        consumers.filter_map(view).take(CONSUMERS).collect()
    }
}

/// What an expert sees of the providers that it may ask.
#[must_use]
pub fn neighbor_views(graph: &Graph, name: &str) -> BTreeMap<String, NeighborView> {
    let edges = graph.expert(name).map(|expert| &expert.neighbors);
    let view = |(provider, edge): (&String, &Neighbor)| {
        let expert = graph.expert(provider)?;
        let provides = expert.provides.iter();
        let view = NeighborView {
            role: expert.role.clone(),
            provides: provides
                .map(|(name, contract)| (name.clone(), contract.summary.clone()))
                .collect(),
            needs: spelled_out(edge, "taken with everything else it provides"),
        };
        Some((provider.clone(), view))
    };
    edges.into_iter().flatten().filter_map(view).collect()
}

/// Contract → what it is needed for; where an edge says it of none, `unsaid` of all that it takes.
fn spelled_out(edge: &Neighbor, unsaid: &str) -> BTreeMap<String, String> {
    let taken = edge.contracts.iter();
    taken
        .map(|contract| {
            let need = edge.needs.get(contract).map(String::as_str);
            (contract.clone(), need.unwrap_or(unsaid).to_owned())
        })
        .collect()
}
