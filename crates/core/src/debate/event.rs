//! What happens in a debate, as the ledger holds it: replayed in order, it gives the same state.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DebateResult, Submission};
use crate::agent::Usage;
use crate::council::event::{AgentSelection, Failure, TurnId};

/// Version of [`DebateEvent`].
pub const DEBATE_EVENT_VERSION: u32 = 1;

/// One event. Everything else (what is due, what stands, the vote) follows from these.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(
    tag = "event",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum DebateEvent {
    /// The first event.
    DebateStarted(Box<DebateStart>),
    /// Another process goes on: turns that were under way start again, and an open round has its whole time again.
    DebateResumed {},
    /// Participants may submit; of the vote, the round is one more than there are rounds.
    RoundOpened {
        /// From 1.
        round: u32,
        /// The labels that may be ranked; none but in the vote.
        choices: Vec<String>,
    },
    /// A turn of a participant is about to start. Its number is that of its round.
    DebaterAsked {
        /// Which.
        turn: TurnId,
    },
    /// A participant submitted something.
    Submitted {
        /// In which turn.
        turn: TurnId,
        /// Who took it, and what it cost.
        taken: DebaterTurn,
        /// What.
        submission: Box<Submission>,
    },
    /// A participant ranked the choices.
    Voted {
        /// In which turn.
        turn: TurnId,
        /// Who took it, and what it cost.
        taken: DebaterTurn,
        /// Ranks of labels, best first.
        ranking: Vec<Vec<String>>,
    },
    /// A turn came to nothing that counts.
    AnswerRefused {
        /// Which.
        turn: TurnId,
        /// Who took it, and what it cost nevertheless.
        taken: DebaterTurn,
        /// Why; the participant is told.
        failure: Failure,
    },
    /// Nobody submits any more: all have, or the time is up.
    RoundClosed {
        /// From 1.
        round: u32,
        /// Turns that were under way when the time was up: refused.
        late: Vec<TurnId>,
    },
    /// A person, or the rule that the debate began with, chose among what was tied.
    TieBroken {
        /// The label.
        choice: String,
        /// Who; none where it was the rule.
        by: Option<String>,
    },
    /// The last event.
    DebateFinished {
        /// What came of it.
        result: Box<DebateResult>,
    },
}

impl DebateEvent {
    /// Its name, as the ledger lists it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::DebateStarted(_) => "debateStarted",
            Self::DebateResumed {} => "debateResumed",
            Self::RoundOpened { .. } => "roundOpened",
            Self::DebaterAsked { .. } => "debaterAsked",
            Self::Submitted { .. } => "submitted",
            Self::Voted { .. } => "voted",
            Self::AnswerRefused { .. } => "answerRefused",
            Self::RoundClosed { .. } => "roundClosed",
            Self::TieBroken { .. } => "tieBroken",
            Self::DebateFinished { .. } => "debateFinished",
        }
    }
}

/// What a debate starts from.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DebateStart {
    /// The run's id.
    pub run: String,
    /// The question, as it was typed.
    pub topic: String,
    /// The expert whose flake was asked.
    pub root: String,
    /// Identity of the graph.
    pub graph: String,
    /// Who takes part, by name.
    pub panel: BTreeMap<String, Debater>,
    /// Who thinks for each participant.
    pub selection: AgentSelection,
    /// How many rounds there are, 1 or more.
    pub rounds: u32,
    /// Seconds that each round and the vote take at most.
    pub deadline: u64,
    /// How many proposals are voted on at most; none for all that stand.
    pub choices: Option<u32>,
    /// How often a turn that failed is taken again within its round, where that can help.
    pub retries: u32,
    /// Tokens sent and received, over all turns; nobody is asked beyond it.
    pub max_tokens: Option<u64>,
    /// US dollars over all turns; nobody is asked beyond it.
    pub max_cost_usd: Option<f64>,
    /// What becomes of a tie.
    pub tie: TieRule,
    /// The folder of the flake in which what was said is written; none where it is not.
    pub out: Option<String>,
    /// Whether a round is written when it has closed, and not all of them at the end.
    pub live: bool,
}

/// Who takes part in a debate.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Debater {
    /// Under which its submissions stand while they are judged.
    pub label: String,
    /// The expert whose knowledge it is given.
    pub expert: String,
    /// What it is here to care for.
    pub role: Option<String>,
    /// Free words about what it can do.
    pub capabilities: Vec<String>,
}

/// Who took a turn, and what it cost.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DebaterTurn {
    /// The backend.
    pub backend: String,
    /// What the turn cost.
    pub usage: Usage,
}

/// What becomes of a tie of all that is left.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TieRule {
    /// A person chooses.
    #[default]
    Ask,
    /// The first by label wins.
    First,
    /// Nobody wins.
    Fail,
}
