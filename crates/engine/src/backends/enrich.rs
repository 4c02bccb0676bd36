//! What an expert is given beside the messages: places that a search found, and whom it may want to ask.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::Backends;
use crate::run::BackendSelection as _;
use poag_core::council::message::{ConsumerView, Passage, TurnInput};
use poag_core::expert::{Expert, FileRole, Graph};
use poag_knowledge::taken::taken;

/// Tokens of all passages together, at least and at most.
const BUDGET: std::ops::RangeInclusive<usize> = 500..=3_000;
/// Their share of the pack: what is new in a question costs ten times what a provider reads from its cache,
/// so that the tail stays small beside it. A token has four bytes or so.
const BYTES_OF_PACK_A_TOKEN: usize = 16 * 4;

/// Names that all consumers of an expert take, together, and of each at least: of many consumers, few names each.
const NAMES: usize = 240;
const FEW: usize = 4;

impl Backends {
    /// The input with passages and hints, for experts that do not search themselves, and with how right they were before. A
    /// search that fails costs the turn nothing but them.
    pub(super) async fn enriched(
        &self,
        expert: &Expert,
        pack: &str,
        mut input: TurnInput,
    ) -> TurnInput {
        if self.backend(expert) == poag_librarian::NAME {
            return input;
        }
        let librarian = self.librarian.clone();
        let (graph, cache) = (Arc::clone(&self.graph), self.cache.join("taken"));
        let (asked, mut consumers) = (input.clone(), input.consumers.clone());
        let (engine, flake) = (self.engine.clone(), self.flake.clone());
        let earlier = Arc::clone(&self.earlier);
        let budget = pack.len() / BYTES_OF_PACK_A_TOKEN;
        let budget = budget.clamp(*BUDGET.start(), *BUDGET.end());
        let work = tokio::task::spawn_blocking(move || {
            name_what_they_take(&cache, &graph, &asked.expert, &mut consumers);
            let earlier = earlier.get_or_init(|| {
                let told = engine.works().and_then(|works| works.earlier_plans(&flake));
                told.unwrap_or_default()
            });
            let earlier = earlier.get(&asked.expert).cloned().unwrap_or_default();
            (consumers, earlier, librarian.advice(&asked, budget))
        });
        let Ok((consumers, earlier, advice)) = work.await else {
            return input;
        };
        (input.consumers, input.earlier_plans) = (consumers, earlier);
        if let Ok(advice) = advice {
            (input.passages, input.in_pack) = told_apart(pack, advice.passages);
            input.worth_asking = advice.hints;
        }
        input
    }
}

/// Fills in at which names consumers take what they take; one whose files cannot be read has none.
fn name_what_they_take(
    cache: &Path,
    graph: &Graph,
    provider: &str,
    consumers: &mut BTreeMap<String, ConsumerView>,
) {
    let Some(provider) = graph.expert(provider) else {
        return;
    };
    let each = NAMES / consumers.len().max(1);
    for (name, view) in consumers {
        let consumer = graph.expert(name);
        let names = consumer.and_then(|consumer| taken(cache, provider, consumer).ok());
        view.symbols = names.unwrap_or_default();
        view.symbols.truncate(each.max(FEW));
    }
}

/// Passages that add something, guides first, and where the others stand in the pack: that was read already, and a
/// provider reads it from its cache, so that a place suffices.
fn told_apart(pack: &str, passages: Vec<Passage>) -> (Vec<Passage>, Vec<String>) {
    let known = |passage: &Passage| pack.contains(passage.text.trim());
    let (known, mut new): (Vec<_>, Vec<_>) = passages.into_iter().partition(known);
    new.sort_by_key(|passage| !is_guide(&passage.path));
    let place = |passage: Passage| {
        let (first, last) = passage.lines;
        format!("{}:{first}-{last}", passage.path)
    };
    (new, known.into_iter().map(place).collect())
}

/// Whether a file says how things are done here.
fn is_guide(path: &str) -> bool {
    FileRole::of(path) == FileRole::Document && !FileRole::is_history(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_in_the_pack_are_places_and_guides_come_first_among_the_others() {
        let passage = |path: &str, text: &str| Passage {
            path: path.into(),
            lines: (1, 2),
            text: text.into(),
        };
        let given = vec![
            passage("src/a.rs", "fn a() {}\n"),
            passage("src/b.rs", "fn b() {}"),
            passage("CHANGELOG.md", "It was done."),
            passage("docs/options.md", "A new option"),
        ];
        let (new, known) = told_apart("# Sources\nfn a() {}\n", given);
        let paths: Vec<&str> = new.iter().map(|passage| passage.path.as_str()).collect();
        assert_eq!(paths, ["docs/options.md", "src/b.rs", "CHANGELOG.md"]);
        assert_eq!(known, ["src/a.rs:1-2"]);
    }
}
