//! What can go wrong with Nix, with Nix's own words kept whole.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use thiserror::Error;

use poag_core::expert::GraphError;

/// The first words of every error that poag's Nix library throws about a declaration.
const DECLARATION_MARK: &str = "poag: expert '";

/// A nix process failed, or what it printed cannot be used.
#[derive(Debug, Error)]
pub enum NixError {
    /// There is no nix on PATH.
    #[error(
        "nix is not on PATH\nrepair: install Nix 2.26 or newer (https://nixos.org/download), or start poag through ./nixw"
    )]
    NotInstalled,
    /// It could not be started.
    #[error(
        "nix cannot be started: {source}\nrepair: see that `nix --version` works in this folder"
    )]
    Start {
        /// The system's reason.
        source: io::Error,
    },
    /// A declaration is refused by poag's Nix library.
    #[error("{stderr}\nwhile {doing}: invalid declaration\nrepair: {repair}")]
    Declaration {
        /// What poag was doing.
        doing: String,
        /// Nix's standard error, whole.
        stderr: String,
        /// The library's own advice.
        repair: String,
    },
    /// The flake has no `poag` output.
    #[error(
        "{flake} is a flake without a `poag` output\nrepair: declare its expert with poag.lib.mkPoagFlake (the README shows the lines), or name another flake with --flake"
    )]
    NoExpert {
        /// The flake reference.
        flake: String,
    },
    /// Any other failure of nix.
    #[error(
        "{stderr}\nwhile {doing}: nix ended with {status}\nrepair: run it alone to see more: {line}"
    )]
    Failed {
        /// What poag was doing.
        doing: String,
        /// The command, pasteable.
        line: String,
        /// Nix's standard error, whole.
        stderr: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// It takes longer than anybody waits.
    #[error(
        "nix is not done after {}\nwhile {doing}\nrepair: do it once by hand, where it may take its time", poag_core::duration::shown(*allowed)
    )]
    Slow {
        /// What poag was doing.
        doing: String,
        /// How long it was waited for.
        allowed: Duration,
    },
    /// The output is not the graph that this runner reads.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// What the store holds is not what was put there.
    #[error(
        "{path} in the Nix store has hash {found}, not {expected}\nrepair: nix store verify --repair {path}"
    )]
    StoreMismatch {
        /// The store path.
        path: String,
        /// Hash of the bytes that were added.
        expected: String,
        /// Hash that the store tells.
        found: String,
    },
    /// A reply of nix has another shape than expected.
    #[error(
        "nix's answer while {doing} cannot be read: {source}\nrepair: poag needs Nix 2.26 or newer; see `nix --version`"
    )]
    Answer {
        /// What poag was doing.
        doing: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl NixError {
    pub(super) fn failed(doing: &str, line: String, stderr: &str, status: ExitStatus) -> Self {
        let stderr = stderr.trim_end().to_string();
        let doing = doing.to_string();
        if stderr.contains(DECLARATION_MARK) {
            let repair = stderr
                .lines()
                .rev()
                .find_map(|line| line.trim_start().strip_prefix("fix: "))
                .unwrap_or("correct the declaration named above in its flake.nix")
                .to_string();
            return Self::Declaration {
                doing,
                stderr,
                repair,
            };
        }
        Self::Failed {
            doing,
            line,
            stderr,
            status,
        }
    }
}
