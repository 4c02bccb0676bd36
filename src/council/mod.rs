//! Councils as they are held: [`runner`] takes the turns and keeps the ledger of what `poag_core` decides.

pub mod error;
pub mod runner;
pub mod tale;

pub use error::CouncilError;
pub use poag_core::council::*;
pub use poag_core::plan;
