//! Greets people by name.
//!
//! ```
//! assert_eq!(hello_rs::greeting("  Ada ")?, "Hello, Ada!");
//! # Ok::<(), hello_rs::GreetingError>(())
//! ```
//!
//! The rules for names are in `docs/names.md`, the words of each locale in `docs/locales.md`.

mod binding;
mod error;
#[cfg(feature = "ffi")]
pub mod ffi;
mod name;
mod phrase;
mod style;

pub use binding::greeting_from_codes;
pub use error::GreetingError;
pub use name::MAX_NAME_CHARS;
pub use style::{Ending, Locale, Style};

/// The greeting for `name` in the default [`Style`]: English, with an exclamation mark.
///
/// # Errors
///
/// As [`greeting_with`].
pub fn greeting(name: &str) -> Result<String, GreetingError> {
    greeting_with(name, Style::default())
}

/// The greeting for `name` in a chosen [`Style`].
///
/// Whitespace around the name is dropped, and whitespace inside it becomes one space.
///
/// # Errors
///
/// [`GreetingError::EmptyName`], [`GreetingError::NameTooLong`] (more than [`MAX_NAME_CHARS`])
/// and [`GreetingError::ControlCharacter`].
pub fn greeting_with(name: &str, style: Style) -> Result<String, GreetingError> {
    Ok(phrase::compose(&name::tidy(name)?, style))
}
