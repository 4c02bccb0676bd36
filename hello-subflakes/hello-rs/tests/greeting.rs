//! The library as its users see it.

use hello_rs::{Ending, GreetingError, Locale, MAX_NAME_CHARS, Style, greeting, greeting_with};

#[test]
fn the_default_greeting_is_english_and_exclaimed() {
    assert_eq!(greeting("Ada").unwrap(), "Hello, Ada!");
}

#[test]
fn every_locale_greets_in_its_own_words() {
    let words = ["Hello", "Hallo", "Bonjour", "Hola"];
    for ((_, locale), word) in Locale::ALL.into_iter().zip(words) {
        let style = Style {
            locale,
            ending: Ending::Period,
        };
        assert_eq!(
            greeting_with("Ada", style).unwrap(),
            format!("{word}, Ada.")
        );
    }
}

#[test]
fn an_empty_name_is_an_error_that_says_what_to_give() {
    let error = greeting("   ").unwrap_err();
    assert_eq!(error, GreetingError::EmptyName);
    assert_eq!(error.name(), "empty-name");
    assert_eq!(
        error.to_string(),
        "the name is empty: give at least one visible character"
    );
}

#[test]
fn a_name_may_have_64_characters_and_no_more() {
    assert!(greeting(&"x".repeat(MAX_NAME_CHARS)).is_ok());
    let error = greeting(&"x".repeat(MAX_NAME_CHARS + 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the name has 65 characters: shorten it to at most 64"
    );
}

#[test]
fn names_of_any_script_are_greeted_as_they_are() {
    assert_eq!(
        greeting("Émilie du Châtelet").unwrap(),
        "Hello, Émilie du Châtelet!"
    );
    assert_eq!(greeting("吴健雄").unwrap(), "Hello, 吴健雄!");
}
