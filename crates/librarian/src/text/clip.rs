//! Cutting text that comes from outside, never inside a character.

/// The first bytes of a text, at most `most`.
pub fn clip(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use super::clip;

    #[test]
    fn a_character_is_kept_whole_or_left_out() {
        assert_eq!(clip("aé", 2), "a");
        assert_eq!(clip("aé", 3), "aé");
        assert_eq!(clip("aé", 9), "aé");
    }
}
