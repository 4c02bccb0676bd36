//! Numbers of files and passages: on disk by when a file came, for everybody else by where its path stands among all.
//!
//! A passage is numbered as its file · 2²⁰ + its place in the file, on either side.

/// Files beyond which an index is not believed.
const MOST: i64 = 1 << 24;
/// Bits of a passage's place in its file.
const BITS: u32 = 20;

/// The files of one index.
pub struct Numbering {
    /// In the order of their paths, their ids.
    ids: Vec<i64>,
    /// By id, their numbers from 1; 0 where no file has that id.
    numbers: Vec<u32>,
}

impl Numbering {
    /// For the ids of all files, in the order of their paths; none where they cannot be right.
    pub fn new(ids: Vec<i64>) -> Option<Self> {
        let most = ids.iter().copied().max().unwrap_or(0);
        if most > MOST || ids.iter().any(|id| *id < 1) {
            return None;
        }
        let mut numbers = vec![0; usize::try_from(most).ok()? + 1];
        for (number, id) in (1u32..).zip(&ids) {
            numbers[usize::try_from(*id).ok()?] = number;
        }
        Some(Self { ids, numbers })
    }

    /// The number of the file of that id.
    pub fn file(&self, id: i64) -> Option<i64> {
        let number = self.numbers.get(usize::try_from(id).ok()?)?;
        (*number > 0).then_some(i64::from(*number))
    }

    /// The number of a passage that has this one on disk.
    pub fn passage(&self, row: i64) -> Option<i64> {
        Some((self.file(row >> BITS)? << BITS) + place(row))
    }

    /// The number on disk of a passage that has this one for everybody else.
    pub fn on_disk(&self, row: i64) -> Option<i64> {
        let at = usize::try_from(row >> BITS).ok()?.checked_sub(1)?;
        Some((self.ids.get(at)? << BITS) + place(row))
    }
}

/// The place of a passage in its file.
pub fn place(row: i64) -> i64 {
    row & ((1 << BITS) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_it_is_the_same_passage() {
        let numbering = Numbering::new(vec![7, 1, 3]).unwrap();
        assert_eq!((numbering.file(7), numbering.file(3)), (Some(1), Some(3)));
        assert_eq!((numbering.file(2), numbering.file(-1)), (None, None));
        let row = (2 << 20) + 5;
        assert_eq!(numbering.on_disk(row), Some((1 << 20) + 5));
        assert_eq!(numbering.passage((1 << 20) + 5), Some(row));
        assert_eq!(
            (numbering.on_disk(4 << 20), numbering.on_disk(9)),
            (None, None)
        );
        assert!(Numbering::new(vec![1 << 40]).is_none());
    }
}
