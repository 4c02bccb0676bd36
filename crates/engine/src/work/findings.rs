//! What rules find in a change without a model. They approve nothing.

use std::collections::BTreeSet;

use poag_core::expert::Graph;
use poag_core::work::axis::{Place, Verdict};
use poag_core::work::{Board, TaskRecord, from_plan};

/// Words of a path that is a test.
const TESTS: [&str; 4] = ["test", "tests", "testing", "spec"];

/// What rules find in the change of a task that is proven; none where they find nothing.
#[must_use]
pub fn findings(board: &Board, record: &TaskRecord, graph: &Graph) -> Option<Verdict> {
    let proof = record.proof.as_ref()?;
    let expert = graph.expert(&record.task.expert)?;
    let own = |path: &String| expert.path_within(path).map(str::to_owned);
    let changed: Vec<String> = proof.changed.iter().filter_map(own).collect();
    let mut found = Vec::new();
    let mut places = Vec::new();
    let contracts = from_plan::touched(expert, changed.iter().map(String::as_str));
    for contract in &contracts {
        let one = std::slice::from_ref(contract);
        let consumers = from_plan::consumers(graph, &expert.name, one);
        let tasks: BTreeSet<&str> = board
            .tasks
            .values()
            .map(|r| r.task.expert.as_str())
            .collect();
        let without: Vec<&str> = consumers
            .iter()
            .map(String::as_str)
            .filter(|name| !tasks.contains(name))
            .collect();
        if !without.is_empty() {
            found.push(format!(
                "contract {contract} is touched, and {} has no task in this work",
                without.join(", ")
            ));
            places.extend(expert.provides[contract].files.iter().map(|file| Place {
                path: expert.place_of(file),
                line: None,
            }));
        }
    }
    let planned: BTreeSet<&str> = record
        .task
        .context_files
        .iter()
        .map(String::as_str)
        .collect();
    let missed: Vec<&str> = planned
        .iter()
        .copied()
        .filter(|path| !changed.iter().any(|one| one == path))
        .collect();
    if !missed.is_empty() {
        found.push(format!(
            "named by the plan and not changed: {}",
            missed.join(", ")
        ));
    }
    let more: Vec<&str> = changed
        .iter()
        .map(String::as_str)
        .filter(|path| !planned.contains(path) && !planned.is_empty() && *path != "poag.lock")
        .collect();
    if !more.is_empty() {
        found.push(format!(
            "changed and not named by the plan: {}",
            more.join(", ")
        ));
    }
    let is_test = |path: &str| {
        let mut words = path.split(|c: char| !c.is_alphanumeric());
        words.any(|word| TESTS.contains(&word))
    };
    let named_tests = planned.iter().any(|path| is_test(path));
    if named_tests && !changed.iter().any(|path| is_test(path)) {
        found.push("no test changed, though the plan names some".to_owned());
    }
    (!found.is_empty()).then(|| Verdict::Comment {
        text: found.join("\n"),
        places,
    })
}
