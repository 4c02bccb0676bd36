//! Tasks from a file, as a person or a template writes them: read strictly, and refused with what to do.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::milestone::Milestone;
use super::task::{MOST_TASKS, PROMPT_BYTES};
use super::{BoardRefusal, Task, TaskId, TaskRecord};
use crate::expert::{Expert, Graph};
use crate::suggest::nearest;

/// Most reviewers of its own that a task has.
const MOST_PANEL: usize = 16;
/// Version of [`TaskFile`].
pub const TASK_FILE_VERSION: u32 = 1;

/// Tasks, as a file holds them.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaskFile {
    /// Version of this document: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: u32,
    /// What all of it is for.
    pub request: String,
    /// Gates, the first one first; none for those that the flake declares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
    /// The tasks, in any order.
    pub tasks: Vec<Task>,
}

/// Why a file of tasks cannot be used.
#[derive(Debug, Error)]
pub enum TaskFileError {
    /// Not of the expected shape.
    #[error(
        "the tasks cannot be read: {0}\nrepair: see schema/tasks.v1.schema.json for what a file of tasks may hold"
    )]
    Shape(#[from] serde_json::Error),
    /// Another version.
    #[error(
        "the tasks have schemaVersion {found}, this poag reads {TASK_FILE_VERSION}\nrepair: write schemaVersion = {TASK_FILE_VERSION}"
    )]
    Version {
        /// What was found.
        found: u32,
    },
    /// A task names an expert that cannot be worked for.
    #[error("task '{task}': {why}\nrepair: `poag experts` lists the experts and where each lives")]
    Expert {
        /// The task.
        task: TaskId,
        /// Why.
        why: String,
    },
    /// Tasks that do not fit each other.
    #[error(transparent)]
    Board(#[from] BoardRefusal),
    /// A template, or what it is to be filled with, cannot be used: why, and what to do.
    #[error("{0}\nrepair: {1}")]
    Template(String, String),
}

impl TaskFile {
    /// The tasks in a document, completed from the graph: a task's folder, and where it names none, its checks and
    /// reviewers are those of its expert.
    ///
    /// # Errors
    /// When it is of another shape or version, names no expert of this repository, or its tasks do not fit each other.
    pub fn read(document: Value, graph: &Graph) -> Result<Self, TaskFileError> {
        let mut file: Self = serde_json::from_value(document)?;
        if file.schema_version != TASK_FILE_VERSION {
            return Err(TaskFileError::Version {
                found: file.schema_version,
            });
        }
        for task in &mut file.tasks {
            let refused = |why: String| TaskFileError::Expert {
                task: task.id.clone(),
                why,
            };
            let Some(expert) = graph.expert(&task.expert) else {
                let names = graph.experts.keys().map(String::as_str);
                let close = nearest(&task.expert, names);
                let close = close.map(|name| format!("; did you mean '{name}'?"));
                let close = close.unwrap_or_default();
                return Err(refused(format!(
                    "there is no expert '{}'{close}",
                    task.expert
                )));
            };
            if !expert.is_local() {
                let why = format!("expert '{}' lives in another repository", task.expert);
                return Err(refused(why));
            }
            if let Some(name) = task.panel.keys().find(|name| graph.expert(name).is_some()) {
                let why = format!("'{name}' of its panel is an expert: name it in reviewers");
                return Err(refused(why));
            }
            let there = expert.dir();
            if !task.working_dir.is_empty() && task.working_dir != there {
                let why = format!(
                    "its workingDir is '{}', the flake of '{}' is in '{there}'",
                    task.working_dir, task.expert
                );
                return Err(refused(why));
            }
            complete(task, expert, graph);
        }
        fit(&file.tasks, &BTreeMap::new())?;
        Ok(file)
    }
}

/// Fills in what a task takes from its expert.
pub(super) fn complete(task: &mut Task, expert: &Expert, graph: &Graph) {
    expert.dir().clone_into(&mut task.working_dir);
    if task.checks.is_empty() {
        task.checks.clone_from(&expert.checks);
    }
    if task.reviewers.is_empty() {
        let consumers = graph.consumers(&task.expert).into_iter();
        task.reviewers = consumers.map(str::to_owned).collect();
    }
}

/// Whether tasks fit each other and those that are there already.
///
/// # Errors
/// With the first that does not, and why.
pub(super) fn fit(
    tasks: &[Task],
    there: &BTreeMap<TaskId, TaskRecord>,
) -> Result<(), BoardRefusal> {
    let refused = |task: &Task, why: String| BoardRefusal::NotAdded {
        task: task.id.clone(),
        why,
    };
    let mut names: BTreeSet<&TaskId> = there.keys().collect();
    for task in tasks {
        if !names.insert(&task.id) {
            return Err(refused(task, "another task has its name".into()));
        }
        if names.len() > MOST_TASKS {
            return Err(refused(
                task,
                format!("a work has at most {MOST_TASKS} tasks"),
            ));
        }
    }
    for task in tasks {
        if let Some(why) = unfit(task) {
            return Err(refused(task, why));
        }
        if let Some(missing) = task.depends_on.iter().find(|id| !names.contains(id)) {
            let close = nearest(missing.as_str(), names.iter().map(|id| id.as_str()));
            let close = close.map_or_else(String::new, |id| format!("; did you mean '{id}'?"));
            return Err(refused(
                task,
                format!("it depends on '{missing}', which is no task{close}"),
            ));
        }
        for input in &task.inputs {
            let from = input.split_once(':').map(|(task, _)| task);
            if !from.is_some_and(|from| task.depends_on.contains(from)) {
                let why =
                    format!("its input '{input}' is not TASK:OUTPUT of a task that it depends on");
                return Err(refused(task, why));
            }
        }
    }
    match circle(tasks) {
        Some((task, path)) => Err(refused(
            task,
            format!("tasks depend on each other in a circle: {path}"),
        )),
        None => Ok(()),
    }
}

/// What is wrong with a task by itself.
fn unfit(task: &Task) -> Option<String> {
    if task.prompt.trim().is_empty() || task.prompt.len() > PROMPT_BYTES {
        return Some(format!(
            "its prompt has {} bytes, 1 to {PROMPT_BYTES} are allowed",
            task.prompt.len()
        ));
    }
    if task.title.trim().is_empty() || task.title.lines().count() != 1 || task.title.len() > 400 {
        return Some("its title is not one line of at most 400 bytes".into());
    }
    let paths = task.outputs.iter().chain(&task.context_files);
    let paths = paths.chain((!task.working_dir.is_empty()).then_some(&task.working_dir));
    for path in paths {
        let escapes = path
            .split('/')
            .any(|part| matches!(part, "" | "." | ".." | ".git"));
        if escapes || path.contains('\\') || path.chars().any(char::is_control) {
            return Some(format!(
                "{path:?} is no path below its folder: write it without a leading '/', '.', '..' or '.git'"
            ));
        }
    }
    if !(1..=20).contains(&task.max_attempts) {
        return Some(format!(
            "its maxAttempts is {}, 1 to 20 are allowed",
            task.max_attempts
        ));
    }
    if !(1..=86_400).contains(&task.timeout_seconds) {
        return Some(format!(
            "its timeoutSeconds is {}, 1 to 86400 are allowed",
            task.timeout_seconds
        ));
    }
    if task
        .complexity
        .is_some_and(|level| !(1..=10).contains(&level))
    {
        return Some("its complexity is not between 1 and 10".into());
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name = |name: &String| !name.is_empty() && name.len() <= 64 && name.chars().all(plain);
    let fits = |(who, looks_for): (&String, &String)| {
        name(who) && !looks_for.trim().is_empty() && looks_for.len() <= PROMPT_BYTES
    };
    if task.panel.len() > MOST_PANEL || !task.panel.iter().all(fits) {
        return Some(format!(
            "its panel is not at most {MOST_PANEL} names, each of letters, digits, '-', '_' and '.', with what it looks for"
        ));
    }
    if task
        .rounds
        .is_some_and(|rounds| !(1..=20).contains(&rounds))
    {
        return Some("its rounds are not between 1 and 20".into());
    }
    if task.generation == 0 {
        return Some("its generation is 0, the first is 1".into());
    }
    None
}

/// A task in a circle of dependencies, and the circle in words.
fn circle(tasks: &[Task]) -> Option<(&Task, String)> {
    let by_name: BTreeMap<&TaskId, &Task> = tasks.iter().map(|task| (&task.id, task)).collect();
    let mut done: BTreeSet<&TaskId> = BTreeSet::new();
    let mut on_path: BTreeSet<&TaskId> = BTreeSet::new();
    for start in tasks {
        // A walk in depth: (task, its dependencies that are left to look at).
        let mut path: Vec<(&Task, std::collections::btree_set::Iter<'_, TaskId>)> = Vec::new();
        if !done.contains(&start.id) {
            path.push((start, start.depends_on.iter()));
            on_path.insert(&start.id);
        }
        while let Some((task, left)) = path.last_mut() {
            let task = *task;
            let Some(next) = left.next() else {
                done.insert(&task.id);
                on_path.remove(&task.id);
                path.pop();
                continue;
            };
            if on_path.contains(next) {
                let at = path.iter().position(|(task, _)| task.id == *next)?;
                let mut names: Vec<&str> = path[at..]
                    .iter()
                    .map(|(task, _)| task.id.as_str())
                    .collect();
                names.push(next.as_str());
                return Some((path[at].0, names.join(" → ")));
            }
            if let Some(task) = by_name.get(next).filter(|task| !done.contains(&task.id)) {
                path.push((task, task.depends_on.iter()));
                on_path.insert(&task.id);
            }
        }
    }
    None
}
