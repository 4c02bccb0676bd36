//! How much the answers of one session may take up.

use poag_core::council::message::TurnResult;
use poag_core::expert::Expert;
use poag_core::session::{Reception, SessionMessage};

use crate::run::log::json;
use crate::run::quota::{ArtifactQuota, ArtifactRoom, ArtifactUse};

/// What the answers so far take up, beside what they may.
pub(super) fn used(expert: &Expert, messages: &[SessionMessage]) -> ArtifactUse {
    let mut room = ArtifactUse::new(ArtifactQuota::of_expert(expert));
    for message in messages {
        if let Reception::Replied { result } = &message.reception {
            room.add(&expert.name, weight(result));
        }
    }
    room
}

/// One answer as it is kept.
pub(super) fn weight(result: &TurnResult) -> ArtifactRoom {
    ArtifactRoom {
        count: 1,
        bytes: json(result).len() as u64,
    }
}
