//! The server's time, asked for now and then.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use super::link::NatsLink;
use super::lock;

/// How long an answer is counted on from.
const FRESH: Duration = Duration::from_secs(60);
/// How far the two clocks of this machine may part, as they do where it slept or was set.
const APART: Duration = Duration::from_secs(1);

/// The server's clock as far as it is known.
#[derive(Debug)]
pub(super) struct ServerClock(Mutex<ServerTime>);

#[derive(Clone, Copy, Debug)]
struct ServerTime {
    /// What it said, in milliseconds since 1970 in UTC.
    time: i64,
    at: Instant,
    wall: SystemTime,
}

impl ServerTime {
    async fn ask(link: &NatsLink) -> Option<Self> {
        let before = Instant::now();
        let time = link.time().await?;
        Some(Self {
            time,
            // Half of the way there and back.
            at: before + before.elapsed() / 2,
            wall: SystemTime::now(),
        })
    }

    fn is_fresh(&self) -> bool {
        let elapsed = self.at.elapsed();
        let wall = self.wall.elapsed().unwrap_or_default();
        elapsed < FRESH && elapsed.abs_diff(wall) < APART
    }
}

impl ServerClock {
    pub async fn of(link: &NatsLink) -> Self {
        // A server that does not tell its time: that of this machine, as before.
        let here = || ServerTime {
            time: jiff::Timestamp::now().as_millisecond(),
            at: Instant::now(),
            wall: SystemTime::now(),
        };
        Self(Mutex::new(ServerTime::ask(link).await.unwrap_or_else(here)))
    }

    pub async fn now(&self, link: &NatsLink) -> i64 {
        let mut told = *lock(&self.0);
        if !told.is_fresh()
            && let Some(new) = ServerTime::ask(link).await
        {
            *lock(&self.0) = new;
            told = new;
        }
        let elapsed = i64::try_from(told.at.elapsed().as_millis()).unwrap_or(i64::MAX);
        told.time.saturating_add(elapsed)
    }
}
