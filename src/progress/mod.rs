//! Progress on standard error: nothing for what is done at once, one line for what takes longer; on a terminal it goes on, and is
//! gone at the end.

use std::time::{Duration, Instant};

use crate::command::style;
use crate::engine::Progress;
use crate::terminal::live::LiveLines;
use crate::{duration, terminal};
use tokio::task::JoinHandle;

const PATIENCE: Duration = Duration::from_millis(1000);
/// How often a line on a terminal is drawn: its time goes on.
const FRAME: Duration = Duration::from_millis(500);

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
            let Some(lines) = LiveLines::new() else {
                return terminal::note(&format!("poag: {what} …"));
            };
            loop {
                let now = duration::shown(Duration::from_secs(started.elapsed().as_secs()));
                lines.draw(&[style::dim(format!("poag: {what} … {now}"))]);
                tokio::time::sleep(FRAME).await;
            }
        }))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.abort();
    }
}
