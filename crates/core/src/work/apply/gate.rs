//! Gates of milestones, bids, and why nothing landed by itself.

use super::super::axis::TaskPhase;
use super::super::matching::Bid;
use super::super::milestone::GateState;
use super::super::{Board, BoardRefusal, TaskId, WorkEvent};
use super::EventName;

impl Board {
    pub(super) fn apply_gate(
        &mut self,
        at: EventName,
        event: &WorkEvent,
    ) -> Result<(), BoardRefusal> {
        match event {
            WorkEvent::BidMade { task, bid } => self.bid_made(at, task, bid),
            WorkEvent::HeldBack { reasons } => {
                if reasons.is_empty() || self.held_back == *reasons || !self.is_through() {
                    return Err(at.nothing());
                }
                self.held_back.clone_from(reasons);
                Ok(())
            }
            WorkEvent::GateChecked {
                milestone,
                commit,
                checks,
            } => {
                self.reached(milestone)?;
                let record = self.gates.entry(milestone.clone()).or_default();
                if record.commit.as_ref() == Some(commit) && record.checks == *checks {
                    return Err(at.nothing());
                }
                record.commit = Some(commit.clone());
                record.checks.clone_from(checks);
                if checks.iter().any(|check| !check.green) {
                    record.nod = None;
                }
                Ok(())
            }
            WorkEvent::Nodded { milestone, by } => {
                let state = self.reached(milestone)?;
                if state != GateState::Nod {
                    return Err(BoardRefusal::NoGate {
                        milestone: milestone.clone(),
                        why: format!("it does not wait for a nod, it is {}", state.words()),
                    });
                }
                let record = self.gates.entry(milestone.clone()).or_default();
                record.nod = Some(by.clone());
                Ok(())
            }
            _ => Err(at.nothing()),
        }
    }

    /// Where a gate stands all of whose tasks have ended, and all those before it are open.
    fn reached(&self, name: &str) -> Result<GateState, BoardRefusal> {
        let refused = |why: String| BoardRefusal::NoGate {
            milestone: name.to_owned(),
            why,
        };
        let gates = self.gates();
        let found = gates.iter().find(|(milestone, _)| milestone.name == name);
        let Some((_, state)) = found else {
            let names = gates.iter().map(|(milestone, _)| milestone.name.as_str());
            let close = crate::suggest::nearest(name, names);
            let close = close.map_or_else(String::new, |name| format!("; did you mean '{name}'?"));
            return Err(refused(format!("this work has no such milestone{close}")));
        };
        match state {
            GateState::Tasks(_) | GateState::Behind(_) => {
                Err(refused(format!("it is not reached: {}", state.words())))
            }
            state => Ok(state.clone()),
        }
    }

    fn bid_made(&mut self, at: EventName, task: &TaskId, bid: &Bid) -> Result<(), BoardRefusal> {
        let record = self.find(task)?;
        if record.phase != (TaskPhase::Ready {}) {
            return Err(at.no_step(task, record.phase.word()));
        }
        let known = self.actor(&bid.actor).is_some();
        let sound = bid.confidence <= 100 && bid.usd.is_finite() && bid.usd >= 0.0;
        if !known || !sound || record.bids.contains(bid) {
            return Err(at.nothing());
        }
        let record = self.find_mut(task)?;
        record.bids.retain(|one| one.actor != bid.actor);
        record.bids.push(bid.clone());
        Ok(())
    }
}
