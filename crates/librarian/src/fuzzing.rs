//! Requests and texts as the librarian reads them, for `fuzz/`.

use super::text::request::RequestText;
use super::text::words;

/// Splits a text into terms.
pub fn words(text: &str) {
    words::each(text, |term| {
        assert!(!term.is_empty(), "an empty term");
        assert!(
            term.chars().all(char::is_alphanumeric) || !term.is_ascii(),
            "{term:?}"
        );
    });
    let _ = words::whole(text);
    let _ = words::compound(text);
}

/// Reads a request.
pub fn query(request: &str) {
    let read = RequestText::of(request);
    assert!(read.usage || read.change, "nothing is asked");
    let terms = read.terms(0.5);
    assert!(terms.values().all(|weight| (0.0..=1.0).contains(weight)));
    let _ = (read.names(), read.paths(), read.surfaces());
}
