//! Progress on standard error: nothing for what is done at once, one line for what takes longer.

use std::time::{Duration, Instant};

use crate::{duration, terminal};
use tokio::task::JoinHandle;

const PATIENCE: Duration = Duration::from_millis(1000);

/// Says what poag waits for, once it has taken over a second; gone when dropped.
#[derive(Debug)]
pub struct Waiting(Option<JoinHandle<()>>);

impl Waiting {
    /// Starts to wait. Must be called within the asynchronous runtime.
    #[must_use]
    pub fn new(quiet: bool, what: String) -> Self {
        if quiet {
            return Self(None);
        }
        Self(Some(tokio::spawn(async move {
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
        })))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
        }
    }
}
