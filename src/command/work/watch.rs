//! What a person hears while a work goes on.

use std::time::Duration;

use crate::engine::work::supervise::WorkObserver;
use crate::terminal;
use poag_core::work::{TaskId, WorkEvent};

/// Says each event that a person cares for, one line each, on standard error.
pub struct WorkWatch {
    quiet: bool,
    patience: Duration,
}

impl WorkWatch {
    /// Says nothing where `quiet`.
    pub fn new(quiet: bool) -> Self {
        Self {
            quiet,
            // A second try comes after 5 s, a third after 5 min.
            patience: Duration::from_secs(10),
        }
    }

    /// Nobody waits for it at a terminal: it stays until everybody was told, or cannot be.
    pub fn detached(self) -> Self {
        Self {
            patience: Duration::from_secs(30 * 3600),
            ..self
        }
    }
}

impl WorkObserver for WorkWatch {
    fn told(&mut self, line: &str) {
        if !self.quiet {
            terminal::note(line);
        }
    }

    fn patience(&self) -> Duration {
        self.patience
    }

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
