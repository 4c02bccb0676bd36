//! Whether a difference is told on top of an older checkpoint, or the whole pack is given anew.
//!
//! The rule, in equivalents of one input token at its usual price. A token that is written into the prompt
//! cache costs 1.25, one that is read from it 0.1, as providers price the five-minute cache. With P tokens of
//! instructions, schema and pack, O tokens in the older conversation, D tokens of difference and n expected uses
//! (as many as the older one had, at least 1):
//!
//! - anew: 1.25·P + 0.1·P·n
//! - told, while the older one's prompt cache is probably still warm: 0.1·O + 1.25·D + 0.1·(O+D)·n
//! - told, once it is cold: 1.25·(O+D) + 0.1·(O+D)·n
//!
//! It is told only where that is strictly cheaper, D is at most P/4, and no more than three differences lie on
//! top of each other: a conversation that contradicts itself too much is not worth what it saves. The cache counts as
//! warm for as long as the backend asks its provider to keep it, from when the older one was made or last used.

use super::meta::TELLINGS;

/// What a token costs that is written into the prompt cache.
const WRITE: f64 = 1.25;
/// What a token costs that is read from it.
const READ: f64 = 0.1;

/// One way to come to a checkpoint, weighed against the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CostModel {
    /// P.
    pub pack: u64,
    /// O.
    pub old: u64,
    /// D.
    pub difference: u64,
    /// n, before it is at least 1.
    pub uses: u64,
    /// Whether the older one's prompt cache is probably warm.
    pub warm: bool,
    /// Differences that the older one was told already.
    pub tellings: usize,
}

impl CostModel {
    fn expected(&self) -> f64 {
        self.uses.max(1) as f64
    }

    /// What priming costs.
    #[must_use]
    pub fn anew(&self) -> f64 {
        let pack = self.pack as f64;
        WRITE * pack + READ * pack * self.expected()
    }

    /// What telling costs.
    #[must_use]
    pub fn told(&self) -> f64 {
        let (old, difference) = (self.old as f64, self.difference as f64);
        let first = if self.warm {
            READ * old + WRITE * difference
        } else {
            WRITE * (old + difference)
        };
        first + READ * (old + difference) * self.expected()
    }

    /// Whether the difference is told.
    #[must_use]
    pub fn tells(&self) -> bool {
        self.tellings < TELLINGS && self.difference * 4 <= self.pack && self.told() < self.anew()
    }

    /// Why so, with the numbers.
    #[must_use]
    pub fn why(&self) -> String {
        let Self {
            pack, difference, ..
        } = self;
        if self.tellings >= TELLINGS {
            return format!("{TELLINGS} differences were told on top of each other already");
        }
        if difference * 4 > *pack {
            return format!(
                "what changed has {difference} tokens, more than a quarter of the {pack} of the whole"
            );
        }
        let (told, anew) = (self.told(), self.anew());
        let word = if told < anew { "only " } else { "" };
        let heat = if self.warm { "warm" } else { "cold" };
        let uses = self.uses.max(1);
        let times = if uses == 1 { "use" } else { "uses" };
        format!(
            "telling {difference} tokens of difference costs {word}{told:.0} input tokens against {anew:.0} for all {pack} anew ({uses} {times} expected, the older one's prompt cache is probably {heat})"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost() -> CostModel {
        CostModel {
            pack: 20_000,
            old: 20_000,
            difference: 200,
            uses: 0,
            warm: true,
            tellings: 0,
        }
    }

    #[test]
    fn a_small_difference_is_told_while_the_cache_is_warm() {
        let cost = cost();
        assert!((cost.anew() - 27_000.0).abs() < 1e-6);
        assert!((cost.told() - (2_000.0 + 250.0 + 2_020.0)).abs() < 1e-6);
        assert!(cost.tells());
        let why = cost.why();
        assert!(
            why.contains("costs only 4270 input tokens against 27000"),
            "{why}"
        );
    }

    #[test]
    fn a_cold_cache_is_worth_nothing_unless_the_pack_grew() {
        let cold = CostModel {
            warm: false,
            ..cost()
        };
        assert!(!cold.tells());
        assert!(cold.why().contains("probably cold"), "{}", cold.why());
        let grown = CostModel {
            old: 15_000,
            difference: 4_900,
            ..cold
        };
        assert!(grown.tells());
    }

    #[test]
    fn much_that_changed_is_not_told() {
        let much = CostModel {
            difference: 5_001,
            ..cost()
        };
        assert!(!much.tells() && much.told() < much.anew());
        assert!(much.why().contains("more than a quarter"));
    }

    #[test]
    fn many_uses_of_a_conversation_that_grew_are_weighed() {
        let few = CostModel {
            old: 30_000,
            ..cost()
        };
        assert!(few.tells());
        let many = CostModel { uses: 100, ..few };
        assert!(!many.tells(), "{}", many.why());
    }

    #[test]
    fn three_differences_are_enough() {
        let often = CostModel {
            tellings: 3,
            ..cost()
        };
        assert!(!often.tells());
        assert!(often.why().starts_with("3 differences"));
    }
}
