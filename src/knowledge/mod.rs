//! Files of an expert → outline → pack.

mod error;
pub mod files;
pub mod hash;
pub mod outline;
pub mod pack;
pub(crate) mod parallel;
pub mod secrets;
pub mod taken;
pub mod tokens;

pub use error::KnowledgeError;

#[cfg(test)]
mod tests;
