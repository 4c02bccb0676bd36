//! What a program could say, for `fuzz/`.

use super::protocol::ProgramAnswer;

/// Reads its one document.
pub fn reply(stdout: &[u8]) {
    let _ = ProgramAnswer::read(stdout);
}
