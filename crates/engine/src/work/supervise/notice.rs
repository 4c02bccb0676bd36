//! Tells persons and their programs what becomes of a work, while it goes on and when nothing is left to do.

use poag_core::work::WorkEvent;

use super::{Job, Supervisor, TICK};
use crate::work::WorkError;
use crate::work::notices::NoticeTold;

/// Whether an event may be one that somebody wants to be told of.
pub(super) fn is_news(event: &WorkEvent) -> bool {
    matches!(
        event,
        WorkEvent::Asked { .. }
            | WorkEvent::Parked { .. }
            | WorkEvent::Abandoned { .. }
            | WorkEvent::TasksLanded { .. }
            | WorkEvent::GateChecked { .. }
            | WorkEvent::HeldBack { .. }
            | WorkEvent::Aborted { .. }
            | WorkEvent::Landed { .. }
    )
}

impl Supervisor<'_, '_> {
    /// Supervises, and tells; goes on where something happened while it waited to tell somebody once more.
    pub(super) async fn run_and_tell(&mut self) -> Result<(), WorkError> {
        loop {
            self.run().await?;
            self.news = true;
            self.tell_news(true)?;
            let patience = i64::try_from(self.watch.patience().as_millis()).unwrap_or(i64::MAX);
            loop {
                while let Some(done) = self.jobs.join_next().await {
                    self.finished(done)?;
                }
                let now = self.work.now();
                if !self.work.catch_up()?.is_empty() {
                    break;
                }
                match self.notices.next() {
                    None => return Ok(()),
                    Some(next) if next > now.saturating_add(patience) => return Ok(()),
                    Some(next) if next > now => tokio::time::sleep(TICK).await,
                    Some(_) => self.tell_due(),
                }
            }
        }
    }

    /// Queues what is new, and begins to tell it; `idle` where nothing happens by itself any more.
    pub(super) fn tell_news(&mut self, idle: bool) -> Result<(), WorkError> {
        if self.news {
            self.news = false;
            let board = self.work.board();
            self.notices.look(board, idle)?;
        }
        self.tell_due();
        Ok(())
    }

    fn tell_due(&mut self) {
        for telling in self.notices.due() {
            self.jobs
                .spawn(async move { Job::Told(telling.run().await) });
        }
    }

    /// Writes down whether somebody was told.
    pub(super) fn notice_told(&mut self, told: NoticeTold) -> Result<(), WorkError> {
        let line = self.notices.told(told)?;
        self.watch.told(&line);
        Ok(())
    }
}
