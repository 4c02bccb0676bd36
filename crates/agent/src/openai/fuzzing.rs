//! What a server could say, for `fuzz/`.

use super::wire::ModelReply;

/// Reads a stream, and the same as a whole reply.
pub fn reply(bytes: &[u8]) {
    let mut told = ModelReply::default();
    if told.take(bytes).is_ok() {
        let _ = told.ended();
    }
    let _ = ModelReply::whole(bytes).and_then(ModelReply::ended);
}
