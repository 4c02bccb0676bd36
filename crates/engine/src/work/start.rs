//! Begins a work: from a plan, from a file of tasks, with actors and a policy.

use std::collections::BTreeSet;

use poag_core::expert::Graph;
use poag_core::plan::Plan;
use poag_core::work::from_file::TaskFile;
use poag_core::work::from_plan;
use poag_core::work::policy::WorkPolicy;
use poag_core::work::{Actor, Board, Task, WorkEvent, WorkStart};
use poag_git::work::WorkRepository;
use poag_ledger::{Batch, Ledger as _, NewStream};
use serde_json::Value;

use super::WorkError;
use super::ledger::{GRAPH, KIND, new_event};
use crate::{BackendChoice, DEFAULT_BACKEND, Engine, EngineError, ProjectRef};

/// What a work is made of.
#[derive(Clone, Debug)]
pub enum WorkSource {
    /// The plan of a run of this flake; none is the newest.
    Run(Option<String>),
    /// A plan, or a file of tasks.
    Document(Box<Value>),
}

/// What is to be carried out, and how.
#[derive(Clone, Debug)]
pub struct StartRequest {
    /// What.
    pub source: WorkSource,
    /// Who writes for whom, where it is not the backend that the flake declares.
    pub backends: BackendChoice,
    /// The program and its arguments of actors on the backend `command` or `acp`.
    pub command: Option<Vec<String>>,
    /// The program that reviews, where it is another than the one that writes.
    pub review_command: Option<Vec<String>>,
    /// The revision that it begins from; none is the commit that is checked out.
    pub base: Option<String>,
    /// What changes of the policy that the flake declares.
    pub policy: PolicyChange,
    /// Whether a person said yes to a wider policy.
    pub yes: bool,
}

/// What a person changes of a policy; what is none stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PolicyChange {
    /// Approvals that a task needs.
    pub approvals: Option<u32>,
    /// US dollars over all turns.
    pub usd: Option<f64>,
    /// Tokens received over all turns.
    pub output_tokens: Option<u64>,
    /// Attempts under way at a time.
    pub parallel: Option<u32>,
    /// Whether worktrees stay.
    pub keep_worktrees: bool,
}

impl PolicyChange {
    /// A policy with the change.
    #[must_use]
    pub fn on(&self, mut policy: WorkPolicy) -> WorkPolicy {
        policy.approvals = self.approvals.unwrap_or(policy.approvals);
        policy.budget.usd = self.usd.or(policy.budget.usd);
        policy.budget.output_tokens = self.output_tokens.or(policy.budget.output_tokens);
        policy.parallel = self.parallel.unwrap_or(policy.parallel).max(1);
        policy.keep_worktrees |= self.keep_worktrees;
        policy
    }
}

impl Engine {
    /// Begins a work on a flake of this machine; nothing is done yet. Gives its id.
    ///
    /// # Errors
    /// When the flake cannot be opened or worked in, there is nothing to do, nobody to do it, or the policy would be
    /// widened without a yes.
    pub async fn start_work(
        &self,
        target: &ProjectRef,
        request: &StartRequest,
    ) -> Result<String, EngineError> {
        let project = self.open(target).await?;
        let graph = project.graph.as_ref();
        let flake = target.flake.to_string();
        let ledger = self.ledger()?;
        let (run, words, tasks) = self.source(&ledger, &flake, graph, &request.source)?;
        if tasks.is_empty() {
            return Err(WorkError::NothingToDo.into());
        }
        let folder = target.flake.folder_of("");
        let folder = folder.ok_or_else(|| WorkError::NoCheckout {
            flake: flake.clone(),
        })?;
        let repository = WorkRepository::open(&folder).map_err(WorkError::from)?;
        // A work without a name to commit under ends at its first commit.
        repository.identity().map_err(WorkError::from)?;
        let base = request.base.as_deref().unwrap_or("HEAD");
        let base = repository.commit(base).map_err(WorkError::from)?;
        let declared = WorkPolicy::default();
        let policy = request.policy.on(declared.clone());
        let wider = declared.widened_by(&policy);
        if !wider.is_empty() && !request.yes {
            let fields = wider.iter().map(|field| (*field).to_owned()).collect();
            return Err(WorkError::Widened { fields }.into());
        }
        let work = uuid::Uuid::now_v7().to_string();
        let start = WorkStart {
            request: words,
            flake: flake.clone(),
            run,
            base,
            target: checked_out(&repository),
            branch: format!("refs/heads/poag/{work}"),
            actors: actors(graph, &tasks, request, policy.parallel)?,
            reviewers: reviewers(request),
            policy,
            tasks,
            work: work.clone(),
        };
        // Refused before it is written.
        Board::new(start.clone()).map_err(WorkError::from)?;
        let event = WorkEvent::WorkStarted(Box::new(start));
        let batch = Batch {
            events: vec![new_event(&event)?],
            reserve: vec![(GRAPH.into(), Some(serde_json::to_vec(graph)?))],
            ..Batch::default()
        };
        let stream = NewStream {
            id: &work,
            kind: KIND,
            subject: &flake,
        };
        ledger.create(&stream, &batch)?;
        Ok(work)
    }

    /// The run that a plan is from, what was asked for, and the tasks.
    fn source(
        &self,
        ledger: &poag_ledger::SqliteLedger,
        flake: &str,
        graph: &Graph,
        source: &WorkSource,
    ) -> Result<(Option<String>, String, Vec<Task>), EngineError> {
        let from_plan = |plan: &Plan| (plan.request.clone(), from_plan::tasks(plan, graph));
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
                let (words, tasks) = from_plan(&history.plan()?);
                Ok((Some(run), words, tasks))
            }
            WorkSource::Document(document) => {
                match serde_json::from_value::<Plan>((**document).clone()) {
                    Ok(plan) => {
                        let (words, tasks) = from_plan(&plan);
                        Ok((Some(plan.council.id.clone()), words, tasks))
                    }
                    Err(no_plan) if document.get("subflakes").is_some() => {
                        Err(WorkError::Source(no_plan.to_string()).into())
                    }
                    Err(_) => {
                        let file = TaskFile::read((**document).clone(), graph);
                        let file = file.map_err(WorkError::from)?;
                        Ok((None, file.request, file.tasks))
                    }
                }
            }
        }
    }
}

/// Who can do these tasks: an actor for each backend that is chosen for one of their experts, and that can write.
fn actors(
    graph: &Graph,
    tasks: &[Task],
    request: &StartRequest,
    parallel: u32,
) -> Result<Vec<Actor>, WorkError> {
    let choice = &request.backends;
    let mut actors: Vec<Actor> = Vec::new();
    let mut without = BTreeSet::new();
    for task in tasks {
        let expert = graph.expert(&task.expert);
        let declared = expert.and_then(|expert| expert.agent.backend.as_ref());
        let by_command = request
            .command
            .as_ref()
            .map(|_| poag_agent::command::NAME.to_owned());
        let named = choice.experts.get(&task.expert).or(choice.all.as_ref());
        let backend = named.or(by_command.as_ref()).or(declared);
        let Some(backend) = backend.filter(|backend| *backend != DEFAULT_BACKEND) else {
            without.insert(task.expert.as_str());
            continue;
        };
        let known = poag_agent::backends::NAMES.contains(&backend.as_str());
        if !known {
            let why = format!("there is no backend '{backend}' that writes");
            return Err(WorkError::NoActor { why });
        }
        let actor = actors.iter_mut().find(|actor| actor.backend == *backend);
        let actor = match actor {
            Some(actor) => actor,
            None => {
                actors.push(Actor {
                    capacity: parallel,
                    command: request.command.clone().filter(|_| any_program(backend)),
                    ..Actor::of(backend)
                });
                actors.last_mut().ok_or(WorkError::NoneReady)?
            }
        };
        actor.experts.insert(task.expert.clone());
    }
    match (actors.is_empty(), without.first()) {
        (true, Some(expert)) => Err(WorkError::NoActor {
            why: format!("the flake of '{expert}' declares no agent that writes"),
        }),
        _ => Ok(actors),
    }
}

fn reviewers(request: &StartRequest) -> Vec<Actor> {
    let command = request.review_command.clone();
    command
        .map(|command| Actor {
            name: "reviewer".into(),
            command: Some(command),
            ..Actor::of(poag_agent::command::NAME)
        })
        .into_iter()
        .collect()
}

/// Whether a backend is any program.
fn any_program(backend: &str) -> bool {
    [poag_agent::command::NAME, poag_agent::acp::NAME].contains(&backend)
}

/// Full name of the branch that is checked out; none where none is.
fn checked_out(repository: &WorkRepository) -> Option<String> {
    let git = poag_git::Git::at(repository.root());
    let args = ["symbolic-ref", "--quiet", "HEAD"];
    git.line("reading what is checked out", &args).ok()
}
