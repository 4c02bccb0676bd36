//! The verbs: one file each, with its arguments and its run.

pub mod ask;
mod cast;
pub mod check;
pub mod checkpoints;
mod context;
pub mod doctor;
pub mod experts;
pub mod explain;
pub mod generate;
pub mod global;
pub mod graph;
pub mod init;
pub mod learn;
mod lock_file;
pub mod mcp;
pub mod pack;
pub mod runs;
mod sarif;
pub mod style;

use context::Context;
