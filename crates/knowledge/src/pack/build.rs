//! Fills the layers from front to end until the budget is spent.

use serde::Serialize;
use tera::Context;

use super::error::PackError;
use super::fenced::Fenced;
use super::front::{ProvidedContract, Provider, declared, promises, providers};
use super::left_out::{LeftOut, LeftOutReason, shown};
use super::meter::Meter;
use super::shelf::{Book, FileSet};
use super::survey::FileFacts;
use super::template::{DEFAULT, Template};
use super::worth::Worth;
use super::{Layer, Pack, PackOptions, overview};
use crate::KnowledgeError;
use poag_core::expert::{Expert, Graph};
use poag_core::name;

/// Share of the budget that neighbours' contract files may take: one in this many tokens.
const CONTRACTS: usize = 5;
/// Share of what the front leaves that the outline may take.
const OUTLINE: usize = 3;
/// Tokens of one line about something left out.
const LINE: usize = 24;
/// Tokens below which no file is looked at any more.
const CRUMBS: usize = 40;

/// Everything a template may use; `templates/expert.md.tera` documents it.
#[derive(Default, Serialize)]
struct Variables {
    name: String,
    role: String,
    dir: String,
    budget: usize,
    provides: Vec<ProvidedContract>,
    neighbors: Vec<Provider>,
    checks: Vec<String>,
    capabilities: Vec<String>,
    outline: String,
    sources: Vec<Fenced>,
    left_out: Vec<String>,
    left_out_more: usize,
}

const KNOWN: &[&str] = &[
    "name",
    "role",
    "dir",
    "budget",
    "provides",
    "neighbors",
    "checks",
    "capabilities",
    "outline",
    "sources",
    "left_out",
    "left_out_more",
];

/// A pack under way.
pub(super) struct Draft {
    template: Template,
    variables: Variables,
    pub left_out: Vec<LeftOut>,
    budget: usize,
    /// Name and tokens up to its end.
    layers: Vec<(&'static str, usize)>,
    meter: Meter,
    /// The files that the outline says more of than their names.
    told: Vec<usize>,
}

impl Draft {
    /// With its front.
    pub fn new(graph: &Graph, expert: &Expert, options: &PackOptions) -> Result<Self, PackError> {
        let source = expert.prompt.as_deref().unwrap_or(DEFAULT);
        let mut draft = Self {
            template: Template::new(&expert.name, source, KNOWN)?,
            variables: Variables::default(),
            left_out: Vec::new(),
            budget: options.budget(expert),
            layers: Vec::new(),
            meter: Meter::default(),
            told: Vec::new(),
        };
        draft.front(graph, expert)?;
        Ok(draft)
    }

    fn render(&mut self) -> Result<(String, usize), PackError> {
        let context =
            Context::from_serialize(&self.variables).map_err(|error| PackError::Template {
                expert: self.variables.name.clone(),
                reason: error.to_string(),
            })?;
        let text = self.template.render(&context)?;
        let length = self.meter.count(&text);
        Ok((text, length))
    }

    fn layer(&mut self, name: &'static str) -> Result<usize, PackError> {
        let (_, end) = self.render()?;
        self.layers.push((name, end));
        Ok(end)
    }

    /// Role, contracts, proof.
    fn front(&mut self, graph: &Graph, expert: &Expert) -> Result<(), PackError> {
        let mut left_out = Vec::new();
        self.variables = Variables {
            name: expert.name.clone(),
            role: declared(&expert.role, &mut left_out),
            dir: match expert.dir() {
                "" => String::new(),
                dir => name::shown(dir).into_owned(),
            },
            budget: self.budget,
            ..Variables::default()
        };
        self.layer("role")?;
        self.variables.provides = promises(expert, &mut left_out);
        let cap = self.budget / CONTRACTS;
        let mut missing = Vec::new();
        self.variables.neighbors = providers(graph, expert, cap, &mut missing)?;
        left_out.append(&mut missing);
        self.layer("contracts")?;
        let mut clean = |lines: &[String]| -> Vec<String> {
            lines
                .iter()
                .map(|line| declared(line, &mut left_out))
                .collect()
        };
        self.variables.checks = clean(&expert.checks);
        self.variables.capabilities = clean(&expert.capabilities);
        let front = self.layer("proof")?;
        left_out.sort();
        left_out.dedup();
        self.left_out = left_out;
        match front > self.budget {
            true => Err(self.too_small(front)),
            false => Ok(()),
        }
    }

    fn too_small(&self, front: usize) -> PackError {
        PackError::Front {
            expert: self.variables.name.clone(),
            budget: self.budget,
            front,
            enough: (front * 2).next_multiple_of(1000),
        }
    }

    /// Outline, sources, what was left out.
    /// With it the files that it holds something of, worth most first.
    pub fn fill(mut self, shelf: &FileSet<'_>) -> Result<(Pack, Vec<usize>), PackError> {
        let front = self.layers.last().map_or(0, |(_, end)| *end);
        let room = self.budget.saturating_sub(front);
        let most = (room / 16 / LINE).min(60);
        let reserve = (most + 1) * LINE;
        let mut cap = room.saturating_sub(reserve) / OUTLINE;
        self.outline(shelf, cap)?;
        let (_, used) = self.render()?;
        self.take_sources(shelf, self.budget.saturating_sub(used + reserve))?;
        // The template may repeat what it is given, so the whole has the last word.
        let (text, total) = loop {
            (self.variables.left_out, self.variables.left_out_more) = shown(&self.left_out, most);
            let (text, total) = self.render()?;
            let Some(excess) = total.checked_sub(self.budget + 1) else {
                break (text, total);
            };
            if !self.variables.sources.is_empty() {
                self.drop_sources(shelf)?;
            } else if cap > 0 {
                cap = cap.saturating_sub(excess + LINE);
                self.outline(shelf, cap)?;
            } else {
                return Err(self.too_small(front.max(total)));
            }
        };
        let mut told = std::mem::take(&mut self.told);
        let shown = |at: &usize| {
            let path = name::shown(&shelf.books[*at].facts.path);
            self.variables
                .sources
                .iter()
                .any(|source| source.path == path)
        };
        told.extend((0..shelf.books.len()).filter(shown));
        told.sort_unstable();
        told.dedup();
        Ok((self.finish(text, total)?, told))
    }

    fn outline(&mut self, shelf: &FileSet<'_>, cap: usize) -> Result<(), PackError> {
        let outline = overview::fit(shelf, cap);
        (self.variables.outline, self.told) = outline.map_err(|source| self.failed(source))?;
        Ok(())
    }

    fn take_sources(&mut self, shelf: &FileSet<'_>, room: usize) -> Result<(), PackError> {
        let mut left = room;
        for (at, book) in shelf.books.iter().enumerate() {
            if book.facts.blank {
                continue;
            }
            if book.facts.unread {
                self.leave(&book.facts, LeftOutReason::Unread);
                continue;
            }
            if book.worth == Worth::Generated {
                self.leave(&book.facts, LeftOutReason::Generated);
                continue;
            }
            let most = match book.worth {
                Worth::Contract => left,
                _ => left.min(room / 2),
            };
            let whole = match left < CRUMBS {
                true => None,
                false => shelf
                    .whole(at, most, left)
                    .map_err(|source| self.failed(source))?,
            };
            match whole {
                Some(whole) => {
                    left -= whole.tokens;
                    self.variables.sources.push(whole.clone());
                }
                None => self.leave(&book.facts, LeftOutReason::Budget),
            }
        }
        Ok(())
    }

    fn failed(&self, source: KnowledgeError) -> PackError {
        PackError::Knowledge {
            expert: self.variables.name.clone(),
            source,
        }
    }

    fn leave(&mut self, facts: &FileFacts, reason: LeftOutReason) {
        self.left_out
            .push(LeftOut::file(&facts.path, facts.size, reason));
    }

    /// Keeps as many of the sources worth most as fit, at least one less than there are.
    fn drop_sources(&mut self, shelf: &FileSet<'_>) -> Result<(), PackError> {
        let all = std::mem::take(&mut self.variables.sources);
        let (mut fit, mut most) = (0, all.len().saturating_sub(1));
        while fit < most {
            let middle = (fit + most).div_ceil(2);
            self.variables.sources = all[..middle].to_vec();
            let (_, total) = self.render()?;
            if total <= self.budget {
                fit = middle;
            } else {
                most = middle - 1;
            }
        }
        for dropped in &all[fit..] {
            let dropped = |book: &&Book| name::shown(&book.facts.path) == dropped.path;
            if let Some(book) = shelf.books.iter().find(dropped) {
                self.leave(&book.facts, LeftOutReason::Budget);
            }
        }
        self.variables.sources = all;
        self.variables.sources.truncate(fit);
        Ok(())
    }

    fn finish(mut self, text: String, total: usize) -> Result<Pack, PackError> {
        let sources = std::mem::take(&mut self.variables.sources);
        let left_out = std::mem::take(&mut self.variables.left_out);
        let more = std::mem::take(&mut self.variables.left_out_more);
        self.layer("outline")?;
        self.variables.sources = sources;
        if left_out.is_empty() && more == 0 {
            self.layers.push(("sources", total));
        } else {
            self.layer("sources")?;
        }
        self.layers.push(("left out", total));
        let mut before = 0;
        let layers = self.layers.iter().map(|(name, end)| {
            let tokens = end.saturating_sub(before);
            before = before.max(*end);
            Layer {
                name: (*name).to_owned(),
                tokens,
            }
        });
        let layers = layers.collect();
        self.left_out.sort();
        self.left_out.dedup();
        Ok(Pack {
            text,
            tokens: total,
            layers,
            left_out: self.left_out,
        })
    }
}
