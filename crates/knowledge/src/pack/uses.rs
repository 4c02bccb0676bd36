//! How much the other files of an expert use each of its files: a graph from names to the files that define them.

use std::collections::HashMap;

use super::names::NameList;
use super::worth::Worth;
use crate::parallel;

/// Definitions of one name above which the name says nothing about who uses whom.
const MAX_NAMESAKES: usize = 3;
/// What the names that one file takes from another count at most, however many they are.
const MAX_TIE: u64 = 16;

/// For each file, how much others use it. Whole numbers in a fixed order: the ranks that follow must be the same on
/// every machine.
///
/// A name counts the more the fewer files use it (log₂ of files over users); what one file takes from another counts
/// once, up to a bound; and a user counts the more the more it is used itself, a test half as much again.
pub(super) fn uses(files: &[(Worth, &NameList)]) -> Vec<u64> {
    let owners = owners(files);
    let ids: HashMap<u32, u32> = (0..)
        .zip(&owners)
        .map(|(id, (name, _))| (*name, id))
        .collect();
    let known: Vec<Vec<u32>> = parallel::map(files, |(_, names)| {
        names
            .uses
            .iter()
            .filter_map(|name| ids.get(name).copied())
            .collect()
    })
    .collect();
    let mut users = vec![0_u64; owners.len()];
    for name in known.iter().flatten() {
        users[*name as usize] += 1;
    }
    let all = files.len() as u64;
    let weight: Vec<u64> = users
        .iter()
        .map(|users| 1 + u64::from((all / (*users).max(1)).max(1).ilog2()))
        .collect();
    let ties: Vec<Vec<(u32, u64)>> = (0_u32..)
        .zip(&known)
        .map(|(user, known)| ties(user, known, &owners, &weight))
        .collect();
    let first = sums(files, &ties, |_| 1);
    sums(files, &ties, |user| {
        1 + u64::from((1 + first[user]).ilog2())
    })
}

/// Each name that files define for others, with these files, where they are few.
fn owners(files: &[(Worth, &NameList)]) -> Vec<(u32, Vec<u32>)> {
    let mut defined: Vec<(u32, u32)> = (0_u32..)
        .zip(files)
        .filter(|(_, (worth, _))| !matches!(worth, Worth::Test | Worth::Other | Worth::Generated))
        .flat_map(|(file, (_, names))| names.defines.iter().map(move |name| (*name, file)))
        .collect();
    defined.sort_unstable();
    defined
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() <= MAX_NAMESAKES)
        .map(|same| (same[0].0, same.iter().map(|(_, file)| *file).collect()))
        .collect()
}

/// What one file takes from which others.
fn ties(user: u32, known: &[u32], owners: &[(u32, Vec<u32>)], weight: &[u64]) -> Vec<(u32, u64)> {
    let mut taken: Vec<(u32, u64)> = Vec::new();
    for name in known {
        let (_, files) = &owners[*name as usize];
        // What it defines itself it need not take from another.
        if !files.contains(&user) {
            let weight = weight[*name as usize] / files.len() as u64;
            taken.extend(files.iter().map(|file| (*file, weight)));
        }
    }
    taken.sort_unstable();
    taken
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| {
            (
                same[0].0,
                same.iter()
                    .map(|(_, weight)| weight)
                    .sum::<u64>()
                    .min(MAX_TIE),
            )
        })
        .collect()
}

fn sums(
    files: &[(Worth, &NameList)],
    ties: &[Vec<(u32, u64)>],
    of: impl Fn(usize) -> u64,
) -> Vec<u64> {
    let mut sums = vec![0_u64; files.len()];
    for (user, ties) in ties.iter().enumerate() {
        let voice = match files[user].0 {
            Worth::Test => 3 * of(user),
            _ => 2 * of(user),
        };
        for (file, weight) in ties {
            sums[*file as usize] += weight * voice;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::names::names;
    use super::{Worth, uses};

    fn rank(files: &[(&str, Worth, &str)]) -> Vec<String> {
        let names: Vec<_> = files
            .iter()
            .map(|(path, worth, text)| (*worth, names(path, text)))
            .collect();
        let given: Vec<_> = names.iter().map(|(worth, names)| (*worth, names)).collect();
        let uses = uses(&given);
        let mut order: Vec<usize> = (0..files.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(uses[*at]));
        order.iter().map(|at| files[*at].0.to_owned()).collect()
    }

    #[test]
    fn what_many_files_use_comes_before_what_one_uses_often_and_tests_weigh_in() {
        let many = "pub fn alpha() {}\npub fn gamma() {}\npub fn delta() {}\npub fn epsilon() {}";
        let users: Vec<String> = (0..20).map(|at| format!("u{at}.rs")).collect();
        let mut files = vec![
            ("often.rs", Worth::Source, many),
            ("wide.rs", Worth::Source, "pub fn everywhere() {}"),
            ("tested.rs", Worth::Source, "pub fn proven() {}"),
            ("unused.rs", Worth::Source, "pub fn nobody() {}"),
            (
                "a.rs",
                Worth::Source,
                "fn a() { alpha(); gamma(); delta(); epsilon() }",
            ),
            ("t.rs", Worth::Test, "fn t() { proven() }"),
        ];
        files.extend(
            users
                .iter()
                .map(|path| (path.as_str(), Worth::Source, "fn u() { everywhere() }")),
        );
        let order = rank(&files);
        assert_eq!(order[0], "wide.rs");
        assert!(
            order[1..3].contains(&"often.rs".to_owned())
                && order[1..3].contains(&"tested.rs".to_owned())
        );
    }

    #[test]
    fn who_is_used_by_the_used_comes_before_who_is_used_by_nobodys_friends() {
        let order = rank(&[
            ("core.rs", Worth::Source, "pub fn deepest() {}"),
            ("side.rs", Worth::Source, "pub fn aside() {}"),
            ("hub.rs", Worth::Source, "pub fn central() { deepest() }"),
            ("leaf.rs", Worth::Source, "fn leaf() { aside() }"),
            ("a.rs", Worth::Source, "fn a() { central() }"),
            ("b.rs", Worth::Source, "fn b() { central() }"),
        ]);
        let place = |name| order.iter().position(|one| one == name).unwrap();
        assert!(place("core.rs") < place("side.rs"), "{order:?}");
    }
}
