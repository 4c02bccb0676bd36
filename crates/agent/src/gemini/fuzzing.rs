//! What Gemini could say, for `fuzz/`.

use super::reply::Reply;
use super::{Said, judge};

/// Reads a reply and judges it.
pub fn reply(stdout: &[u8]) {
    let reply = Reply::read(stdout);
    let _ = reply.as_ref().map(Reply::usage);
    let said = Said {
        code: Some(0),
        stdout: stdout.to_vec(),
        stderr: stdout.to_vec(),
    };
    let _ = judge(reply.as_ref(), &said);
}
