//! Where the words of the rules stand: one pass over a text, and exact for all of them.
//!
//! Every second place of a text is looked at: whether three bytes begin there that stand for a word, which one bit
//! tells for each hash of three bytes. Whatever its place, a word has three bytes that begin at an even one; the
//! rarest stand for it. Only where the bit is set are words compared.

/// Bits of a hash.
const BITS: u32 = 16;
/// Bits of a hash by which what stands for words is found.
const SLOTS: u32 = 12;
/// Without case, as far as the hash goes.
const FOLD: u64 = 0x2020_2020_2020_2020;
const THREE: u64 = 0x00ff_ffff;
/// What sources are mostly made of, the most common first.
const COMMON: &[u8] = b" etaoinsrldcupmfhg_by.v/:-w=,()kx";

/// Three bytes that stand for a word.
struct Sign {
    folded: u32,
    /// The word, in lower case.
    word: &'static [u8],
    /// The rule that it belongs to.
    rule: u32,
    /// Bytes of the word in front of them, plus one: they may begin one byte in front of the word.
    ahead: u8,
}

/// All words.
pub(super) struct WordSet {
    bits: Vec<u64>,
    /// For each slot the first of its signs, and an end.
    slots: Vec<u16>,
    signs: Vec<Sign>,
}

impl WordSet {
    /// The words, of two bytes at least, each with the number of its rule.
    pub fn new(words: impl Iterator<Item = (usize, &'static str)>) -> Self {
        let mut signs = Vec::new();
        for (rule, word) in words {
            let rule = u32::try_from(rule).unwrap_or(u32::MAX);
            for odd in [false, true] {
                stand(word.as_bytes(), odd, rule, &mut signs);
            }
        }
        let slot = |sign: &Sign| hash(u64::from(sign.folded)) >> (32 - SLOTS);
        signs.sort_by_key(slot);
        let before = |number| signs.partition_point(|sign| slot(sign) < number) as u16;
        let slots = (0..=1 << SLOTS).map(before).collect();
        let mut bits = vec![0; 1 << (BITS - 6)];
        for sign in &signs {
            let bit = hash(u64::from(sign.folded)) >> (32 - BITS);
            bits[bit as usize / 64] |= 1 << (bit % 64);
        }
        Self { bits, slots, signs }
    }

    /// Tells where each word starts and which rule has it, line by line.
    pub fn find(&self, text: &str, mut tell: impl FnMut(usize, u32)) {
        let text = text.as_bytes();
        let Ok(bits) = <&[u64; 1 << (BITS - 6)]>::try_from(self.bits.as_slice()) else {
            return;
        };
        let mut at = 0;
        while let Some(eight) = text[at..].first_chunk() {
            let eight = u64::from_le_bytes(*eight) | FOLD;
            if is_set(bits, eight) | is_set(bits, eight >> 16) | is_set(bits, eight >> 32) {
                for place in [0, 2, 4] {
                    if is_set(bits, eight >> (8 * place)) {
                        self.compare(text, at + place, eight >> (8 * place), &mut tell);
                    }
                }
            }
            at += 6;
        }
        let mut last = [0; 8];
        let rest = &text[at..];
        last[..rest.len()].copy_from_slice(rest);
        let last = u64::from_le_bytes(last) | FOLD;
        for place in (0..rest.len()).step_by(2) {
            self.compare(text, at + place, last >> (8 * place), &mut tell);
        }
    }

    fn compare(&self, text: &[u8], at: usize, folded: u64, tell: &mut impl FnMut(usize, u32)) {
        let slot = (hash(folded) >> (32 - SLOTS)) as usize;
        let signs = usize::from(self.slots[slot])..usize::from(self.slots[slot + 1]);
        for sign in &self.signs[signs] {
            if u64::from(sign.folded) == folded & THREE
                && let Some(start) = (at + 1).checked_sub(usize::from(sign.ahead))
                && let Some(there) = text.get(start..start + sign.word.len())
                && there.eq_ignore_ascii_case(sign.word)
            {
                tell(start, sign.rule);
            }
        }
    }
}

/// What stands for a word that starts at an odd place, or at an even one.
fn stand(word: &'static [u8], odd: bool, rule: u32, signs: &mut Vec<Sign>) {
    let mut sign = |three: [u8; 3], ahead: usize| {
        signs.push(Sign {
            folded: (u64::from(u32::from_le_bytes([three[0], three[1], three[2], 0])) & THREE
                | FOLD & THREE) as u32,
            word,
            rule,
            ahead: ahead as u8,
        });
    };
    // All that other bytes are without case.
    let others = || (0..=u8::MAX).filter(|byte| byte & 0x20 != 0);
    match (word, odd) {
        ([] | [_], _) => {}
        ([a, b], true) => others().for_each(|other| sign([other, *a, *b], 0)),
        ([a, b], false) => others().for_each(|other| sign([*a, *b, other], 1)),
        ([a, b, c], true) if commonness(&[*a, *b]) < commonness(&[*b, *c]) => {
            others().for_each(|other| sign([other, *a, *b], 0));
        }
        ([_, b, c], true) => others().for_each(|other| sign([*b, *c, other], 2)),
        _ => {
            let windows = word.windows(3).enumerate().take(usize::from(u8::MAX));
            let even = windows.skip(usize::from(odd)).step_by(2);
            if let Some((at, three)) = even.min_by_key(|(_, three)| commonness(three)) {
                sign([three[0], three[1], three[2]], at + 1);
            }
        }
    }
}

/// Of three folded bytes. Multiplication by this spreads bits: 2³² over the golden ratio, made odd (Knuth, TAOCP 3, 6.4).
fn hash(folded: u64) -> u32 {
    ((folded & THREE) as u32).wrapping_mul(0x9e37_79b1)
}

fn is_set(bits: &[u64; 1 << (BITS - 6)], folded: u64) -> bool {
    let bit = hash(folded) >> (32 - BITS);
    bits[bit as usize / 64] >> (bit % 64) & 1 != 0
}

/// The more, the more of it is what sources are mostly made of.
fn commonness(three: &[u8]) -> usize {
    let of = |byte: &u8| COMMON.iter().position(|common| common == byte);
    three
        .iter()
        .map(|byte| of(byte).map_or(0, |at| COMMON.len() - at))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::WordSet;

    const WORDS: &[&str] = &[
        "==",
        "cio",
        "://",
        "token",
        "passw",
        "api_key",
        "apikey",
        "authorization",
        "aa",
        ":aa",
        "ghp_",
    ];

    #[test]
    fn every_word_is_found_wherever_it_stands_in_whatever_case() {
        let words = WordSet::new(WORDS.iter().copied().enumerate());
        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..2000 {
            let text: String = (0..random.usize(0..9))
                .map(|_| match random.usize(0..4) {
                    0 => WORDS[random.usize(..WORDS.len())].to_owned(),
                    1 => WORDS[random.usize(..WORDS.len())].to_ascii_uppercase(),
                    2 => WORDS[random.usize(..WORDS.len())][1..].to_owned(),
                    _ => ["\n", "é", "=", "to", "x"][random.usize(..5)].to_owned(),
                })
                .collect();
            let mut found = Vec::new();
            words.find(&text, |at, rule| found.push((at, rule)));
            found.sort_unstable();
            let lower = text.to_ascii_lowercase();
            let mut expected = Vec::new();
            for (rule, word) in (0..).zip(WORDS) {
                let at = |at: &usize| lower.as_bytes()[*at..].starts_with(word.as_bytes());
                expected.extend((0..lower.len()).filter(at).map(|at| (at, rule)));
            }
            expected.sort_unstable();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
