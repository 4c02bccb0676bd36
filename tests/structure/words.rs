//! A type name stands for one thing.

use std::collections::BTreeMap;

use crate::shipped;

/// Of a hundred type names, so many may stand for two things or more.
const MOST: usize = 10;

#[test]
fn a_type_name_stands_for_one_thing() {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, text) in shipped() {
        for line in text.lines() {
            let line = line.strip_prefix("pub ").unwrap_or(line);
            let line = match line.strip_prefix("pub(") {
                Some(rest) => rest.split_once(") ").map_or("", |(_, rest)| rest),
                None => line,
            };
            let kinds = ["struct ", "enum ", "trait ", "type "];
            let Some(rest) = kinds.iter().find_map(|kind| line.strip_prefix(kind)) else {
                continue;
            };
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            found.entry(name).or_default().push(file.clone());
        }
    }
    let all: usize = found.values().map(Vec::len).sum();
    assert!(all > 400, "{all}");
    found.retain(|_, files| files.len() > 1);
    let shared: usize = found.values().map(Vec::len).sum();
    assert!(
        shared * 100 <= all * MOST,
        "{shared} of {all} type names stand for two things: {found:#?}\nrepair: call one of them by what tells it apart"
    );
}
