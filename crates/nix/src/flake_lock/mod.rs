//! `flake.lock` as a graph: which instances in it are one and the same input, and how `follows` joins them. Pure.

pub mod edit;
mod error;
pub mod join;
mod model;
mod same;

pub use error::FlakeLockError;
pub use model::{Lock, LockNode};
pub(crate) use same::is_same;
pub use same::own_folders;

#[cfg(test)]
mod tests;
