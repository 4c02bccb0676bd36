//! Files of an expert → outline → pack.

mod error;
pub mod files;
pub mod hash;
pub mod outline;
pub(crate) mod parallel;
pub mod secrets;

pub use error::KnowledgeError;

#[cfg(test)]
mod tests;
