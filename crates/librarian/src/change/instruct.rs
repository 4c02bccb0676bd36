//! What to do in a file: the place as a symbol or as lines, said only where it is true of the lines that are cited.

use std::collections::BTreeMap;

use super::judged::{JudgedFile, Why};
use super::siblings::speaks;
use crate::index::files::text;
use crate::index::sections::sections;
use crate::rank::{Corpus, Reason};
use crate::text::clip::clip;
use crate::text::request::RequestText;
use crate::text::role::Role;
use crate::text::words;
use poag_core::council::message::{Action, Edit, Evidence};
use poag_core::expert::Expert;
use poag_knowledge::outline::{Symbol, SymbolKind, outline};

/// Places of one file.
const PLACES: usize = 3;
/// Share of the best place's worth that a further one must have.
const FURTHER: f64 = 0.5;
/// Words that are named of one place.
const WORDS: usize = 4;
/// Lines of a definition beyond which its parts are named instead.
const LONG: u32 = 80;
/// Lines that are named of a list of siblings.
const LISTED: usize = 6;

/// What is searched for in a file.
pub struct Search {
    /// Term → how much it tells.
    terms: BTreeMap<String, f64>,
    names: Vec<String>,
}

impl Search {
    /// Of a request, in the files of a corpus.
    #[must_use]
    pub fn new(request: &RequestText, corpus: &Corpus) -> Self {
        let surfaces = request.surfaces();
        let terms = request
            .terms(1.0)
            .into_iter()
            .filter(|(term, weight)| *weight > 0.0 && surfaces.contains_key(term))
            .map(|(term, weight)| {
                let rarity = corpus.rarity(&term);
                (term, weight * rarity)
            })
            .collect();
        Self {
            terms,
            names: request.names(),
        }
    }

    /// What the request speaks of in some lines, as it is written there, each once, what tells most first.
    fn told<'t>(&self, lines: &[&'t str]) -> Vec<(&'t str, f64)> {
        let mut found: BTreeMap<&str, (&'t str, f64)> = BTreeMap::new();
        for line in lines {
            words::each_written(line, |term, written| {
                if let Some((term, worth)) = self.terms.get_key_value(term) {
                    found.entry(term).or_insert((written, *worth));
                }
            });
        }
        let mut found: Vec<(&str, f64)> = found.into_values().collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        found
    }
}

/// The first words in ticks.
fn shown(told: &[(&str, f64)]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for (word, _) in told {
        if words.len() < WORDS && !words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            words.push(word);
        }
    }
    ticked(&words)
}

/// The lines of a file that hold most of what is searched for, the best first.
#[must_use]
pub fn spots(path: &str, text: &str, search: &Search) -> Vec<(String, (u32, u32))> {
    let places = places(path, text, search).into_iter();
    places.map(|place| (place.name, place.lines)).collect()
}

/// A place in a file.
struct SpotPlace {
    name: String,
    lines: (u32, u32),
    worth: f64,
    said: String,
    named: bool,
    section: bool,
}

/// The edit of a judged file of `expert`.
#[must_use]
pub fn edit(expert: &Expert, file: &JudgedFile, search: &Search) -> Edit {
    let text = text(&expert.knowledge.path, &file.path).unwrap_or_default();
    let likelihood = (file.likelihood * 100.0).round().clamp(1.0, 99.0) as u8;
    let (instruction, mut evidence) = match &file.why {
        Why::Lists(names) => lists(&file.path, &text, names),
        Why::Uses(name) => uses(&text, name),
        Why::Named | Why::Ranked(_) => ranked(file, &text, search),
    };
    if let Why::Ranked(reasons) = &file.why {
        evidence.extend(
            reasons
                .iter()
                .filter(|reason| **reason != Reason::Text)
                .map(|reason| Evidence {
                    lines: None,
                    what: reason.to_string(),
                }),
        );
    }
    Edit {
        path: file.path.clone(),
        action: match file.named {
            true => Action::Change,
            false => Action::Perhaps,
        },
        instruction,
        evidence,
        likelihood: Some(likelihood),
    }
}

/// A file that lists all of a kind: the lines where they stand.
fn lists(path: &str, text: &str, names: &[String]) -> (String, Vec<Evidence>) {
    let verb = match Role::of(path) {
        Role::Test => "test",
        Role::Document => "describe",
        _ => "add",
    };
    let last = names.last().map_or(Vec::new(), |name| rows(text, name));
    let instruction = format!(
        "{verb} the new one beside {}: as on {}",
        ticked(names),
        on(&last)
    );
    let evidence = names.iter().filter_map(|name| stands(text, name));
    (instruction, evidence.collect())
}

/// A file that uses a name whose form changes.
fn uses(text: &str, name: &str) -> (String, Vec<Evidence>) {
    let instruction = format!("follow the change of `{name}` on {}", on(&rows(text, name)));
    (instruction, stands(text, name).into_iter().collect())
}

/// The lines where a name stands.
fn rows(text: &str, name: &str) -> Vec<u32> {
    let lines = (1u32..).zip(text.lines());
    let here = lines.filter(|(_, line)| speaks(line, name));
    here.map(|(row, _)| row).collect()
}

/// The first line where a name stands.
fn stands(text: &str, name: &str) -> Option<Evidence> {
    let row = *rows(text, name).first()?;
    Some(Evidence {
        lines: Some((row, row)),
        what: format!("`{name}` stands here"),
    })
}

/// "line 3" or "lines 3, 4 and 2 more".
fn on(rows: &[u32]) -> String {
    let shown: Vec<String> = rows.iter().take(LISTED).map(u32::to_string).collect();
    let lines = if rows.len() == 1 { "line" } else { "lines" };
    let more = match rows.len().checked_sub(LISTED) {
        Some(more @ 1..) => format!(" and {more} more"),
        _ => String::new(),
    };
    format!("{lines} {}{more}", shown.join(", "))
}

fn ranked(file: &JudgedFile, text: &str, search: &Search) -> (String, Vec<Evidence>) {
    let places = places(&file.path, text, search);
    let evidence = places.iter().map(|place| Evidence {
        lines: Some(place.lines),
        what: match place.said.is_empty() {
            true => format!("`{}` stands here", place.name),
            false => format!("holds {}", place.said),
        },
    });
    let evidence: Vec<Evidence> = evidence.collect();
    let list: Vec<String> = places.iter().map(told).collect();
    let list = list.join("; ");
    let role = Role::of(&file.path);
    let instruction = match (places.is_empty(), role) {
        (false, Role::Test) => format!("extend the tests: {list}"),
        (false, Role::Document) => format!("update the text: {list}"),
        (false, Role::Configure | Role::Record) => format!("adjust {list}"),
        (false, Role::Example) => format!("adapt the example: {list}"),
        (false, Role::Source) => format!("change {list}"),
        (true, role) => {
            let what = match role {
                Role::Test => "extend the tests here",
                Role::Document => "update this text",
                _ => "change this file",
            };
            match &file.why {
                Why::Ranked(reasons) => {
                    match reasons.iter().find(|reason| **reason != Reason::Text) {
                        Some(reason) => format!("{what}: {reason}"),
                        None => what.to_owned(),
                    }
                }
                _ => format!("{what}: the request names it"),
            }
        }
    };
    (instruction, evidence)
}

/// "`name` (lines 3–9), which holds `word`"
fn told(place: &SpotPlace) -> String {
    let lines = lines(place.lines);
    let name = match (&*place.name, place.section) {
        ("", _) => lines,
        (name, true) => format!("“{name}” ({lines})"),
        (name, false) => format!("`{name}` ({lines})"),
    };
    match (place.named, place.said.is_empty()) {
        (true, _) => format!("{name}, which the request names"),
        (false, true) => name,
        (false, false) => format!("{name}, which holds {}", place.said),
    }
}

/// "line 3" or "lines 3–9".
#[must_use]
pub fn lines(range: (u32, u32)) -> String {
    match range.0 == range.1 {
        true => format!("line {}", range.0),
        false => format!("lines {}–{}", range.0, range.1),
    }
}

/// Words in ticks.
#[must_use]
pub fn ticked<S: AsRef<str>>(words: &[S]) -> String {
    let all: Vec<String> = words
        .iter()
        .map(|word| format!("`{}`", word.as_ref()))
        .collect();
    all.join(", ")
}

/// The places of a file that hold most of what is searched for, the best first.
fn places(path: &str, text: &str, search: &Search) -> Vec<SpotPlace> {
    let all: Vec<&str> = text.lines().collect();
    let part = |(first, last): (u32, u32)| {
        let last = (last as usize).min(all.len());
        all.get(first as usize - 1..last).unwrap_or(&[])
    };
    let mut found: Vec<SpotPlace> = Vec::new();
    let mut add = |name: &str, lines: (u32, u32), named: bool, section: bool| {
        let told = search.told(part(lines));
        let sum: f64 = told.iter().map(|(_, worth)| worth).sum();
        let length = f64::from(lines.1 - lines.0 + 1);
        // Of two places that hold the same, the shorter says more.
        let worth = sum / (1.0 + length.ln() / 8.0) * if named { 3.0 } else { 1.0 };
        if worth > 0.0 || named {
            found.push(SpotPlace {
                name: clip(name, 100).to_owned(),
                lines,
                worth,
                said: shown(&told),
                named,
                section,
            });
        }
    };
    if Role::of(path) == Role::Document {
        for section in sections(path, text) {
            add(&section.name, section.lines, false, true);
        }
    } else {
        let symbols: Vec<Symbol> = outline(path, text)
            .into_iter()
            .filter(|it| it.kind != SymbolKind::Section)
            .collect();
        for symbol in &symbols {
            let named = search.names.iter().any(|name| {
                let last = name.rsplit([':', '.', '/']).next().unwrap_or(name);
                last == symbol.name
            });
            let parted = symbol.lines.1 - symbol.lines.0 > LONG
                && symbols.iter().any(|inner| {
                    inner.lines != symbol.lines
                        && symbol.lines.0 <= inner.lines.0
                        && inner.lines.1 <= symbol.lines.1
                });
            if !parted || named {
                add(&symbol.name, symbol.lines, named, false);
            }
        }
        if symbols.is_empty() {
            // No outline: the lines that hold most, a few around each other.
            for start in (0..all.len()).step_by(10) {
                let end = (start + 10).min(all.len());
                if let (Ok(first), Ok(last)) = (u32::try_from(start + 1), u32::try_from(end)) {
                    add("", (first, last), false, false);
                }
            }
        }
    }
    found.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.lines.cmp(&b.lines)));
    let best = found.first().map_or(0.0, |best| best.worth);
    let mut chosen: Vec<SpotPlace> = Vec::new();
    for place in found {
        let apart = chosen
            .iter()
            .all(|known| known.lines.1 < place.lines.0 || place.lines.1 < known.lines.0);
        if chosen.len() < PLACES && apart && place.worth >= best * FURTHER {
            chosen.push(place);
        }
    }
    chosen
}
