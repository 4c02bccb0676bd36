//! Turns under way that talk to the council: questions with their answers, contracts, searches, results.

use std::sync::Arc;

use super::drive::Drive;
use super::flake_tree::FlakeTree;
use super::told::{CallAnswer, json_text, meant, tell_contract, tell_found};
use super::turn_socket::{TurnCall, over};
use super::waiting::WaitingTurn;
use crate::run::error::CouncilError;
use poag_core::council::check;
use poag_core::council::event::{Event, TurnId};
use poag_core::council::gossip::{Call, CallResult};
use poag_core::council::machine::Standing;
use poag_core::council::message::Ask;

/// An answer that is handed over once what led to it is written down.
pub(super) type Ready = Vec<(CallAnswer, CallResult)>;

impl Drive<'_, '_> {
    /// Turns under way that only wait for others.
    pub(super) fn waiting_turns(&self) -> usize {
        let here = self.waiting.iter().filter(|one| !one.answer.is_closed());
        let mut turns: Vec<&TurnId> = here.map(|one| &one.turn).collect();
        turns.sort_unstable();
        turns.dedup();
        turns.len()
    }

    /// Takes in a call of a turn under way.
    pub(super) fn called(&mut self, called: TurnCall) -> Result<(), CouncilError> {
        let TurnCall { turn, call, answer } = called;
        let graph = self.council.graph();
        let running = self.turns.values().any(|running| running.turn == turn);
        let expert = graph.expert(&turn.expert).filter(|_| running);
        let Some(expert) = expert else {
            // Whoever called may have gone; the same goes for all answers.
            let _ = answer.send(over());
            return Ok(());
        };
        match call {
            Call::Consult(ask) => return self.consult(turn, ask, answer),
            Call::Contract { neighbor, contract } => {
                let whose = (graph, expert);
                tell_contract(&mut self.lookups, whose, (&neighbor, contract), answer);
            }
            Call::Lookup { query } => {
                let (backends, expert) = (Arc::clone(&self.backends), Arc::new(expert.clone()));
                tell_found(&mut self.lookups, backends, expert, query, answer);
            }
            Call::Check { result } => {
                let tree = FlakeTree::of(expert, self.backends.repository());
                let result = meant(result);
                let bytes = check::json_bytes(&result);
                let taken = check::accept(&result, bytes, expert, graph, &tree);
                let _ = answer.send(match taken {
                    Err(problem) => CallResult::Failed(problem.to_string()),
                    Ok(result) => {
                        let mut running = self.turns.values_mut();
                        if let Some(running) = running.find(|running| running.turn == turn) {
                            running.checked = Some(result);
                        }
                        CallResult::Said("nothing is wrong with it: end your turn with it".into())
                    }
                });
            }
        }
        Ok(())
    }

    /// Asks, unless these words were asked before; the answer is handed over when it is there.
    fn consult(&mut self, turn: TurnId, ask: Ask, answer: CallAnswer) -> Result<(), CouncilError> {
        if let Err(problem) = check::ask(&ask) {
            let _ = answer.send(CallResult::Failed(problem.to_string()));
            return Ok(());
        }
        if self.council.standing(&turn.expert, &ask) == Standing::Unasked {
            let (turn, ask) = (turn.clone(), ask.clone());
            self.happen(Event::Asked { turn, ask })?;
        }
        self.waiting.push(WaitingTurn { turn, ask, answer });
        Ok(())
    }

    /// Gathers the answers that are there for those who wait. Whoever has gone hears nothing: its answer
    /// stays unread.
    pub(super) fn hear(&mut self) -> Result<Ready, CouncilError> {
        let mut ready = Ready::new();
        for waiting in std::mem::take(&mut self.waiting) {
            if waiting.answer.is_closed() {
                continue;
            }
            let turn = waiting.turn.clone();
            let (said, heard) = match self.council.standing(&turn.expert, &waiting.ask) {
                Standing::Waiting => {
                    self.waiting.push(waiting);
                    continue;
                }
                Standing::Unasked => (over(), None),
                Standing::Refused(why) => (refused(why), None),
                Standing::Answered(message, unread) => (
                    CallResult::Said(json_text(message)),
                    unread.then_some(message.id),
                ),
            };
            if let Some(id) = heard {
                let messages = vec![id];
                self.happen(Event::Heard { turn, messages })?;
            }
            ready.push((waiting.answer, said));
        }
        Ok(ready)
    }

    /// A turn has ended: nobody of it waits any more.
    pub(super) fn forget(&mut self, turn: &TurnId) {
        self.socket.dismiss(turn);
        self.waiting.retain(|waiting| waiting.turn != *turn);
        while self.lookups.try_join_next().is_some() {}
    }
}

fn refused(why: &str) -> CallResult {
    CallResult::Failed(format!(
        "this was not asked: {why}\nrepair: go on without it, and say in a note what stays open"
    ))
}
