//! What a person hears while a work goes on.

use crate::engine::work::supervise::WorkObserver;
use crate::terminal;
use poag_core::work::{TaskId, WorkEvent};

/// Says each event that a person cares for, one line each, on standard error.
pub struct WorkWatch {
    quiet: bool,
}

impl WorkWatch {
    /// Says nothing where `quiet`.
    pub fn new(quiet: bool) -> Self {
        Self { quiet }
    }
}

impl WorkObserver for WorkWatch {
    fn event(&mut self, event: &WorkEvent) {
        let dull = matches!(
            event,
            WorkEvent::Renewed { .. }
                | WorkEvent::Reserved { .. }
                | WorkEvent::Settled { .. }
                | WorkEvent::ProcessEnded { .. }
                | WorkEvent::WorktreeRemoved { .. }
                | WorkEvent::CandidateChecking { .. }
        );
        if !self.quiet && !dull {
            terminal::note(&line(event));
        }
    }
}

/// An event as one line, with the task that it is about.
pub fn line(event: &WorkEvent) -> String {
    let tasks = event.tasks();
    let about = match (&tasks[..], event) {
        (_, WorkEvent::Claimed { .. }) | ([], _) => String::new(),
        (tasks, _) => {
            let names: Vec<&str> = tasks.iter().map(|id| TaskId::as_str(id)).collect();
            format!("{}: ", names.join(", "))
        }
    };
    format!("{about}{}", event.sentence())
}
