//! Tasks from a template: a file of tasks with places in its texts, which are filled in when a work begins. A template is
//! data: it decides nothing, and what it becomes is read as any file of tasks is ([`TaskFile::read`]).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Task;
use super::from_file::{TASK_FILE_VERSION, TaskFile, TaskFileError};
use super::from_plan::first_line;
use super::milestone::Milestone;
use super::workflow::Workflow;
use crate::expert::Graph;
use crate::suggest::nearest;

/// Version of [`WorkTemplate`].
pub const TEMPLATE_VERSION: u32 = 1;
/// Templates that poag brings: (name, TOML).
pub const BUILT_IN: &[(&str, &str)] = &[
    ("design", include_str!("design.toml")),
    (
        "adversarial-review",
        include_str!("../workflow/adversarial-review.toml"),
    ),
];
/// Longest value of a place, in bytes: a prompt has room for several.
const VALUE_BYTES: usize = 64 << 10;

/// Tasks with places in their texts, each written `{{ name }}`.
///
/// Places stand in `request`, and of tasks in `title`, `expert`, `prompt`, `panel`, `checks`, `outputs`, `inputs`
/// and `contextFiles`, of milestones in `checks`. In a title, only the first line of a value stands. Where a value becomes a
/// path, a name or part of a command, it may hold letters, digits, `.`, `_`, `-` and `/` alone.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkTemplate {
    /// Version of this document: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: u32,
    /// As it is called.
    pub name: String,
    /// What comes of it, in one line.
    pub summary: String,
    /// What its places are filled with, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, TemplateParameter>,
    /// What all of it is for.
    pub request: String,
    /// Gates, the first one first; none for those that the flake declares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
    /// The tasks, in any order.
    pub tasks: Vec<Task>,
}

/// What a place is filled with.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateParameter {
    /// What it is, in one line.
    pub summary: String,
    /// What it is where nobody says otherwise; without it, somebody must. `--from` gives `topic` (what was asked),
    /// `decision` (what was decided, with its reasons) and `source` (where it was); `expert` is the flake's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// What a value may be in a text.
#[derive(Clone, Copy)]
enum PlaceKind {
    /// Anything.
    Prose,
    /// Its first line.
    Line,
    /// A word that is safe in a path and in a command.
    Word,
}

/// The text of a template that poag brings.
///
/// # Errors
/// When there is none of that name.
pub fn built_in(name: &str) -> Result<&'static str, TaskFileError> {
    let mut all = BUILT_IN.iter();
    let found = all.find(|(known, _)| *known == name);
    found.map(|(_, text)| *text).ok_or_else(|| {
        let names = || BUILT_IN.iter().map(|(name, _)| *name);
        let close = nearest(name, names());
        let close = close.map_or_else(String::new, |name| format!("; did you mean '{name}'?"));
        let all: Vec<&str> = names().collect();
        TaskFileError::Template(
            format!("there is neither a template '{name}' nor a file of that name{close}"),
            format!(
                "name one of {}, or a file as schema/work-template.v1.schema.json has it",
                all.join(", ")
            ),
        )
    })
}

impl WorkTemplate {
    /// A template from its document, which may be a workflow of a graph.
    ///
    /// # Errors
    /// As [`WorkTemplate::read`] and [`Workflow::template`].
    pub fn of(document: Value, graph: &Graph) -> Result<Self, TaskFileError> {
        match document.get("steps") {
            None => Self::read(document),
            Some(_) => Workflow::read(document)?.template(graph)?.checked(),
        }
    }

    /// A template from its document.
    ///
    /// # Errors
    /// When it is of another shape or version, or has a place that none of its parameters fills.
    pub fn read(document: Value) -> Result<Self, TaskFileError> {
        let template: Self = serde_json::from_value(document).map_err(|error| {
            TaskFileError::Template(
                format!("the template cannot be read: {error}"),
                "see schema/work-template.v1.schema.json for what a template may hold".into(),
            )
        })?;
        if template.schema_version != TEMPLATE_VERSION {
            return Err(TaskFileError::Version {
                found: template.schema_version,
            });
        }
        template.checked()
    }

    /// Itself, where all of its places are known: it is filled with anything.
    fn checked(self) -> Result<Self, TaskFileError> {
        let any = self.parameters.keys();
        let any = any.map(|name| (name.clone(), "x".to_owned())).collect();
        self.with(&any)?;
        Ok(self)
    }

    /// The file of tasks that it becomes with these values, completed from the graph. Values that it has no parameter for
    /// are left out where `given` does not name them.
    ///
    /// # Errors
    /// When a parameter has no value, a value does not fit its place, `given` names what is no parameter, or the tasks do
    /// not fit each other or the graph.
    pub fn tasks(
        &self,
        found: &BTreeMap<String, String>,
        given: &BTreeMap<String, String>,
        graph: &Graph,
    ) -> Result<TaskFile, TaskFileError> {
        if let Some(unknown) = given
            .keys()
            .find(|name| !self.parameters.contains_key(*name))
        {
            let names = || self.parameters.keys().map(String::as_str);
            let close = nearest(unknown, names());
            let close = close.map_or_else(String::new, |name| format!("; did you mean '{name}'?"));
            let all: Vec<&str> = names().collect();
            return Err(TaskFileError::Template(
                format!(
                    "template '{}' has no parameter '{unknown}'{close}",
                    self.name
                ),
                format!("it has {}", all.join(", ")),
            ));
        }
        let mut values = BTreeMap::new();
        for (name, parameter) in &self.parameters {
            let value = given.get(name).or_else(|| found.get(name));
            let Some(value) = value.or(parameter.default.as_ref()) else {
                return Err(TaskFileError::Template(
                    format!(
                        "template '{}' needs '{name}': {}",
                        self.name, parameter.summary
                    ),
                    format!("say where it comes from with --from, or give it with --set {name}=…"),
                ));
            };
            if value.len() > VALUE_BYTES {
                return Err(TaskFileError::Template(
                    format!(
                        "'{name}' has {} bytes, {VALUE_BYTES} are allowed",
                        value.len()
                    ),
                    format!("give less of it with --set {name}=…"),
                ));
            }
            values.insert(name.clone(), value.clone());
        }
        let filled = self.with(&values)?;
        let document = serde_json::to_value(&filled)?;
        TaskFile::read(document, graph)
    }

    fn with(&self, values: &BTreeMap<String, String>) -> Result<TaskFile, TaskFileError> {
        let fill = |text: &str, kind: PlaceKind| self.fill(text, kind, values);
        let all = |texts: &[String]| -> Result<Vec<String>, TaskFileError> {
            let words = texts.iter().map(|text| fill(text, PlaceKind::Word));
            words.collect()
        };
        let mut tasks = self.tasks.clone();
        for task in &mut tasks {
            task.title = fill(&task.title, PlaceKind::Line)?;
            task.prompt = fill(&task.prompt, PlaceKind::Prose)?;
            task.expert = fill(&task.expert, PlaceKind::Word)?;
            for looks_for in task.panel.values_mut() {
                *looks_for = fill(looks_for, PlaceKind::Prose)?;
            }
            task.checks = all(&task.checks)?;
            task.outputs = all(&task.outputs)?;
            task.inputs = all(&task.inputs)?;
            task.context_files = all(&task.context_files)?;
        }
        let mut milestones = self.milestones.clone();
        for milestone in &mut milestones {
            milestone.checks = all(&milestone.checks)?;
        }
        Ok(TaskFile {
            schema_version: TASK_FILE_VERSION,
            request: fill(&self.request, PlaceKind::Prose)?,
            milestones,
            tasks,
        })
    }

    /// A text with its places filled in; what a value holds is not looked through again.
    fn fill(
        &self,
        text: &str,
        kind: PlaceKind,
        values: &BTreeMap<String, String>,
    ) -> Result<String, TaskFileError> {
        let refused = |why: String| {
            let why = format!("template '{}': {why}", self.name);
            TaskFileError::Template(why, "mend the template".into())
        };
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after
                .split_once("}}")
                .ok_or_else(|| refused("a '{{' has no '}}' behind it".into()))?;
            let name = name.trim();
            let value = values
                .get(name)
                .ok_or_else(|| refused(format!("'{name}' is none of its parameters")))?;
            filled.push_str(before);
            filled.push_str(&fitting(kind, name, value)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// A value as it stands in its place.
fn fitting(kind: PlaceKind, name: &str, value: &str) -> Result<String, TaskFileError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    match kind {
        PlaceKind::Prose => Ok(value.trim().to_owned()),
        PlaceKind::Line => Ok(first_line(value)),
        PlaceKind::Word
            if !value.is_empty() && !value.starts_with('-') && value.chars().all(plain) =>
        {
            Ok(value.to_owned())
        }
        PlaceKind::Word => Err(TaskFileError::Template(
            format!(
                "'{name}' becomes part of a path or a command, and is {:?}",
                first_line(value)
            ),
            format!("give it with --set {name}=… in letters, digits, '.', '_', '-' and '/'"),
        )),
    }
}
