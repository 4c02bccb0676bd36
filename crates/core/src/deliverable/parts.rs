//! What each part of a design is held to.

use std::collections::BTreeSet;

use super::sections::{DocumentSection, has_word, is_id, lines, sections};
use super::{BREAKDOWN, DesignIndex, MOCKUPS, Shortfall};
use crate::work::from_file::TaskFile;

const JOURNEYS: &str = "journeys.md";
const STORIES: &str = "stories.md";
const SPECIFICATION: &str = "specification.md";
const ROADMAP: &str = "roadmap.md";
/// Languages of diagrams that are drawn by programs which are not everywhere.
const UNDRAWN: [&str; 5] = ["mermaid", "plantuml", "dot", "graphviz", "d2"];
/// Most links of a text that are looked at.
const LINKS: usize = 1000;

/// Looks at the journeys, and takes up their ids.
pub fn journeys(text: &str, index: &mut DesignIndex) -> Vec<Shortfall> {
    let fits = |id: &str| is_id('J', id);
    let (found, mut shortfalls) = sections(JOURNEYS, text, (fits, "## J1: Greet a friend"));
    for section in &found {
        index.journeys.insert(section.id.to_owned());
        if section.items(true) < 2 {
            let text = format!("{} has not two numbered steps or more", section.id);
            shortfalls.push(Shortfall::at(JOURNEYS, section.line, text));
        }
    }
    shortfalls
}

/// Looks at the stories, and takes up their ids. Each belongs to a journey, and each journey has one.
pub fn stories(text: &str, index: &mut DesignIndex) -> Vec<Shortfall> {
    let fits = |id: &str| is_id('S', id);
    let (found, mut shortfalls) = sections(STORIES, text, (fits, "## S1: Greet by name"));
    let mut told = BTreeSet::new();
    for section in &found {
        index.stories.insert(section.id.to_owned());
        let mut lacks = |text: String| {
            let text = format!("{} {text}", section.id);
            shortfalls.push(Shortfall::at(STORIES, section.line, text));
        };
        let named = section.field("Journeys").unwrap_or_default();
        if named.is_empty() {
            lacks("has no line 'Journeys: J1'".into());
        }
        for journey in named.difference(&index.journeys) {
            lacks(format!(
                "is of journey '{journey}', which is not in {JOURNEYS}"
            ));
        }
        told.extend(named);
        let words = section.words();
        if !["as a", "i want", "so that"]
            .iter()
            .all(|part| words.contains(part))
        {
            lacks("has no sentence 'As a …, I want …, so that …'".into());
        }
        if section.items(false) == 0 {
            lacks("does not say, as a list, when it is accepted".into());
        }
    }
    for journey in index.journeys.difference(&told) {
        shortfalls.push(Shortfall::of(
            STORIES,
            format!("journey {journey} has no story"),
        ));
    }
    shortfalls
}

/// Looks at the names of mock-ups: each begins with the story that it shows.
#[must_use]
pub fn mockup_names(names: &[String], index: &DesignIndex) -> Vec<Shortfall> {
    if names.is_empty() {
        return vec![Shortfall::of(MOCKUPS, "there is no SVG file in it")];
    }
    let strange = names.iter().filter(|name| {
        let story = name.split(['-', '.']).next().unwrap_or_default();
        !index.stories.contains(story)
    });
    strange
        .map(|name| {
            let text =
                format!("its name does not begin with a story of {STORIES}, as in S1-greeting.svg");
            Shortfall::of(&format!("{MOCKUPS}/{name}"), text)
        })
        .collect()
}

/// Looks at the specification: it has sections, names every story, and holds no diagram that has to be drawn by a program.
#[must_use]
pub fn specification(text: &str, index: &DesignIndex) -> Vec<Shortfall> {
    let (outside, blocks) = lines(text);
    let headings = outside.iter().filter(|(_, line)| line.starts_with("## "));
    let mut shortfalls = Vec::new();
    if headings.count() < 2 {
        let text = "it has not two sections (## TITLE) or more";
        shortfalls.push(Shortfall::of(SPECIFICATION, text));
    }
    let missing = index.stories.iter().filter(|story| !has_word(text, story));
    shortfalls.extend(missing.map(|story| {
        Shortfall::of(
            SPECIFICATION,
            format!("it does not say how {story} is done"),
        )
    }));
    for (line, language) in blocks {
        let language = language.split_whitespace().next().unwrap_or_default();
        if UNDRAWN.contains(&language.to_lowercase().as_str()) {
            let text = format!("a diagram in {language} is not drawn everywhere: show an SVG file");
            shortfalls.push(Shortfall::at(SPECIFICATION, line, text));
        }
    }
    shortfalls
}

/// The files of the repository that a Markdown text links to, with the line of each, as they are written.
#[must_use]
pub fn local_links(text: &str) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    for (number, line) in lines(text).0 {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once("](") {
            let Some((target, after)) = after.split_once(')') else {
                break;
            };
            rest = after;
            let path = target.split(['#', ' ']).next().unwrap_or_default();
            let elsewhere = path.contains("://") || path.starts_with("mailto:");
            if !path.is_empty() && !elsewhere && found.len() < LINKS {
                found.push((number, path.to_owned()));
            }
        }
    }
    found
}

/// Looks at the roadmap, and takes up its milestones. Every story is in one.
pub fn roadmap(text: &str, index: &mut DesignIndex) -> Vec<Shortfall> {
    let fits = |id: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        (1..=64).contains(&id.len()) && id.chars().all(plain)
    };
    let (found, mut shortfalls) = sections(ROADMAP, text, (fits, "## poc: Proof of concept"));
    let mut told = BTreeSet::new();
    for section in &found {
        shortfalls.extend(milestone(section, index));
        let stories = section.field("Stories").unwrap_or_default();
        told.extend(stories.iter().cloned());
        index.milestones.push((section.id.to_owned(), stories));
    }
    let missing = index.stories.difference(&told);
    shortfalls.extend(
        missing.map(|story| Shortfall::of(ROADMAP, format!("story {story} is in no milestone"))),
    );
    shortfalls
}

fn milestone(section: &DocumentSection<'_>, index: &DesignIndex) -> Vec<Shortfall> {
    let lacks = |text: String| {
        let text = format!("{} {text}", section.id);
        Shortfall::at(ROADMAP, section.line, text)
    };
    let mut shortfalls = Vec::new();
    match section.field("Stories") {
        None => shortfalls.push(lacks("has no line 'Stories: S1'".into())),
        Some(stories) => {
            let unknown = stories.difference(&index.stories);
            shortfalls.extend(
                unknown.map(|story| {
                    lacks(format!("brings story '{story}', which is not in {STORIES}"))
                }),
            );
        }
    }
    if section.items(false) == 0 {
        shortfalls.push(lacks("does not say, as a list, when it is reached".into()));
    }
    shortfalls
}

/// Looks at tasks that were read and fit each other: their milestones are those of the roadmap, and every story is in a task
/// of its milestone or of one before.
#[must_use]
pub fn breakdown(file: &TaskFile, index: &DesignIndex) -> Vec<Shortfall> {
    let mut shortfalls = Vec::new();
    let mut lacks = |text: String| shortfalls.push(Shortfall::of(BREAKDOWN, text));
    let planned: Vec<&str> = index
        .milestones
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let named: Vec<&str> = file
        .milestones
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    if planned != named {
        lacks(format!(
            "its milestones are {}, those of {ROADMAP} are {}",
            listed(&named),
            listed(&planned)
        ));
    }
    for milestone in &file.milestones {
        if milestone.checks.is_empty() {
            lacks(format!("milestone {} has no checks", milestone.name));
        }
    }
    let due = index.due();
    let mut done = BTreeSet::new();
    for task in &file.tasks {
        let id = &task.id;
        if task.checks.is_empty() {
            lacks(format!(
                "task {id} has no checks, and its expert declares none"
            ));
        }
        if task.stories.is_empty() {
            lacks(format!("task {id} names no story"));
        }
        let Some(milestone) = task.milestone.as_deref() else {
            lacks(format!("task {id} is of no milestone"));
            continue;
        };
        let place = named.iter().position(|name| *name == milestone);
        if place.is_none() {
            lacks(format!(
                "task {id} is of milestone '{milestone}', which is not there"
            ));
        }
        for story in &task.stories {
            if !index.stories.contains(story) {
                lacks(format!(
                    "task {id} is for story '{story}', which is not in {STORIES}"
                ));
            }
            let in_time = due.get(story.as_str()).copied().or(place);
            if place <= in_time && place.is_some() {
                done.insert(story.as_str());
            }
        }
    }
    for story in &index.stories {
        if !done.contains(story.as_str()) {
            lacks(format!(
                "no task of its milestone or of one before is for story {story}"
            ));
        }
    }
    shortfalls
}

fn listed(names: &[&str]) -> String {
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}
