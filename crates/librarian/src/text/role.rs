//! What a file is for, by its path.

pub use poag_core::expert::FileRole as Role;
