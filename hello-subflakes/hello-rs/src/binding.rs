//! The one entry for language bindings: bytes and numbers in, text out.

use std::str;

use crate::{GreetingError, Style, greeting_with};

/// The greeting for the UTF-8 bytes of a name, with a locale and an ending given by their codes.
///
/// A binding calls this, and only this, so that all of them agree on which error comes first:
/// locale, ending, encoding, then the rules for names.
///
/// # Errors
///
/// Every [`GreetingError`].
pub fn greeting_from_codes(name: &[u8], locale: u32, ending: u32) -> Result<String, GreetingError> {
    let style = Style {
        locale: locale.try_into()?,
        ending: ending.try_into()?,
    };
    let name = str::from_utf8(name).map_err(|_| GreetingError::NotUtf8)?;
    greeting_with(name, style)
}
