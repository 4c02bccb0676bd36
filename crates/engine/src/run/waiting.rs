//! A turn that waits for an answer.

use poag_core::council::TurnId;
use poag_core::council::gossip::CallResult;
use poag_core::council::message::Ask;
use tokio::sync::oneshot;

/// A turn that waits for an answer.
pub(super) struct WaitingTurn {
    pub turn: TurnId,
    pub ask: Ask,
    pub answer: oneshot::Sender<CallResult>,
}
