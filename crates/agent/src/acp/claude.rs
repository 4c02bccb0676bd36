//! What Claude Code needs to be told beyond the protocol, where `claude-agent-acp` speaks for it. Other
//! agents do not mind.

use agent_client_protocol::v1::schema::Meta;
use serde_json::json;

use crate::claude_code;

/// The same switches as without the protocol. Without two of them, an `@/etc/passwd` anywhere in a question
/// is read and sent, whatever the permissions say.
pub(super) const ENVIRONMENT: &[(&str, &str)] = &claude_code::SWITCHES;

/// Options of a session: it looks and changes files where it is allowed to, and does nothing else; nothing of a project's or person's sets it up.
pub(super) fn options() -> Meta {
    let options = json!({
        "tools": ["Read", "Grep", "Glob", "Edit", "Write"],
        "settingSources": [],
        "strictMcpConfig": true,
        "promptSuggestions": false,
    });
    let mut meta = Meta::new();
    meta.insert("claudeCode".into(), json!({ "options": options }));
    meta
}
