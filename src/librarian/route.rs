//! Which neighbours to ask, about what, and why; and why the others are not asked.

use super::change::{ABOUT, Changes};
use super::error::LibrarianError;
use super::language::Language;
use super::provider::touched_by;
use super::responsible::{reach, speaks};
use super::scout::Scout;
use super::shelf::Shelf;
use super::usage::FOUND;
use super::view::{View, ticked};
use crate::council::message::{Ask, NeighborView, TurnInput};
use crate::expert::{Expert, Graph};

/// An own answer that covers this much needs no neighbour unless the neighbour covers more.
const ENOUGH: f64 = 0.75;

/// What the speaker has so far, and where it can look.
pub struct Route<'a, 'v> {
    /// The graph.
    pub graph: &'a Graph,
    /// What other experts hold.
    pub scout: &'v Scout<'a>,
    /// The open indexes.
    pub shelf: &'a Shelf,
    /// The speaker's view.
    pub view: &'v View<'a>,
    /// What it would change.
    pub changes: &'v Changes,
    /// How sure its own answer is, from 0 to 1.
    pub cover: f64,
}

/// Why a neighbour is asked, and about which contract.
struct Why {
    reason: String,
    contract: Option<String>,
}

impl Route<'_, '_> {
    /// The asks, and a note about each neighbour that is not asked.
    ///
    /// # Errors
    /// When the knowledge of an expert cannot be read.
    pub fn asks(&self, input: &TurnInput) -> Result<(Vec<Ask>, Vec<String>), LibrarianError> {
        let scout = self.scout;
        let (mut asks, mut quiet) = (Vec::new(), Vec::new());
        for (name, neighbor) in &input.neighbors {
            let Some(provider) = self.graph.expert(name) else {
                continue;
            };
            match self.why(provider, neighbor, scout)? {
                Some(why) => asks.push(Ask {
                    to: name.clone(),
                    text: text(
                        &input.request,
                        &input.expert,
                        neighbor,
                        why.contract.as_deref(),
                    ),
                    contract: why.contract,
                    reason: why.reason,
                }),
                None => quiet.push(name.as_str()),
            }
        }
        let note = format!(
            "not asked, for nothing there matches better: {}",
            ticked(&quiet)
        );
        let notes = if quiet.is_empty() {
            Vec::new()
        } else {
            vec![note]
        };
        Ok((asks, notes))
    }

    fn why(
        &self,
        provider: &Expert,
        neighbor: &NeighborView,
        scout: &Scout<'_>,
    ) -> Result<Option<Why>, LibrarianError> {
        let contract = self.contract(neighbor);
        let about = |reason: String| {
            Some(Why {
                reason,
                contract: contract.clone().map(|(name, _)| name),
            })
        };
        let asked: Vec<&'static Language> = self.view.query.languages().collect();
        if self.view.intent.usage
            && !self.view.intent.change
            && !asked.is_empty()
            && self.elsewhere(provider, scout, &asked)
        {
            return Ok(None);
        }
        if let Some(language) = asked.iter().find(|language| speaks(provider, language)) {
            return Ok(about(format!(
                "the request names {} and its own words do too",
                language.name
            )));
        }
        if let Some((name, mask)) = &contract
            && self.wanted(self.view.found.share(*mask), &asked)
        {
            return Ok(about(format!(
                "its contract `{name}` speaks of {}",
                self.view.named(*mask)
            )));
        }
        if self.view.intent.change
            && let Some((name, used, path)) =
                touched_by(self.shelf, self.view, provider, self.changes)?
        {
            let reason = format!(
                "what would change in {path} uses {} of its contract `{name}`",
                ticked(&used)
            );
            return Ok(Some(Why {
                reason,
                contract: Some(name),
            }));
        }
        for expert in std::iter::once(provider).chain(scout.behind(&provider.name)) {
            let own = expert.name == provider.name;
            let at = if own {
                String::new()
            } else {
                format!("behind it, `{}`: ", expert.name)
            };
            if !own
                && let Some((name, mask)) = self.promised(expert)
                && self.wanted(self.view.found.share(mask), &asked)
            {
                return Ok(about(format!(
                    "{at}contract `{name}` speaks of {}",
                    self.view.named(mask)
                )));
            }
            let Some(sight) = scout.look(expert)? else {
                break;
            };
            let spoken = asked.is_empty() || sight.known & self.spoken() != 0;
            let change = self.view.intent.change
                && (sight.about >= ABOUT
                    || self.view.intent.wide && sight.known & self.view.query.strong() != 0);
            let more = self.cover < ENOUGH || sight.cover > self.cover;
            let usage =
                self.view.intent.usage && spoken && more && sight.cover >= FOUND.max(self.cover);
            if (change || usage)
                && let Some((path, mask)) = &sight.best
            {
                return Ok(about(format!(
                    "{at}{path} holds {}",
                    self.view.named(*mask)
                )));
            }
        }
        Ok(None)
    }

    /// Whether the question is for somebody else than `provider` and whoever is behind it: the speaker that
    /// has an answer speaks the language, or another neighbour has more to do with it.
    fn elsewhere(&self, provider: &Expert, scout: &Scout<'_>, asked: &[&'static Language]) -> bool {
        if self.cover >= FOUND && asked.iter().any(|asked| speaks(self.view.expert, asked)) {
            return true;
        }
        reach(scout, provider, self.view) < reach(scout, self.view.expert, self.view)
    }

    /// Whether a contract that carries `share` of the request is worth a question.
    fn wanted(&self, share: f64, asked: &[&'static Language]) -> bool {
        let usage = self.view.intent.usage
            && share > 0.0
            && asked.is_empty()
            && (self.cover < ENOUGH || share > self.cover);
        usage || self.view.intent.change && share > 0.0
    }

    /// The contract that speaks most of the request: of those the edge needs, else of all.
    fn contract(&self, neighbor: &NeighborView) -> Option<(String, u64)> {
        let texts = |needed: bool| {
            let chosen = neighbor.provides.iter();
            let chosen =
                chosen.filter(move |(name, _)| neighbor.needs.contains_key(*name) == needed);
            chosen.map(|(name, summary)| {
                let need = neighbor.needs.get(name).map_or("", String::as_str);
                (name, format!("{name} {summary} {need}"))
            })
        };
        self.best(texts(true)).or_else(|| self.best(texts(false)))
    }

    fn promised(&self, expert: &Expert) -> Option<(String, u64)> {
        let texts = expert.provides.iter();
        self.best(texts.map(|(name, contract)| (name, format!("{name} {}", contract.summary))))
    }

    fn best<'t>(&self, texts: impl Iterator<Item = (&'t String, String)>) -> Option<(String, u64)> {
        let mut best: Option<(String, u64, f64)> = None;
        for (name, text) in texts {
            let mask = self.view.query.mask(&text) & self.view.query.strong();
            let share = self.view.found.share(mask);
            if mask != 0 && best.as_ref().is_none_or(|(_, _, known)| share > *known) {
                best = Some((name.clone(), mask, share));
            }
        }
        best.map(|(name, mask, _)| (name, mask))
    }

    /// The groups of the request that name a language, as bits.
    fn spoken(&self) -> u64 {
        let groups = self.view.query.groups.iter().enumerate();
        groups
            .filter(|(_, group)| group.language.is_some())
            .fold(0, |mask, (at, _)| mask | 1 << at)
    }
}

/// The request, narrowed to one edge.
fn text(request: &str, speaker: &str, neighbor: &NeighborView, contract: Option<&str>) -> String {
    let Some(name) = contract else {
        return request.to_owned();
    };
    let summary = neighbor.provides.get(name).map_or("", String::as_str);
    let need = neighbor
        .needs
        .get(name)
        .map(|need| format!(", which `{speaker}` needs for: {need}"));
    format!(
        "{request}\n\nAsked about the contract `{name}` ({summary}){}",
        need.unwrap_or_default()
    )
}
