//! Begins a work: from what there is to do ([`super::source`]), with actors and a policy.

use poag_core::expert::Graph;
use poag_core::work::milestone::Milestone;
use poag_core::work::policy::WorkPolicy;
use poag_core::work::{Actor, Board, WorkEvent, WorkStart};
use poag_git::work::WorkRepository;
use poag_ledger::{Batch, Ledger as _, NewStream};

use super::WorkError;
use super::actors::{actors, reviewers};
use super::ledger::{GRAPH, KIND, new_event};
use super::notices::{NoticeRecipient, RECIPIENTS};
use super::source::{Sourced, WorkSource};
use crate::{BackendChoice, Engine, EngineError, ProjectRef};

/// Backends that are kept from the network beyond their own: a program and its children by the kernel; the others have no
/// tool that reaches it, and poag's checks are kept from it, too.
const WITHOUT_NETWORK: [&str; 3] = [
    poag_agent::command::NAME,
    poag_agent::claude_code::NAME,
    poag_agent::openai::NAME,
];

/// What is to be carried out, and how.
#[derive(Clone, Debug)]
pub struct StartRequest {
    /// What.
    pub source: WorkSource,
    /// Who writes for whom, where it is not the backend that the flake declares.
    pub backends: BackendChoice,
    /// The program that reviews, where it is another than the one that writes.
    pub review_command: Option<Vec<String>>,
    /// The revision that it begins from; none is the commit that is checked out.
    pub base: Option<String>,
    /// What changes of the policy that the flake declares.
    pub policy: PolicyChange,
    /// Whether a person said yes to a wider policy.
    pub yes: bool,
    /// Who is told what becomes of it, beside those that the flake declares.
    pub notify: Vec<NoticeRecipient>,
    /// Backends that can be used on this machine, for flakes that declare none.
    pub installed: Vec<String>,
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
    /// Wall clock of the whole work, in seconds.
    pub seconds: Option<u64>,
    /// Whether worktrees stay.
    pub keep_worktrees: bool,
    /// Whether nothing lands without a yes, whatever the flake allows.
    pub never_land: bool,
    /// Whether actors are asked for bids.
    pub bids: bool,
}

impl PolicyChange {
    /// A policy with the change.
    #[must_use]
    pub fn on(&self, mut policy: WorkPolicy) -> WorkPolicy {
        policy.approvals = self.approvals.unwrap_or(policy.approvals);
        policy.budget.usd = self.usd.or(policy.budget.usd);
        policy.budget.output_tokens = self.output_tokens.or(policy.budget.output_tokens);
        policy.budget.seconds = self.seconds.or(policy.budget.seconds);
        policy.bids |= self.bids;
        if self.never_land {
            policy.auto_land = None;
        }
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
        let Sourced {
            run,
            words,
            tasks,
            milestones,
            participants,
        } = self.source(&ledger, &flake, graph, &request.source)?;
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
        let settings = graph.expert(&graph.root).map(|root| &root.work);
        let declared = settings.map_or_else(WorkPolicy::default, |settings| {
            WorkPolicy::declared(&settings.policy)
        });
        let policy = request.policy.on(declared.clone());
        let wider = declared.widened_by(&policy);
        if !wider.is_empty() && !request.yes {
            let fields = wider.iter().map(|field| (*field).to_owned()).collect();
            return Err(WorkError::Widened { fields }.into());
        }
        let actors = actors(
            graph,
            (&tasks, participants),
            (request, &self.settings.consent),
            policy.parallel,
        )?;
        if !policy.network {
            self.keep_from_network(&actors)?;
        }
        let work = uuid::Uuid::now_v7().to_string();
        // A branch named `poag` stands in the way of every branch below that name.
        let branch = format!("poag/{work}");
        repository.free_name(&branch).map_err(WorkError::from)?;
        let start = WorkStart {
            request: words,
            flake: flake.clone(),
            run,
            base,
            target: checked_out(&repository),
            branch: format!("refs/heads/poag/{work}"),
            actors,
            reviewers: reviewers(request),
            policy,
            milestones: match milestones.is_empty() {
                true => declared_milestones(graph),
                false => milestones,
            },
            tasks,
            work: work.clone(),
        };
        // Refused before it is written.
        Board::new(start.clone()).map_err(WorkError::from)?;
        let recipients = self.recipients(graph, request);
        let event = WorkEvent::WorkStarted(Box::new(start));
        let batch = Batch {
            events: vec![new_event(&event)?],
            reserve: vec![
                (GRAPH.into(), Some(serde_json::to_vec(graph)?)),
                (RECIPIENTS.into(), Some(serde_json::to_vec(&recipients)?)),
            ],
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

    /// Refuses actors that nothing here keeps from the network.
    fn keep_from_network(&self, actors: &[Actor]) -> Result<(), EngineError> {
        let shell = |actor: &&Actor| !WITHOUT_NETWORK.contains(&actor.backend.as_str());
        let problem = match actors.iter().find(shell) {
            Some(actor) => format!("nothing keeps the shell of {} from it", actor.name),
            None if self.launcher()?.refuses_network() => return Ok(()),
            None => {
                "this kernel cannot refuse it (Landlock in Linux 6.7 and newer does)".to_owned()
            }
        };
        Err(WorkError::Network { problem }.into())
    }

    /// Who is told: whom the person names, and whom the flake does, as far as it may be told.
    fn recipients(&self, graph: &Graph, request: &StartRequest) -> Vec<NoticeRecipient> {
        let mut all = request.notify.clone();
        let declared = graph.expert(&graph.root).map(|root| &root.work.notify);
        for (name, settings) in declared.into_iter().flatten() {
            let one = NoticeRecipient::declared(name, settings);
            let unset = one
                .secret_env
                .as_deref()
                .filter(|name| (self.settings.variable)(name).is_none());
            let command = one.command.as_deref();
            let refused = command.filter(|command| !self.settings.consent.allows(command));
            let why = match (unset, refused) {
                (Some(variable), _) => format!("{variable} is not set"),
                (None, Some(command)) => format!(
                    "nobody allowed its command (--allow-command {})",
                    shell_words::quote(&shell_words::join(command))
                ),
                (None, None) => {
                    if all.iter().all(|known| known.name != one.name) {
                        all.push(one);
                    }
                    continue;
                }
            };
            let note = format!("'{name}' is told nothing of this work: {why}");
            self.settings.progress.note(note);
        }
        all
    }
}

/// The milestones of a flake; their checks run in its folder.
fn declared_milestones(graph: &Graph) -> Vec<Milestone> {
    let Some(root) = graph.expert(&graph.root) else {
        return Vec::new();
    };
    let declared = root.work.milestones.iter();
    declared
        .map(|declared| Milestone {
            name: declared.name.clone(),
            checks: declared.checks.clone().unwrap_or_default(),
            nod: declared.nod.unwrap_or_default(),
            working_dir: root.dir().to_owned(),
        })
        .collect()
}

/// Full name of the branch that is checked out; none where none is.
fn checked_out(repository: &WorkRepository) -> Option<String> {
    let git = poag_git::Git::at(repository.root());
    let args = ["symbolic-ref", "--quiet", "HEAD"];
    git.line("reading what is checked out", &args).ok()
}
