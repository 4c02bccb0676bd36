//! What all experts of a graph share: the words of their declarations, which show what tells them apart, and the repository
//! that the local ones live in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use super::query::Query;
use super::words;
use crate::expert::{Expert, Graph};
use crate::history::messages;

/// Experts from which a word can be common: in a small graph all may well speak of one thing.
const MANY: usize = 12;
/// Commits whose messages are read.
const COMMITS: usize = 4_000;

/// Terms → experts that declare them, filled when it is first needed; and the repository.
#[derive(Default)]
pub struct Declared {
    words: OnceLock<Words>,
    /// Where the local experts live.
    pub repository: Option<PathBuf>,
    messages: OnceLock<Vec<(String, String)>>,
}

#[derive(Default)]
struct Words {
    experts: usize,
    holders: BTreeMap<String, BTreeSet<usize>>,
    numbers: BTreeMap<String, usize>,
}

impl Declared {
    /// For experts that live in a repository.
    pub fn beside(repository: PathBuf) -> Self {
        Self {
            words: OnceLock::new(),
            repository: Some(repository),
            messages: OnceLock::new(),
        }
    }

    /// Whether a graph is so large that not every way to somebody can be gone.
    pub fn is_large(&self, graph: &Graph) -> bool {
        graph.experts.len() >= MANY
    }

    /// The newest commits of the repository, ids and messages; none where it has none or git cannot tell.
    pub fn messages(&self) -> &[(String, String)] {
        self.messages.get_or_init(|| {
            let read = |place: &PathBuf| messages(place, "HEAD", COMMITS).ok();
            self.repository.as_ref().and_then(read).unwrap_or_default()
        })
    }

    fn words(&self, graph: &Graph) -> &Words {
        self.words.get_or_init(|| {
            let mut all = Words::default();
            for (number, (name, expert)) in graph.experts.iter().enumerate() {
                all.experts += 1;
                all.numbers.insert(name.clone(), number);
                for text in texts(expert) {
                    words::each(text, |term| {
                        all.holders
                            .entry(term.to_owned())
                            .or_default()
                            .insert(number);
                    });
                }
            }
            all
        })
    }

    /// The words of a request that more than half of a large graph declares, as bits, and those that anybody declares.
    pub fn common(&self, graph: &Graph, query: &Query) -> (u64, u64) {
        let all = self.words(graph);
        let (mut common, mut known) = (0, 0);
        for (at, group) in query.groups.iter().enumerate() {
            let terms = group
                .terms
                .iter()
                .filter_map(|(term, _)| all.holders.get(term));
            let most = terms.map(BTreeSet::len).max().unwrap_or(0);
            known |= u64::from(most > 0) << at;
            common |= u64::from(all.experts >= MANY && most * 2 > all.experts) << at;
        }
        (common, known)
    }

    /// The words of a request that an expert declares, as bits.
    pub fn mask(&self, graph: &Graph, expert: &str, query: &Query) -> u64 {
        let all = self.words(graph);
        let Some(number) = all.numbers.get(expert) else {
            return 0;
        };
        let groups = query.groups.iter().enumerate();
        groups.fold(0, |mask, (at, group)| {
            let terms = group
                .terms
                .iter()
                .filter_map(|(term, _)| all.holders.get(term));
            mask | u64::from(terms.into_iter().any(|held| held.contains(number))) << at
        })
    }
}

/// Everything an expert says about itself.
fn texts(expert: &Expert) -> impl Iterator<Item = &str> {
    let said = [expert.name.as_str(), expert.role.as_str()].into_iter();
    let contracts = expert.provides.iter();
    let promised =
        contracts.flat_map(|(name, contract)| [name.as_str(), contract.summary.as_str()]);
    said.chain(promised)
        .chain(expert.capabilities.iter().map(String::as_str))
}
