//! The past of real repositories, made in temporary folders.

mod hostile;
mod log;
mod tree;
