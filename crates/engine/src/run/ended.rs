//! What a turn leaves behind for the record.

use super::log::json;
use poag_core::agent::{Raw, Usage};
use poag_ledger::ARTIFACT_BYTES;

/// What a turn leaves behind for the record.
#[derive(Default)]
pub(crate) struct EndedTurn {
    /// What was exchanged.
    pub raw: Raw,
    /// What the backend took for the answer, valid or not; none where it follows from the event.
    pub answer: Option<Vec<u8>>,
    /// What it cost.
    pub usage: Usage,
    /// Why there is no result.
    pub error: Option<String>,
}

impl EndedTurn {
    /// What of it is kept: kind → bytes, none of them empty.
    pub fn kept(self) -> Vec<(&'static str, Vec<u8>)> {
        let error = self.error.unwrap_or_default().into_bytes();
        let usage = match self.usage == Usage::default() {
            true => Vec::new(),
            false => json(&self.usage),
        };
        let mut kept = vec![
            ("sent", self.raw.sent),
            ("stdout", self.raw.stdout),
            ("stderr", self.raw.stderr),
            ("answer", self.answer.unwrap_or_default()),
            ("usage", usage),
            ("error", error),
        ];
        kept.retain(|(_, bytes)| !bytes.is_empty());
        for (_, bytes) in &mut kept {
            bytes.truncate(ARTIFACT_BYTES);
        }
        kept
    }
}
