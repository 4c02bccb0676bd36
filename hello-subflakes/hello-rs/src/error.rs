//! Why there is no greeting, with the names and numbers that every language binding repeats.

use std::error::Error;
use std::fmt;

use crate::MAX_NAME_CHARS;

/// Why there is no greeting. Its text ends in what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GreetingError {
    /// Nothing is left of the name without the whitespace around it.
    EmptyName,
    /// The tidied name has more than [`MAX_NAME_CHARS`] characters (Unicode scalar values).
    NameTooLong {
        /// How many it has.
        chars: usize,
    },
    /// The name holds a control character that is not whitespace.
    ControlCharacter(char),
    /// No locale has this name or code.
    UnknownLocale(String),
    /// No ending has this name or code.
    UnknownEnding(String),
    /// The bytes of the name are not UTF-8. Only bindings can cause this.
    NotUtf8,
}

impl GreetingError {
    /// The stable name of this kind of error, the same in every language binding.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::EmptyName => "empty-name",
            Self::NameTooLong { .. } => "name-too-long",
            Self::ControlCharacter(_) => "control-character",
            Self::UnknownLocale(_) => "unknown-locale",
            Self::UnknownEnding(_) => "unknown-ending",
            Self::NotUtf8 => "not-utf8",
        }
    }

    /// The stable number of this kind of error, which bindings return. 0 is success.
    #[must_use]
    pub fn status(&self) -> u32 {
        match self {
            Self::EmptyName => 1,
            Self::NameTooLong { .. } => 2,
            Self::ControlCharacter(_) => 3,
            Self::UnknownLocale(_) => 4,
            Self::UnknownEnding(_) => 5,
            Self::NotUtf8 => 6,
        }
    }
}

impl fmt::Display for GreetingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyName => write!(f, "the name is empty: give at least one visible character"),
            Self::NameTooLong { chars } => write!(
                f,
                "the name has {chars} characters: shorten it to at most {MAX_NAME_CHARS}"
            ),
            Self::ControlCharacter(found) => write!(
                f,
                "the name holds the control character U+{:04X}: remove it",
                u32::from(*found)
            ),
            Self::UnknownLocale(given) => {
                write!(f, "unknown locale '{given}': use en, de, fr or es")
            }
            Self::UnknownEnding(given) => {
                write!(f, "unknown ending '{given}': use exclamation or period")
            }
            Self::NotUtf8 => write!(f, "the name is not UTF-8: encode it as UTF-8"),
        }
    }
}

impl Error for GreetingError {}
