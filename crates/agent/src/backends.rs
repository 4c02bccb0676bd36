//! The backends by name.

use std::sync::Arc;

use super::process::Launcher;
use super::{Agent, acp, claude_code, codex, command, gemini, openai};

/// Their names, as flakes write them.
pub const NAMES: [&str; 6] = [
    claude_code::NAME,
    codex::NAME,
    gemini::NAME,
    acp::NAME,
    openai::NAME,
    command::NAME,
];

/// The backend of that name.
#[must_use]
pub fn make(name: &str, launcher: &Launcher) -> Option<Arc<dyn Agent>> {
    let launcher = launcher.clone();
    match name {
        claude_code::NAME => Some(Arc::new(claude_code::ClaudeCode::new(launcher))),
        codex::NAME => Some(Arc::new(codex::Codex::new(launcher))),
        gemini::NAME => Some(Arc::new(gemini::Gemini::new(launcher))),
        openai::NAME => Some(Arc::new(openai::OpenAi::default())),
        acp::NAME => Some(Arc::new(acp::Acp::new(launcher))),
        command::NAME => Some(Arc::new(command::Command::new(launcher))),
        _ => None,
    }
}
