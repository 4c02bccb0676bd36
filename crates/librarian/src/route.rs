//! Whom to ask: the next expert on the shortest way from the root to each owner of what was found.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use poag_core::council::message::{Ask, TurnInput};
use poag_core::expert::Graph;

/// The provider through which each expert is reached from the root: the shortest way, the first by name among equals.
/// Every expert has one way, so that nobody is asked twice for the same.
fn ways(graph: &Graph) -> BTreeMap<&str, &str> {
    let mut from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut seen: BTreeSet<&str> = BTreeSet::from([graph.root.as_str()]);
    let mut waiting: VecDeque<&str> = VecDeque::from([graph.root.as_str()]);
    while let Some(name) = waiting.pop_front() {
        let Some(expert) = graph.expert(name) else {
            continue;
        };
        for next in expert.neighbors.keys() {
            if seen.insert(next) {
                from.insert(next, name);
                waiting.push_back(next);
            }
        }
    }
    from
}

/// The questions of the speaker of a turn: to each neighbour that owns something or lies on the way to somebody who does.
/// `owners` has the owners with what they own, as the end of a sentence.
#[must_use]
pub fn asks(graph: &Graph, input: &TurnInput, owners: &BTreeMap<String, String>) -> Vec<Ask> {
    let ways = ways(graph);
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for owner in owners.keys() {
        let mut at = owner.as_str();
        while let Some(before) = ways.get(at) {
            if *before == input.expert {
                next.entry(at).or_default().push(owner);
                break;
            }
            at = before;
        }
    }
    let known = |to: &str| input.asked.iter().any(|asked| asked.to == to);
    next.into_iter()
        .filter(|(to, _)| !known(to) && input.neighbors.contains_key(*to))
        .map(|(to, reached)| {
            let reason = match owners.get(to) {
                Some(what) => what.clone(),
                None => {
                    let behind = reached[0];
                    format!(
                        "`{behind}`, which it depends on, {}",
                        owners[behind].trim_start_matches("it ")
                    )
                }
            };
            Ask {
                to: to.to_owned(),
                text: input.request.clone(),
                contract: contract(graph, &input.expert, to),
                reason,
            }
        })
        .collect()
}

/// The contract that an edge takes, where it takes just one.
fn contract(graph: &Graph, from: &str, to: &str) -> Option<String> {
    let neighbor = graph.expert(from)?.neighbors.get(to)?;
    match &neighbor.contracts[..] {
        [one] => Some(one.clone()),
        _ => None,
    }
}
