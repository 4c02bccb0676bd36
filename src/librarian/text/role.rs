//! What a file is for, by its path.

pub use crate::expert::FileRole as Role;
