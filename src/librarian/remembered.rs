//! What the past adds to a plan: the order of files, why they are named, and files that no word would have found.

use std::collections::{BTreeMap, HashMap};

use super::rank::{Ranked, Ranking, Reason};
use super::role::Role;
use super::view::View;
use crate::council::message::{Action, Edit, Evidence};

/// Share of the ranking in a file's worth; the rest are the words it holds. Chosen with [`SHARP`] on the past of gitoxide and
/// tracing (`poag bench replay --methods ask`), where it found more among the first ten than 0.5 and 0.7 or the ranking alone.
const RANKED: f64 = 0.7;
/// How sharply the ranking tells files apart.
const SHARP: f64 = 0.35;
/// Places of the ranking from which a file is named that no word told.
const FIRST: usize = 4;
/// Share of the commits of another file in which it must have changed, and how often at least.
const OFTEN: f64 = 0.4;
const TIMES: usize = 3;

/// What files are worth by their words and by a ranking together.
pub struct Blend<'r> {
    /// Path → e^(what it is worth less than the best); none without a ranking.
    ranked: Option<HashMap<&'r str, f64>>,
}

impl<'r> Blend<'r> {
    /// Of the words alone, where there is no ranking.
    pub fn new(ranking: Option<&'r Ranking>) -> Self {
        let ranked = ranking.map(|ranking| {
            let most = ranking.files.first().map_or(0.0, |file| file.score);
            let worth =
                |file: &'r Ranked| (file.path.as_str(), (SHARP * (file.score - most)).exp());
            ranking.files.iter().map(worth).collect()
        });
        Self { ranked }
    }

    /// A file's worth, at most 1; `words` is what its words are worth.
    pub fn of(&self, path: &str, words: f64) -> f64 {
        let Some(ranked) = &self.ranked else {
            return words;
        };
        let ranked = ranked.get(path).copied().unwrap_or(0.0);
        (1.0 - RANKED) * words + RANKED * ranked
    }
}

/// Adds what the past says to the edits of a change, and the files that it alone names.
pub fn remember(view: &View<'_>, edits: &mut BTreeMap<String, Edit>) {
    let Some(ranking) = view.ranking.as_ref().filter(|_| !edits.is_empty()) else {
        return;
    };
    for file in &ranking.files {
        if let Some(edit) = edits.get_mut(&file.path) {
            edit.evidence.extend(evidence(file));
        }
    }
    for file in ranking.files.iter().take(FIRST) {
        let role = Role::of(&file.path);
        if role == Role::Record || Role::is_history(&file.path) || edits.contains_key(&file.path) {
            continue;
        }
        let bound = file.reasons.iter().find_map(|reason| match reason {
            Reason::Together { with, times, of } => {
                let often = *times >= TIMES && *times as f64 >= OFTEN * *of as f64;
                (often && edits.contains_key(with)).then(|| reason.to_string())
            }
            _ => None,
        });
        if let Some(why) = bound {
            let edit = Edit {
                path: file.path.clone(),
                action: Action::Read,
                instruction: format!("see whether it has to change as well: it {why}"),
                likelihood: None,
                evidence: evidence(file),
            };
            edits.insert(file.path.clone(), edit);
        }
    }
}

/// What the past says of a file; what its words say is cited by lines already.
fn evidence(file: &Ranked) -> Vec<Evidence> {
    let past = file
        .reasons
        .iter()
        .filter(|reason| matches!(reason, Reason::Commit { .. } | Reason::Together { .. }));
    past.map(|reason| Evidence {
        lines: None,
        what: reason.to_string(),
    })
    .collect()
}
