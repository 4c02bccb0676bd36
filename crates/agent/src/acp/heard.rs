//! What an agent said in a turn, as far as it counts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use agent_client_protocol::v1::schema::{
    ContentBlock, ContentChunk, PromptResponse, SessionNotification, SessionUpdate, ToolCallId,
    ToolKind,
};
use tokio::sync::Notify;

use crate::Usage;
use crate::prompt::ANSWER_BYTES;

/// Messages in a row, without a tool between them, after which an agent is in a loop: one that takes up
/// a broken stream again and again says a new one each time.
const MESSAGES: usize = 3;

/// What was heard so far.
#[derive(Clone, Default)]
pub(super) struct Heard {
    state: Arc<Mutex<SessionState>>,
    /// Told once when the agent turns in circles.
    circles: Arc<Notify>,
}

#[derive(Default)]
struct SessionState {
    /// The session that is asked; nothing counts before.
    session: Option<String>,
    message: Option<String>,
    messages: usize,
    text: String,
    kinds: HashMap<ToolCallId, ToolKind>,
    /// US dollars of the session, before the question and now.
    cost: (f64, f64),
    usage: Usage,
}

impl Heard {
    fn state(&self) -> MutexGuard<'_, SessionState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on, what this session says is the answer. What agents tell again of an older
    /// conversation came before.
    pub(super) fn begin(&self, session: &str) {
        let mut state = self.state();
        state.session = Some(session.to_owned());
        state.cost.0 = state.cost.1;
    }

    /// Whether a question was put.
    pub(super) fn has_begun(&self) -> bool {
        self.state().session.is_some()
    }

    /// Takes in what the agent tells.
    pub(super) fn take(&self, told: SessionNotification) {
        let mut state = self.state();
        if let SessionUpdate::UsageUpdate(update) = &told.update
            && let Some(cost) = update.cost.as_ref().filter(|cost| cost.currency == "USD")
        {
            state.cost.1 = cost.amount;
        }
        let session: &str = &told.session_id.0;
        if state.session.as_deref() != Some(session) {
            return;
        }
        match told.update {
            SessionUpdate::AgentMessageChunk(chunk) => {
                let messages = state.say(chunk);
                if messages > MESSAGES {
                    self.circles.notify_one();
                }
            }
            SessionUpdate::ToolCall(call) => {
                state.text.clear();
                state.message = None;
                state.messages = 0;
                state.kinds.insert(call.tool_call_id, call.kind);
            }
            _ => {}
        }
    }

    /// What sort of tool a call is, as the agent said when it began.
    pub(super) fn kind(&self, call: &ToolCallId) -> Option<ToolKind> {
        self.state().kinds.get(call).copied()
    }

    /// The last message, after the last tool.
    pub(super) fn text(&self) -> String {
        self.state().text.clone()
    }

    /// Returns when the agent turns in circles.
    pub(super) async fn in_circles(&self) {
        self.circles.notified().await;
    }

    /// Takes in what the turn cost.
    pub(super) fn spent(&self, response: &PromptResponse) {
        let Some(usage) = &response.usage else { return };
        let cached = usage.cached_read_tokens.unwrap_or(0);
        let written = usage.cached_write_tokens.unwrap_or(0);
        let mut state = self.state();
        state.usage.input_tokens = usage
            .input_tokens
            .saturating_add(cached)
            .saturating_add(written);
        state.usage.cached_tokens = cached;
        state.usage.output_tokens = usage.output_tokens;
    }

    /// What it cost.
    pub(super) fn usage(&self) -> Usage {
        let state = self.state();
        Usage {
            cost_usd: (state.cost.1 - state.cost.0).max(0.0),
            ..state.usage
        }
    }
}

impl SessionState {
    /// Takes in a piece of a message, and gives the number of messages since the last tool.
    fn say(&mut self, chunk: ContentChunk) -> usize {
        let id = chunk.message_id.map(|id| id.0.to_string());
        if id != self.message || self.messages == 0 {
            self.message = id;
            self.messages += 1;
            self.text.clear();
        }
        // One byte more than is looked at, for the reader to refuse.
        if let ContentBlock::Text(text) = chunk.content
            && self.text.len() <= ANSWER_BYTES
        {
            self.text.push_str(&text.text);
        }
        self.messages
    }
}
