//! What members of a council say to each other: the typed turn, versioned, with its JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of [`TurnInput`] and [`TurnResult`].
pub const TURN_VERSION: u32 = 1;

/// What an expert is given for one turn, after its pack.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TurnInput {
    /// Version of this document: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: u32,
    /// The expert whose turn it is.
    pub expert: String,
    /// Its turn in this council, from 1; 0 is a turn in which nobody asks anything.
    pub turn: u32,
    /// The person's request, as it was typed.
    pub request: String,
    /// Everything unread, oldest first.
    pub unread: Vec<Message>,
    /// What it said in its latest turn, if it has had one: a new result replaces it whole.
    pub previous: Option<TurnResult>,
    /// What it has asked its neighbours in this council already.
    #[serde(default)]
    pub asked: Vec<Asked>,
    /// The neighbours it may ask: provider name → what the edge says.
    pub neighbors: BTreeMap<String, NeighborView>,
    /// The consumers that rely on this expert, at most 60: consumer name → what they take. They are told what this expert
    /// says about the contracts they take, and may object.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub consumers: BTreeMap<String, ConsumerView>,
    /// What was wrong with the last attempt at this turn, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// Neighbours that seem worth asking, by what they know; a hint, found by search.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worth_asking: Vec<Hint>,
    /// Passages of its own files that match what is asked and are not in its pack, guides first; found by search, so that
    /// the expert says whether they matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<Passage>,
    /// Places that match what is asked and stand in its pack, the best first: `path:first-last`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_pack: Vec<String>,
    /// How right its part of earlier plans was, by what landed: the newest first, at most 3.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_plans: Vec<EarlierPlan>,
}

/// What an expert's part of a plan named, beside what was changed in its flake when the plan was carried out and taken.
/// Paths are of its flake; of each list at most 10.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EarlierPlan {
    /// What was asked, at most 200 characters of it.
    pub request: String,
    /// Named as to be changed, and changed.
    pub changed_as_named: Vec<String>,
    /// Named as to be changed, and not changed.
    pub named_in_vain: Vec<String>,
    /// Changed, and not named.
    pub changed_unnamed: Vec<String>,
}

/// Why a turn is taken again.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Retry {
    /// How often this turn was tried before.
    pub attempts: u32,
    /// What was wrong, ending in what to do.
    pub problem: String,
}

/// A neighbour that seems worth asking.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Hint {
    /// The provider.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// Lines of a file.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Passage {
    /// Relative to the flake.
    pub path: String,
    /// First and last line, from 1, inclusive.
    pub lines: (u32, u32),
    /// What stands there.
    pub text: String,
}

/// A question that was sent.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    /// The provider.
    pub to: String,
    /// The contract it was about, where one was.
    pub contract: Option<String>,
}

/// What an expert sees of a provider it may ask.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NeighborView {
    /// The provider's role.
    pub role: String,
    /// Contract name → summary, for all it provides.
    pub provides: BTreeMap<String, String>,
    /// Contract name → what this expert needs it for. An edge that names no contract takes all of them, and each says so.
    pub needs: BTreeMap<String, String>,
}

/// One message between two members.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Message {
    /// Unique in the council, in order of sending, from 1.
    pub id: u64,
    /// Sender; none is the person who asked.
    pub from: Option<String>,
    /// Receiver.
    pub to: String,
    /// What it is.
    pub body: Body,
}

/// What an expert sees of a consumer that relies on it.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsumerView {
    /// Contract name → what the consumer needs it for. A consumer that names no contract takes all of them, and each
    /// says so.
    pub takes: BTreeMap<String, String>,
    /// Names that the files of these contracts define and the consumer's files mention, those in most files first; at
    /// most 24.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<String>,
}

/// The content of a message.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Body {
    /// A request, down an edge.
    Ask {
        /// The question.
        text: String,
        /// The contract it is about, where one is.
        contract: Option<String>,
    },
    /// The answer to an ask, up the edge.
    Reply {
        /// Id of the ask.
        to_ask: u64,
        /// What the provider says: its result as of then.
        result: Box<TurnResult>,
    },
    /// The provider could not answer; the consumer goes on without.
    NoReply {
        /// Id of the ask.
        to_ask: u64,
        /// Why.
        reason: String,
    },
    /// Somebody objects to what the receiver wants to do.
    Objection {
        /// Why.
        reason: String,
    },
    /// The sender says something new that concerns the receiver: its verdict is wanted.
    Notice {
        /// Contracts the receiver takes from the sender whose files the sender's edits touch.
        contracts: Vec<String>,
        /// What the sender says now.
        result: Box<TurnResult>,
    },
}

/// What an expert says in one turn.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TurnResult {
    /// Version of this document: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: u32,
    /// What to do in the speaker's own flake, one entry a path.
    pub edits: Vec<Edit>,
    /// Answer to a question about use; null where there is nothing to say.
    pub answer: Option<Answer>,
    /// Questions to neighbours, sent after this turn.
    pub asks: Vec<Ask>,
    /// What it thinks of what its neighbours want to do.
    pub verdict: Verdict,
    /// What was looked for and not found, doubts, or why there is nothing to add; shown to the person.
    #[serde(default)]
    pub notes: Vec<String>,
    /// How the work is done in the speaker's own flake, beyond its edits: in order, each with its proof.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What the request leaves open (a name, a default, a wording), each with a proposal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
}

/// A step of the work in the speaker's own flake.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// When it is done.
    pub phase: Phase,
    /// What to do: one instruction in the imperative, at most 1,000 bytes.
    pub what: String,
    /// The command, or what can be seen, that shows it is done; null where the checks of the flake show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// When a step is done.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Before anything changes.
    Before,
    /// Part of the change.
    Change,
    /// After the change, before it is committed.
    After,
}

/// Something that the request leaves open.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Decision {
    /// What has to be decided: a name, a default, a wording.
    pub question: String,
    /// What the speaker proposes, and why.
    pub proposal: String,
}

/// One path in the speaker's own flake.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Edit {
    /// Relative to the flake, with `/`, without a leading `./`.
    pub path: String,
    /// What happens to it.
    pub action: Action,
    /// What to do there: the place as a symbol, the change in names and values, the trap, what must stay; or why to read it.
    pub instruction: String,
    /// Why this path: what was found there.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// How probable it is that the file changes, from 0 to 100; null where there is no estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100))]
    pub likelihood: Option<u8>,
}

/// What happens to a path.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// It exists and changes.
    Change,
    /// It does not exist yet.
    Create,
    /// It exists and goes.
    Delete,
    /// It exists and may have to change: too unsure to be named as a change.
    Perhaps,
    /// It exists and is worth reading; nothing changes.
    Read,
}

/// A place that was found and why it matters.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Evidence {
    /// First and last line, from 1, inclusive.
    pub lines: Option<(u32, u32)>,
    /// What matched, or what stands there: one line.
    pub what: String,
}

/// An answer with its sources.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// The answer in Markdown.
    pub markdown: String,
    /// Where it stands.
    pub citations: Vec<Citation>,
    /// How well it answers, from 0 to 100, as the speaker judges it; null counts as 100. Answers that are far less sure
    /// than the best are only pointed to.
    #[serde(default)]
    #[schemars(range(max = 100))]
    pub confidence: Option<u8>,
}

/// A source of an answer.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Citation {
    /// Relative to the speaker's flake.
    pub path: String,
    /// First and last line, from 1, inclusive.
    pub lines: (u32, u32),
}

/// A question to a neighbour.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ask {
    /// A provider the speaker has an edge to.
    pub to: String,
    /// The question.
    pub text: String,
    /// The contract it is about, where one is.
    #[serde(default)]
    pub contract: Option<String>,
    /// Why this neighbour is asked; shown to the person.
    pub reason: String,
}

/// What a member thinks of the plan so far, as it concerns its own flake.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "verdict", deny_unknown_fields)]
pub enum Verdict {
    /// Fine as it is.
    Accept,
    /// Fine with what this turn adds.
    Amend {
        /// What was added and why.
        reason: String,
    },
    /// Not fine: those named must amend.
    Object {
        /// Why.
        reason: String,
        /// The neighbour whose edit or answer is objected to.
        to: String,
    },
}
