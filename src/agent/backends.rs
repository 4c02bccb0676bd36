//! The backends that start programs, by name.

use std::sync::Arc;

use super::process::Launcher;
use super::{Agent, acp, command};

/// Their names, as flakes write them.
pub const NAMES: [&str; 2] = [acp::NAME, command::NAME];

/// The backend of that name.
#[must_use]
pub fn make(name: &str, launcher: &Launcher) -> Option<Arc<dyn Agent>> {
    let launcher = launcher.clone();
    match name {
        acp::NAME => Some(Arc::new(acp::Acp::new(launcher))),
        command::NAME => Some(Arc::new(command::Command::new(launcher))),
        _ => None,
    }
}
