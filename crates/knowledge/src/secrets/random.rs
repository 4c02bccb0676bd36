//! Whether a value looks like a secret rather than like a word, a sample or an identifier.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

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
    let text = &plain(text);
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

/// What is meant: the password of a pair in Base64 (<https://www.rfc-editor.org/rfc/rfc7617#section-2>), and what
/// `%20` and its like stand for (<https://www.rfc-editor.org/rfc/rfc3986#section-2.1>), whose digits say nothing.
fn plain(text: &str) -> String {
    let pair = STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = pair.filter(|pair| pair.bytes().all(|byte| matches!(byte, b' '..=b'~')));
    if let Some((_, password)) = pair.as_deref().and_then(|pair| pair.split_once(':')) {
        return password.to_owned();
    }
    let mut pieces = text.split('%');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code.filter(u8::is_ascii) {
            Some(byte) => {
                plain.push(char::from(byte));
                plain.push_str(&piece[2..]);
            }
            None => {
                plain.push('%');
                plain.push_str(piece);
            }
        }
    }
    plain
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
    use super::{entropy, looks_random, plain};

    #[test]
    fn what_is_written_in_another_way_is_judged_by_what_it_means() {
        assert_eq!(plain("dXNlcjpwYXNzd29yZA=="), "password");
        assert_eq!(plain("p%40ss%3Aword"), "p@ss:word");
        assert_eq!(plain("100%zz%é%4"), "100%zz%é%4");
        for sample in [
            "dXNlcjpwYXNzd29yZA==",
            "pass%20word",
            "p%40ss%3Aword",
            "dmljdGltLXVzZXI6c3VwZXItc2VjcmV0LXRva2Vu",
        ] {
            assert!(!looks_random(sample), "{sample}");
        }
        // A pair whose password is one.
        assert!(looks_random(&["dXNlcjpx", "N0x2MlpwOVRrNEhzOFdu"].concat()));
        assert!(looks_random("q7Lv2Zp9%54k4Hs8Wn"));
    }

    #[test]
    fn entropy_counts_bits_per_character() {
        assert_eq!(entropy("aaaa"), 0.0);
        assert_eq!(entropy("abab"), 1.0);
        assert_eq!(entropy("abcdefgh"), 3.0);
        assert_eq!(entropy(""), 0.0);
    }
}
