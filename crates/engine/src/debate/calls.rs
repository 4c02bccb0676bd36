//! What participants call while their turn goes on: a search, a contract, a look at what they mean to say.

use std::sync::Arc;

use poag_core::council::check::{Tree, json_bytes};
use poag_core::council::event::TurnId;
use poag_core::council::gossip::{Call, CallResult};
use poag_core::debate::check::{UnfitAnswer, accept};
use poag_core::debate::{Debate, DebateAnswer};
use poag_core::expert::Expert;
use serde_json::Value;

use super::drive::DebateDrive;
use crate::run::flake_tree::FlakeTree;
use crate::run::told::{meant, tell_contract, tell_found};
use crate::run::turn_socket::{TurnCall, over};

impl DebateDrive<'_> {
    /// Takes in a call of a turn under way.
    pub(super) fn called(&mut self, called: TurnCall) {
        let TurnCall { turn, call, answer } = called;
        let Some(seat) = self
            .panel
            .get(&turn.expert)
            .filter(|_| self.is_under_way(&turn))
        else {
            // Whoever called may have gone; the same goes for all answers.
            let _ = answer.send(over());
            return;
        };
        match call {
            Call::Consult(_) => {
                let said = "nobody is asked in a debate\nrepair: say what you hold; others see it when the round closes";
                let _ = answer.send(CallResult::Failed(said.into()));
            }
            Call::Contract { neighbor, contract } => {
                let whose = (self.graph, seat.base.as_ref());
                tell_contract(&mut self.lookups, whose, (&neighbor, contract), answer);
            }
            Call::Lookup { query } => {
                let (backends, base) = (Arc::clone(&self.backends), Arc::clone(&seat.base));
                tell_found(&mut self.lookups, backends, base, query, answer);
            }
            Call::Check { result } => {
                let result = meant(result);
                let _ = answer.send(match self.accepted(&turn, &result) {
                    Err(problem) => CallResult::Failed(problem.to_string()),
                    Ok(right) => {
                        self.checked.insert(turn, right);
                        CallResult::Said("nothing is wrong with it: end your turn with it".into())
                    }
                });
            }
        }
    }

    /// What a participant says, where it counts.
    pub(super) fn accepted(
        &self,
        turn: &TurnId,
        output: &Value,
    ) -> Result<DebateAnswer, UnfitAnswer> {
        let repository = self.backends.repository();
        let trees = |expert: &Expert| Box::new(FlakeTree::of(expert, repository)) as Box<dyn Tree>;
        let debate: &Debate = self.debate();
        let bytes = json_bytes(output);
        accept(output, bytes, (debate, &turn.expert), self.graph, &trees)
    }
}
