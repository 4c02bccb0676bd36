//! The verbs: one file each, with its arguments and its run.

pub mod ask;
pub mod check;
pub mod checkpoints;
pub mod completions;
mod consent;
mod context;
pub mod debate;
mod detach;
pub mod doctor;
pub mod experts;
pub mod explain;
pub mod export;
pub mod global;
pub mod graph;
pub mod init;
pub mod learn;
pub mod lock;
pub mod man;
pub mod mcp;
pub mod pack;
mod print;
pub mod remote;
pub mod runs;
#[cfg(feature = "serve")]
pub mod serve;
pub mod session;
pub mod snippet;
pub mod style;
pub mod task;
pub mod vote;
pub mod work;
