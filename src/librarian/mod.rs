//! The embedded backend: offline, deterministic, and honest about what it does not find.

mod build;
mod error;
mod index;
mod language;
mod passage;
mod query;
mod role;
mod stem;
mod stop;
mod store;
mod variant;
mod words;

pub use error::LibrarianError;

/// The backend's name, as flakes write it.
pub const NAME: &str = "librarian";
