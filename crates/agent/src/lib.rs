//! The backends: how an expert thinks with a model, or with a program of one's own.
//!
//! One asks an HTTP API in this process ([`openai`]); every backend that starts a program does it through [`process`], with an environment from
//! [`environment`], and takes an answer only from a final result that parses: never from an exit code.

#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod acp;
pub mod backends;
pub mod claude_code;
pub mod codex;
pub mod command;
pub mod environment;
pub mod gemini;
pub mod guard;
mod headless;
pub mod openai;
pub mod patience;
pub mod process;
pub mod program;
pub mod prompt;
mod version;
pub mod wall;

pub use poag_core::agent::{
    Agent, AgentError, Capabilities, Checkpoint, Fault, Pending, Persona, Raw, ServerApi,
    ServerSettings, Settings, Start, ToolServer, TurnOutput, TurnRequest, Usage, Writing,
};
