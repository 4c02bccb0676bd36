//! What Claude Code could say, for `fuzz/`.

use super::{envelope, session};

/// Reads the last word of a run, with the session it left.
pub fn reply(stdout: &[u8], session: &str) {
    let last = session::ended(session);
    let kept = session::kept(session);
    assert!(kept.len() <= session.len() + 1, "a seal grows");
    let _ = envelope::read(Some(0), stdout, session.as_bytes(), &last);
}
