//! Turns: how they start, end, fail and are cut off, and what their limits are.

use super::seat::Now;
use super::{Council, Refused, Seat, TurnRecord};
use crate::agent::Usage;
use crate::council::event::{Failure, Joined, TurnId};
use crate::council::limits::Reached;
use crate::council::message::{Body, TurnResult};

impl Council<'_> {
    pub(super) fn start(&mut self, turn: &TurnId, messages: &[u64]) -> Result<(), Refused> {
        let due = self
            .seats
            .get(&turn.expert)
            .and_then(|seat| self.due(&turn.expert, seat));
        if due.as_ref().map(|(id, given)| (id, given.as_slice())) != Some((turn, messages)) {
            return Err(Refused::NotDue { turn: turn.clone() });
        }
        let seat = self.seats.entry(turn.expert.clone()).or_default();
        match &mut seat.now {
            Some(now) => {
                now.attempt = turn.attempt;
                now.running = true;
            }
            None => {
                seat.unread.clear();
                seat.turns = turn.turn;
                seat.now = Some(Now {
                    turn: turn.turn,
                    attempt: turn.attempt,
                    failures: 0,
                    problem: None,
                    running: true,
                    messages: messages.to_vec(),
                });
            }
        }
        Ok(())
    }

    /// Whether the end of this turn, of just this attempt, is waited for.
    #[must_use]
    pub fn waits_for(&self, turn: &TurnId) -> bool {
        self.under_way(turn).is_ok()
    }

    /// Refuses the end of a turn that nobody waits for.
    pub(super) fn under_way(&self, turn: &TurnId) -> Result<(), Refused> {
        let now = self
            .seats
            .get(&turn.expert)
            .and_then(|seat| seat.now.as_ref());
        match now {
            Some(now) if now.running && (now.turn, now.attempt) == (turn.turn, turn.attempt) => {
                Ok(())
            }
            _ => Err(Refused::Late { turn: turn.clone() }),
        }
    }

    pub(super) fn record(
        &mut self,
        turn: &TurnId,
        backend: &str,
        usage: Usage,
        failure: Option<&Failure>,
    ) {
        self.turns.push(TurnRecord {
            turn: turn.clone(),
            backend: backend.to_owned(),
            usage,
            failure: failure.cloned(),
        });
        self.spend(&turn.expert, usage);
    }

    /// Somebody speaks for an expert, and may have cost something already.
    pub(super) fn join(&mut self, expert: &str, member: &Joined) -> Result<(), Refused> {
        if !self.seats.contains_key(expert) {
            return Err(Refused::Stranger {
                expert: expert.to_owned(),
            });
        }
        // Whoever goes on with a run joins again; that is no news.
        let same = |(name, known): &(String, Joined)| {
            name == expert
                && (&known.backend, &known.version, &known.checkpoint)
                    == (&member.backend, &member.version, &member.checkpoint)
        };
        if !self.joined.iter().any(same) {
            self.joined.push((expert.to_owned(), member.clone()));
        }
        self.spend(expert, member.usage);
        Ok(())
    }

    fn spend(&mut self, expert: &str, usage: Usage) {
        self.spent.add(usage);
        let seat = self.seats.entry(expert.to_owned()).or_default();
        seat.spent.add(usage);
        let limits = &self.started.limits;
        if self.spent.tokens() >= limits.tokens {
            self.closing = true;
            self.reached.insert(Reached::Tokens {
                allowed: limits.tokens,
            });
        }
        if let Some(allowed) = limits.cost_usd
            && self.spent.usage().cost_usd >= allowed
        {
            self.closing = true;
            self.reached.insert(Reached::Money {
                allowed: allowed.to_string(),
            });
        }
    }

    pub(super) fn finish(&mut self, turn: &TurnId, result: &TurnResult) {
        let name = turn.expert.as_str();
        let asks_of = |council: &Self, ids: &[u64]| -> Vec<u64> {
            let is_ask = |id: &&u64| {
                council
                    .message(**id)
                    .is_some_and(|message| matches!(message.body, Body::Ask { .. }))
            };
            ids.iter().filter(is_ask).copied().collect()
        };
        let given = self
            .seats
            .get_mut(name)
            .and_then(|seat| seat.now.take())
            .map(|now| now.messages)
            .unwrap_or_default();
        let owed = asks_of(self, &given);
        let seat = self.seats.entry(name.to_owned()).or_default();
        seat.owes.extend(owed);
        seat.read.extend(given);
        if seat.result.as_ref() != Some(result) {
            seat.version += 1;
            seat.result = Some(result.clone());
        }
        self.send_asks(turn, &result.asks);
        self.send_objection(name, &result.verdict);
        self.settle(name);
        self.rest(name);
    }

    pub(super) fn fail(&mut self, turn: &TurnId, failure: &Failure) {
        let retries = self.started.limits.retries;
        let seat = self.seats.get(&turn.expert);
        let spent_up = seat.and_then(|seat| self.out_of_means(&turn.expert, seat));
        let may_go_on = !self.closing && spent_up.is_none();
        self.reached.extend(spent_up);
        let seat = self.seats.entry(turn.expert.clone()).or_default();
        if let Some(now) = &mut seat.now
            && failure.retry
            && now.failures < retries
            && may_go_on
        {
            now.failures += 1;
            now.problem = Some(failure.reason.clone());
            now.running = false;
            return;
        }
        let given = seat.now.take().map(|now| now.messages);
        seat.failed = Some(failure.clone());
        let mut waiting = std::mem::take(&mut seat.owes);
        waiting.extend(given.unwrap_or_default());
        waiting.append(&mut seat.unread);
        let why = failure.reason.lines().next().unwrap_or_default();
        let reason = format!("'{}' failed: {why}", turn.expert);
        for id in waiting {
            self.no_reply(id, &reason);
        }
        self.rest(&turn.expert);
    }

    /// Notes that an expert has nothing before it, if so.
    fn rest(&mut self, name: &str) {
        let quiet = |seat: &Seat| seat.unread.is_empty() && seat.now.is_none();
        if self.seats.get(name).is_none_or(quiet) {
            self.awake.remove(name);
        }
    }

    /// Another process goes on: nobody is at any turn now.
    pub(super) fn interrupt(&mut self) {
        for seat in self.seats.values_mut() {
            if let Some(now) = &mut seat.now {
                now.running = false;
            }
        }
    }

    /// The time is up: turns under way are dropped, since waiting for them would take more of it.
    pub(super) fn time_is_up(&mut self) {
        self.closing = true;
        self.reached.insert(Reached::Time {
            allowed: self.started.limits.seconds,
        });
        for (name, seat) in &mut self.seats {
            if let Some(now) = seat.now.take() {
                self.dropped.push(TurnId {
                    expert: name.clone(),
                    turn: now.turn,
                    attempt: now.attempt,
                });
            }
        }
    }

    /// Turns the expert may take: the run's limit, or fewer when its flake says so.
    pub(super) fn turns_allowed(&self, name: &str) -> u32 {
        let limit = self.started.limits.turns_per_expert;
        let own = self.graph().expert(name).and_then(|e| e.agent.max_turns);
        own.map_or(limit, |own| own.min(limit)).max(1)
    }

    fn tokens_allowed(&self, name: &str) -> Option<u64> {
        self.graph().expert(name)?.agent.max_tokens
    }

    fn money_allowed(&self, name: &str) -> Option<f64> {
        self.graph().expert(name)?.agent.max_cost_usd
    }

    /// Whether the expert may not begin another turn for its own limits.
    pub(super) fn is_exhausted(&self, name: &str, seat: &Seat) -> bool {
        self.exhausted(name, seat).is_some()
    }

    /// Which of its own limits keeps the expert from another turn.
    fn exhausted(&self, name: &str, seat: &Seat) -> Option<Reached> {
        let expert = || name.to_owned();
        let turns = self.turns_allowed(name);
        if seat.turns >= turns {
            return Some(Reached::Turns {
                expert: expert(),
                allowed: turns,
            });
        }
        self.out_of_means(name, seat)
    }

    /// Which limit of its own on tokens or money the expert has used up: then it takes no turn again either.
    fn out_of_means(&self, name: &str, seat: &Seat) -> Option<Reached> {
        let expert = || name.to_owned();
        if let Some(allowed) = self.tokens_allowed(name)
            && seat.spent.tokens() >= allowed
        {
            return Some(Reached::ExpertTokens {
                expert: expert(),
                allowed,
            });
        }
        if let Some(allowed) = self.money_allowed(name)
            && seat.spent.usage().cost_usd >= allowed
        {
            return Some(Reached::ExpertMoney {
                expert: expert(),
                allowed: allowed.to_string(),
            });
        }
        None
    }

    /// Writes down which of its own limits stops the expert.
    pub(super) fn note_exhausted(&mut self, name: &str) {
        let Some(seat) = self.seats.get(name) else {
            return;
        };
        if let Some(reached) = self.exhausted(name, seat) {
            self.reached.insert(reached);
        }
    }
}
