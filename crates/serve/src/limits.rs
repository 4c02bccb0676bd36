//! How often something may be done: a bucket that fills with time, and that each request takes from.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// How many seconds of requests fit into a bucket.
const SECONDS: f64 = 10.0;
/// Buckets that are kept; when there are more, those that are full again go.
const MOST: usize = 4096;

/// Buckets by name.
#[derive(Debug)]
pub(crate) struct Rate {
    per_second: f64,
    buckets: Mutex<HashMap<String, (f64, Instant)>>,
}

impl Rate {
    pub fn new(per_second: f64) -> Self {
        Self {
            per_second,
            buckets: Mutex::default(),
        }
    }

    /// Takes one from a bucket.
    ///
    /// # Errors
    /// After how many seconds there is one again.
    pub fn take(&self, name: &str, now: Instant) -> Result<(), u32> {
        let full = self.per_second * SECONDS;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(name) {
            let filled = |left: f64, at: Instant| {
                left + now.saturating_duration_since(at).as_secs_f64() * self.per_second >= full
            };
            buckets.retain(|_, (left, at)| !filled(*left, *at));
        }
        let (left, at) = buckets.entry(name.to_owned()).or_insert((full, now));
        let since = now.saturating_duration_since(*at).as_secs_f64();
        let there = (*left + since * self.per_second).min(full);
        *at = now;
        if there < 1.0 {
            *left = there;
            let wait = ((1.0 - there) / self.per_second).ceil().clamp(1.0, 3600.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped"
            )]
            return Err(wait as u32);
        }
        *left = there - 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_is_taken_and_then_as_many_as_time_gives() {
        let rate = Rate::new(2.0);
        let begin = Instant::now();
        for _ in 0..20 {
            rate.take("a", begin).unwrap();
        }
        assert_eq!(rate.take("a", begin), Err(1));
        rate.take("b", begin).unwrap();
        let later = begin + Duration::from_secs(1);
        rate.take("a", later).unwrap();
        rate.take("a", later).unwrap();
        assert_eq!(rate.take("a", later), Err(1));
    }

    #[test]
    fn buckets_of_names_that_come_and_go_do_not_pile_up() {
        let rate = Rate::new(10.0);
        let begin = Instant::now();
        for at in 0..3 * MOST {
            let now = begin + Duration::from_secs(at as u64);
            rate.take(&at.to_string(), now).unwrap();
        }
        assert!(rate.buckets.lock().unwrap().len() <= MOST);
    }
}
