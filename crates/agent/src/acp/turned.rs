//! What comes of a conversation.

use agent_client_protocol::v1::schema::StopReason;

/// What came of a conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct Turned {
    /// Name and version of the agent.
    pub version: String,
    /// The session that was asked, where the agent keeps any.
    pub session: Option<String>,
    /// Why it ended.
    pub stop: Option<StopReason>,
    /// Its last message.
    pub text: String,
}
