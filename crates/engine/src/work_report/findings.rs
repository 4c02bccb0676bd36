//! What reviewers found in a work, as SARIF 2.1.0, which code hosts show beside the code.

use serde_json::Value;

use poag_core::work::axis::{Place, Verdict};
use poag_core::work::{Board, TaskRecord};

use crate::sarif::{SarifResult, log};

/// Rule → what it means.
const RULES: [(&str, &str); 2] = [
    ("poag/objection", "A reviewer objects to a change"),
    ("poag/remark", "A reviewer remarks on a change"),
];

/// The log: each objection to what is proven now is an error at each of its places, each remark a note. Verdicts on
/// earlier trees are left out.
#[must_use]
pub fn findings(board: &Board) -> Value {
    log(
        &RULES,
        board.providers_first().into_iter().flat_map(of_task),
    )
}

fn of_task(record: &TaskRecord) -> Vec<Value> {
    let Some(proof) = &record.proof else {
        return Vec::new();
    };
    let reviews = record.reviews.iter();
    let current = reviews.filter(|review| review.is_about(&proof.tree, proof.patch.as_deref()));
    let found = current.filter_map(|review| {
        let (rule, level, text, places) = match &review.verdict {
            Verdict::Approve {} => return None,
            Verdict::Object { reason, places } => ("poag/objection", "error", reason, places),
            Verdict::Comment { text, places } => ("poag/remark", "note", text, places),
        };
        let text = format!("{}: {text}", review.reviewer.name);
        let places = match places.is_empty() {
            // A result without a place is shown by no code host.
            true => whole(record),
            false => places.clone(),
        };
        Some(places.into_iter().map(move |place| {
            SarifResult {
                rule,
                level,
                of: record.task.id.as_str(),
                path: &place.path,
                line: place.line.unwrap_or(1),
                text: &text,
            }
            .json()
        }))
    });
    found.flatten().collect()
}

/// The first file that changed, for a verdict on the whole.
fn whole(record: &TaskRecord) -> Vec<Place> {
    let proof = record.proof.iter();
    let paths = proof.flat_map(|proof| proof.changed.first());
    paths
        .map(|path| Place {
            path: path.clone(),
            line: None,
        })
        .collect()
}
