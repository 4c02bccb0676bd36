//! Why a flake cannot be given an expert by poag itself.

use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A flake.nix of a shape that is not edited, and what a person is to add.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Unfit {
    /// What is in the way.
    pub reason: String,
    /// What to add where: a place, and the lines there.
    pub add: Vec<(String, String)>,
}

impl Unfit {
    /// With nothing to add yet.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            add: Vec::new(),
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.reason)
    }
}

/// A proposal could not be made or written.
#[derive(Debug, Error)]
pub enum InitError {
    /// The flake.nix is a link or lies elsewhere.
    #[error(
        "{} is not a file of its own folder, and poag writes nowhere else\nrepair: name the folder where the file itself lies: `poag init FOLDER`", .0.display()
    )]
    Outside(PathBuf),
    /// There is no such folder.
    #[error("there is no folder {}\nrepair: name the folder of a flake, or one that is to become a flake", .0.display())]
    NoFolder(PathBuf),
    /// It is not known where poag comes from.
    #[error(
        "it is not known where this poag comes from, so there is nothing to write for `inputs.poag.url`\nrepair: say it with --poag-url, for instance `--poag-url git+file:///path/to/poag`"
    )]
    NoUrl,
    /// The reference of poag cannot stand in a flake.nix.
    #[error(
        "'{0}' cannot be written for `inputs.poag.url`\nrepair: give one flake reference without blanks, quotes and '#', for instance `git+file:///path/to/poag`"
    )]
    Url(String),
    /// The file was changed by somebody else meanwhile.
    #[error("{} was changed while you were asked\nrepair: run `poag init` again", .0.display())]
    Changed(PathBuf),
    /// Workflows and hooks lie at the root of a repository.
    #[error(
        "workflows and hooks belong to the whole repository, whose root is {}\nrepair: go there, and run it again", .0.display()
    )]
    NotRoot(PathBuf),
    /// The file is there, and not as poag writes it.
    #[error("{} is there already, with other content\nrepair: take it away or keep it as it is; `--dry-run` elsewhere shows what poag would write", .0.display())]
    There(PathBuf),
    /// Nobody can be asked.
    #[error(
        "nothing was written: there is nobody to ask\nrepair: look at the difference, then run it again with --yes"
    )]
    NobodyToAsk,
    /// A file could not be read or written.
    #[error("{}: {source}\nrepair: see that the folder exists and may be written", path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}
