//! What an expert is given beside the messages: places that a search found, and whom it may want to ask.

use super::Cast;
use crate::council::message::{Passage, TurnInput};
use crate::council::runner::Casting as _;
use crate::expert::Expert;
use crate::librarian;

/// Tokens of all passages together, at least and at most.
const BUDGET: std::ops::RangeInclusive<usize> = 500..=3_000;
/// Their share of the pack: what is new in a question costs ten times what a provider reads from its cache,
/// so that the tail stays small beside it. A token has four bytes or so.
const BYTES_OF_PACK_A_TOKEN: usize = 16 * 4;

impl Cast {
    /// The input with passages and hints, for experts that do not search themselves. A search that fails
    /// costs the turn nothing but them.
    pub(super) async fn enriched(
        &self,
        expert: &Expert,
        pack: &str,
        mut input: TurnInput,
    ) -> TurnInput {
        if self.backend(expert) == librarian::NAME {
            return input;
        }
        let librarian = self.librarian.clone();
        let asked = input.clone();
        let budget = pack.len() / BYTES_OF_PACK_A_TOKEN;
        let budget = budget.clamp(*BUDGET.start(), *BUDGET.end());
        let advice = tokio::task::spawn_blocking(move || librarian.advice(&asked, budget));
        if let Ok(Ok(advice)) = advice.await {
            input.passages = advice.passages;
            input.worth_asking = advice.hints;
            spare_what_is_known(pack, &mut input.passages);
        }
        input
    }
}

/// Takes the text out of passages that stand in the expert's pack: what it has read already, and what a
/// provider reads from its cache, is only pointed to.
fn spare_what_is_known(pack: &str, passages: &mut [Passage]) {
    for passage in passages {
        if pack.contains(passage.text.trim()) {
            passage.text.clear();
        }
    }
}
