//! The verbs: one file each, with its arguments and its run.

pub mod ask;
pub mod bench;
mod cast;
pub mod check;
pub mod checkpoints;
mod context;
pub mod experts;
pub mod explain;
pub mod global;
pub mod graph;
pub mod learn;
mod lock_file;
pub mod mcp;
pub mod pack;
pub mod runs;
pub mod style;

use context::Context;
