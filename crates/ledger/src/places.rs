//! Which artifacts a batch may put where, whatever engine keeps them.

use std::collections::BTreeMap;

use super::Batch;

/// The first artifact of a batch that has no place, and what is wrong with it. `known` tells of a name whether it has a place,
/// and whether that is full.
pub(super) fn problem(
    known: impl Fn(&str) -> Option<bool>,
    batch: &Batch,
) -> Option<(&str, &'static str)> {
    // Name → whether it is full, after the part of the batch that was looked at.
    let mut new: BTreeMap<&str, bool> = BTreeMap::new();
    let full =
        |new: &BTreeMap<&str, bool>, name: &str| new.get(name).copied().or_else(|| known(name));
    for (name, bytes) in &batch.reserve {
        if full(&new, name).is_some() {
            return Some((name, "has its place already"));
        }
        new.insert(name, bytes.is_some());
    }
    for (name, _) in &batch.fill {
        let folder = name.rfind('/').map(|at| &name[..=at]);
        let in_folder = || folder.is_some_and(|folder| full(&new, folder).is_some());
        match full(&new, name) {
            Some(false) => {}
            None if in_folder() => {}
            _ => return Some((name, "has no empty place")),
        }
        new.insert(name, true);
    }
    None
}
