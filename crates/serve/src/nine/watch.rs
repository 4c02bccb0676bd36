//! What is waited for, and what goes on while a file is open: the status of a session, and events.

use std::time::Duration;

use poag_core::session::SessionStatus;
use serde_json::json;

use super::content::lines;
use super::failure::NineFailure;
use super::fid::FileReading;
use super::tree::{FileTree, ServedExpert};
use crate::feed::{Read, happened};
use crate::problem::Problem;
use crate::server::blocking;
use crate::sessions::answered;

/// Events that are read at once.
const PART: usize = 64;
/// How often it is seen, by who waits, that whoever had a message answered is gone.
const LOOKS: Duration = Duration::from_secs(2);

impl FileTree {
    /// Waits until the session of an expert stands otherwise than its client knows.
    pub async fn waited(
        &self,
        expert: &ServedExpert,
        known: SessionStatus,
    ) -> Result<SessionStatus, NineFailure> {
        let server = &self.server;
        let (mut ends, mut stopping) = (server.feed.ends(), server.stopping.clone());
        let mut look = tokio::time::Instant::now();
        loop {
            ends.borrow_and_update();
            let now = self.status(expert).await?;
            if now != known {
                return Ok(now);
            }
            if *stopping.borrow() {
                return Err(NineFailure::Stopping);
            }
            // Whoever had it answered may have been killed.
            if now == SessionStatus::Running && tokio::time::Instant::now() >= look {
                if let Some(session) = self.session(expert).await? {
                    answered(server, &session);
                }
                look = tokio::time::Instant::now() + LOOKS;
            }
            tokio::select! {
                // Without its thread, the feed changes no more.
                changed = ends.changed() => changed.map_err(|_| NineFailure::Stopping)?,
                _ = stopping.changed() => {}
                () = tokio::time::sleep(LOOKS) => {}
            }
        }
    }

    /// The events from the oldest that is in memory on.
    pub fn events(&self) -> FileReading {
        FileReading::Events {
            at: self.server.feed.oldest(),
            from: 0,
            text: Vec::new(),
        }
    }

    /// Events after that number, one a line, as listeners over HTTP get them; and the number up to which was looked.
    pub async fn events_after(&self, after: u64) -> Result<(Vec<u8>, u64), Problem> {
        let (mut at, mut text) = (after, Vec::new());
        loop {
            let end = *self.server.feed.ends().borrow();
            let served = |flake: &str| self.server.of_subject(flake).is_some();
            let wanted = |one: &crate::feed::Happened| served(&one.event.flake);
            match self.server.feed.read(at, PART, wanted) {
                Read::Events(events, end) => {
                    at = end;
                    let events: Vec<_> = events.iter().map(|one| &one.event).collect();
                    text.extend(lines(&events)?);
                }
                Read::Behind => {
                    let (engine, from) = (self.server.engine.clone(), at);
                    let most = u32::try_from(PART).unwrap_or(u32::MAX);
                    let part = blocking(move || Ok(engine.feed()?.after(from, most)?)).await?;
                    if part.end == from {
                        return Ok((text, at));
                    }
                    at = part.end;
                    let gaps = part.removed.iter();
                    let gaps: Vec<_> = gaps
                        .map(|(from, to)| json!({ "gap": { "after": from - 1, "before": to + 1 } }))
                        .collect();
                    text.extend(lines(&gaps)?);
                    let events = part.events.into_iter().map(happened);
                    let events: Vec<_> = events.filter(|one| served(&one.event.flake)).collect();
                    let events: Vec<_> = events.iter().map(|one| &one.event).collect();
                    text.extend(lines(&events)?);
                }
            }
            if !text.is_empty() || at >= end {
                return Ok((text, at));
            }
        }
    }
}
