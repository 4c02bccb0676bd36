//! The backends that start programs, by name.

use std::sync::Arc;

use super::process::Launcher;
use super::{Agent, claude_code};

/// Their names, as flakes write them.
pub const NAMES: [&str; 1] = [claude_code::NAME];

/// The backend of that name.
#[must_use]
pub fn make(name: &str, launcher: &Launcher) -> Option<Arc<dyn Agent>> {
    match name {
        claude_code::NAME => Some(Arc::new(claude_code::ClaudeCode::new(launcher.clone()))),
        _ => None,
    }
}
