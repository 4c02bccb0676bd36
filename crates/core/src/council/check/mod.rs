//! What an agent says is untrusted: it becomes a turn's result only when its shape, its sizes and every
//! path in it are right.

mod bounds;
mod paths;

#[cfg(test)]
mod tests;

use serde_json::Value;
use thiserror::Error;

use super::message::{Ask, TURN_VERSION, TurnResult};
use crate::expert::{Expert, Graph};

pub use bounds::{OUTPUT_BYTES, depth_within, json_bytes};

/// What stands at a path of an expert's flake. Links are never followed: what lies behind one is
/// not in the flake. What exists is a matter of the flake's folder, not of what the expert knows of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TreeEntry {
    /// Nothing.
    Nothing,
    /// A regular file that the expert knows.
    File,
    /// A regular file that the flake sees, and the expert does not know: it is left out of its knowledge.
    Tracked,
    /// A regular file that the flake does not see: git does not track it.
    Unseen,
    /// Anything in the folder of another flake, or that folder.
    Foreign,
    /// A folder.
    Folder,
    /// A symbolic link or something else that is neither file nor folder.
    Other,
    /// Nothing that can be reached: the path leads through a file or a link.
    Beyond,
}

/// The files of one expert, seen from here.
pub trait Tree {
    /// What stands at a path that was found to be relative and clean.
    fn entry(&self, path: &str) -> TreeEntry;
    /// Number of lines of a file; none where it cannot be read or is too large.
    fn lines(&self, path: &str) -> Option<u32>;
}

/// Why an output is no turn. The text is also what the expert's asker is told.
#[derive(Debug, Error)]
pub enum Invalid {
    /// Too many bytes of JSON.
    #[error("the output has {bytes} bytes of JSON, {OUTPUT_BYTES} are allowed\nrepair: say less")]
    Large {
        /// Its size.
        bytes: usize,
    },
    /// Lists in lists in lists.
    #[error("the output is nested too deeply\nrepair: follow the schema of a turn")]
    Deep,
    /// Another shape.
    #[error(
        "the output is no turn: {0}\nrepair: follow the schema of a turn, with no other fields"
    )]
    Shape(#[from] serde_json::Error),
    /// Another version.
    #[error(
        "the output has schemaVersion {found}, turns have {TURN_VERSION}\nrepair: follow the schema of a turn"
    )]
    Version {
        /// Its version.
        found: u32,
    },
    /// A list or text beyond its bound.
    #[error("{what} has {size} {unit}, {bound} are allowed\nrepair: say less")]
    Bound {
        /// Which list or text.
        what: String,
        /// Its size.
        size: usize,
        /// What is counted.
        unit: &'static str,
        /// The bound.
        bound: usize,
    },
    /// A path that is none.
    #[error(
        "path {path:?} {problem}\nrepair: name files relative to the flake, with '/', as the pack lists them"
    )]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Lines that are not there.
    #[error(
        "lines {first}-{last} of {path:?} are not there: it has {lines}\nrepair: count lines from 1, first before last"
    )]
    Lines {
        /// The file.
        path: String,
        /// First line.
        first: u32,
        /// Last line.
        last: u32,
        /// Lines of the file.
        lines: u32,
    },
}

/// Refuses a question beyond its bounds.
///
/// # Errors
/// When a text is too long.
pub fn ask(ask: &Ask) -> Result<(), Invalid> {
    bounds::ask(ask)
}

/// Refuses a citation of what an expert does not know: `path` is relative to its flake, `lines` are first and last, from 1.
/// A leading `./` is taken off the path.
///
/// # Errors
/// When the path is none of the expert's files, or has no such lines.
pub fn citation(
    path: &mut String,
    lines: Option<(u32, u32)>,
    of: (&Expert, &Graph),
    tree: &dyn Tree,
) -> Result<(), Invalid> {
    paths::citation(path, lines, of, tree)
}

/// Turns an agent's output into a result, or says why it is none. `bytes` is its size as JSON without
/// spaces, see [`json_bytes`].
///
/// # Errors
/// When the shape, a size or a path is not allowed.
pub fn accept(
    output: &Value,
    bytes: usize,
    expert: &Expert,
    graph: &Graph,
    tree: &dyn Tree,
) -> Result<TurnResult, Invalid> {
    if !bounds::depth_within(output) {
        return Err(Invalid::Deep);
    }
    if bytes > OUTPUT_BYTES {
        return Err(Invalid::Large { bytes });
    }
    let mut result: TurnResult = serde::Deserialize::deserialize(output)?;
    if result.schema_version != TURN_VERSION {
        return Err(Invalid::Version {
            found: result.schema_version,
        });
    }
    bounds::check(&result)?;
    paths::check(&mut result, expert, graph, tree)?;
    Ok(result)
}
