//! Requests and texts as the librarian reads them, for `fuzz/`.

use super::intent::Intent;
use super::query::{MOST, Query};
use super::words;

/// Splits a text into terms.
pub(crate) fn words(text: &str) {
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
pub(crate) fn query(request: &str) {
    let query = Query::of(request);
    assert!(query.groups.len() <= MOST, "{} groups", query.groups.len());
    let all = query.mask(request);
    let _ = (
        query.surfaces(all),
        query.strong(),
        query.languages().count(),
    );
    let intent = Intent::of(request);
    assert!(intent.usage || intent.change || !intent.wide || intent.why.len() < 4096);
}
