//! The vocabulary of o200k, looked up where it lies in the program: nothing is loaded or built first.

use super::hash::{FINGERPRINT, SLOTS, hash, place};

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/o200k.bytes"));
static STARTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/o200k.starts"));
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/o200k.slots"));

/// Bytes of the longest token.
const LONGEST: usize = 128;

/// The number of the token that these bytes are, which is also its rank: the lower, the sooner it is merged.
pub(super) fn rank(token: &[u8]) -> Option<u32> {
    if token.len() > LONGEST {
        return None;
    }
    let hash = hash(token);
    let fingerprint = FINGERPRINT & (hash as u32);
    let mut at = place(hash);
    loop {
        let slot = number(TABLE, at);
        if slot == 0 {
            return None;
        }
        if slot & FINGERPRINT == fingerprint {
            let id = (slot & !FINGERPRINT) - 1;
            if bytes(id) == token {
                return Some(id);
            }
        }
        at = (at + 1) % SLOTS;
    }
}

/// The bytes of a token.
pub(super) fn bytes(id: u32) -> &'static [u8] {
    let at = id as usize;
    let (start, end) = (number(STARTS, at) as usize, number(STARTS, at + 1) as usize);
    BYTES.get(start..end).unwrap_or_default()
}

fn number(table: &[u8], at: usize) -> u32 {
    match table.get(4 * at..4 * at + 4) {
        Some([a, b, c, d]) => u32::from_le_bytes([*a, *b, *c, *d]),
        _ => 0,
    }
}
