//! What comes of a turn that ended.

use poag_agent::Fault;
use poag_core::council::event::{Event, TurnId};

use super::{Drive, Running, TaskEnd, id_of};
use crate::run::error::CouncilError;
use crate::run::participant::Participant;
use crate::run::quota;
use crate::run::turn::{self, TakenTurn};

impl Drive<'_, '_> {
    pub(super) fn take_in(&mut self, ended: TaskEnd) -> Result<(), CouncilError> {
        match self.turns.get(&id_of(&ended)) {
            Some(running) if running.in_round => {
                self.held.insert(running.order, ended);
                Ok(())
            }
            _ => self.ended(ended),
        }
    }

    /// Takes in the turns of a round in the order in which they started, whichever was faster.
    pub(super) fn end_round(&mut self) -> Result<(), CouncilError> {
        for ended in std::mem::take(&mut self.held).into_values() {
            self.ended(ended)?;
        }
        Ok(())
    }

    pub(super) fn ended(&mut self, ended: TaskEnd) -> Result<(), CouncilError> {
        let Some(Running { turn, checked, .. }) = self.turns.remove(&id_of(&ended)) else {
            return Ok(());
        };
        self.forget(&turn);
        if self.stays_open(&turn, &ended) {
            return Ok(());
        }
        let planned = &self.council.started().selection.backends;
        let planned = planned.get(&turn.expert).cloned().unwrap_or_default();
        let verdict = match ended {
            Err(_) => turn::panicked(turn.clone(), planned),
            Ok((
                _,
                TakenTurn {
                    participant,
                    output,
                },
            )) => {
                let agent = participant.as_ref().map(|participant| &participant.agent);
                let backend = agent.map_or(planned, |agent| agent.name().to_owned());
                let deterministic = agent.is_some_and(|agent| agent.capabilities().deterministic);
                if let Some(participant) = participant
                    && self.council.waits_for(&turn)
                {
                    self.joins(&turn.expert, participant)?;
                }
                let place = (self.council.graph(), self.backends.repository());
                turn::judge(turn.clone(), backend, deterministic, output, checked, place)
            }
        };
        let event = match (self.log.turn_ends(&turn, verdict.left), verdict.event) {
            (
                Err(reason),
                Event::TurnFinished {
                    turn,
                    backend,
                    usage,
                    ..
                },
            ) => Event::TurnFailed {
                turn,
                backend,
                failure: quota::over(reason),
                usage,
            },
            (_, event) => event,
        };
        // Late or a duplicate: its words stay in the record, and change nothing.
        if !self.council.waits_for(&turn) {
            self.late.push(turn);
            return Ok(());
        }
        self.happen(event)
    }

    /// Whether the run cannot go on here and now, since an agent that it was started with cannot be used: nothing is written
    /// down of it, so that the turn is taken when the run goes on again. Turns under way are waited for.
    fn stays_open(&mut self, turn: &TurnId, ended: &TaskEnd) -> bool {
        let Ok((_, taken)) = ended else { return false };
        let Err(error) = &taken.output.outcome else {
            return false;
        };
        let missing = matches!(error.fault, Fault::Unavailable | Fault::Denied);
        if self.resumed.is_none() || !missing || !self.council.waits_for(turn) {
            return false;
        }
        self.missing.get_or_insert_with(|| CouncilError::Missing {
            run: self.log.run.clone(),
            expert: turn.expert.clone(),
            backend: error.backend.clone(),
            reason: error.reason.lines().next().unwrap_or_default().to_owned(),
            repair: error.repair.clone(),
        });
        true
    }

    /// Notes who speaks for an expert, once.
    fn joins(&mut self, expert: &str, participant: Participant) -> Result<(), CouncilError> {
        if self.members.contains_key(expert) {
            return Ok(());
        }
        let joined = Box::new(participant.joined.clone());
        self.members.insert(expert.to_owned(), participant);
        self.happen(Event::Joined {
            expert: expert.to_owned(),
            member: joined,
        })
    }
}
