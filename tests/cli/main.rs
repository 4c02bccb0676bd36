//! The command line against real Nix and real git, on real temporary flakes.
//!
//! `checks/run` puts a nix on PATH for these tests.

#![expect(
    clippy::disallowed_methods,
    reason = "a test makes and starts what it needs"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says best where it fails"
)]

// Before those who use its macro.
#[macro_use]
mod both_ways;

mod ask;
mod book;
mod check;
mod checkpoints;
mod completions;
mod conductor;
mod consent;
mod containment;
mod deaths;
mod debate;
mod deleted_cache;
mod dev_shell;
mod dissent;
mod doctor;
mod errors;
mod experts;
mod export;
mod flake_lock;
mod folders;
mod foreign;
mod git_settings;
mod gossip;
mod graph;
mod graph_cache;
mod graph_cache_random;
mod harness;
mod how_to;
mod init;
mod learn;
mod limits;
mod links;
mod locks;
mod mcp;
mod mcp_lines;
mod mcp_sessions;
mod mcp_tasks;
mod pack;
mod pages;
mod process;
mod programs;
mod readme;
mod reads_only;
mod resume;
mod runs;
mod same;
mod sarif;
mod serve;
mod served_files;
mod session;
mod share;
mod stale;
mod templates;
mod terminal;
mod upkeep;
mod vote;
mod wall;
mod work;
mod work_abort;
mod work_bad_input;
mod work_cycle;
mod work_deaths;
mod work_grade;
mod work_offer;
mod work_policy;
mod work_walls;
