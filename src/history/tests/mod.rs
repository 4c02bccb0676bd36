//! The past of real repositories, made in temporary folders.

mod hostile;
mod log;
pub(crate) mod repository;
mod tree;
