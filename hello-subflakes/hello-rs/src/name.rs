//! Turns what was typed into a name fit for a greeting.

use crate::GreetingError;

/// The most characters (Unicode scalar values) a tidied name may have.
pub const MAX_NAME_CHARS: usize = 64;

/// The name without whitespace around it and with single spaces inside it.
///
/// Length is counted after tidying, in characters and not in bytes, so that a name costs the same
/// in every script.
pub(crate) fn tidy(raw: &str) -> Result<String, GreetingError> {
    let mut tidied = String::new();
    let mut chars = 0;
    for word in raw.split_whitespace() {
        if !tidied.is_empty() {
            tidied.push(' ');
            chars += 1;
        }
        if let Some(found) = word.chars().find(|c| c.is_control()) {
            return Err(GreetingError::ControlCharacter(found));
        }
        tidied.push_str(word);
        chars += word.chars().count();
    }
    match chars {
        0 => Err(GreetingError::EmptyName),
        chars if chars > MAX_NAME_CHARS => Err(GreetingError::NameTooLong { chars }),
        _ => Ok(tidied),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whitespace_around_is_dropped_and_inside_becomes_one_space() {
        assert_eq!(
            tidy("\t Ada \n  Lovelace\u{a0}").as_deref(),
            Ok("Ada Lovelace")
        );
    }

    #[test]
    fn a_name_of_nothing_but_whitespace_is_empty() {
        assert_eq!(tidy(""), Err(GreetingError::EmptyName));
        assert_eq!(tidy(" \u{3000}\n"), Err(GreetingError::EmptyName));
    }

    #[test]
    fn length_is_counted_in_characters_after_tidying() {
        let longest = "é".repeat(MAX_NAME_CHARS);
        assert_eq!(tidy(&format!("  {longest}  ")), Ok(longest.clone()));
        assert_eq!(
            tidy(&format!("{longest}é")),
            Err(GreetingError::NameTooLong {
                chars: MAX_NAME_CHARS + 1
            })
        );
    }

    #[test]
    fn control_characters_that_are_not_whitespace_are_refused() {
        assert_eq!(
            tidy("Ada\u{7}"),
            Err(GreetingError::ControlCharacter('\u{7}'))
        );
    }
}
