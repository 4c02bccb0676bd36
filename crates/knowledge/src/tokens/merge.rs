//! Byte pair encoding of one word: its neighbouring pieces are merged, lowest rank first, until no two make a token.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::vocabulary::rank;

/// Bytes up to which the lowest rank is looked for anew at each step, which is faster than keeping order.
const SHORT: usize = 96;

/// Tokens of a word.
pub(super) fn count(word: &[u8]) -> usize {
    match word.len() {
        0 => 0,
        1 => 1,
        _ if rank(word).is_some() => 1,
        length if length <= SHORT => short(word),
        _ => long(word),
    }
}

/// No merge: a rank above all others.
const NONE: u32 = u32::MAX;

fn short(word: &[u8]) -> usize {
    // Where each piece starts, and the rank of it with its successor.
    let mut pieces = [(0_u8, NONE); SHORT + 1];
    let mut count = word.len();
    for (at, piece) in pieces.iter_mut().enumerate().take(count + 1) {
        let pair = word.get(at..at + 2).and_then(rank);
        // No more than 96.
        *piece = (at as u8, pair.unwrap_or(NONE));
    }
    loop {
        let mut lowest = (NONE, 0);
        for (at, (_, rank)) in pieces[..count].iter().enumerate() {
            if *rank < lowest.0 {
                lowest = (*rank, at);
            }
        }
        let (rank, at) = lowest;
        if rank == NONE {
            return count;
        }
        pieces.copy_within(at + 2..=count, at + 1);
        count -= 1;
        let pair = |at: usize| pair(word, &pieces[..=count], at);
        let (this, before) = (pair(at), at.checked_sub(1).map(pair));
        pieces[at].1 = this;
        if let Some(before) = before {
            pieces[at - 1].1 = before;
        }
    }
}

/// The rank of a piece with its successor; the last entry of `pieces` is the word's end.
fn pair(word: &[u8], pieces: &[(u8, u32)], at: usize) -> u32 {
    match pieces.get(at + 2) {
        Some((end, _)) => rank(&word[usize::from(pieces[at].0)..usize::from(*end)]).unwrap_or(NONE),
        None => NONE,
    }
}

/// The same for a word of any length in time n·log n.
fn long(word: &[u8]) -> usize {
    let end = word.len();
    // The piece that starts at a byte ends at `next`; the one before it starts at `last`.
    let mut next: Vec<usize> = (1..=end).collect();
    let mut last: Vec<usize> = (0..end).map(|at| at.wrapping_sub(1)).collect();
    let mut open = BinaryHeap::new();
    let pair = |next: &[usize], at: usize| {
        let middle = *next.get(at)?;
        let stop = *next.get(middle)?;
        Some(Reverse((rank(&word[at..stop])?, at, middle, stop)))
    };
    open.extend((0..end).filter_map(|at| pair(&next, at)));
    let mut count = end;
    while let Some(Reverse((_, at, middle, stop))) = open.pop() {
        // What one of its pieces has grown beyond is out of date.
        if next[at] != middle || next.get(middle) != Some(&stop) {
            continue;
        }
        next[at] = stop;
        next[middle] = usize::MAX;
        if let Some(behind) = last.get_mut(stop) {
            *behind = at;
        }
        count -= 1;
        open.extend(pair(&next, at));
        if let Some(before) = last.get(at).filter(|before| **before < end) {
            open.extend(pair(&next, *before));
        }
    }
    count
}
