//! Checkpoints: primed conversations of backends, kept on disk under the hash of everything they depend on,
//! and forked for each turn.
//!
//! One folder each, `<key>/`: `meta.json` says what it is, `pack.txt` is the text that the conversation knows,
//! `session/` holds the backend's own files. It is made in a folder beside it and renamed, so that nobody sees
//! half of one; nothing in it changes afterwards. What happens to it ([`book`]) is in the ledger. All of it
//! can be deleted at any time: it is made anew when it is needed.

mod book;
mod difference;
mod error;
mod forked;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod meta;
mod open;
mod parcel;
mod price;
mod prune;
mod session;
mod store;

#[cfg(test)]
mod tests;

pub use book::Uses;
pub use error::CheckpointError;
pub use forked::Forked;
pub use meta::{How, Meta, Mould, sha256};
pub use open::{Opened, Wish};
pub use parcel::{PARCEL_BYTES, Parcel};
pub use prune::{Gone, Which};
pub use store::{Entry, Store, Stored};
