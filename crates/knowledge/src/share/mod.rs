//! Packs that travel: one folder with everything that an expert knows from the start, from which it can be asked
//! where its flake is not.
//!
//! `pack.md` is the pack as `poag pack` prints it, `pack.json` says whose it is and what is in it ([`Label`]), and
//! `files/` holds the sources of the pack under their paths, line for line as in the flake, less their secrets, with
//! what else the pack says in one more file there. Nothing in it names a place of the machine it was made on, so that
//! the same expert gives the same bytes everywhere; `nix build` of the flake's `poag-pack` puts it into the store.

mod error;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod read;
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use error::ShareError;
pub use read::open;
pub use write::write;

use crate::pack::{Layer, LeftOut};
use poag_core::expert::{Contract, Neighbor};

/// The schema of `pack.json` that this poag writes and reads.
pub const SCHEMA: &str = "poag.pack/1";
/// The pack's text.
pub const TEXT: &str = "pack.md";
/// Whose it is, and what is in it.
pub const LABEL: &str = "pack.json";
/// The folder of its files.
pub const FILES: &str = "files";

/// What `pack.json` says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Label {
    /// [`SCHEMA`].
    pub schema: String,
    /// Whose pack it is.
    pub expert: Owner,
    /// What is in `pack.md`.
    pub pack: Contents,
    /// The sources in `files/`, by path.
    pub sources: Vec<Source>,
    /// The file in `files/` that holds what the pack says beside its sources.
    pub rest: String,
}

/// The declaration of the expert.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Owner {
    /// Its name.
    pub name: String,
    /// What it owns and cares for.
    pub role: String,
    /// What it promises: name → summary, files, hash.
    pub provides: BTreeMap<String, Contract>,
    /// What it takes from its providers, none of which is in here.
    pub neighbors: BTreeMap<String, Neighbor>,
    /// Commands that prove a change in its flake.
    pub checks: Vec<String>,
    /// Free words about what it can do.
    pub capabilities: Vec<String>,
    /// Hex SHA-256 of declaration and knowledge when the pack was made.
    pub identity: String,
    /// Declared field → hex SHA-256, as `poag.lock` records it.
    pub declaration: BTreeMap<String, String>,
}

/// What a pack is made of.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contents {
    /// Length of the text in tokens (o200k).
    pub tokens: usize,
    /// Its layers from front to end.
    pub layers: Vec<Layer>,
    /// What is not in it, by path.
    pub left_out: Vec<LeftOut>,
}

/// A source that the pack holds whole, less its secrets.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Relative to the flake.
    pub path: String,
    /// Number of its lines.
    pub lines: usize,
}

#[cfg(test)]
mod tests;
