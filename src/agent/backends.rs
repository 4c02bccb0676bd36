//! The backends that start programs, by name.

use std::sync::Arc;

use super::process::Launcher;
use super::{Agent, command};

/// Their names, as flakes write them.
pub const NAMES: [&str; 1] = [command::NAME];

/// The backend of that name.
#[must_use]
pub fn make(name: &str, launcher: &Launcher) -> Option<Arc<dyn Agent>> {
    match name {
        command::NAME => Some(Arc::new(command::Command::new(launcher.clone()))),
        _ => None,
    }
}
