//! What the signals of a passage are worth.
//!
//! Learned by the likelihood of the right passages among those found (a softmax over them, with a normal prior), from 82
//! questions over 27 repositories; judged on 45 over four others. Leaving out any one repository changes which of the 82 are
//! answered by at most two.

/// How many signals there are.
pub const SIGNALS: usize = 14;
/// The place of the signal that tells how much of the question a passage holds.
pub const COVER: usize = 5;

/// The weights of the signals, in their order: BM25 of the heading or name, of the headings above, of the section, of the
/// passage's lines and of the file; the share of the question in the passage; the share of the name in the question; the share
/// of the question's words in the section; and what a passage loses for where it stands.
pub const WEIGHTS: [f64; SIGNALS] = [
    2.23, 2.37, 3.26, 4.08, 4.44, 2.84, 1.55, 2.72, -1.15, -1.46, -0.89, -1.47, -0.54, 0.16,
];
