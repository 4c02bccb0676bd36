//! What turns may cost: reserved before they begin, settled when they ended.

use super::super::board::Reservation;
use super::super::{Board, BoardRefusal, TaskId, WorkEvent};
use super::EventName;

impl Board {
    pub(super) fn apply_budget(
        &mut self,
        at: EventName,
        event: &WorkEvent,
    ) -> Result<(), BoardRefusal> {
        match event {
            WorkEvent::Reserved {
                turn,
                task,
                usd,
                output_tokens,
            } => {
                self.find(task)?;
                if self.reserved.contains_key(turn) || !usd.is_finite() || *usd < 0.0 {
                    return Err(at.nothing());
                }
                self.affordable(task, *usd, *output_tokens)?;
                let reservation = Reservation {
                    task: task.clone(),
                    usd: *usd,
                    output_tokens: *output_tokens,
                };
                self.reserved.insert(turn.clone(), reservation);
                Ok(())
            }
            WorkEvent::Settled { turn, usage } => {
                let reservation = self.reserved.remove(turn).ok_or(at.nothing())?;
                self.spent += *usage;
                self.find_mut(&reservation.task)?.spent += *usage;
                Ok(())
            }
            _ => Err(at.nothing()),
        }
    }

    /// Whether a turn for a task may cost so much more, with what is reserved already.
    ///
    /// # Errors
    /// With the part of the budget that does not allow it.
    pub fn affordable(&self, task: &TaskId, usd: f64, tokens: u64) -> Result<(), BoardRefusal> {
        let budget = &self.start.policy.budget;
        let open = self.reserved.values();
        let (mut all_usd, mut all_tokens) = (self.spent.cost_usd, self.spent.output_tokens);
        let spent = self.tasks.get(task).map(|record| record.spent);
        let spent = spent.unwrap_or_default();
        let (mut own_usd, mut own_tokens) = (spent.cost_usd, spent.output_tokens);
        for reservation in open {
            all_usd += reservation.usd;
            all_tokens = all_tokens.saturating_add(reservation.output_tokens);
            if reservation.task == *task {
                own_usd += reservation.usd;
                own_tokens = own_tokens.saturating_add(reservation.output_tokens);
            }
        }
        let money = [
            ("the work", all_usd, budget.usd),
            ("the task", own_usd, budget.task_usd),
        ];
        for (whose, so_far, most) in money {
            if let Some(most) = most.filter(|most| so_far + usd > *most) {
                let why = format!(
                    "{whose} has spent or reserved {so_far:.2} of {most:.2} USD, and this may cost {usd:.2}"
                );
                return Err(BoardRefusal::Budget { why });
            }
        }
        let counts = [
            ("the work", all_tokens, budget.output_tokens),
            ("the task", own_tokens, budget.task_output_tokens),
        ];
        for (whose, so_far, most) in counts {
            if let Some(most) = most.filter(|most| so_far.saturating_add(tokens) > *most) {
                let why = format!(
                    "{whose} has spent or reserved {so_far} of {most} output tokens, and this may take {tokens}"
                );
                return Err(BoardRefusal::Budget { why });
            }
        }
        Ok(())
    }
}
