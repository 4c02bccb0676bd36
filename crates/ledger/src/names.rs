//! The artifacts of one row as text. Each is `NAME-BYTES STORED SIZE`, a line break, its name and a line break.
//! STORED are the bytes that it takes in the row's `contents`, after those before it, and SIZE are its own:
//! more than STORED where it is packed. A place where nothing has come yet has `-` for both.

use std::fmt::Write as _;

use super::damaged::Damaged;

/// One artifact in a row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct ArtifactEntry<'a> {
    pub name: &'a str,
    /// Where its content stands; none where nothing has come.
    pub content: Option<Span>,
}

/// A part of a row's contents.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Span {
    /// Its beginning, in bytes.
    pub from: usize,
    /// What it takes, in bytes.
    pub stored: usize,
    /// What it holds, in bytes.
    pub size: usize,
}

/// Adds an artifact, whose content, if any, takes `stored` bytes and holds `size`.
pub(super) fn put(text: &mut String, name: &str, content: Option<(usize, usize)>) {
    // Writing to a string does not fail.
    let _ = match content {
        Some((stored, size)) => writeln!(text, "{} {stored} {size}", name.len()),
        None => writeln!(text, "{} - -", name.len()),
    };
    text.push_str(name);
    text.push('\n');
}

/// The artifacts of a row.
pub(super) fn read(mut text: &str) -> Result<Vec<ArtifactEntry<'_>>, Damaged> {
    let mut entries = Vec::new();
    let mut from = 0;
    while !text.is_empty() {
        let (entry, rest) =
            one(text, from).ok_or(Damaged("its artifacts are not as they were written"))?;
        from += entry.content.map_or(0, |span| span.stored);
        entries.push(entry);
        text = rest;
    }
    Ok(entries)
}

fn one(text: &str, from: usize) -> Option<(ArtifactEntry<'_>, &str)> {
    let (head, rest) = text.split_once('\n')?;
    let mut numbers = head.split(' ');
    let name_bytes = numbers.next()?.parse().ok()?;
    let content = match (numbers.next()?, numbers.next()?) {
        ("-", "-") => None,
        (stored, size) => Some(Span {
            from,
            stored: stored.parse().ok()?,
            size: size.parse().ok()?,
        }),
    };
    if numbers.next().is_some() {
        return None;
    }
    // What it takes must be countable with all others.
    from.checked_add(content.map_or(0, |span| span.stored))?;
    let (name, rest) = rest.split_at_checked(name_bytes)?;
    Some((ArtifactEntry { name, content }, rest.strip_prefix('\n')?))
}
