//! What can stop a debate, and what to do then.

use std::path::PathBuf;

use poag_core::debate::DebateRefusal;
use poag_ledger::{LedgerError, ReplicaError};
use thiserror::Error;

use super::state::DebateMisfit;
use crate::inside::InsideError;
use crate::run::error::REQUEST_BYTES;

/// Why a debate could not be held or read.
#[derive(Debug, Error)]
pub enum DebateError {
    /// The topic is empty or too long.
    #[error("{}\nrepair: say in a few sentences what is to be decided, and name files instead of pasting them", match bytes { 0 => "the topic is empty".to_owned(), bytes => format!("the topic has {bytes} bytes, {REQUEST_BYTES} are allowed") })]
    Topic {
        /// Its size, without blanks around it.
        bytes: usize,
    },
    /// Too few or too many participants.
    #[error(
        "{found} take part; a debate has between 2 and {most} participants\nrepair: name them with --panel, or declare `panel` in the flake"
    )]
    Panel {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A word of `--panel` that means nobody.
    #[error("'{word}' is no participant, expert or backend{}\nrepair: name one of: {known}; or write NAME=BACKEND", close.as_ref().map_or_else(String::new, |close| format!("; did you mean '{close}'?")))]
    Nobody {
        /// The word.
        word: String,
        /// A name that is close.
        close: Option<String>,
        /// What can be named.
        known: String,
    },
    /// A name that cannot stand in a path.
    #[error(
        "'{0}' cannot be a participant's name\nrepair: use letters, digits, '-' and '_', beginning with a letter or digit, at most 64"
    )]
    Name(String),
    /// Two participants of one name.
    #[error("two participants are called '{0}'\nrepair: write NAME=BACKEND for one of them")]
    Twice(String),
    /// The embedded backend holds no position.
    #[error(
        "'{0}' would think with the librarian, which finds what a flake says and holds no position\nrepair: name a backend with a model or a program: {0}=claude-code"
    )]
    NoPosition(String),
    /// The expert whose knowledge a participant is to be given.
    #[error(
        "'{name}' is to be given the knowledge of '{expert}', which is not in this graph\nrepair: `poag experts` lists them"
    )]
    NoExpert {
        /// The participant.
        name: String,
        /// The expert.
        expert: String,
    },
    /// What was said cannot be written into this flake.
    #[error(
        "the flake is not a folder on this machine, so nothing can be written into it\nrepair: debate with --no-files"
    )]
    NotHere,
    /// Another debate lies there.
    #[error("{} holds a debate already\nrepair: name another folder with --out, or move that one away", .0.display())]
    Occupied(PathBuf),
    /// The flakes are not those the debate began with.
    #[error("run {run} cannot go on: its flakes changed since it began\nrepair: debate again")]
    Changed {
        /// The run.
        run: String,
    },
    /// The run is another sort of run.
    #[error("run {run} is no debate\nrepair: `poag ask --resume {run}` goes on with a council")]
    NoDebate {
        /// The run.
        run: String,
    },
    /// Nothing was interrupted.
    #[error("no debate on {flake} is open\nrepair: begin one, or name a run with --resume=RUN")]
    NoneOpen {
        /// The flake.
        flake: String,
    },
    /// What would show submissions before their time.
    #[error(
        "run {run} has an open round: what was submitted in it is hidden until it closes\nrepair: wait, or go on with it: `poag debate --resume {run}`"
    )]
    Hidden {
        /// The run.
        run: String,
    },
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] DebateRefusal),
    /// The ledger refused or failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The run's events do not fit each other or this poag.
    #[error("run {run} cannot be read: {problem}\nrepair: read it with the poag that wrote it")]
    Unreadable {
        /// The run.
        run: String,
        /// Why.
        problem: String,
    },
    /// A page could not be written.
    #[error(transparent)]
    Page(#[from] InsideError),
}

impl From<ReplicaError<DebateMisfit>> for DebateError {
    fn from(error: ReplicaError<DebateMisfit>) -> Self {
        match error {
            ReplicaError::Ledger(source) => Self::Ledger(source),
            ReplicaError::Refused(DebateMisfit::Refused(refused)) => Self::Refused(refused),
            ReplicaError::Refused(misfit) => Self::Unreadable {
                run: String::new(),
                problem: misfit.to_string(),
            },
            ReplicaError::Replay {
                stream,
                seq,
                source,
            } => Self::Unreadable {
                run: stream,
                problem: format!("event {seq}: {source}"),
            },
            ReplicaError::Empty { stream } => Self::Unreadable {
                run: stream,
                problem: "it has no beginning".to_owned(),
            },
        }
    }
}
