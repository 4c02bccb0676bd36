//! Deliverables of a design, as texts: whether each is what its template asks for, and whether they fit each other. What is
//! drawn or needs files is looked at by the engine.
//!
//! A design lies in one folder: [`DeliverableKind`] says what is in it and how it is called. Ids (`J1`, `S1`, names of
//! milestones) tie its parts together; [`DesignIndex`] holds them.

mod parts;
mod sections;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use parts::{breakdown, journeys, local_links, mockup_names, roadmap, specification, stories};

/// The file of tasks in a design.
pub const BREAKDOWN: &str = "breakdown.json";
/// The folder of mock-ups in a design.
pub const MOCKUPS: &str = "mockups";

/// One part of a design.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DeliverableKind {
    /// `journeys.md`: sections `## J1: TITLE` with numbered steps.
    Journeys,
    /// `stories.md`: sections `## S1: TITLE` with their journeys, their sentence and what they are accepted by.
    Stories,
    /// `mockups/S1-*.svg`: pictures that can be drawn, and run and load nothing.
    Mockups,
    /// `specification.md`: names every story, links to what is there, and shows diagrams that can be drawn.
    Specification,
    /// `openapi.json` (OpenAPI 3.1), or `api.md` where there is nothing over HTTP.
    Api,
    /// `roadmap.md`: sections `## NAME: TITLE` of milestones, with every story.
    Roadmap,
    /// `breakdown.json`: tasks that can be begun as a work, with every story.
    Breakdown,
}

impl DeliverableKind {
    /// All, each after those that it is held against.
    pub const ALL: [Self; 7] = [
        Self::Journeys,
        Self::Stories,
        Self::Mockups,
        Self::Specification,
        Self::Api,
        Self::Roadmap,
        Self::Breakdown,
    ];

    /// As it is called on a command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Journeys => "journeys",
            Self::Stories => "stories",
            Self::Mockups => MOCKUPS,
            Self::Specification => "specification",
            Self::Api => "api",
            Self::Roadmap => "roadmap",
            Self::Breakdown => "breakdown",
        }
    }
}

/// Something that a deliverable lacks.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shortfall {
    /// The file, relative to the folder of the design.
    pub file: String,
    /// The line, from 1, where it is about one.
    pub line: Option<u32>,
    /// What it lacks, in one line.
    pub text: String,
}

impl Shortfall {
    /// Of a whole file.
    #[must_use]
    pub fn of(file: &str, text: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            text: text.into(),
        }
    }

    fn at(file: &str, line: u32, text: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            ..Self::of(file, text)
        }
    }
}

impl std::fmt::Display for Shortfall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.text),
            None => write!(f, "{}: {}", self.file, self.text),
        }
    }
}

/// What the parts of a design call each other by.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct DesignIndex {
    /// Ids of journeys.
    pub journeys: BTreeSet<String>,
    /// Ids of stories.
    pub stories: BTreeSet<String>,
    /// Milestones in their order, each with the stories that it brings.
    pub milestones: Vec<(String, BTreeSet<String>)>,
}

impl DesignIndex {
    /// The place of the milestone that brings each story, from 0.
    fn due(&self) -> BTreeMap<&str, usize> {
        let mut due = BTreeMap::new();
        for (place, (_, stories)) in self.milestones.iter().enumerate() {
            for story in stories {
                due.entry(story.as_str()).or_insert(place);
            }
        }
        due
    }
}
