//! Asks go down edges, replies come back up: each ask is answered once, by a reply or by none.

use super::{AskOutcome, AskRecord, Council, RefusedAsk};
use crate::council::event::TurnId;
use crate::council::limits::Reached;
use crate::council::message::{Ask, Body};

impl Council<'_> {
    /// Sends the questions of a turn, but none twice and none that nobody may or can answer.
    pub(super) fn send_asks(&mut self, turn: &TurnId, asks: &[Ask]) {
        let name = turn.expert.as_str();
        for ask in asks {
            let seat = self.seats.entry(name.to_owned()).or_default();
            if !seat.asks(ask) {
                continue;
            }
            if let Err(why) = self.may_ask(name, ask) {
                self.refused.push(RefusedAsk {
                    from: name.to_owned(),
                    to: ask.to.clone(),
                    text: ask.text.clone(),
                    why,
                });
                continue;
            }
            let body = Body::Ask {
                text: ask.text.clone(),
                contract: self.known_contract(name, ask),
            };
            let id = self.send(Some(name), &ask.to, body);
            self.asked.insert(
                id,
                AskRecord {
                    reason: ask.reason.clone(),
                    turn: turn.turn,
                    outcome: AskOutcome::Open,
                },
            );
            let seat = self.seats.entry(name.to_owned()).or_default();
            seat.sent(ask, id);
            seat.waits.insert(id);
            let depth = seat.depth + 1;
            self.deliver_ask(id, &ask.to, depth);
        }
    }

    fn may_ask(&mut self, name: &str, ask: &Ask) -> Result<(), String> {
        let is_neighbor = |expert: &crate::expert::Expert| expert.neighbors.contains_key(&ask.to);
        if !self.graph().expert(name).is_some_and(is_neighbor) {
            return Err(format!("'{}' is not a neighbour of '{name}'", ask.to));
        }
        let seat = self.seats.get(name);
        if seat.is_some_and(|seat| self.is_exhausted(name, seat)) {
            self.note_exhausted(name);
            return Err(format!("'{name}' has no turn left to read an answer"));
        }
        let allowed = self.started.limits.depth;
        if self
            .seats
            .get(name)
            .is_some_and(|seat| seat.depth >= allowed)
        {
            self.reached.insert(Reached::Depth { allowed });
            return Err(format!("it is more than {allowed} edges from the root"));
        }
        self.may_send()
    }

    /// The contract an ask is about, if its provider has one of that name.
    fn known_contract(&mut self, name: &str, ask: &Ask) -> Option<String> {
        let contract = ask.contract.as_ref()?;
        let provider = self.graph().expert(&ask.to)?;
        if provider.provides.contains_key(contract) {
            return Some(contract.clone());
        }
        self.notes.push(format!(
            "{name} asked {} about a contract '{contract}' that it does not provide",
            ask.to
        ));
        None
    }

    fn deliver_ask(&mut self, id: u64, to: &str, depth: u32) {
        if let Some(seat) = self.seats.get_mut(to) {
            seat.depth = seat.depth.min(depth);
        }
        let failed = self.seats.get(to).and_then(|seat| seat.failed.as_ref());
        if let Some(failure) = failed {
            let why = failure.reason.lines().next().unwrap_or_default();
            let reason = format!("'{to}' failed: {why}");
            self.no_reply(id, &reason);
        } else if self.is_done(to) {
            self.note_exhausted(to);
            self.no_reply(id, &format!("'{to}' has no turn left"));
        } else {
            self.hand(to, id, depth);
        }
    }

    /// Whether nothing that is sent to the expert will be read any more.
    pub(super) fn is_done(&self, name: &str) -> bool {
        self.seats.get(name).is_some_and(|seat| {
            seat.failed.is_some() || (seat.now.is_none() && self.is_exhausted(name, seat))
        })
    }

    /// After a turn: answers what is owed, once the expert waits for nobody itself, and tells
    /// whom its edits concern.
    pub(super) fn settle(&mut self, name: &str) {
        let Some(seat) = self.seats.get(name) else {
            return;
        };
        let exhausted = self.is_exhausted(name, seat);
        let waits = !seat.waits.is_empty() || seat.unread.iter().any(|id| self.is_answer(*id));
        if waits && !exhausted {
            return;
        }
        let left = exhausted && (waits || !seat.unread.is_empty());
        if left {
            self.note_exhausted(name);
        }
        let owes = self
            .seats
            .get_mut(name)
            .map(|seat| std::mem::take(&mut seat.owes));
        for id in owes.unwrap_or_default() {
            self.reply(id, name);
        }
        if left {
            let unread = self
                .seats
                .get_mut(name)
                .map(|seat| std::mem::take(&mut seat.unread));
            for id in unread.unwrap_or_default() {
                self.no_reply(id, &format!("'{name}' has no turn left"));
            }
        }
        self.send_notices(name);
    }

    pub(super) fn is_answer(&self, id: u64) -> bool {
        self.message(id)
            .is_some_and(|m| matches!(m.body, Body::Reply { .. } | Body::NoReply { .. }))
    }

    fn reply(&mut self, to_ask: u64, name: &str) {
        let result = self.seats.get(name).and_then(|seat| seat.result.clone());
        let (Some(asker), Some(result)) = (self.asker(to_ask), result) else {
            return;
        };
        let result = Box::new(result);
        let id = self.send(Some(name), &asker, Body::Reply { to_ask, result });
        self.told.insert((name.to_owned(), asker.clone()), id);
        self.answered(to_ask, &asker, id, AskOutcome::Replied);
    }

    /// Tells the asker that no answer will come. Does nothing for messages that are no asks.
    pub(super) fn no_reply(&mut self, to_ask: u64, reason: &str) {
        let Some(asker) = self.asker(to_ask) else {
            return;
        };
        let from = self.message(to_ask).map(|message| message.to.clone());
        let reason = reason.to_owned();
        let outcome = AskOutcome::NoReply(reason.clone());
        let id = self.send(from.as_deref(), &asker, Body::NoReply { to_ask, reason });
        self.answered(to_ask, &asker, id, outcome);
    }

    fn answered(&mut self, ask: u64, asker: &str, answer: u64, outcome: AskOutcome) {
        if let Some(asked) = self.asked.get_mut(&ask) {
            asked.outcome = outcome;
        }
        if let Some(seat) = self.seats.get_mut(asker) {
            seat.waits.remove(&ask);
            self.hand(asker, answer, 0);
        }
    }

    /// Who sent an ask; none for other messages, and for the person's, whose answer is the plan.
    fn asker(&self, id: u64) -> Option<String> {
        let message = self.message(id)?;
        match message.body {
            Body::Ask { .. } => message.from.clone(),
            _ => None,
        }
    }
}
