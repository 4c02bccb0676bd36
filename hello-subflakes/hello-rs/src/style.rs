//! What a caller may choose about a greeting: its locale and its ending.

use std::str::FromStr;

use crate::GreetingError;

/// How to greet. The default is English with an exclamation mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Style {
    /// The language of the greeting.
    pub locale: Locale,
    /// The punctuation that closes it.
    pub ending: Ending,
}

/// The language of a greeting. The numbers are the codes that language bindings pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Locale {
    /// English: `Hello, Ada!`
    #[default]
    En = 0,
    /// German: `Hallo, Ada!`
    De = 1,
    /// French: `Bonjour, Ada !`, with a narrow no-break space before the mark.
    Fr = 2,
    /// Spanish: `¡Hola, Ada!`
    Es = 3,
}

/// The punctuation that closes a greeting. The numbers are the codes that language bindings pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Ending {
    /// `Hello, Ada!`
    #[default]
    Exclamation = 0,
    /// `Hello, Ada.`
    Period = 1,
}

impl Locale {
    /// Every locale with its name, in the order of the codes.
    pub const ALL: [(&str, Locale); 4] = [
        ("en", Locale::En),
        ("de", Locale::De),
        ("fr", Locale::Fr),
        ("es", Locale::Es),
    ];
}

impl Ending {
    /// Every ending with its name, in the order of the codes.
    pub const ALL: [(&str, Ending); 2] = [
        ("exclamation", Ending::Exclamation),
        ("period", Ending::Period),
    ];
}

impl FromStr for Locale {
    type Err = GreetingError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        named(&Self::ALL, text).ok_or_else(|| GreetingError::UnknownLocale(text.to_owned()))
    }
}

impl FromStr for Ending {
    type Err = GreetingError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        named(&Self::ALL, text).ok_or_else(|| GreetingError::UnknownEnding(text.to_owned()))
    }
}

impl TryFrom<u32> for Locale {
    type Error = GreetingError;

    fn try_from(code: u32) -> Result<Self, Self::Error> {
        coded(&Self::ALL, code).ok_or_else(|| GreetingError::UnknownLocale(code.to_string()))
    }
}

impl TryFrom<u32> for Ending {
    type Error = GreetingError;

    fn try_from(code: u32) -> Result<Self, Self::Error> {
        coded(&Self::ALL, code).ok_or_else(|| GreetingError::UnknownEnding(code.to_string()))
    }
}

fn named<T: Copy>(all: &[(&str, T)], text: &str) -> Option<T> {
    all.iter()
        .find(|(name, _)| *name == text)
        .map(|(_, value)| *value)
}

fn coded<T: Copy>(all: &[(&str, T)], code: u32) -> Option<T> {
    all.get(usize::try_from(code).ok()?)
        .map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_positions_in_the_tables() {
        for (position, (_, locale)) in Locale::ALL.iter().enumerate() {
            assert_eq!(*locale as usize, position);
        }
        for (position, (_, ending)) in Ending::ALL.iter().enumerate() {
            assert_eq!(*ending as usize, position);
        }
    }

    #[test]
    fn unknown_names_and_codes_say_what_was_given() {
        assert_eq!(
            "it".parse::<Locale>(),
            Err(GreetingError::UnknownLocale("it".into()))
        );
        assert_eq!(
            Ending::try_from(2),
            Err(GreetingError::UnknownEnding("2".into()))
        );
    }
}
