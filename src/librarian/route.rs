//! Which neighbours to ask, about what, and why; and why the others are not asked.

use std::collections::BTreeMap;

use super::change::{ABOUT, Changes};
use super::declared::Declared;
use super::error::LibrarianError;
use super::language::Language;
use super::past::{Bound, bound};
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

/// Neighbours that are asked in one turn, at most; and where the request says "every" or "all".
pub const MOST: usize = 12;
pub const MOST_WIDE: usize = 64;
/// Of neighbours that the same words match, so many are asked where no request for "every" one asks all.
pub const ALIKE: usize = 4;
/// Neighbours whose promises are followed into the files that would change.
const FOLLOWED: usize = 64;

/// What the speaker has so far, and where it can look.
pub struct Route<'a, 'v> {
    /// The graph.
    pub graph: &'a Graph,
    /// What all experts declare.
    pub declared: &'a Declared,
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
    /// How much is to be expected of it.
    worth: f64,
    /// The words that matched, as bits, where words are all that tells.
    words: Option<u64>,
    /// Whom it leads to, and over how many edges, where it is asked for somebody behind it.
    behind: Option<(String, usize)>,
}

impl Route<'_, '_> {
    /// The asks, at most [`MOST`] or [`MOST_WIDE`], and notes about the neighbours that are not asked.
    ///
    /// # Errors
    /// When the knowledge of an expert cannot be read.
    pub fn asks(&self, input: &TurnInput) -> Result<(Vec<Ask>, Vec<String>), LibrarianError> {
        let (mut whys, mut quiet) = (Vec::new(), Vec::new());
        let mut left = Vec::new();
        for (name, neighbor) in &input.neighbors {
            let Some(provider) = self.graph.expert(name) else {
                continue;
            };
            let follow = whys.len() + left.len() < FOLLOWED;
            match self.direct(provider, neighbor, follow)? {
                Some(Some(why)) => whys.push((name, neighbor, why)),
                Some(None) => quiet.push(name.as_str()),
                None => left.push((name, neighbor, provider)),
            }
        }
        let local = left.iter().any(|(_, _, provider)| provider.is_local());
        let past = match self.view.intent.change && local {
            true => bound(self.graph, self.declared, self.view),
            false => BTreeMap::new(),
        };
        // Whoever is next comes before whoever is behind somebody: only so many are looked into.
        for (_, _, provider) in &left {
            self.scout.look(provider)?;
        }
        for (name, neighbor, provider) in left {
            let why = match past.get(name) {
                Some(bound) => Some(self.remembered(neighbor, bound)),
                None => self.held(provider, neighbor)?,
            };
            match why {
                Some(why) => whys.push((name, neighbor, why)),
                None => quiet.push(name.as_str()),
            }
        }
        let longer = match self.declared.is_large(self.graph) {
            true => nearest(&mut whys),
            false => Vec::new(),
        };
        let (alike, beyond) = self.bounded(&mut whys);
        let asks = whys.into_iter().map(|(name, neighbor, why)| Ask {
            to: name.clone(),
            text: text(
                &input.request,
                &input.expert,
                neighbor,
                why.contract.as_deref(),
            ),
            contract: why.contract,
            reason: why.reason,
        });
        let most = self.most();
        let notes = [
            (&quiet, "for nothing there matches better".to_owned()),
            (
                &longer,
                "for others are nearer to whom they lead to".to_owned(),
            ),
            (
                &alike,
                "for the same words match those that are asked".to_owned(),
            ),
            (
                &beyond,
                format!("for at most {most} are asked in one turn, those that match best"),
            ),
        ];
        let notes = notes.into_iter().filter(|(names, _)| !names.is_empty());
        let notes = notes.map(|(names, why)| format!("not asked, {why}: {}", counted(names)));
        Ok((asks.collect(), notes.collect()))
    }

    fn most(&self) -> usize {
        match self.view.intent.wide {
            true => MOST_WIDE,
            false => MOST,
        }
    }

    /// Takes out whom the same words match as others that stay, and whom the bound leaves no room for; gives their names.
    /// Whoever stays is in order of names again.
    fn bounded<'n, N>(&self, whys: &mut Vec<(&'n String, N, Why)>) -> (Vec<&'n str>, Vec<&'n str>) {
        whys.sort_by(|a, b| b.2.worth.total_cmp(&a.2.worth).then(a.0.cmp(b.0)));
        let (mut alike, mut beyond) = (Vec::new(), Vec::new());
        let mut same: BTreeMap<u64, usize> = BTreeMap::new();
        let mut kept = 0;
        whys.retain(|(name, _, why)| {
            let count = why.words.map(|words| {
                let count = same.entry(words).or_default();
                *count += 1;
                *count
            });
            if !self.view.intent.wide && count.is_some_and(|count| count > ALIKE) {
                alike.push(name.as_str());
                return false;
            }
            if kept == self.most() {
                beyond.push(name.as_str());
                return false;
            }
            kept += 1;
            true
        });
        whys.sort_by(|a, b| a.0.cmp(b.0));
        alike.sort_unstable();
        beyond.sort_unstable();
        (alike, beyond)
    }

    /// Why to ask a provider for what it is or promises itself. The inner one is none where it must not be asked, the outer
    /// one where what it holds must tell.
    fn direct(
        &self,
        provider: &Expert,
        neighbor: &NeighborView,
        follow: bool,
    ) -> Result<Option<Option<Why>>, LibrarianError> {
        let contract = self.contract(neighbor);
        let about = |reason: String, worth: f64, words: Option<u64>| {
            Some(Some(Why {
                reason,
                contract: contract.clone().map(|(name, _)| name),
                worth,
                words,
                behind: None,
            }))
        };
        let asked: Vec<&'static Language> = self.view.query.languages().collect();
        if self.view.intent.usage
            && !self.view.intent.change
            && !asked.is_empty()
            && self.elsewhere(provider, self.scout, &asked)
        {
            return Ok(Some(None));
        }
        if let Some(language) = asked.iter().find(|language| speaks(provider, language)) {
            let reason = format!(
                "the request names {} and its own words do too",
                language.name
            );
            return Ok(about(reason, 3.0, None));
        }
        if let Some((name, mask)) = &contract
            && self.wanted(self.view.found.share(*mask), &asked)
        {
            let reason = format!("its contract `{name}` speaks of {}", self.view.named(*mask));
            let worth = 1.0 + self.view.found.share(*mask);
            return Ok(about(reason, worth, Some(*mask)));
        }
        if follow
            && self.view.intent.change
            && let Some((name, used, path)) =
                touched_by(self.shelf, self.view, provider, self.changes)?
        {
            let reason = format!(
                "what would change in {path} uses {} of its contract `{name}`",
                ticked(&used)
            );
            return Ok(Some(Some(Why {
                reason,
                contract: Some(name),
                worth: 1.5,
                words: None,
                behind: None,
            })));
        }
        Ok(None)
    }

    /// Why to ask a provider whose files past changes like this one changed.
    fn remembered(&self, neighbor: &NeighborView, bound: &Bound) -> Why {
        let ((times, of), (id, line)) = (bound.times, &bound.commit);
        Why {
            reason: format!(
                "changes like this one touched its files, {times} of {of}: past commit {id} “{line}”"
            ),
            contract: self.contract(neighbor).map(|(name, _)| name),
            worth: 1.2,
            words: None,
            behind: None,
        }
    }

    /// Why to ask a provider for what its files hold, or for who is behind it.
    fn held(
        &self,
        provider: &Expert,
        neighbor: &NeighborView,
    ) -> Result<Option<Why>, LibrarianError> {
        let scout = self.scout;
        let asked: Vec<&'static Language> = self.view.query.languages().collect();
        let contract = self.contract(neighbor).map(|(name, _)| name);
        let telling = self.telling();
        for expert in std::iter::once(provider).chain(scout.behind(&provider.name)) {
            let own = expert.name == provider.name;
            let at = if own {
                String::new()
            } else {
                format!("behind it, `{}`: ", expert.name)
            };
            if !own
                && self
                    .declared
                    .mask(self.graph, &expert.name, self.view.query)
                    & telling
                    != 0
                && let Some((name, mask)) = self.promised(expert)
                && self.wanted(self.view.found.share(mask), &asked)
            {
                return Ok(Some(Why {
                    reason: format!("{at}contract `{name}` speaks of {}", self.view.named(mask)),
                    contract,
                    worth: 0.8 + self.view.found.share(mask),
                    words: None,
                    behind: Some((expert.name.clone(), scout.steps(provider, expert))),
                }));
            }
            // Beyond what can be looked into, promises are all there is.
            let Some(sight) = scout.look(expert)? else {
                continue;
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
                && (mask & telling != 0 || self.view.intent.wide)
            {
                return Ok(Some(Why {
                    reason: format!("{at}{path} holds {}", self.view.named(*mask)),
                    contract,
                    worth: sight.cover,
                    words: own.then_some(*mask),
                    behind: (!own).then(|| (expert.name.clone(), scout.steps(provider, expert))),
                }));
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
            let mask = self.view.query.mask(&text) & self.telling();
            let share = self.view.found.share(mask);
            if mask != 0 && best.as_ref().is_none_or(|(_, _, known)| share > *known) {
                best = Some((name.clone(), mask, share));
            }
        }
        best.map(|(name, mask, _)| (name, mask))
    }

    /// The words that a promise is matched by: for "every", also those that all share; else none where all of them are
    /// shared with the speaker, too, who then knows as much as anybody.
    fn telling(&self) -> u64 {
        let (strong, telling) = (self.view.query.strong(), self.view.query.telling());
        let own = self
            .declared
            .mask(self.graph, &self.view.expert.name, self.view.query);
        if self.view.intent.wide {
            strong
        } else if self.view.query.is_common(telling) && telling & own == telling {
            0
        } else {
            telling
        }
    }

    /// The groups of the request that name a language, as bits.
    fn spoken(&self) -> u64 {
        let groups = self.view.query.groups.iter().enumerate();
        groups
            .filter(|(_, group)| group.language.is_some())
            .fold(0, |mask, (at, _)| mask | 1 << at)
    }
}

/// Takes out all who lead to somebody that another one is nearer to, or as near and earlier by name; gives their names.
fn nearest<'n, N>(whys: &mut Vec<(&'n String, N, Why)>) -> Vec<&'n str> {
    let mut best: BTreeMap<String, (usize, &'n String)> = BTreeMap::new();
    for (name, _, why) in whys.iter() {
        if let Some((to, steps)) = &why.behind {
            let here = (*steps, *name);
            let known = best.entry(to.clone()).or_insert(here);
            *known = (*known).min(here);
        }
    }
    let mut longer = Vec::new();
    whys.retain(|(name, _, why)| {
        let near = why
            .behind
            .as_ref()
            .is_none_or(|(to, _)| best.get(to).is_some_and(|(_, nearest)| nearest == name));
        if !near {
            longer.push(name.as_str());
        }
        near
    });
    longer
}

/// Names in ticks, few of them, and how many there are.
fn counted(names: &[&str]) -> String {
    match names.len() {
        all @ 7.. => format!("{} ({all} in all)", ticked(names)),
        _ => ticked(names),
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
