//! The one function that changes a board. Every axis has its own steps; what one event means for several of them is said
//! here, and nowhere else.

mod attempt;
mod budget;
mod gate;
mod lease;
mod merge;
mod person;
mod review;

use super::axis::{TaskPhase, TaskStep};
use super::{Board, BoardRefusal, TaskId, TaskRecord, WorkEvent, WorkPhase};

/// Longest text that a board keeps of what somebody says, in bytes; the ledger has all of it.
const WORDS_BYTES: usize = 64 << 10;

impl Board {
    /// Takes in one event.
    ///
    /// # Errors
    /// When the event does not fit the board, which then stays as it was.
    pub fn apply(&mut self, event: &WorkEvent) -> Result<(), BoardRefusal> {
        self.check_phase(event)?;
        let at = EventName(event.kind());
        match event {
            WorkEvent::WorkStarted(_) => Err(self.misplaced(event)),
            WorkEvent::TaskAdded { task } => self.task_added(task),
            WorkEvent::Claimed { .. }
            | WorkEvent::Renewed { .. }
            | WorkEvent::Released { .. }
            | WorkEvent::Expired { .. } => self.apply_lease(at, event),
            WorkEvent::AttemptStarted { .. }
            | WorkEvent::WorktreeProven { .. }
            | WorkEvent::WorkBegan { .. }
            | WorkEvent::ProcessEnded { .. }
            | WorkEvent::Progressed { .. }
            | WorkEvent::ClaimedDone { .. }
            | WorkEvent::AttemptProven { .. }
            | WorkEvent::AttemptEnded { .. }
            | WorkEvent::WroteLate { .. }
            | WorkEvent::Salvaged { .. }
            | WorkEvent::WorktreeRemoved { .. } => self.apply_attempt(at, event),
            WorkEvent::Reviewed { task, review } => self.reviewed(at, task, review),
            WorkEvent::Enqueued { task } => self.enqueued(at, task),
            WorkEvent::SentBack { task, log } => self.sent_back(at, task, log),
            WorkEvent::CandidateMade { .. }
            | WorkEvent::CandidateChecking { .. }
            | WorkEvent::CandidateGreen { .. }
            | WorkEvent::CandidateRed { .. }
            | WorkEvent::TasksLanded { .. } => self.apply_merge(at, event),
            WorkEvent::ProviderChanged { backend, health } => {
                let before = self.providers.get(backend).copied().unwrap_or_default();
                let next = before.step(*health).ok_or(at.nothing())?;
                self.providers.insert(backend.clone(), next);
                Ok(())
            }
            WorkEvent::Reserved { .. } | WorkEvent::Settled { .. } => self.apply_budget(at, event),
            WorkEvent::BidMade { .. }
            | WorkEvent::HeldBack { .. }
            | WorkEvent::GateChecked { .. }
            | WorkEvent::Nodded { .. } => self.apply_gate(at, event),
            _ => self.apply_person(at, event),
        }
    }

    /// Refuses what does not belong into a work that has come so far.
    fn check_phase(&self, event: &WorkEvent) -> Result<(), BoardRefusal> {
        // What is still told of what was under way when it ended: it changes records, and begins nothing.
        let after = matches!(
            event,
            WorkEvent::ProcessEnded { .. }
                | WorkEvent::WroteLate { .. }
                | WorkEvent::Salvaged { .. }
                | WorkEvent::WorktreeRemoved { .. }
                | WorkEvent::Settled { .. }
        );
        let fits = match &self.phase {
            WorkPhase::Running {} | WorkPhase::Paused { .. } => true,
            WorkPhase::Aborted { .. } => after,
            WorkPhase::Landed { .. } => after || matches!(event, WorkEvent::RolledBack { .. }),
            WorkPhase::RolledBack { .. } => after || matches!(event, WorkEvent::Landed { .. }),
        };
        match fits {
            true => Ok(()),
            false => Err(self.misplaced(event)),
        }
    }

    fn misplaced(&self, event: &WorkEvent) -> BoardRefusal {
        BoardRefusal::Misplaced {
            event: event.kind(),
            phase: self.phase.word(),
        }
    }

    /// The task of that name.
    fn find(&self, task: &TaskId) -> Result<&TaskRecord, BoardRefusal> {
        let found = self.tasks.get(task);
        found.ok_or_else(|| BoardRefusal::NoTask { task: task.clone() })
    }

    /// The task of that name, to be changed by who has looked at everything.
    fn find_mut(&mut self, task: &TaskId) -> Result<&mut TaskRecord, BoardRefusal> {
        let found = self.tasks.get_mut(task);
        found.ok_or_else(|| BoardRefusal::NoTask { task: task.clone() })
    }

    /// Where a step of a task leads.
    fn next_phase(
        &self,
        at: EventName,
        task: &TaskId,
        step: TaskStep<'_>,
    ) -> Result<TaskPhase, BoardRefusal> {
        let record = self.find(task)?;
        let next = record.phase.step(step);
        next.ok_or_else(|| at.no_step(task, record.phase.word()))
    }

    /// Puts a task where a step has led it, and keeps what follows from that.
    fn set_phase(&mut self, task: &TaskId, phase: TaskPhase) {
        let Some(record) = self.tasks.get_mut(task) else {
            return;
        };
        let ended = record.phase.is_ended();
        match (ended, phase.is_ended()) {
            (false, true) => self.open -= 1,
            (true, false) => {
                self.open += 1;
                self.held_back.clear();
            }
            _ => {}
        }
        let landed = phase == TaskPhase::Landed {};
        record.phase = phase;
        self.index(task);
        if !landed {
            return;
        }
        for dependent in self.dependents.get(task).cloned().unwrap_or_default() {
            let Some(record) = self.tasks.get_mut(&dependent) else {
                continue;
            };
            record.missing.remove(task);
            if record.missing.is_empty()
                && let Some(phase) = record.phase.step(TaskStep::Free)
            {
                record.phase = phase;
                self.index(&dependent);
            }
        }
    }

    fn task_added(&mut self, task: &super::Task) -> Result<(), BoardRefusal> {
        super::from_file::fit(std::slice::from_ref(task), &self.tasks)?;
        super::milestone::known(task, &self.start.milestones)?;
        self.held_back.clear();
        if let Some(name) = &task.milestone {
            self.gates.remove(name);
        }
        self.add(task.clone());
        Ok(())
    }
}

/// The name of the event that is looked at, for refusals.
#[derive(Clone, Copy)]
struct EventName(&'static str);

impl EventName {
    fn no_step(self, task: &TaskId, at: &str) -> BoardRefusal {
        BoardRefusal::NoStep {
            event: self.0,
            task: task.clone(),
            at: at.to_owned(),
        }
    }

    fn nothing(self) -> BoardRefusal {
        BoardRefusal::Nothing { event: self.0 }
    }
}

/// The beginning of a text, as much as a board keeps.
fn kept(text: &str) -> String {
    let mut end = text.len().min(WORDS_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
