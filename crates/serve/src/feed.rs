//! What happens on this machine, for all who listen: one thread reads the ledger when somebody writes to it, and keeps the
//! last events in memory; each listener goes through them at its own pace.
//!
//! There is no queue for a listener, so that a slow one costs nothing: it has the number of the last event it was given,
//! and takes what comes after it from memory, or, where that has gone on, from the ledger.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use poag_core::agent::Usage;
use poag_engine::{Engine, EventFeed, FeedEvent};
use serde::Deserialize as _;
use serde_json::Value;
use tokio::sync::watch;

use crate::settings::ServeError;

/// How long the thread waits for somebody to write, at most: then it looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(500);
/// After which time a write is looked for again that was told of and could not be seen yet.
const SOON: Duration = Duration::from_micros(200);
/// Writes that are read at once.
const PART: u32 = 512;
/// Events that are kept in memory, and their bytes.
const KEPT: usize = 8192;
const KEPT_BYTES: usize = 16 << 20;

/// An event as listeners take it.
#[derive(Debug)]
pub(crate) struct Happened {
    pub event: FeedEvent,
    /// The experts that it is about.
    pub experts: Vec<String>,
    /// What a turn cost that it is about.
    pub usage: Option<Usage>,
}

#[derive(Debug, Default)]
struct Recent {
    events: VecDeque<Arc<Happened>>,
    bytes: usize,
    /// What is kept is everything after this number …
    after: u64,
    /// … up to this one.
    end: u64,
}

/// What is read of the feed at once.
pub(crate) enum Read {
    /// These, and the number up to which was looked.
    Events(Vec<Arc<Happened>>, u64),
    /// It is not in memory any more.
    Behind,
}

#[derive(Debug)]
pub(crate) struct Feed {
    recent: Mutex<Recent>,
    end: watch::Sender<u64>,
    stop: AtomicBool,
}

impl Feed {
    /// Begins to listen, on a thread of its own.
    pub fn start(engine: &Engine) -> Result<Arc<Self>, ServeError> {
        let feed = engine.feed()?;
        let end = feed.end()?;
        let all = Arc::new(Self {
            recent: Mutex::new(Recent {
                after: end,
                end,
                ..Recent::default()
            }),
            end: watch::Sender::new(end),
            stop: AtomicBool::new(false),
        });
        let own = Arc::clone(&all);
        let thread = std::thread::Builder::new().name("feed".into());
        thread
            .spawn(move || own.follow(&feed))
            .map_err(ServeError::Thread)?;
        Ok(all)
    }

    /// The number of the last event, as it changes.
    pub fn ends(&self) -> watch::Receiver<u64> {
        self.end.subscribe()
    }

    /// The thread ends soon.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// The number after which everything is in memory.
    pub fn oldest(&self) -> u64 {
        self.recent().after
    }

    /// Events after that number that `wanted` wants, at most `most`.
    pub fn read(&self, after: u64, most: usize, wanted: impl Fn(&Happened) -> bool) -> Read {
        let recent = self.recent();
        if after < recent.after {
            return Read::Behind;
        }
        let first = recent
            .events
            .partition_point(|one| one.event.number <= after);
        let mut found = Vec::new();
        for one in recent.events.range(first..) {
            if wanted(one) {
                found.push(Arc::clone(one));
                if found.len() == most {
                    return Read::Events(found, one.event.number);
                }
            }
        }
        Read::Events(found, recent.end.max(after))
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn follow(&self, feed: &EventFeed) {
        let mut changes = feed.changes();
        let mut version = None;
        let mut most = LOOK;
        while !self.stop.load(Ordering::Relaxed) {
            let now = feed.version().ok();
            if now.is_none() || now != version {
                version = now;
                self.take_all(feed);
            }
            // Told of a write, it may be too early to see it: then it is looked for soon, and later and later.
            most = match changes.wait(most) {
                true => SOON,
                false => (most * 2).min(LOOK),
            };
        }
    }

    /// Takes in what was written. What cannot be read now is read the next time: nothing is passed over.
    fn take_all(&self, feed: &EventFeed) {
        loop {
            let end = self.recent().end;
            let Ok(part) = feed.after(end, PART) else {
                return;
            };
            if part.end == end {
                return;
            }
            let events = part.events.into_iter().map(happened);
            self.recent().take(events, part.end);
            self.end.send_replace(part.end);
        }
    }
}

impl Recent {
    fn take(&mut self, events: impl Iterator<Item = Arc<Happened>>, end: u64) {
        for one in events {
            self.bytes += one.bytes();
            self.events.push_back(one);
        }
        self.end = end;
        while self.events.len() > KEPT || (self.bytes > KEPT_BYTES && self.events.len() > 1) {
            if let Some(gone) = self.events.pop_front() {
                self.bytes -= gone.bytes();
                self.after = gone.event.number;
            }
        }
    }
}

impl Happened {
    fn bytes(&self) -> usize {
        self.event.event.get().len() + 256
    }
}

/// An event with what it is about.
pub(crate) fn happened(event: FeedEvent) -> Arc<Happened> {
    let about: Value = serde_json::from_str(event.event.get()).unwrap_or_default();
    let experts = [&about["expert"], &about["turn"]["expert"]];
    let experts = experts.into_iter().filter_map(Value::as_str);
    Arc::new(Happened {
        experts: experts.map(str::to_owned).collect(),
        usage: usage_of(&about),
        event,
    })
}

/// What a turn cost that this event is about: of a council beside its kind, of works and debates below it.
fn usage_of(event: &Value) -> Option<Usage> {
    let found = |value: &Value| {
        let usage = value
            .get("usage")
            .or_else(|| value.get("turn")?.get("usage"))?;
        Usage::deserialize(usage).ok()
    };
    found(event).or_else(|| event.as_object()?.values().find_map(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use poag_engine::FeedKind;
    use serde_json::json;

    fn event(number: u64, bytes: usize) -> Arc<Happened> {
        let body = format!(
            "{{\"turn\":{{\"expert\":\"app\"}},\"text\":\"{}\"}}",
            "x".repeat(bytes)
        );
        happened(FeedEvent {
            number,
            of: FeedKind::Run,
            id: "r".into(),
            flake: "f".into(),
            seq: number,
            at: 0,
            kind: "said".into(),
            event: serde_json::value::RawValue::from_string(body).unwrap(),
            closed: false,
        })
    }

    fn feed(events: impl Iterator<Item = Arc<Happened>>, end: u64) -> Feed {
        let mut recent = Recent::default();
        recent.take(events, end);
        Feed {
            recent: Mutex::new(recent),
            end: watch::Sender::new(end),
            stop: AtomicBool::new(false),
        }
    }

    #[test]
    fn what_a_turn_cost_is_found_beside_the_kind_of_an_event_and_below_it() {
        let usage =
            json!({ "inputTokens": 7, "cachedTokens": 0, "outputTokens": 3, "costUsd": 0.5 });
        for (body, experts) in [
            (
                json!({ "event": "turnFinished", "expert": "app", "usage": usage }),
                1,
            ),
            (
                json!({ "event": "turnFinished", "turn": { "expert": "app", "usage": usage } }),
                1,
            ),
            (
                json!({ "attemptEnded": { "task": "base", "usage": usage } }),
                0,
            ),
        ] {
            let mut event = event(1, 0).event.clone();
            event.event = serde_json::value::to_raw_value(&body).unwrap();
            let one = happened(event);
            assert_eq!(one.experts.len(), experts);
            assert_eq!(one.usage.as_ref().unwrap().input_tokens, 7);
        }
        assert!(event(1, 0).usage.is_none());
    }

    fn numbers(read: Read) -> Option<(Vec<u64>, u64)> {
        match read {
            Read::Events(events, end) => {
                Some((events.iter().map(|one| one.event.number).collect(), end))
            }
            Read::Behind => None,
        }
    }

    #[test]
    fn each_listener_goes_on_where_it_was() {
        let feed = feed([1, 3, 4].map(|number| event(number, 0)).into_iter(), 5);
        assert_eq!(numbers(feed.read(0, 2, |_| true)), Some((vec![1, 3], 3)));
        assert_eq!(numbers(feed.read(3, 2, |_| true)), Some((vec![4], 5)));
        assert_eq!(numbers(feed.read(5, 2, |_| true)), Some((vec![], 5)));
        assert_eq!(numbers(feed.read(0, 2, |_| false)), Some((vec![], 5)));
        let own = |one: &Happened| one.experts == ["app"];
        assert_eq!(numbers(feed.read(1, 9, own)), Some((vec![3, 4], 5)));
    }

    #[test]
    fn memory_is_bounded_and_who_is_behind_is_told() {
        let many = (KEPT as u64) + 10;
        let short = feed((1..=many).map(|number| event(number, 0)), many);
        assert!(numbers(short.read(9, 1, |_| true)).is_none());
        assert_eq!(numbers(short.read(10, 1, |_| true)), Some((vec![11], 11)));
        let long = feed((1..=40).map(|number| event(number, 1 << 20)), 40);
        assert!(long.recent().bytes <= KEPT_BYTES);
        assert!(numbers(long.read(1, 1, |_| true)).is_none());
    }
}
