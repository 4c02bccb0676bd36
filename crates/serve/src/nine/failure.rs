//! Why something was refused, in words: those that Linux knows (`net/9p/error.c`) where there are any, so that its programs
//! see the right error; else what the engine says, which Linux writes to its log.

use crate::problem::Problem;

/// Bytes of a text that is sent.
const TEXT: usize = 500;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum NineFailure {
    Missing,
    Forbidden,
    LoggedOut,
    NotDirectory,
    Directory,
    UnknownFid,
    FidInUse,
    BadUse,
    DirectoryOffset,
    Exists,
    Invalid,
    TooLarge,
    TooMany,
    Stopping,
    Other(String),
}

impl NineFailure {
    pub fn text(&self) -> String {
        let known = match self {
            Self::Missing => "file does not exist",
            Self::Forbidden => "permission denied",
            Self::LoggedOut => "authentication failed",
            Self::NotDirectory => "Not a directory",
            Self::Directory => "Is a directory",
            Self::UnknownFid => "fid unknown or out of range",
            Self::FidInUse => "fid already in use",
            Self::BadUse => "bad use of fid",
            Self::DirectoryOffset => "bad offset in directory read",
            Self::Exists => "File exists",
            Self::Invalid => "Invalid argument",
            Self::TooLarge => "File too large",
            Self::TooMany => "Resource temporarily unavailable",
            Self::Stopping => "Interrupted system call",
            Self::Other(text) => {
                let line = text.replace('\n', "; ");
                return line[..line.floor_char_boundary(TEXT)].to_owned();
            }
        };
        known.to_owned()
    }

    pub fn other(text: &str) -> Self {
        Self::Other(text.to_owned())
    }
}

impl From<Problem> for NineFailure {
    fn from(problem: Problem) -> Self {
        match problem.status {
            401 => Self::LoggedOut,
            403 => Self::Forbidden,
            404 => Self::Missing,
            413 => Self::TooLarge,
            _ => Self::Other(problem.detail),
        }
    }
}
