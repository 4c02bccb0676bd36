//! The engine without a command line: real git and real nix, temporary flakes, and agents that are no process.

#![expect(
    clippy::disallowed_methods,
    reason = "a test makes and starts what it needs"
)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says best where it fails"
)]

mod consent;
mod dissent;
mod doing;
mod learn;
mod limits;
mod resume;
mod stage;
mod thread;

#[expect(dead_code, reason = "the tests of the command line use the rest")]
#[path = "../cli/harness.rs"]
mod harness;
#[expect(dead_code, reason = "the tests of the command line use the rest")]
#[path = "../cli/programs.rs"]
mod programs;
