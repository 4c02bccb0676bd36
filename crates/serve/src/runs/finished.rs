//! What is told of runs that came to their end: made once, and given to whoever asks again.
//!
//! A council is replayed to tell of it. The stream of a run that has finished takes no more events, so that what is told of
//! it stays true for as long as the run is there; whether it is there is read from the ledger each time.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use poag_engine::run::Run;
use poag_engine::{EngineError, RunDetails, RunLedger, RunState};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Runs that are kept, and their bytes in all.
const RUNS: usize = 128;
const BYTES: usize = 16 << 20;

/// A run as it is told: [`RunDetails`], written out.
#[derive(Clone, Debug)]
pub(crate) struct ToldRun(Arc<RawValue>);

impl ToldRun {
    fn new(details: &RunDetails) -> Result<Self, EngineError> {
        let text = serde_json::value::to_raw_value(details)?;
        Ok(Self(text.into()))
    }
}

impl Serialize for ToldRun {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        RawValue::serialize(&self.0, to).map_err(S::Error::custom)
    }
}

impl JsonSchema for ToldRun {
    fn schema_name() -> Cow<'static, str> {
        RunDetails::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        RunDetails::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        RunDetails::json_schema(generator)
    }
}

/// The runs that were asked for last.
#[derive(Debug, Default)]
pub(crate) struct FinishedRuns(Mutex<ToldRuns>);

#[derive(Debug, Default)]
struct ToldRuns {
    /// The one that was asked for last stands last.
    runs: VecDeque<(RunKey, ToldRun)>,
    bytes: usize,
}

/// The id of a run, and when it began: a run that was removed can be asked again under the id that a client's key stands for.
type RunKey = (String, i64);

impl FinishedRuns {
    /// What is told of a run that the ledger has just given.
    pub fn of(&self, runs: &RunLedger, run: &Run) -> Result<ToldRun, EngineError> {
        if !run.finished {
            return ToldRun::new(&runs.details(&run.id)?);
        }
        let key = (run.id.clone(), run.created);
        if let Some(told) = self.told().get(&key) {
            return Ok(told);
        }
        let details = runs.details(&run.id)?;
        let told = ToldRun::new(&details)?;
        if details.state == RunState::Finished {
            self.told().keep(key, told.clone());
        }
        Ok(told)
    }

    fn told(&self) -> MutexGuard<'_, ToldRuns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ToldRuns {
    fn get(&mut self, key: &RunKey) -> Option<ToldRun> {
        let at = self.runs.iter().rposition(|(kept, _)| kept == key)?;
        let found = self.runs.remove(at)?;
        let told = found.1.clone();
        self.runs.push_back(found);
        Some(told)
    }

    fn keep(&mut self, key: RunKey, told: ToldRun) {
        if self.get(&key).is_some() {
            return;
        }
        self.bytes += told.0.get().len();
        self.runs.push_back((key, told));
        while self.runs.len() > RUNS || self.bytes > BYTES {
            let Some((_, gone)) = self.runs.pop_front() else {
                return;
            };
            self.bytes -= gone.0.get().len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> RunKey {
        (number.to_string(), 0)
    }

    fn told(bytes: usize) -> ToldRun {
        let text = format!("\"{}\"", "x".repeat(bytes - 2));
        ToldRun(RawValue::from_string(text).unwrap().into())
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_was_asked_for_last_stays() {
        let mut all = ToldRuns::default();
        for number in 0..RUNS {
            all.keep(key(number), told(10));
        }
        assert!(all.get(&key(0)).is_some());
        all.keep(key(RUNS), told(10));
        assert!(all.get(&key(0)).is_some());
        assert!(all.get(&key(1)).is_none());
        assert_eq!((all.runs.len(), all.bytes), (RUNS, RUNS * 10));
        all.keep(key(RUNS), told(10));
        assert_eq!(all.bytes, RUNS * 10, "kept twice");
        assert!(
            all.get(&(RUNS.to_string(), 1)).is_none(),
            "another of that id"
        );
        all.keep(key(1), told(BYTES));
        assert_eq!((all.runs.len(), all.bytes), (1, BYTES));
        all.keep(key(2), told(BYTES + 1));
        assert_eq!(
            (all.runs.len(), all.bytes),
            (0, 0),
            "larger than all that is kept"
        );
    }
}
