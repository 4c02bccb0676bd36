//! Progress on standard error: nothing for what is done at once, one line for what takes longer.

use std::time::{Duration, Instant};

use crate::command::style;
use crate::engine::Progress;
use crate::{duration, terminal};
use tokio::task::JoinHandle;

const PATIENCE: Duration = Duration::from_millis(1000);

/// Says what poag waits for, once it has taken over a second; gone when dropped.
#[derive(Debug)]
struct Waiting(JoinHandle<()>);

/// What the engine tells, on standard error.
#[derive(Debug)]
pub struct Terminal;

impl Progress for Terminal {
    fn begin(&self, what: String) -> Box<dyn Send> {
        Box::new(Waiting::new(what))
    }

    fn note(&self, text: String) {
        terminal::note(&format!("{} {text}", style::warn("note:")));
    }
}

impl Waiting {
    /// Starts to wait. Must be called within the asynchronous runtime.
    fn new(what: String) -> Self {
        Self(tokio::spawn(async move {
            let started = Instant::now();
            tokio::time::sleep(PATIENCE).await;
            terminal::note(&format!("poag: {what} …"));
            // A terminal is told again now and then; a log is not filled.
            while terminal::error_is_terminal() {
                tokio::time::sleep(Duration::from_secs(10)).await;
                terminal::note(&format!(
                    "poag: {what} … {}",
                    duration::shown(started.elapsed())
                ));
            }
        }))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.abort();
    }
}
