//! One expert, as `lib.mkPoagExpert` hands it to the runner.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::WorkSettings;
use crate::agent::ServerApi;

/// The product owner of one flake.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Expert {
    /// Unique in the graph.
    pub name: String,
    /// What it owns and cares for, in its own words.
    pub role: String,
    /// Its prompt template (Tera); none means the default one that poag ships.
    pub prompt: Option<String>,
    /// The files it owns.
    pub knowledge: Knowledge,
    /// Contract name → what it promises its consumers.
    pub provides: BTreeMap<String, Contract>,
    /// Provider name → what this expert takes from it.
    pub neighbors: BTreeMap<String, Neighbor>,
    /// How it thinks.
    #[serde(default)]
    pub agent: AgentSettings,
    /// How far a council may go that begins with this expert.
    #[serde(default)]
    pub council: CouncilSettings,
    /// How much a run that begins with this expert may leave in its record.
    #[serde(default)]
    pub quota: QuotaSettings,
    /// Who takes part in a debate that begins with this expert, by name.
    #[serde(default)]
    pub panel: BTreeMap<String, PanelSettings>,
    /// How a change is carried out that is asked of this expert.
    #[serde(default, skip_serializing_if = "WorkSettings::is_empty")]
    pub work: WorkSettings,
    /// Free words about what it can do, carried from the declaration.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Commands that prove a change in its flake, run from the flake's folder.
    #[serde(default)]
    pub checks: Vec<String>,
    /// File of its flake → what `poag export` writes there: `agents-md`, `skill` or `llms-txt`. None of these
    /// files is knowledge.
    #[serde(default)]
    pub exports: BTreeMap<String, String>,
    /// Where its flake lives.
    pub location: Location,
    /// Hex SHA-256 of declaration and knowledge: equal means the same expert.
    pub identity: String,
    /// Declared field → hex SHA-256, as `poag.lock` records it.
    pub declaration: BTreeMap<String, String>,
    /// The verdict of the pure evaluation against `poag.lock`.
    pub freshness: Freshness,
}

impl Expert {
    /// Whether plans may name paths in its flake: only where that flake is part of this repository.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.location, Location::Local { .. })
    }

    /// Its flake's folder relative to the repository it lives in; empty for the repository's root.
    #[must_use]
    pub fn dir(&self) -> &str {
        match &self.location {
            Location::Local { dir } | Location::Locked { dir, .. } => dir,
            Location::Pack { .. } => "",
        }
    }
}

/// The filtered subtree an expert owns.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Knowledge {
    /// Store path that holds exactly these files; where one is reached through a link, the link alone.
    pub path: PathBuf,
    /// What is reached through links that the declaration names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<Linked>,
    /// The files whose content it learned, where that is not all of them: the others are known by their names. As
    /// `poag.lock` records it, and only while the expert is fresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned: Option<BTreeSet<String>>,
    /// Folders in which flakes begin that are not its own and declare no expert themselves: what is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flakes: Vec<String>,
    /// Patterns that were asked for; empty means everything the flake owns.
    pub include: Vec<String>,
    /// Patterns that were left out.
    pub exclude: Vec<String>,
    /// Budget of its pack in tokens.
    pub max_tokens: usize,
}

/// Files that are reached through links, and count by their content.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Linked {
    /// Store path that holds them as they lie in their source.
    pub path: PathBuf,
    /// Path relative to the flake → the file there.
    pub files: BTreeMap<String, LinkedFile>,
}

/// One of them.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct LinkedFile {
    /// Relative to the store path of all of them.
    pub place: String,
    /// Hex SHA-256 of its content.
    pub sha256: String,
}

/// What a provider promises under one name.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
pub struct Contract {
    /// The promise in words or as a signature.
    pub summary: String,
    /// The files that hold it, relative to the provider's flake; a folder stands for all below it.
    pub files: Vec<String>,
    /// Hex SHA-256 of summary and content of the files.
    pub hash: String,
}

/// An edge: what a consumer takes from one provider.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
pub struct Neighbor {
    /// Contract name → what it is needed for.
    pub needs: BTreeMap<String, String>,
    /// The contracts this edge depends on: those needed, or all provided when none is named.
    pub contracts: Vec<String>,
}

/// How an expert thinks, and how far it may go.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AgentSettings {
    /// Backend name; none means the runner's default.
    pub backend: Option<String>,
    /// Model name, in the backend's own terms.
    pub model: Option<String>,
    /// The program and its arguments, for backends that start one.
    pub command: Option<Vec<String>>,
    /// Turns it may take in one council.
    pub max_turns: Option<u32>,
    /// Tokens it may use in one council.
    pub max_tokens: Option<u64>,
    /// US dollars it may cost in one council.
    pub max_cost_usd: Option<f64>,
    /// Wall clock of one turn, in seconds.
    pub timeout_seconds: Option<u64>,
    /// Where the API of its server stands.
    pub base_url: Option<String>,
    /// Environment variable that holds the key of its server.
    pub key_env: Option<String>,
    /// By which API its server is asked; none for chat completions.
    pub api: Option<ServerApi>,
    /// US dollars for a million tokens sent that were in no cache.
    pub usd_per_million_input: Option<f64>,
    /// The same of tokens that were.
    pub usd_per_million_cached: Option<f64>,
    /// The same of tokens received.
    pub usd_per_million_output: Option<f64>,
}

/// A participant of debates, as a flake declares it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PanelSettings {
    /// How it thinks.
    pub agent: AgentSettings,
    /// The expert whose knowledge it is given; none for the one that the debate begins with.
    pub expert: Option<String>,
    /// What it is here to care for.
    pub role: Option<String>,
    /// Free words about what it can do.
    pub capabilities: Vec<String>,
    /// Bytes of artifacts that its turns may leave in one debate; none for what `quota` says of each participant.
    pub artifact_bytes: Option<u64>,
}

/// How far a council may go that begins with an expert. None leaves it to the runner; those of other
/// experts do not count in that council.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CouncilSettings {
    /// Turns of each expert.
    pub max_turns: Option<u32>,
    /// Edges between this expert and the farthest one asked.
    pub max_depth: Option<u32>,
    /// Messages sent.
    pub max_messages: Option<u32>,
    /// Tokens over all turns.
    pub max_tokens: Option<u64>,
    /// US dollars over all turns.
    pub max_cost_usd: Option<f64>,
    /// Wall clock of the whole discussion, in seconds.
    pub timeout_seconds: Option<u64>,
    /// Turns under way at the same time.
    pub parallel: Option<u32>,
    /// How often a turn that failed is taken again.
    pub retries: Option<u32>,
}

/// How much a run that begins with an expert may leave in its record. None leaves it to the runner.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QuotaSettings {
    /// Artifacts of all turns of a council or debate.
    pub artifacts: Option<u32>,
    /// Their bytes.
    pub artifact_bytes: Option<u64>,
    /// Artifacts of one participant, and answers of one session.
    pub artifacts_each: Option<u32>,
    /// Their bytes.
    pub artifact_bytes_each: Option<u64>,
}

/// The file of a pack that holds what it says beside its sources; with `_` in front where a source has that name.
pub const PACK_REST: &str = "poag-pack.md";

/// Where an expert's flake lives.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Location {
    /// A folder of the repository the graph was read from.
    Local {
        /// Relative to the repository's root; empty for the root itself.
        dir: String,
    },
    /// A locked input: it can be asked and read, but nothing is planned into it.
    Locked {
        /// Relative to that repository's root.
        dir: String,
        /// Its source in the Nix store.
        source: PathBuf,
        /// The locked reference, as flake.lock has it, where it could be found.
        #[serde(rename = "ref")]
        reference: Option<Value>,
    },
    /// Nowhere that can be seen from here: only its pack is there, which names what is in it.
    Pack {
        /// The folder of the pack, as a rule a store path.
        source: PathBuf,
    },
}

/// Whether the expert still knows its flake.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
pub struct Freshness {
    /// The verdict.
    pub status: Status,
    /// Knowledge that differs.
    #[serde(default)]
    pub files: FileChanges,
    /// Folders of which `poag.lock` records only what files are there, and in which others are now.
    #[serde(default)]
    pub folders: Vec<String>,
    /// Declared fields that differ.
    #[serde(default)]
    pub declaration: Vec<String>,
    /// Neighbours' contracts that differ.
    #[serde(default)]
    pub contracts: Vec<ContractChange>,
    /// The text with which `nix flake check` fails; empty when fresh.
    #[serde(default)]
    pub message: String,
    /// The command that repairs it.
    #[serde(default)]
    pub repair: String,
}

/// The verdict on one expert.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// What it learned is what its flake holds.
    Fresh,
    /// Knowledge, declaration or a neighbour's contract differs from `poag.lock`.
    Stale,
    /// There is no `poag.lock`.
    Unlearned,
}

/// Names of files that differ, relative to the flake.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default)]
pub struct FileChanges {
    /// In the flake, not in `poag.lock`.
    pub added: Vec<String>,
    /// In both, with other content.
    pub changed: Vec<String>,
    /// In `poag.lock`, not in the flake.
    pub removed: Vec<String>,
}

/// A contract on an edge that is not what was learned.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
pub struct ContractChange {
    /// The provider.
    pub neighbor: String,
    /// The contract's name.
    pub contract: String,
    /// `added`, `changed` or `removed`.
    pub change: String,
}
