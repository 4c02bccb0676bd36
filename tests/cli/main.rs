//! The command line against real Nix and real git, on real temporary flakes.
//!
//! `checks/run` puts a nix on PATH for these tests.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says best where it fails"
)]

mod ask;
mod check;
mod checkpoints;
mod consent;
mod deaths;
mod dev_shell;
mod dissent;
mod doctor;
mod foreign;
mod generate;
mod gossip;
mod graph;
mod harness;
mod init;
mod learn;
mod limits;
mod mcp;
mod pack;
mod process;
mod programs;
mod readme;
mod resume;
mod runs;
mod sarif;
mod stale;
mod templates;
mod upkeep;
