//! What happens in a session, as it is recorded.

use serde::{Deserialize, Serialize};

use crate::agent::{Checkpoint, Usage};
use crate::council::event::AgentSelection;
use crate::council::message::TurnResult;

/// Version of [`SessionEvent`].
pub const SESSION_EVENT_VERSION: u32 = 1;

/// With whom a session is, and who thinks for it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionStart {
    /// What it is called; unique among the open sessions of a flake.
    pub name: String,
    /// The flake, as it was named.
    pub flake: String,
    /// The expert.
    pub expert: String,
    /// What the expert knew when the session began.
    pub identity: String,
    /// Who thinks for the experts of the flake.
    pub agents: AgentSelection,
    /// Who opened it.
    pub by: String,
}

/// Something that happened in a session.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum SessionEvent {
    /// It began.
    Opened {
        /// How.
        start: Box<SessionStart>,
    },
    /// Somebody said something to the expert.
    Said {
        /// The message's number, from 1.
        number: u32,
        /// What.
        text: String,
        /// Who.
        by: String,
    },
    /// The expert begins to think about a message, perhaps once more after a crash.
    Thinking {
        /// The message.
        number: u32,
    },
    /// The expert answered.
    Replied {
        /// The message.
        number: u32,
        /// What it says.
        result: Box<TurnResult>,
        /// What that cost.
        usage: Usage,
        /// The conversation as it stands now, where the backend can go on in it.
        conversation: Option<Checkpoint>,
    },
    /// The expert could not answer: no answer, but the reason.
    Unanswered {
        /// The message.
        number: u32,
        /// Why, ending in what to do.
        reason: String,
        /// What that cost.
        usage: Usage,
    },
    /// Whatever was under way or waited is given up.
    Interrupted {
        /// By whom.
        by: String,
    },
    /// The conversation begins anew, with what it came to instead of its words.
    Compacted {
        /// By whom.
        by: String,
    },
    /// It takes no more messages.
    Ended {
        /// By whom.
        by: String,
    },
}

impl SessionEvent {
    /// The word for it in a ledger.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Said { .. } => "said",
            Self::Thinking { .. } => "thinking",
            Self::Replied { .. } => "replied",
            Self::Unanswered { .. } => "unanswered",
            Self::Interrupted { .. } => "interrupted",
            Self::Compacted { .. } => "compacted",
            Self::Ended { .. } => "ended",
        }
    }
}
