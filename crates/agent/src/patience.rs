//! Patience with a provider: so many turns at a time and no more, and a turn that finds it busy or out of
//! reach waits and is taken again. All of it, the waiting too, within the time of the turn.

#![expect(
    clippy::disallowed_methods,
    reason = "what of a home could not be removed at first"
)]

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::{
    Agent, AgentError, Capabilities, Checkpoint, Pending, Settings, TurnOutput, TurnRequest, Usage,
};

/// Turns of one backend at a time, unless somebody says otherwise.
pub const AT_A_TIME: usize = 4;
/// How often a turn is taken again.
const AGAIN: u32 = 5;
/// The first wait; each further one is twice as long.
const FIRST: Duration = Duration::from_secs(1);
/// The longest wait that nobody asked for.
const LONGEST: Duration = Duration::from_secs(30);

/// An agent whose turns wait for a seat and for its provider.
pub struct Patience {
    inner: Arc<dyn Agent>,
    seats: Arc<Semaphore>,
}

impl Patience {
    /// `seats` are shared by all agents of one backend.
    #[must_use]
    pub fn new(inner: Arc<dyn Agent>, seats: Arc<Semaphore>) -> Self {
        Self { inner, seats }
    }

    /// Takes a turn by `once` until it has an answer or waiting cannot help any more. A turn that waits
    /// keeps its seat, so that a busy provider is asked less and not more.
    async fn taken<T, F>(
        &self,
        request: TurnRequest,
        once: impl Fn(TurnRequest) -> F,
    ) -> (TurnOutput, Option<T>)
    where
        F: Future<Output = (TurnOutput, Option<T>)>,
    {
        let allowed = request.timeout;
        let began = Instant::now();
        let Ok(Ok(_seat)) = tokio::time::timeout(allowed, self.seats.acquire()).await else {
            let error = AgentError::timeout(self.inner.name(), allowed);
            let reason = format!(
                "{}: all that time other turns of this backend went first",
                error.reason
            );
            return (AgentError { reason, ..error }.into(), None);
        };
        let mut usage = Usage::default();
        let mut tries = 0;
        loop {
            let mut attempt = request.clone();
            attempt.timeout = allowed.saturating_sub(began.elapsed());
            let (mut output, more) = once(attempt).await;
            usage += output.usage;
            tries += 1;
            output.usage = usage;
            let Err(error) = &mut output.outcome else {
                return (output, more);
            };
            let wait = pause(tries, error.wait);
            let in_time = began
                .elapsed()
                .checked_add(wait)
                .is_some_and(|by| by < allowed);
            if !error.fault.wants_patience() || tries > AGAIN || !in_time {
                if tries > 1 {
                    error.reason = format!("{} (tried {tries} times)", error.reason.trim_end());
                }
                return (output, more);
            }
            tokio::time::sleep(wait).await;
        }
    }
}

/// How long to wait after so many tries: at least what was asked for, and never the same for two turns,
/// so that those who were refused together do not come back together.
fn pause(tries: u32, asked: Option<Duration>) -> Duration {
    let own = FIRST
        .saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)))
        .min(LONGEST);
    match asked {
        Some(asked) => asked.saturating_add(FIRST.mul_f64(fastrand::f64())),
        None => own.mul_f64(0.5 + 0.5 * fastrand::f64()),
    }
}

/// Leaves a folder empty, for an attempt that may have put something there.
fn empty(place: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(place)? {
        let path = entry?.path();
        if path.symlink_metadata()?.is_dir() {
            std::fs::remove_dir_all(path)?;
        } else {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

impl Agent for Patience {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn probe<'a>(&'a self, settings: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        self.inner.probe(settings)
    }

    fn frozen(&self, settings: &Settings) -> Vec<String> {
        self.inner.frozen(settings)
    }

    fn prompt_cache(&self) -> Duration {
        self.inner.prompt_cache()
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move {
            let once = |request| async move { (self.inner.turn(request).await, None::<()>) };
            self.taken(request, once).await.0
        })
    }

    fn seal<'a>(
        &'a self,
        request: TurnRequest,
        place: &'a Path,
    ) -> Pending<'a, (TurnOutput, Option<Checkpoint>)> {
        Box::pin(async move {
            let once = |request| async move {
                if let Err(error) = empty(place) {
                    let reason = format!("its checkpoint has no place: {error}");
                    let fault = super::Fault::Unavailable;
                    let output = AgentError::usual(fault, self.inner.name(), reason).into();
                    return (output, None);
                }
                self.inner.seal(request, place).await
            };
            self.taken(request, once).await
        })
    }
}

#[cfg(test)]
mod tests;
