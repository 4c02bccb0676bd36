//! What can stop a council, and what to do then.

use thiserror::Error;

use poag_core::council::machine::Refused;
use poag_ledger::LedgerError;

/// Longest request, in bytes.
pub const REQUEST_BYTES: usize = 256 << 10;

/// Why a council could not be held or read.
#[derive(Debug, Error)]
pub enum CouncilError {
    /// The ledger refused or failed.
    #[error("run {run}: {source}")]
    Ledger {
        /// The run.
        run: String,
        /// Why; ends in what to do.
        source: Box<LedgerError>,
    },
    /// The request is empty or too long.
    #[error("{}\nrepair: say in a few sentences what is wanted, and name files instead of pasting them", match bytes { 0 => "the request is empty".to_owned(), bytes => format!("the request has {bytes} bytes, {REQUEST_BYTES} are allowed") })]
    Request {
        /// Its size, without blanks around it.
        bytes: usize,
    },
    /// The flakes are not those the run began with.
    #[error(
        "run {run} cannot go on: since it began, {changed} changed\nrepair: ask again without --resume"
    )]
    Changed {
        /// The run.
        run: String,
        /// What differs.
        changed: String,
    },
    /// An agent that the run was started with cannot be used now.
    #[error(
        "run {run} stays open: '{expert}' cannot think with {backend} now: {reason}\nrepair: {repair}\n`poag ask --resume {run}` then goes on; with `--backend {expert}=librarian` it does without"
    )]
    Missing {
        /// The run.
        run: String,
        /// The expert.
        expert: String,
        /// Its backend.
        backend: String,
        /// Why, in one line.
        reason: String,
        /// What to do, in one line.
        repair: String,
    },
    /// The run is another sort of run.
    #[error(
        "run {run} is no council\nrepair: `poag run show {run}` tells of it; `poag debate --resume {run}` goes on with a debate"
    )]
    NoCouncil {
        /// The run.
        run: String,
    },
    /// The run's events do not fit each other or this poag.
    #[error(
        "run {run} cannot be replayed at event {seq}: {problem}\nrepair: read it with the poag that wrote it, or ask again without --resume"
    )]
    Replay {
        /// The run.
        run: String,
        /// The event that does not fit.
        seq: u64,
        /// Why.
        problem: String,
    },
    /// The council's own rules refused what the runner did.
    #[error(
        "run {run}: {source}\nrepair: this is a defect of poag, report it with the run's events"
    )]
    Rules {
        /// The run.
        run: String,
        /// What was refused.
        source: Refused,
    },
}

impl CouncilError {
    /// Puts the run's id before a ledger's error.
    pub(super) fn ledger(run: &str) -> impl Fn(LedgerError) -> Self + '_ {
        |source| Self::Ledger {
            run: run.to_owned(),
            source: Box::new(source),
        }
    }
}
