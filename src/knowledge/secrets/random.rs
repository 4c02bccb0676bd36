//! Whether a value looks like a secret rather than like a word, a sample or an identifier.

/// Words that samples are made of, in lower case.
const SAMPLES: &[&str] = &[
    "example",
    "sample",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "dummy",
    "fake",
    "your",
    "redacted",
    "insert",
    "replace",
    "xxxx",
    "****",
    "....",
    "0000",
    "12345678",
    "abcdef",
    "foobar",
    "secret",
    "password",
    "passwd",
    "token",
    "test",
    "${",
    "$(",
    "{{",
    "%(",
    "://",
    "::",
    "()",
];

/// Shannon entropy of the characters, in bits per character.
/// Formula: −Σ p·log₂ p, <https://en.wikipedia.org/wiki/Entropy_(information_theory)>.
pub(super) fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let total = text.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / total;
            -share * share.log2()
        })
        .sum()
}

/// A value that stands beside a telling name still has to look random: letters mixed with digits, no sample, no
/// reference to a variable, no UUID, no digest that names its algorithm, no path, no dotted name.
pub(super) fn looks_random(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if SAMPLES.iter().any(|sample| lower.contains(sample)) || is_uuid(text) || is_digest(&lower) {
        return false;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if digits < 2 || digits * 16 < text.len() || letters < 3 {
        return false;
    }
    // `$VAR`, `<value>`, `/path/to/it`, `./it`, `call(x)`, `a.b.c`
    let starts = ['$', '<', '/', '.', '@', '{', '[', '('];
    if text.starts_with(starts) || text.contains(['(', ')', '<', '>', '{', '}', ',', ';']) {
        return false;
    }
    // Words joined by dots, dashes or underscores are names: a secret's pieces are longer, or few.
    let pieces = text
        .split(['.', '-', '_', '/'])
        .filter(|piece| !piece.is_empty());
    pieces.clone().count() < 4 || pieces.map(str::len).max().unwrap_or_default() >= 16
}

/// 8-4-4-4-12 hex digits: <https://www.rfc-editor.org/rfc/rfc9562#section-4>.
fn is_uuid(text: &str) -> bool {
    let pieces: Vec<&str> = text.split('-').collect();
    pieces.iter().map(|piece| piece.len()).eq([8, 4, 4, 4, 12])
        && pieces
            .iter()
            .all(|piece| piece.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `sha256-…`, `sha512:…`, `md5-…`.
fn is_digest(lower: &str) -> bool {
    let name = lower.split(['-', ':', '=', '$']).next().unwrap_or_default();
    matches!(
        name,
        "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512" | "blake3" | "h1"
    )
}

#[cfg(test)]
mod tests {
    use super::entropy;

    #[test]
    fn entropy_counts_bits_per_character() {
        assert_eq!(entropy("aaaa"), 0.0);
        assert_eq!(entropy("abab"), 1.0);
        assert_eq!(entropy("abcdefgh"), 3.0);
        assert_eq!(entropy(""), 0.0);
    }
}
