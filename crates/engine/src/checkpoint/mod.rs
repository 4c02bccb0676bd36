//! Checkpoints: primed conversations of backends, kept on disk under the hash of everything they depend on,
//! and forked for each turn.
//!
//! One folder each, `<key>/`: `meta.json` says what it is, `pack.txt` is the text that the conversation knows,
//! `session/` holds the backend's own files. It is made in a folder beside it and renamed, so that nobody sees
//! half of one; nothing in it changes afterwards. What happens to it (`record`) is in the ledger. All of it
//! can be deleted at any time: it is made anew when it is needed.

mod archive;
mod cost;
mod difference;
mod error;
mod forked;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod meta;
mod open;
mod prune;
mod record;
mod session;
mod store;

#[cfg(test)]
mod tests;

pub use archive::ARCHIVE_BYTES;
pub use error::CheckpointError;
pub(super) use forked::Forked;
pub(super) use meta::sha256;
pub use meta::{How, KeyParts, Meta};
pub(super) use open::OpenRequest;
pub use prune::{Gone, Which};
pub use record::Uses;
pub(crate) use session::freeze;
pub use store::{CheckpointEntry, Store};
