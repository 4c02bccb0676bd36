//! The exit codes of the command line, and that of each error: whoever asks over HTTP is told the same.

use crate::EngineError;
use crate::checkpoint::CheckpointError;
use crate::debate::DebateError;
use crate::run::CouncilError;
use crate::work::WorkError;
use poag_core::debate::DebateRefusal;
use poag_init::InitError;
use poag_nix::NixError;

/// Done.
pub const OK: u8 = 0;
/// Anything without a code of its own.
pub const FAILURE: u8 = 1;
/// An invalid command line; clap's own code.
pub const USAGE: u8 = 2;
/// An expert is stale or unlearned, or an export is not what it knows.
pub const STALE: u8 = 3;
/// Nothing was found.
pub const NOTHING_FOUND: u8 = 4;
/// An invalid declaration.
pub const DECLARATION: u8 = 5;
/// Nix failed.
pub const NIX: u8 = 6;
/// No expert could answer.
pub const NO_ANSWER: u8 = 7;
/// The experts do not agree.
pub const DISSENT: u8 = 8;
/// A flake.nix must be edited by hand.
pub const BY_HAND: u8 = 9;
/// Something that poag cannot do without is missing.
pub const NOT_READY: u8 = 10;
/// The board of a work does not allow it.
pub const REFUSED: u8 = 11;
/// A work waits for a person.
pub const NEEDS_PERSON: u8 = 12;
/// Ctrl-C.
pub const INTERRUPTED: u8 = 130;
/// All of them.
pub const ALL: [u8; 14] = [
    OK,
    FAILURE,
    USAGE,
    STALE,
    NOTHING_FOUND,
    DECLARATION,
    NIX,
    NO_ANSWER,
    DISSENT,
    BY_HAND,
    NOT_READY,
    REFUSED,
    NEEDS_PERSON,
    INTERRUPTED,
];

/// That of an error.
pub(crate) fn of(error: &EngineError) -> u8 {
    match error {
        EngineError::Nix(
            NixError::Declaration { .. } | NixError::NoExpert { .. } | NixError::Graph(_),
        ) => DECLARATION,
        EngineError::Nix(_) => NIX,
        EngineError::Council(CouncilError::Missing { .. }) => NOT_READY,
        EngineError::Work(WorkError::Refused(_))
        | EngineError::Debate(DebateError::Refused(DebateRefusal::Broken { .. })) => REFUSED,
        EngineError::Work(WorkError::NoneReady) => NOTHING_FOUND,
        EngineError::Init(InitError::Outside(_)) => BY_HAND,
        EngineError::Init(
            InitError::NoFolder(_) | InitError::NoUrl | InitError::Url(_) | InitError::NobodyToAsk,
        )
        | EngineError::Council(CouncilError::Request { .. } | CouncilError::NoCouncil { .. })
        | EngineError::Debate(
            DebateError::Topic { .. }
            | DebateError::Panel { .. }
            | DebateError::Nobody { .. }
            | DebateError::Name(_)
            | DebateError::Twice(_)
            | DebateError::NoPosition(_)
            | DebateError::NoExpert { .. }
            | DebateError::NotHere
            | DebateError::Occupied(_)
            | DebateError::NoDebate { .. }
            | DebateError::NoneOpen { .. }
            | DebateError::Hidden { .. }
            | DebateError::Refused(DebateRefusal::NotTied { .. }),
        )
        | EngineError::Checkpoint(CheckpointError::None { .. } | CheckpointError::Several { .. })
        | EngineError::Ballots(_)
        | EngineError::FlakeRef(_)
        | EngineError::NoCheckout
        | EngineError::Work(
            WorkError::NoSuchWork { .. }
            | WorkError::TaskFile(_)
            | WorkError::Source(_)
            | WorkError::NoActor { .. }
            | WorkError::NoTarget
            | WorkError::Widened { .. },
        )
        | EngineError::NoExports { .. }
        | EngineError::NoSkill { .. }
        | EngineError::NoSuchBackend { .. }
        | EngineError::NoSuchForm { .. }
        | EngineError::NoSuchExpert { .. }
        | EngineError::NoSuchRun { .. }
        | EngineError::NoSuchTurn { .. }
        | EngineError::OtherFlake { .. } => USAGE,
        _ => FAILURE,
    }
}
