//! Files that moved and were changed at once, told by their names.

use std::collections::HashMap;

use super::{Change, ChangeKind};

/// Makes one rename of a lost and a new file that no other lost or new file of the commit shares its name with.
pub fn pair(changes: &mut Vec<Change>) {
    let mut names: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        let name = change.path.rsplit('/').next().unwrap_or_default();
        match change.kind {
            ChangeKind::Deleted => names.entry(name).or_default().0.push(at),
            ChangeKind::Added => names.entry(name).or_default().1.push(at),
            ChangeKind::Modified | ChangeKind::Renamed { .. } => {}
        }
    }
    let pairs: Vec<(usize, usize)> = names
        .into_values()
        .filter_map(|(lost, new)| match (&lost[..], &new[..]) {
            ([lost], [new]) => Some((*lost, *new)),
            _ => None,
        })
        .collect();
    let mut gone = vec![false; changes.len()];
    for (lost, new) in pairs {
        gone[lost] = true;
        changes[new].kind = ChangeKind::Renamed {
            from: changes[lost].path.clone(),
        };
    }
    let mut at = 0;
    changes.retain(|_| {
        at += 1;
        !gone[at - 1]
    });
}
