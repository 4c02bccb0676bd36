//! The command line against real Nix and real git, on real temporary flakes.
//!
//! `checks/run` puts a nix on PATH for these tests.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says best where it fails"
)]

mod ask;
mod book;
mod bench;
mod check;
mod checkpoints;
mod consent;
mod deaths;
mod dev_shell;
mod dissent;
mod flake_lock;
mod export;
mod foreign;
mod gossip;
mod graph;
mod graph_cache;
mod graph_cache_random;
mod harness;
mod learn;
mod limits;
mod mcp;
mod pack;
mod process;
mod programs;
mod readme;
mod resume;
mod runs;
mod share;
mod stale;
