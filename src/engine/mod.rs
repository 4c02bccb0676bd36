//! What poag does, as functions.

pub mod checkpoint;
pub(crate) mod inside;
pub mod run;
