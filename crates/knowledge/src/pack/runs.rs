//! Where the words and the lines of a text are: one bit for each byte, eight bytes looked at together.

use std::ops::Range;

const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
const HIGH: u64 = 0x8080_8080_8080_8080;
const ONES: u64 = 0x0101_0101_0101_0101;

/// What a text is made of.
#[derive(Default)]
pub(super) struct LineRuns {
    /// Bytes that may stand in a name: ASCII letters, digits and `_`, and everything that is not ASCII.
    words: Vec<u64>,
    breaks: Vec<u64>,
}

impl LineRuns {
    /// Looks at another text.
    pub fn read(&mut self, text: &[u8]) {
        self.words.clear();
        self.breaks.clear();
        for block in text.chunks(64) {
            let (mut words, mut breaks) = (0, 0);
            for (at, eight) in block.chunks(8).enumerate() {
                let bytes = eight.first_chunk().copied().unwrap_or_else(|| {
                    let mut bytes = [0; 8];
                    bytes[..eight.len()].copy_from_slice(eight);
                    bytes
                });
                let bytes = u64::from_le_bytes(bytes);
                words |= gathered(in_words(bytes)) << (8 * at);
                breaks |= gathered(are(bytes, b'\n')) << (8 * at);
            }
            self.words.push(words);
            self.breaks.push(breaks);
        }
    }

    /// The next word from a place on; a word is not broken at the end of a block.
    pub fn word(&self, from: usize) -> Option<Range<usize>> {
        let start = next(&self.words, from, 0)?;
        let end = next(&self.words, start, u64::MAX);
        Some(start..end.unwrap_or(64 * self.words.len()))
    }

    /// Behind the last line break of a place, if it has one.
    pub fn line(&self, place: Range<usize>) -> Option<usize> {
        let mut line = None;
        let mut from = place.start;
        while let Some(at) = next(&self.breaks, from, 0).filter(|at| *at < place.end) {
            from = at + 1;
            line = Some(from);
        }
        line
    }
}

/// The first bit from a place on that differs from those of `but`.
fn next(bits: &[u64], from: usize, but: u64) -> Option<usize> {
    let mut block = from / 64;
    let mut here = (bits.get(block)? ^ but) >> (from % 64) << (from % 64);
    while here == 0 {
        block += 1;
        here = bits.get(block)? ^ but;
    }
    Some(64 * block + here.trailing_zeros() as usize)
}

/// The high bit of each byte that may stand in a name. Seven bits of each byte are added to, so nothing carries over:
/// Hacker's Delight, 6–1.
fn in_words(bytes: u64) -> u64 {
    let low = bytes & LOW;
    let small = low | (0x20 * ONES);
    let from = |bytes: u64, first: u8| bytes + u64::from(0x80 - first) * ONES;
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    let digits = from(low, b'0') & !from(low, b'9' + 1);
    (letters | digits | are(low, b'_') | bytes) & HIGH
}

/// The high bit of each byte that is this one of ASCII.
fn are(bytes: u64, byte: u8) -> u64 {
    !((((bytes & LOW) ^ (u64::from(byte) * ONES)) + LOW) | bytes) & HIGH
}

/// The high bits of eight bytes in one.
fn gathered(high: u64) -> u64 {
    (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::{LineRuns, are, gathered, in_words};

    #[test]
    fn each_byte_is_taken_for_what_it_is_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let bytes = u64::from(byte) << (8 * place);
                let word = byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
                assert_eq!(
                    gathered(in_words(bytes)),
                    u64::from(word) << place,
                    "{byte}"
                );
                let is = u64::from(byte == b'\n') << place;
                assert_eq!(gathered(are(bytes, b'\n')), is, "{byte}");
            }
        }
    }

    #[test]
    fn words_and_lines_are_found_as_when_bytes_are_read_one_by_one() {
        let mut random = fastrand::Rng::with_seed(4);
        let mut runs = LineRuns::default();
        for length in 0..400 {
            let text: Vec<u8> = (0..length)
                .map(|_| b"ab_9\xc3\xa9 .\n"[random.usize(..9)])
                .collect();
            runs.read(&text);
            let is_word =
                |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
            let (mut at, mut found) = (0, Vec::new());
            while let Some(word) = runs.word(at) {
                let gap = &text[at..word.start];
                let line = gap.iter().rposition(|byte| *byte == b'\n');
                assert_eq!(runs.line(at..word.start), line.map(|line| at + line + 1));
                at = word.end;
                found.push(word);
            }
            let mut expected = Vec::new();
            let mut start = 0;
            for same in text.chunk_by(|a, b| is_word(a) == is_word(b)) {
                if is_word(&same[0]) {
                    expected.push(start..start + same.len());
                }
                start += same.len();
            }
            assert_eq!(found, expected);
        }
    }
}
