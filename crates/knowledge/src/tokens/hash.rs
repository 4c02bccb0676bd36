//! Where a token lies in the table of the vocabulary; build.rs lays the table out by the same rule.

/// Places of the table, a power of two and more than twice as many as there are tokens.
pub const SLOTS: usize = 1 << 19;
/// Bits of a place that hold a part of the hash; the others hold the token's number from 1.
pub const FINGERPRINT: u32 = 0xfffc_0000;

/// Multiplication by this spreads bits: 2⁶⁴ over the golden ratio, made odd (Knuth, TAOCP 3, 6.4).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A hash that is the same on every machine.
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    let mut state = (bytes.len() as u64).wrapping_mul(SPREAD);
    for chunk in bytes.chunks(8) {
        let mut eight = [0; 8];
        eight[..chunk.len()].copy_from_slice(chunk);
        state = (state ^ u64::from_le_bytes(eight)).wrapping_mul(SPREAD);
        state ^= state >> 29;
    }
    state.wrapping_mul(SPREAD)
}

/// The first place to look at.
#[must_use]
pub fn place(hash: u64) -> usize {
    // 19 bits always fit.
    (hash >> (64 - SLOTS.trailing_zeros())) as usize
}
