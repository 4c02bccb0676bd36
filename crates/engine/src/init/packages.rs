//! The packages of a flake, for a person to choose from.

use std::collections::BTreeSet;

use poag_init::survey::Survey;
use poag_init::workspace::{Workspace, named};
use serde::Serialize;

/// One package that can get an expert of its own.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PackageChoice {
    /// The name that its expert would have.
    pub name: String,
    /// Its folder, relative to the code of the flake.
    pub folder: String,
    /// The build tool that lists it: `Cargo`, `npm`, `Go`, `Python`, `Maven`, `Gradle`.
    pub tool: &'static str,
}

/// The packages below a folder, in the order of their folders.
pub fn choices(survey: &Survey) -> Vec<PackageChoice> {
    let workspace = Workspace::of(survey);
    let names = named(workspace.below(), &BTreeSet::new());
    let each = workspace.below().map(|package| PackageChoice {
        name: names.get(&package.dir).cloned().unwrap_or_default(),
        folder: package.dir.clone(),
        tool: poag_init::kind(package.tool),
    });
    each.collect()
}
