//! The events of one row as text. Each is `VERSION KIND-BYTES BODY-BYTES`, a line break, its kind, its body
//! and a line break: nothing is escaped, so that a body comes back as it was.

use std::fmt::Write as _;

use super::damaged::Damaged;
use super::{NewEvent, Recorded};

/// Adds an event.
pub(super) fn put(text: &mut String, event: &NewEvent) {
    let NewEvent {
        version,
        kind,
        body,
    } = event;
    text.reserve(kind.len() + body.len() + 24);
    // Writing to a string does not fail.
    let _ = writeln!(text, "{version} {} {}", kind.len(), body.len());
    text.push_str(kind);
    text.push_str(body);
    text.push('\n');
}

/// The events of a row whose last one has the number `last`.
pub(super) fn read(mut text: &str, last: u64, at: i64) -> Result<Vec<Recorded>, Damaged> {
    let mut events = Vec::new();
    while !text.is_empty() {
        let (event, rest) =
            one(text, at).ok_or(Damaged("its events are not as they were written"))?;
        events.push(event);
        text = rest;
    }
    let before = last
        .checked_sub(events.len() as u64)
        .ok_or(Damaged("it has more events than it says"))?;
    for (event, seq) in events.iter_mut().zip(before + 1..) {
        event.seq = seq;
    }
    Ok(events)
}

/// The first event in a text, without its number, and what follows it.
fn one(text: &str, at: i64) -> Option<(Recorded, &str)> {
    let (head, rest) = text.split_once('\n')?;
    let mut numbers = head.split(' ');
    let version = numbers.next()?.parse().ok()?;
    let kind_bytes = numbers.next()?.parse().ok()?;
    let body_bytes = numbers.next()?.parse().ok()?;
    if numbers.next().is_some() {
        return None;
    }
    let (kind, rest) = rest.split_at_checked(kind_bytes)?;
    let (body, rest) = rest.split_at_checked(body_bytes)?;
    let event = Recorded {
        seq: 0,
        version,
        kind: kind.to_owned(),
        at,
        body: body.to_owned(),
    };
    Some((event, rest.strip_prefix('\n')?))
}
