//! What is known of a checkpoint, and its key.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use poag_agent::{Agent, Persona, Usage};
use poag_core::hex;

/// Version of [`Meta`] and of the key.
pub const VERSION: u32 = 1;
/// How often a difference is told on top of one conversation before it is primed anew.
pub const TELLINGS: usize = 3;

/// The stream of the checkpoint of that key in the ledger.
pub(super) fn stream(key: &str) -> String {
    format!("checkpoint-{key}")
}

/// Everything a checkpoint depends on beside the pack. Equal means that the conversation of one could
/// have been the beginning of the other's.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyParts {
    /// The expert.
    pub expert: String,
    /// The backend.
    pub backend: String,
    /// The model, where one was named.
    pub model: Option<String>,
    /// The backend's version.
    pub version: String,
    /// Its flags that are the same for all turns.
    pub frozen: Vec<String>,
    /// Hex SHA-256 of how turns go.
    pub instructions: String,
    /// Hex SHA-256 of the shape of every answer.
    pub schema: String,
}

impl KeyParts {
    /// That of a persona on an agent of that version.
    #[must_use]
    pub fn of(agent: &dyn Agent, persona: &Persona, version: &str) -> Self {
        Self {
            expert: persona.speaker.clone(),
            backend: agent.name().to_owned(),
            model: persona.settings.model.clone(),
            version: version.to_owned(),
            frozen: agent.frozen(&persona.settings),
            instructions: sha256(persona.instructions.as_bytes()),
            schema: sha256(persona.schema.to_string().as_bytes()),
        }
    }

    /// The key of the checkpoint that holds this pack: hex SHA-256 over pack, instructions, schema,
    /// backend, model, version, frozen flags and the expert's name, each with its length in front. The
    /// name is there because the conversation speaks under it.
    #[must_use]
    pub fn key(&self, pack: &str) -> String {
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        field(b"poag checkpoint");
        field(&VERSION.to_le_bytes());
        field(pack.as_bytes());
        field(self.instructions.as_bytes());
        field(self.schema.as_bytes());
        field(self.backend.as_bytes());
        match &self.model {
            Some(model) => {
                field(b"model");
                field(model.as_bytes());
            }
            None => field(b"no model"),
        }
        field(self.version.as_bytes());
        field(&(self.frozen.len() as u64).to_le_bytes());
        for flag in &self.frozen {
            field(flag.as_bytes());
        }
        field(self.expert.as_bytes());
        hex(&hash.finalize())
    }

    /// What makes this one unlike another of the same expert and backend, in a few words.
    #[must_use]
    pub fn unlike(&self, other: &Self) -> Option<String> {
        let named = |model: &Option<String>| model.clone().unwrap_or_else(|| "none named".into());
        if self.model != other.model {
            let (old, new) = (named(&other.model), named(&self.model));
            return Some(format!("the model was {old} and is {new}"));
        }
        if self.version != other.version {
            let Self {
                backend, version, ..
            } = self;
            return Some(format!("{backend} was {} and is {version}", other.version));
        }
        if self.frozen != other.frozen {
            return Some("the flags of the backend are others now".into());
        }
        if (&self.instructions, &self.schema) != (&other.instructions, &other.schema) {
            return Some("experts are told otherwise now how turns go".into());
        }
        None
    }
}

/// How a checkpoint came to be.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum How {
    /// It was given the whole pack.
    Primed,
    /// It was told what changed, on top of an older one.
    Told,
}

/// What is known of a checkpoint.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Meta {
    /// [`VERSION`].
    pub schema_version: u32,
    /// Its key, and the name of its folder.
    pub key: String,
    /// What it depends on beside the pack.
    #[serde(rename = "mould")]
    pub key_parts: KeyParts,
    /// Identity of the expert when it was made.
    pub identity: String,
    /// Hex SHA-256 of the pack.
    pub pack: String,
    /// Tokens of instructions, schema and pack, as poag counts them.
    pub pack_tokens: u64,
    /// Tokens that the conversation holds, what was told later included.
    pub tokens: u64,
    /// When it was made, in milliseconds since 1970 in UTC.
    pub created: i64,
    /// How it was made.
    pub how: How,
    /// Why it was made so, in a few words.
    pub why: String,
    /// The keys of the checkpoints it was told on top of, the oldest first.
    pub told_on: Vec<String>,
    /// What making it cost.
    pub usage: Usage,
    /// The backend's own name of the conversation.
    pub id: String,
    /// The backend's files, in bytewise order of their paths.
    pub files: Vec<SessionFile>,
}

/// One file of the backend.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionFile {
    /// Relative to `session/`, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Hex SHA-256.
    pub sha256: String,
}

/// Hex SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Whether a text is a key.
#[must_use]
pub fn is_key(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
