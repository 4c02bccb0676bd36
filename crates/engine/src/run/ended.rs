//! What a turn leaves behind for the record.

use poag_core::agent::{Raw, Usage};

/// What a turn leaves behind for the record.
#[derive(Default)]
pub(super) struct EndedTurn {
    /// What was exchanged.
    pub raw: Raw,
    /// What the backend took for the answer, valid or not; none where it follows from the event.
    pub answer: Option<Vec<u8>>,
    /// What it cost.
    pub usage: Usage,
    /// Why there is no result.
    pub error: Option<String>,
}
