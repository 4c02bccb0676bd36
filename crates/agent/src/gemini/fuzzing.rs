//! What Gemini could say, for `fuzz/`.

use super::reply::Reply;
use super::{ProcessOutput, judge};

/// Reads a reply and judges it.
pub fn reply(stdout: &[u8]) {
    let reply = Reply::read(stdout);
    let _ = reply.as_ref().map(Reply::usage);
    let said = ProcessOutput {
        code: Some(0),
        stdout: stdout.to_vec(),
        stderr: stdout.to_vec(),
    };
    let _ = judge(reply.as_ref(), &said);
}
