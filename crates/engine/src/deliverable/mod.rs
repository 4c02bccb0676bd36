//! Looks at the deliverables of a design in a folder: a check of a task is a plain command, and this is what it runs. No
//! network, and nothing of what is looked at is run.

mod openapi;
mod svg;

#[cfg(test)]
mod tests;

use std::path::{Component, Path, PathBuf};

use poag_core::deliverable::{self, BREAKDOWN, DeliverableKind, DesignIndex, MOCKUPS, Shortfall};
use poag_core::work::from_file::TaskFile;
use serde::Serialize;

use crate::inside::{self, InsideError};
use crate::{Engine, EngineError, ProjectRef};

/// Longest deliverable, in bytes.
const DELIVERABLE_BYTES: u64 = 1 << 20;
/// Most mock-ups.
const MOST_MOCKUPS: usize = 64;

/// What one deliverable is, and what it lacks.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliverableReport {
    /// Which.
    pub deliverable: DeliverableKind,
    /// What was found, in a few words.
    pub found: String,
    /// What it lacks; nothing where it can be accepted.
    pub shortfalls: Vec<Shortfall>,
}

/// A folder with a design, below the one that poag was started in.
struct DesignFolder {
    root: PathBuf,
    folder: PathBuf,
}

impl DesignFolder {
    /// What a file of it says; none where it is not there.
    fn text(&self, name: &str) -> Result<Option<String>, InsideError> {
        let bytes = inside::read(&self.root, &self.folder.join(name), DELIVERABLE_BYTES)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// What a file of it says, or that it is not there.
    fn wanted(&self, name: &str, shortfalls: &mut Vec<Shortfall>) -> Result<String, InsideError> {
        let text = self.text(name)?.unwrap_or_default();
        if text.trim().is_empty() {
            shortfalls.push(Shortfall::of(name, "it is not there, or empty"));
        }
        Ok(text)
    }

    /// The names of its mock-ups.
    fn mockups(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.root.join(&self.folder).join(MOCKUPS));
        let names = entries.into_iter().flatten().flatten();
        let mut names: Vec<String> = names
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.ends_with(".svg"))
            .collect();
        names.sort();
        names
    }

    /// What a picture lacks.
    fn picture(&self, name: &str) -> Result<Vec<Shortfall>, InsideError> {
        let mut shortfalls = Vec::new();
        let text = self.wanted(name, &mut shortfalls)?;
        if shortfalls.is_empty() {
            let lacks = svg::lacks(&text).into_iter();
            shortfalls.extend(lacks.map(|text| Shortfall::of(name, text)));
        }
        Ok(shortfalls)
    }
}

impl Engine {
    /// Looks at deliverables of the design in `folder`, relative to the folder that this engine stands in. Those that they
    /// are held against are read, too. The tasks are held against the graph of `target`.
    ///
    /// # Errors
    /// When a file cannot be read, or the graph is needed and cannot be opened.
    pub async fn verify_design(
        &self,
        target: &ProjectRef,
        folder: &Path,
        kinds: &[DeliverableKind],
    ) -> Result<Vec<DeliverableReport>, EngineError> {
        let design = DesignFolder {
            root: self.settings.folder.clone(),
            folder: folder.to_owned(),
        };
        let mut index = DesignIndex::default();
        let mut reports = Vec::new();
        for kind in DeliverableKind::ALL {
            let asked = kinds.is_empty() || kinds.contains(&kind);
            let (found, shortfalls) = match kind {
                DeliverableKind::Journeys => indexed(&design, "journeys.md", |text| {
                    let shortfalls = deliverable::journeys(text, &mut index);
                    (
                        count(index.journeys.len(), "journey", "journeys"),
                        shortfalls,
                    )
                })?,
                DeliverableKind::Stories => indexed(&design, "stories.md", |text| {
                    let shortfalls = deliverable::stories(text, &mut index);
                    (count(index.stories.len(), "story", "stories"), shortfalls)
                })?,
                DeliverableKind::Roadmap => indexed(&design, "roadmap.md", |text| {
                    let shortfalls = deliverable::roadmap(text, &mut index);
                    let found = index.milestones.len();
                    (count(found, "milestone", "milestones"), shortfalls)
                })?,
                _ if !asked => continue,
                DeliverableKind::Mockups => mockups(&design, &index)?,
                DeliverableKind::Specification => specification(&design, &index)?,
                DeliverableKind::Api => api(&design)?,
                DeliverableKind::Breakdown => self.breakdown(target, &design, &index).await?,
            };
            if asked {
                reports.push(DeliverableReport {
                    deliverable: kind,
                    found,
                    shortfalls,
                });
            }
        }
        Ok(reports)
    }

    async fn breakdown(
        &self,
        target: &ProjectRef,
        design: &DesignFolder,
        index: &DesignIndex,
    ) -> Result<(String, Vec<Shortfall>), EngineError> {
        let mut shortfalls = Vec::new();
        let text = design.wanted(BREAKDOWN, &mut shortfalls)?;
        if !shortfalls.is_empty() {
            return Ok((String::new(), shortfalls));
        }
        let lacks = |why: String| {
            let line = why.lines().next().unwrap_or_default().to_owned();
            (String::new(), vec![Shortfall::of(BREAKDOWN, line)])
        };
        let document = match serde_json::from_str(&text) {
            Ok(document) => document,
            Err(error) => return Ok(lacks(format!("it is no JSON: {error}"))),
        };
        let project = self.open(target).await?;
        let file = match TaskFile::read(document, &project.graph) {
            Ok(file) => file,
            Err(error) => return Ok(lacks(error.to_string())),
        };
        let found = format!(
            "{} for {}",
            count(file.tasks.len(), "task", "tasks"),
            count(file.milestones.len(), "milestone", "milestones")
        );
        Ok((found, deliverable::breakdown(&file, index)))
    }
}

fn indexed(
    design: &DesignFolder,
    name: &str,
    look: impl FnOnce(&str) -> (String, Vec<Shortfall>),
) -> Result<(String, Vec<Shortfall>), EngineError> {
    let mut shortfalls = Vec::new();
    let text = design.wanted(name, &mut shortfalls)?;
    match shortfalls.is_empty() {
        true => Ok(look(&text)),
        false => Ok((String::new(), shortfalls)),
    }
}

fn mockups(
    design: &DesignFolder,
    index: &DesignIndex,
) -> Result<(String, Vec<Shortfall>), EngineError> {
    let names = design.mockups();
    let mut shortfalls = deliverable::mockup_names(&names, index);
    if names.len() > MOST_MOCKUPS {
        let text = format!("{} SVG files, {MOST_MOCKUPS} are allowed", names.len());
        shortfalls.push(Shortfall::of(MOCKUPS, text));
    }
    for name in names.iter().take(MOST_MOCKUPS) {
        shortfalls.extend(design.picture(&format!("{MOCKUPS}/{name}"))?);
    }
    Ok((count(names.len(), "picture", "pictures"), shortfalls))
}

/// The text, and what it links to: files that are there, and pictures that can be drawn.
fn specification(
    design: &DesignFolder,
    index: &DesignIndex,
) -> Result<(String, Vec<Shortfall>), EngineError> {
    const NAME: &str = "specification.md";
    let mut shortfalls = Vec::new();
    let text = design.wanted(NAME, &mut shortfalls)?;
    if !shortfalls.is_empty() {
        return Ok((String::new(), shortfalls));
    }
    shortfalls = deliverable::specification(&text, index);
    let links = deliverable::local_links(&text);
    let found = count(links.len(), "link", "links");
    for (line, link) in links {
        let lacks = |text: String| Shortfall {
            line: Some(line),
            ..Shortfall::of(NAME, text)
        };
        let Some(path) = below(&design.folder, &link) else {
            shortfalls.push(lacks(format!("'{link}' does not lie in this folder")));
            continue;
        };
        if design.root.join(&path).symlink_metadata().is_err() {
            shortfalls.push(lacks(format!("'{link}' is not there")));
        } else if link.ends_with(".svg") {
            let picture = DesignFolder {
                root: design.root.clone(),
                folder: PathBuf::new(),
            };
            shortfalls.extend(picture.picture(&path.display().to_string())?);
        }
    }
    Ok((found, shortfalls))
}

fn api(design: &DesignFolder) -> Result<(String, Vec<Shortfall>), EngineError> {
    const NAME: &str = "openapi.json";
    let Some(text) = design.text(NAME)? else {
        let mut shortfalls = Vec::new();
        design.wanted("api.md", &mut shortfalls)?;
        if let Some(missing) = shortfalls.first_mut() {
            missing.text = format!("neither it nor {NAME} is there");
        }
        return Ok(("an interface in words".into(), shortfalls));
    };
    let (operations, lacks) = openapi::lacks(&text);
    let lacks = lacks.into_iter();
    let shortfalls = lacks.map(|text| Shortfall::of(NAME, text)).collect();
    let found = count(operations, "operation", "operations");
    Ok((format!("OpenAPI with {found}"), shortfalls))
}

/// A path that a file in `folder` names, from the folder above all; none where it leads out.
fn below(folder: &Path, link: &str) -> Option<PathBuf> {
    let mut path = PathBuf::new();
    for part in folder.join(link).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            _ => return None,
        }
    }
    Some(path)
}

fn count(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}
