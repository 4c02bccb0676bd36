//! The names of events, and what they are about.

use super::{TaskId, WorkEvent};

macro_rules! kinds {
    ($($variant:ident => $name:literal),+ $(,)?) => {
        impl WorkEvent {
            /// Its name, as the ledger lists it.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)+
                }
            }

            /// Every name.
            pub const KINDS: &'static [&'static str] = &[$($name),+];
        }
    };
}

kinds! {
    WorkStarted => "workStarted",
    TaskAdded => "taskAdded",
    Claimed => "claimed",
    Renewed => "renewed",
    Released => "released",
    Expired => "expired",
    AttemptStarted => "attemptStarted",
    WorktreeProven => "worktreeProven",
    WorkBegan => "workBegan",
    ProcessEnded => "processEnded",
    Progressed => "progressed",
    ClaimedDone => "claimedDone",
    AttemptProven => "attemptProven",
    AttemptEnded => "attemptEnded",
    WroteLate => "wroteLate",
    Salvaged => "salvaged",
    WorktreeRemoved => "worktreeRemoved",
    Reviewed => "reviewed",
    Enqueued => "enqueued",
    SentBack => "sentBack",
    CandidateMade => "candidateMade",
    CandidateChecking => "candidateChecking",
    CandidateGreen => "candidateGreen",
    CandidateRed => "candidateRed",
    TasksLanded => "tasksLanded",
    Parked => "parked",
    Abandoned => "abandoned",
    Asked => "asked",
    Answered => "answered",
    Retried => "retried",
    Redone => "redone",
    Said => "said",
    ProviderChanged => "providerChanged",
    Reserved => "reserved",
    Settled => "settled",
    PolicyChanged => "policyChanged",
    BidMade => "bidMade",
    HeldBack => "heldBack",
    GateChecked => "gateChecked",
    Nodded => "nodded",
    Paused => "paused",
    Resumed => "resumed",
    Aborted => "aborted",
    Landed => "landed",
    RolledBack => "rolledBack",
}

impl WorkEvent {
    /// The tasks that it is about.
    #[must_use]
    pub fn tasks(&self) -> Vec<&TaskId> {
        match self {
            Self::Claimed { tasks, .. }
            | Self::CandidateMade { tasks, .. }
            | Self::CandidateChecking { tasks }
            | Self::CandidateGreen { tasks, .. }
            | Self::CandidateRed { tasks, .. }
            | Self::TasksLanded { tasks, .. } => tasks.iter().collect(),
            Self::TaskAdded { task } => vec![&task.id],
            Self::Released { task, .. }
            | Self::AttemptStarted { task, .. }
            | Self::WorktreeProven { task, .. }
            | Self::WorkBegan { task, .. }
            | Self::ProcessEnded { task, .. }
            | Self::Progressed { task, .. }
            | Self::ClaimedDone { task, .. }
            | Self::AttemptProven { task, .. }
            | Self::AttemptEnded { task, .. }
            | Self::WroteLate { task, .. }
            | Self::Salvaged { task, .. }
            | Self::WorktreeRemoved { task, .. }
            | Self::Reviewed { task, .. }
            | Self::Enqueued { task }
            | Self::SentBack { task, .. }
            | Self::Parked { task, .. }
            | Self::Abandoned { task, .. }
            | Self::Asked { task, .. }
            | Self::Answered { task, .. }
            | Self::Retried { task, .. }
            | Self::Redone { task, .. }
            | Self::Said { task, .. }
            | Self::BidMade { task, .. }
            | Self::Reserved { task, .. } => vec![task],
            _ => Vec::new(),
        }
    }
}
