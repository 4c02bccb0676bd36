//! A workflow: steps over the tasks of a board, as a file says them. A step is done once, or once for each of some values
//! (fan-out). It begins when all tasks of the steps before it have landed (barrier), and is given what they left (fan-in).
//! What it changed is read by reviewers of its own, and goes back to its author until none of them objects, or so many rounds
//! are over that a person is asked.
//!
//! A workflow is data: it becomes a [`WorkTemplate`], whose tasks are read as any others are.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::from_file::TaskFileError;
use super::milestone::Milestone;
use super::template::{TEMPLATE_VERSION, TemplateParameter, WorkTemplate};
use super::{Task, TaskId};
use crate::expert::Graph;
use crate::suggest::nearest;

/// Version of [`Workflow`].
pub const WORKFLOW_VERSION: u32 = 1;
/// The place that stands for the value of a task of a step with `each`.
const EACH: &str = "each";

/// Steps over the tasks of a board.
///
/// Its texts have the places of a template, each written `{{ name }}`; those of a step with `each` have `{{ each }}`, too.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workflow {
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
    /// The steps, in any order.
    pub steps: Vec<WorkflowStep>,
}

/// A step: one task, or one for each of some values.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowStep {
    /// Unique in its workflow. Its task has this name; with `each`, its tasks are named `id-value`.
    pub id: TaskId,
    /// One line for a person.
    pub title: String,
    /// The expert whose flake it changes.
    pub expert: String,
    /// What to do, in words.
    pub prompt: String,
    /// Fan-out: what it is done once for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<FanOut>,
    /// Barrier: steps all of whose tasks must have landed before it begins.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub after: BTreeSet<TaskId>,
    /// Steps of the same `each`, of which only the task of the same value must have landed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub along: BTreeSet<TaskId>,
    /// Fan-in: a barrier, behind which it is given all outputs of those steps.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub gather: BTreeSet<TaskId>,
    /// Until when what it changed goes back to its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<RepeatReview>,
    /// The milestone that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestone: Option<String>,
    /// What its actor must be able to do.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub requires_skills: BTreeSet<String>,
    /// What its actor had better be able to do.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub prefers_skills: BTreeSet<String>,
    /// Paths or globs below its folder that must exist when it is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<String>,
    /// Files below its folder that its actor had better read first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context_files: Vec<String>,
    /// Commands that prove it; none for those of its expert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<String>,
}

/// What a step is done once for.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(untagged)]
pub enum FanOut {
    /// Experts of the graph.
    Experts(ExpertSet),
    /// Words: each of letters, digits and `-`.
    Values(Vec<String>),
}

/// Some experts of the graph that live in its repository.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ExpertSet {
    /// All of them.
    Experts,
}

/// Until when a step is repeated: until no reviewer objects, or so many rounds are over that a person is asked.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RepeatReview {
    /// Rounds, at most; the policy of the flake may allow fewer.
    #[schemars(range(min = 1, max = 20))]
    pub rounds: u32,
    /// Reviewer → what it looks for. All are asked in each round, beside those that the policy wants.
    pub reviewers: BTreeMap<String, String>,
}

impl Workflow {
    /// A workflow from its document.
    ///
    /// # Errors
    /// When it is of another shape or version.
    pub fn read(document: Value) -> Result<Self, TaskFileError> {
        let workflow: Self = serde_json::from_value(document).map_err(|error| {
            TaskFileError::Template(
                format!("the workflow cannot be read: {error}"),
                "see schema/workflow.v1.schema.json for what a workflow may hold".into(),
            )
        })?;
        match workflow.schema_version {
            WORKFLOW_VERSION => Ok(workflow),
            found => Err(TaskFileError::Version { found }),
        }
    }

    /// The template that it is for a graph.
    ///
    /// # Errors
    /// When a step names one that there is none of, or is done for something that cannot name a task.
    pub fn template(&self, graph: &Graph) -> Result<WorkTemplate, TaskFileError> {
        let mut names: BTreeMap<&TaskId, &WorkflowStep> = BTreeMap::new();
        for step in &self.steps {
            if names.insert(&step.id, step).is_some() {
                return Err(self.refused(&step.id, "another step has its name"));
            }
        }
        let mut tasks = Vec::new();
        for step in &self.steps {
            for value in values(step, graph) {
                tasks.push(self.task(step, value.as_deref(), (&names, graph))?);
            }
        }
        Ok(WorkTemplate {
            schema_version: TEMPLATE_VERSION,
            name: self.name.clone(),
            summary: self.summary.clone(),
            parameters: self.parameters.clone(),
            request: self.request.clone(),
            milestones: self.milestones.clone(),
            tasks,
        })
    }

    fn refused(&self, step: &TaskId, why: &str) -> TaskFileError {
        TaskFileError::Template(
            format!("workflow '{}', step '{step}': {why}", self.name),
            "mend the workflow; schema/workflow.v1.schema.json says what it may hold".into(),
        )
    }

    fn task(
        &self,
        step: &WorkflowStep,
        value: Option<&str>,
        (steps, graph): (&BTreeMap<&TaskId, &WorkflowStep>, &Graph),
    ) -> Result<Task, TaskFileError> {
        let refused = |why: &str| self.refused(&step.id, why);
        let find = |name: &TaskId| {
            steps.get(name).copied().ok_or_else(|| {
                let close = nearest(name.as_str(), steps.keys().map(|id| id.as_str()));
                let close = close.map_or_else(String::new, |id| format!("; did you mean '{id}'?"));
                refused(&format!("there is no step '{name}'{close}"))
            })
        };
        let fill = |text: &String| filled(text, value);
        let all = |texts: &[String]| texts.iter().map(fill).collect::<Vec<_>>();
        let id = named(step, value).map_err(|why| refused(&why))?;
        let title = fill(&step.title);
        let mut task = Task::new(id, &fill(&step.expert), &title, &fill(&step.prompt));
        for name in step.after.iter().chain(&step.gather) {
            let before = find(name)?;
            for value in values(before, graph) {
                let id = named(before, value.as_deref()).map_err(|why| refused(&why))?;
                if step.gather.contains(name) {
                    let outputs = before.outputs.iter();
                    let outputs = outputs.map(|output| filled(output, value.as_deref()));
                    task.inputs
                        .extend(outputs.map(|output| format!("{id}:{output}")));
                }
                task.depends_on.insert(id);
            }
        }
        for name in &step.along {
            let before = find(name)?;
            if step.each.is_none() || before.each != step.each {
                return Err(refused(&format!(
                    "'{name}' is not done for the same `each`"
                )));
            }
            let id = named(before, value).map_err(|why| refused(&why))?;
            task.depends_on.insert(id);
        }
        if let Some(repeat) = &step.repeat {
            if !(1..=20).contains(&repeat.rounds) || repeat.reviewers.is_empty() {
                return Err(refused(
                    "it is repeated for 1 to 20 rounds, by 1 reviewer or more",
                ));
            }
            let reviewers = repeat.reviewers.iter();
            task.panel = reviewers
                .map(|(name, looks_for)| (name.clone(), fill(looks_for)))
                .collect();
            task.rounds = Some(repeat.rounds);
            task.max_attempts = task.max_attempts.max(repeat.rounds + 1).min(20);
        }
        task.milestone.clone_from(&step.milestone);
        task.requires_skills.clone_from(&step.requires_skills);
        task.prefers_skills.clone_from(&step.prefers_skills);
        task.outputs = all(&step.outputs);
        task.context_files = all(&step.context_files);
        task.checks = all(&step.checks);
        Ok(task)
    }
}

/// What a step is done for: once for nothing in particular, where it has no `each`.
fn values(step: &WorkflowStep, graph: &Graph) -> Vec<Option<String>> {
    match &step.each {
        None => vec![None],
        Some(FanOut::Values(values)) => values.iter().cloned().map(Some).collect(),
        Some(FanOut::Experts(ExpertSet::Experts)) => {
            let local = graph.experts.values().filter(|expert| expert.is_local());
            local.map(|expert| Some(expert.name.clone())).collect()
        }
    }
}

/// The name of a task of a step.
fn named(step: &WorkflowStep, value: Option<&str>) -> Result<TaskId, String> {
    match value {
        None => Ok(step.id.clone()),
        Some(value) => TaskId::new(&format!("{}-{value}", step.id)),
    }
}

/// A text with the value in its places; all other places are the template's.
fn filled(text: &str, value: Option<&str>) -> String {
    let Some(value) = value else {
        return text.to_owned();
    };
    let mut all = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        all.push_str(before);
        match after.split_once("}}") {
            Some((name, after)) if name.trim() == EACH => {
                all.push_str(value);
                rest = after;
            }
            _ => {
                all.push_str("{{");
                rest = after;
            }
        }
    }
    all.push_str(rest);
    all
}
