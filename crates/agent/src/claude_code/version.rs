//! Which version it is, and whether that will do.

use std::fmt;
use std::time::Duration;

use super::{NAME, install};
use crate::process::ProcessOutput;
use crate::{AgentError, Fault};

/// The oldest that will do: the first with which every flag and every switch was tried. An older one
/// may not know the switch that keeps `@/etc/passwd` in a text from being read and sent.
pub const OLDEST: Version = Version([2, 1, 329]);
/// How long it may take to say its version.
pub const ALLOWED: Duration = Duration::from_secs(30);

/// Three numbers.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Version([u32; 3]);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl Version {
    /// From `2.1.329 (Claude Code)`.
    fn parse(text: &str) -> Option<Self> {
        let first = text.split_whitespace().next()?;
        let mut numbers = first.split('.').map(|number| number.parse().ok());
        let version = [numbers.next()??, numbers.next()??, numbers.next()??];
        numbers.next().is_none().then_some(Self(version))
    }
}

/// What it said to `--version`.
pub fn read(said: &ProcessOutput) -> Result<Version, AgentError> {
    let stdout = String::from_utf8_lossy(&said.stdout);
    let refused = |reason: String| AgentError::new(Fault::Unavailable, NAME, reason, install());
    match Version::parse(&stdout) {
        Some(version) if said.code == Some(0) && version >= OLDEST => Ok(version),
        Some(version) if said.code == Some(0) => Err(refused(format!(
            "Claude Code {version} is too old, it must be {OLDEST} or newer"
        ))),
        _ => {
            let stderr = String::from_utf8_lossy(&said.stderr);
            let line = stdout.lines().chain(stderr.lines()).next().unwrap_or("");
            let line: String = line.chars().take(200).collect();
            Err(refused(format!(
                "it does not tell its version, but {line:?}"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(code: i32, stdout: &str) -> Result<Version, AgentError> {
        read(&ProcessOutput {
            code: Some(code),
            stdout: stdout.into(),
            stderr: Vec::new(),
        })
    }

    #[test]
    fn a_version_is_read_and_compared_by_number() {
        let version = says(0, "2.1.329 (Claude Code)\n").unwrap();
        assert_eq!(version.to_string(), "2.1.329");
        assert!(says(0, "2.2.1 (Claude Code)").unwrap() > version);
        assert!(says(0, "10.0.0").unwrap() > version);
    }

    #[test]
    fn an_older_one_is_refused_with_the_version_to_install() {
        let error = says(0, "2.1.99 (Claude Code)").unwrap_err();
        assert_eq!(error.fault, Fault::Unavailable);
        let text = error.to_string();
        assert!(text.contains("2.1.99 is too old"), "{text}");
        assert!(text.contains("claude-code@2.1.329"), "{text}");
    }

    #[test]
    fn something_else_is_no_version() {
        for (code, stdout) in [
            (0, ""),
            (0, "hello"),
            (0, "2.1"),
            (1, "2.1.329"),
            (0, "2.1.3.4"),
        ] {
            let error = says(code, stdout).unwrap_err();
            assert_eq!(error.fault, Fault::Unavailable, "{stdout}");
        }
    }
}
