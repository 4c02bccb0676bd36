//! What a work is made of: the plan of a run, a document with a plan or tasks, or a template.

use poag_core::expert::Graph;
use poag_core::plan::Plan;
use poag_core::work::from_file::TaskFile;
use poag_core::work::from_plan;
use poag_core::work::milestone::Milestone;
use poag_core::work::{Actor, Task};
use poag_ledger::SqliteLedger;
use serde_json::Value;

use super::WorkError;
use super::template::TemplateRequest;
use crate::{Engine, EngineError};

/// What a work is made of.
#[derive(Clone, Debug)]
pub enum WorkSource {
    /// The plan of a run of this flake; none is the newest.
    Run(Option<String>),
    /// A plan, or a file of tasks.
    Document(Box<Value>),
    /// A template, filled in.
    Template(Box<TemplateRequest>),
}

/// What a work is made of, as it was found.
pub(super) struct Sourced {
    /// The run that it comes from.
    pub run: Option<String>,
    /// What was asked for.
    pub words: String,
    pub tasks: Vec<Task>,
    /// None for those that the flake declares.
    pub milestones: Vec<Milestone>,
    /// Who decided what is to be done, where they can do it, too.
    pub participants: Vec<Actor>,
}

impl Sourced {
    fn plan(run: Option<String>, plan: &Plan, graph: &Graph) -> Self {
        Self {
            run,
            words: plan.request.clone(),
            tasks: from_plan::tasks(plan, graph),
            milestones: Vec::new(),
            participants: Vec::new(),
        }
    }

    pub fn file(file: TaskFile) -> Self {
        Self {
            run: None,
            words: file.request,
            tasks: file.tasks,
            milestones: file.milestones,
            participants: Vec::new(),
        }
    }
}

impl Engine {
    /// The run that a work is from, what was asked for, the tasks, and who may do them.
    pub(super) fn source(
        &self,
        ledger: &SqliteLedger,
        flake: &str,
        graph: &Graph,
        source: &WorkSource,
    ) -> Result<Sourced, EngineError> {
        match source {
            WorkSource::Run(word) => {
                let runs = self.runs()?;
                let run = match word.as_deref() {
                    None | Some("last") => runs.latest(Some(flake))?,
                    Some(word) => runs.find(word)?,
                };
                let history = crate::run::history(ledger, &run)?;
                if !history.is_finished() {
                    return Err(WorkError::NoPlan { run }.into());
                }
                let plan = history.plan()?;
                Ok(Sourced::plan(Some(run), &plan, graph))
            }
            WorkSource::Document(document) => {
                match serde_json::from_value::<Plan>((**document).clone()) {
                    Ok(plan) => {
                        let run = Some(plan.council.id.clone());
                        Ok(Sourced::plan(run, &plan, graph))
                    }
                    Err(no_plan) if document.get("subflakes").is_some() => {
                        Err(WorkError::Source(no_plan.to_string()).into())
                    }
                    Err(_) => {
                        let file = TaskFile::read((**document).clone(), graph);
                        Ok(Sourced::file(file.map_err(WorkError::from)?))
                    }
                }
            }
            WorkSource::Template(request) => self.fill_template(ledger, flake, graph, request),
        }
    }
}
