//! The backends that start programs, by name.

use std::sync::Arc;

use super::Agent;
use super::codex;
use super::gemini;
use super::process::Launcher;

/// Their names, as flakes write them.
pub const NAMES: [&str; 2] = [codex::NAME, gemini::NAME];

/// The backend of that name.
#[must_use]
pub fn make(name: &str, launcher: &Launcher) -> Option<Arc<dyn Agent>> {
    match name {
        codex::NAME => Some(Arc::new(codex::Codex::new(launcher.clone()))),
        gemini::NAME => Some(Arc::new(gemini::Gemini::new(launcher.clone()))),
        _ => None,
    }
}
