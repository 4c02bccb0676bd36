//! What can go wrong with Nix: what it is, where, and what to do, in at most three lines. All that nix says is traced.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use thiserror::Error;

use super::FlakeRef;
use super::failure::Failure;
use poag_core::expert::GraphError;

/// What goes on where a network does not.
const OFFLINE: &str = "still works offline: `poag runs`, `poag ask --pack FOLDER`, and every flake whose inputs are in its flake.lock and in the Nix store";

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
    #[error("{what}\nwhile {doing}\nrepair: {repair}")]
    Declaration {
        /// What poag was doing.
        doing: String,
        /// The library's own words, in one line.
        what: String,
        /// The library's own advice, in one line.
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
    /// A file of the flake that git does not track, so that nix does not see it.
    #[error("{0} is not tracked by git, and nix sees only what git tracks; repair: git add {force}{0}", file.display(), force = if *ignored { "--force " } else { "" })]
    Untracked {
        /// The file.
        file: PathBuf,
        /// Whether git is told to ignore it.
        ignored: bool,
    },
    /// An input that `outputs` takes and `inputs` does not have, so that nix looks for it in registries.
    #[error(
        "outputs of {flake} takes an input '{input}' that its flake.nix does not declare\nrepair: write `inputs.{input}.url = \"…\";` there, or take '{input}' out of the arguments of outputs"
    )]
    Undeclared {
        /// The flake reference.
        flake: String,
        /// The name.
        input: String,
    },
    /// An input that is not where its reference leads.
    #[error("{}\n{}\nrepair: {}", .0, if .0.is_here() { "nothing of this flake can be evaluated without it" } else { OFFLINE }, .0.repair())]
    Input(InputProblem),
    /// A flake elsewhere that cannot be fetched.
    #[error(
        "{flake} is no folder here, and no flake that nix can fetch: {reason}\n{OFFLINE}\nrepair: name a folder with a flake.nix, or a flake reference such as github:owner/name"
    )]
    Unreachable {
        /// The flake reference.
        flake: String,
        /// Nix's last error.
        reason: String,
    },
    /// Nix started git, which is not there.
    #[error("git is not on PATH: {reason}\nwhile {doing}\nrepair: install git 2.30 or newer")]
    NoGit {
        /// What poag was doing.
        doing: String,
        /// Nix's last error.
        reason: String,
    },
    /// Any other failure of nix.
    #[error("{}\n{}\nrepair: {}", said(message, *status), at(place.as_deref(), doing), after(place.as_deref()))]
    Failed {
        /// What poag was doing.
        doing: String,
        /// Nix's last error, in one line.
        message: String,
        /// The file of the flake in which it is, with line and column.
        place: Option<String>,
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

/// An input that cannot be fetched.
#[derive(Debug)]
pub struct InputProblem {
    /// The flake reference of the flake that asks for it.
    pub flake: String,
    /// Its name, as a path of names with `/` between; none where an expression fetches it.
    pub input: Option<String>,
    /// The reference that was to be fetched, where nix tells.
    pub from: Option<String>,
    /// Nix's last error.
    pub reason: String,
}

impl InputProblem {
    pub(super) fn new(
        flake: &FlakeRef,
        input: Option<String>,
        from: Option<String>,
        reason: String,
    ) -> Self {
        let flake = flake.to_string();
        let mut problem = Self {
            flake,
            input,
            from,
            reason,
        };
        if problem.is_here() {
            // Of a path in the copy of a source, the path in the source is what a person knows.
            problem.reason = without_store(&problem.reason);
        }
        problem
    }

    /// Whether it lies on this machine, so that no network would help.
    fn is_here(&self) -> bool {
        let from = self.from.as_deref().unwrap_or_default();
        ["path:", "git+file:", "file:", "/", "."]
            .iter()
            .any(|local| from.starts_with(local))
    }

    fn repair(&self) -> String {
        let input = self.input.as_deref().unwrap_or_default();
        let attribute = match input.is_empty() {
            true => "the reference".to_owned(),
            false => format!("`inputs.{}.url`", input.replace('/', ".inputs.")),
        };
        match self.is_here() {
            true => format!("correct {attribute} in flake.nix"),
            false => format!("connect and ask again, or correct {attribute} in flake.nix"),
        }
    }
}

impl fmt::Display for InputProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.input {
            Some(input) => write!(
                out,
                "the input '{input}' of {} could not be fetched",
                self.flake
            )?,
            None => write!(out, "an input of {} could not be fetched", self.flake)?,
        }
        if let Some(from) = &self.from {
            write!(out, " from {from}")?;
        }
        write!(out, ": {}", self.reason)
    }
}

impl NixError {
    pub(super) fn failed(doing: &str, stderr: &str, status: ExitStatus) -> Self {
        let doing = doing.to_owned();
        if let Some((what, repair)) = declaration(stderr) {
            return Self::Declaration {
                doing,
                what,
                repair,
            };
        }
        Self::Failed {
            doing,
            message: Failure::read(stderr).message,
            place: None,
            stderr: stderr.to_owned(),
            status,
        }
    }
}

/// What poag's Nix library refuses and its advice, each in one line; see `lib/internal/fail.nix`. It stands in the last
/// error, or before it, where nix itself fails over something that the library knows of.
fn declaration(stderr: &str) -> Option<(String, String)> {
    let lines: Vec<&str> = stderr.lines().map(str::trim).collect();
    let text = |line: &'_ str| {
        let line = line.trim_start_matches("error:").trim_start();
        let line = line.trim_start_matches('…').trim_start();
        line.strip_prefix("poag: ").map(str::to_owned)
    };
    let (at, what) = lines
        .iter()
        .enumerate()
        .rev()
        .find_map(|(at, line)| Some((at, text(line)?)))?;
    let rest = lines.get(at + 1..)?;
    let rest: Vec<&str> = rest
        .iter()
        .copied()
        .take_while(|line| !line.is_empty())
        .collect();
    let fix = rest.iter().position(|line| line.starts_with("fix: "))?;
    let (before, advice) = rest.split_at(fix);
    let joined = |first: &str, more: &[&str]| {
        let words = first.split_whitespace();
        let words = words.chain(more.iter().flat_map(|line| line.split_whitespace()));
        words.collect::<Vec<_>>().join(" ")
    };
    let (advice, more) = advice.split_first()?;
    let advice = advice.trim_start_matches("fix: ");
    Some((joined(&what, before), joined(advice, more)))
}

/// A text without the `/nix/store/HASH-source/` before its paths.
fn without_store(text: &str) -> String {
    const STORE: &str = "/nix/store/";
    let mut parts = text.split(STORE);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('/') {
            Some((copy, inner)) if copy.ends_with("-source") => out.push_str(inner),
            _ => out.push_str(&format!("{STORE}{part}")),
        }
    }
    out
}

fn said(message: &str, status: ExitStatus) -> String {
    match message {
        "" => format!("nix ended with {status}"),
        message => message.to_owned(),
    }
}

fn at(place: Option<&str>, doing: &str) -> String {
    match place {
        Some(place) => format!("at {place}, while {doing}"),
        None => format!("while {doing}"),
    }
}

fn after(place: Option<&str>) -> &'static str {
    match place {
        Some(_) => "correct it there; -v shows all that nix says",
        None => "-v shows the command and all that nix says",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_the_library_is_found_in_the_last_error_and_before_it() {
        let expected = Some((
            "expert 'a', field 'role': it leads out".into(),
            "correct it, or leave it out".into(),
        ));
        for stderr in [
            "warning: x\nerror:\n       … while evaluating attribute 'experts'\n\n       error: poag: expert 'a', field 'role': it\n       leads out\n       fix: correct it,\n       or leave it out\n",
            "error:\n       … poag: expert 'a', field 'role': it leads out\n       fix: correct it, or leave it out\n\n       error: access to absolute path '/etc' is forbidden",
        ] {
            assert_eq!(declaration(stderr), expected, "{stderr}");
        }
        assert_eq!(
            declaration("error: poag: this library was made without packages"),
            None
        );
        assert_eq!(declaration("error: syntax error"), None);
    }
}
