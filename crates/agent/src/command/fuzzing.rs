//! What a program could say, for `fuzz/`.

use super::protocol::Answer;

/// Reads its one document.
pub fn reply(stdout: &[u8]) {
    let _ = Answer::read(stdout);
}
