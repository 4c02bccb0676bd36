//! What a server could say, for `fuzz/`.

use super::wire::ModelReply;
use crate::ServerApi;

/// Reads a stream, and the same as a whole reply, of each API.
pub fn reply(bytes: &[u8]) {
    for api in [ServerApi::Chat, ServerApi::Responses] {
        let mut told = ModelReply::new(api);
        if told.take(bytes).is_ok() {
            let _ = told.ended().map(|reply| reply.messages());
        }
        let _ = ModelReply::whole(api, bytes).and_then(ModelReply::ended);
    }
}
