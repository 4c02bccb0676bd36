//! Which kind of problem an error of the engine is: one that the client can mend, or one of this machine.

use poag_core::session::SessionRefusal;
use poag_core::work::BoardRefusal;
use poag_engine::EngineError;
use poag_engine::debate::DebateError;
use poag_engine::run::CouncilError;
use poag_engine::session::SessionError;
use poag_engine::work::WorkError;

use super::ProblemKind;

pub(super) fn kind(error: &EngineError) -> ProblemKind {
    match error {
        EngineError::NoSuchRun { .. }
        | EngineError::NoSuchTurn { .. }
        | EngineError::NoRun { .. }
        | EngineError::NoSuchExpert { .. }
        | EngineError::NothingToResume { .. } => ProblemKind::NotFound,
        EngineError::Council(error) => of_council(error),
        EngineError::Work(error) => of_work(error),
        EngineError::Session(error) => of_session(error),
        EngineError::Debate(error) => of_debate(error),
        EngineError::Ledger(error) => of_ledger(error),
        EngineError::NoSuchBackend { .. }
        | EngineError::FlakeRef(_)
        | EngineError::Nix(_)
        | EngineError::Knowledge(_)
        | EngineError::Pack(_)
        | EngineError::Nar(_)
        | EngineError::Share(_)
        | EngineError::NotHere { .. }
        | EngineError::OtherFlake { .. }
        | EngineError::Checkpoint(_)
        | EngineError::NoProgram => ProblemKind::Unusable,
        _ => ProblemKind::Broken,
    }
}

fn of_council(error: &CouncilError) -> ProblemKind {
    match error {
        CouncilError::Request { .. } => ProblemKind::Unusable,
        CouncilError::Changed { .. } | CouncilError::Missing { .. } => ProblemKind::Conflict,
        CouncilError::Ledger { source, .. } => of_ledger(source),
        _ => ProblemKind::Broken,
    }
}

fn of_debate(error: &DebateError) -> ProblemKind {
    use DebateError as E;
    match error {
        E::Topic { .. }
        | E::Panel { .. }
        | E::Nobody { .. }
        | E::Name(_)
        | E::Twice(_)
        | E::NoPosition(_)
        | E::NoExpert { .. }
        | E::NotHere => ProblemKind::Unusable,
        E::Occupied(_)
        | E::Changed { .. }
        | E::NoDebate { .. }
        | E::Hidden { .. }
        | E::Refused(_) => ProblemKind::Conflict,
        E::NoneOpen { .. } => ProblemKind::NotFound,
        E::Ledger(error) => of_ledger(error),
        E::Unreadable { .. } | E::Page(_) => ProblemKind::Broken,
    }
}

/// Each is named here, so that a new one is not told as a failure of the server by nobody's decision.
fn of_work(error: &WorkError) -> ProblemKind {
    match error {
        WorkError::NoSuchWork { .. } => ProblemKind::NotFound,
        WorkError::Refused(BoardRefusal::NoTask { .. }) => ProblemKind::NotFound,
        WorkError::Refused(_)
        | WorkError::NoPlan { .. }
        | WorkError::NoneReady
        | WorkError::Nobody { .. }
        | WorkError::BranchMoved { .. }
        | WorkError::Unfinished { .. }
        | WorkError::NotLanded { .. }
        | WorkError::NothingToDo
        | WorkError::NoMilestone
        | WorkError::Undecided { .. }
        | WorkError::NoTarget
        | WorkError::Git(_) => ProblemKind::Conflict,
        WorkError::TaskFile(_)
        | WorkError::Source(_)
        | WorkError::NoActor { .. }
        | WorkError::NoCheckout { .. }
        | WorkError::NotAllowed { .. }
        | WorkError::Network { .. }
        | WorkError::Widened { .. }
        | WorkError::Doing(_) => ProblemKind::Unusable,
        WorkError::Ledger(error) => of_ledger(error),
        WorkError::Replay(_) => ProblemKind::Broken,
    }
}

fn of_session(error: &SessionError) -> ProblemKind {
    match error {
        SessionError::NoSuchSession { .. } | SessionError::NoSuchSnippet { .. } => {
            ProblemKind::NotFound
        }
        SessionError::Refused(SessionRefusal::Size { .. } | SessionRefusal::BadName { .. })
        | SessionError::LongSnippet { .. } => ProblemKind::Unusable,
        SessionError::Refused(SessionRefusal::Misplaced { .. }) | SessionError::Replay(_) => {
            ProblemKind::Broken
        }
        SessionError::Refused(_) | SessionError::Taken { .. } | SessionError::NoOutput { .. } => {
            ProblemKind::Conflict
        }
        SessionError::Ledger(error) => of_ledger(error),
    }
}

fn of_ledger(error: &poag_engine::LedgerError) -> ProblemKind {
    use poag_engine::LedgerError as E;
    match error {
        E::Unknown { .. } | E::Name { .. } => ProblemKind::NotFound,
        E::Conflict { .. } | E::Closed { .. } | E::Exists { .. } | E::Claimed { .. } => {
            ProblemKind::Conflict
        }
        E::TooLarge { .. } => ProblemKind::TooLarge,
        _ => ProblemKind::Broken,
    }
}
