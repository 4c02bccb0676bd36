//! Fills the layers from front to end until the budget is spent.

use std::collections::BTreeSet;

use serde::Serialize;
use tera::Context;

use super::error::PackError;
use super::fenced::Fenced;
use super::front::{Promise, Provider, declared, failed, promises, providers, read};
use super::left_out::{LeftOut, Reason, shown};
use super::survey::{Page, survey};
use super::template::{DEFAULT, Template};
use super::worth::{Worth, ranked};
use super::{Layer, Pack, overview};
use crate::expert::{Expert, Graph};
use crate::knowledge::tokens;

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
    provides: Vec<Promise>,
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

pub(super) fn build(graph: &Graph, expert: &Expert, budget: usize) -> Result<Pack, PackError> {
    let source = expert.prompt.as_deref().unwrap_or(DEFAULT);
    let mut draft = Draft {
        template: Template::new(&expert.name, source, KNOWN)?,
        variables: Variables::default(),
        left_out: Vec::new(),
        budget,
        layers: Vec::new(),
    };
    draft.front(graph, expert)?;
    let files = read(expert)?;
    let survey = survey(&files).map_err(|source| failed(expert, source))?;
    draft.left_out.extend(survey.left_out);
    let contracts: BTreeSet<&str> = expert
        .provides
        .values()
        .flat_map(|contract| &contract.files)
        .flat_map(|path| files.below(path))
        .map(|file| file.path.as_str())
        .collect();
    let ranked = ranked(&survey.pages, &contracts);
    draft.fill(&ranked)
}

/// A pack under way.
struct Draft {
    template: Template,
    variables: Variables,
    left_out: Vec<LeftOut>,
    budget: usize,
    /// Name and tokens up to its end.
    layers: Vec<(&'static str, usize)>,
}

impl Draft {
    fn render(&self) -> Result<(String, usize), PackError> {
        let context =
            Context::from_serialize(&self.variables).map_err(|error| PackError::Template {
                expert: self.variables.name.clone(),
                reason: error.to_string(),
            })?;
        let text = self.template.render(&context)?;
        let length = tokens::count(&text);
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
            dir: expert.dir().to_owned(),
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
    fn fill(mut self, ranked: &[(Worth, &Page)]) -> Result<Pack, PackError> {
        let front = self.layers.last().map_or(0, |(_, end)| *end);
        let room = self.budget.saturating_sub(front);
        let most = (room / 16 / LINE).min(60);
        let reserve = (most + 1) * LINE;
        let mut cap = room.saturating_sub(reserve) / OUTLINE;
        self.variables.outline = overview::fit(ranked, cap);
        let (_, used) = self.render()?;
        self.take_sources(ranked, self.budget.saturating_sub(used + reserve));
        // The template may repeat what it is given, so the whole has the last word.
        let (text, total) = loop {
            (self.variables.left_out, self.variables.left_out_more) = shown(&self.left_out, most);
            let (text, total) = self.render()?;
            let Some(excess) = total.checked_sub(self.budget + 1) else {
                break (text, total);
            };
            if !self.variables.sources.is_empty() {
                self.drop_sources(ranked)?;
            } else if cap > 0 {
                cap = cap.saturating_sub(excess + LINE);
                self.variables.outline = overview::fit(ranked, cap);
            } else {
                return Err(self.too_small(front.max(total)));
            }
        };
        self.finish(text, total)
    }

    fn take_sources(&mut self, ranked: &[(Worth, &Page)], room: usize) {
        let mut left = room;
        for (worth, page) in ranked {
            if page.text.trim().is_empty() {
                continue;
            }
            if *worth == Worth::Generated {
                self.leave(page, Reason::Generated);
                continue;
            }
            // No text has eight bytes to the token, so what is that long need not be counted.
            if left < CRUMBS || page.text.len() / 8 > left {
                self.leave(page, Reason::Budget);
                continue;
            }
            let whole = Fenced::new(page);
            let too_large = *worth != Worth::Contract && whole.tokens > room / 2;
            if whole.tokens > left || too_large {
                self.leave(page, Reason::Budget);
                continue;
            }
            left -= whole.tokens;
            self.variables.sources.push(whole);
        }
    }

    fn leave(&mut self, page: &Page, reason: Reason) {
        self.left_out
            .push(LeftOut::file(&page.path, page.size, reason));
    }

    /// Keeps as many of the sources worth most as fit, at least one less than there are.
    fn drop_sources(&mut self, ranked: &[(Worth, &Page)]) -> Result<(), PackError> {
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
            if let Some((_, page)) = ranked.iter().find(|(_, page)| page.path == dropped.path) {
                self.leave(page, Reason::Budget);
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
