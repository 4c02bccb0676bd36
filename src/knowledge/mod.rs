//! Files of an expert → outline → pack.

pub mod files;
pub mod outline;
