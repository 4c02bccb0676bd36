//! Holds debates: takes the turns that [`poag_core::debate`] names, and puts every event into the ledger before it takes
//! effect, as councils do ([`crate::run`]): a debate that was killed goes on where it was, and nobody is asked twice.

mod calls;
mod drive;
mod error;
mod files;
mod panel;
mod state;

#[cfg(test)]
mod tests;

use std::path::{Component, Path};
use std::sync::Arc;

pub use error::DebateError;
pub use panel::{MAX_PANEL, PanelWord};
pub use state::DebateMisfit;
pub(crate) use state::{DebateState, event};

use drive::{DebateDrive, DebateParts};
use files::DebatePages;
use panel::Panel;
use poag_core::council::identity;
use poag_core::debate::{Debate, DebateEvent, DebateResult, DebateStart, DebateStep, TieRule};
use poag_core::expert::Graph;
use poag_ledger::{Batch, Ledger, NewStream, Replica};

use crate::backends::{BackendChoice, Backends};
use crate::run::error::REQUEST_BYTES;
use crate::run::history::{self, RunKind};
use crate::run::log::{GRAPH, json};
use crate::run::{self, BackendSelection};
use crate::{Engine, EngineError, ProjectRef};

/// How often a turn that failed is taken again within its round.
const RETRIES: u32 = 1;

/// What is debated, by whom, and how far it may go.
#[derive(Clone, Debug)]
pub struct DebateRequest {
    /// The id of its run, where it was chosen before ([`crate::RunLedger::keyed`]); none for a new one.
    pub run: Option<String>,
    /// The question, in the person's own words.
    pub topic: String,
    /// The expert that it begins with, instead of the flake's own.
    pub expert: Option<String>,
    /// Who takes part; none for those that the flake declares.
    pub panel: Vec<PanelWord>,
    /// How many rounds there are, 1 or more.
    pub rounds: u32,
    /// Seconds that each round and the vote take at most.
    pub deadline: u64,
    /// How many proposals are voted on at most.
    pub choices: Option<u32>,
    /// Tokens over all turns.
    pub max_tokens: Option<u64>,
    /// US dollars over all turns.
    pub max_cost_usd: Option<f64>,
    /// What becomes of a tie.
    pub tie: TieRule,
    /// The folder, relative to the flake of the expert, in which what was said is written; none for nowhere.
    pub out: Option<String>,
    /// Whether a round is written when it has closed, and not all of them at the end.
    pub live: bool,
}

/// How far a debate has come when nobody drives it any more.
#[derive(Clone, Debug, PartialEq)]
pub struct DebateOutcome {
    /// The run's id.
    pub run: String,
    /// What came of it; none where a person must choose.
    pub result: Option<DebateResult>,
    /// What came of it so far: the proposals, the vote.
    pub so_far: DebateResult,
    /// The labels among which a person must choose.
    pub tied: Vec<String>,
    /// Turns taken in this process; those that ended before are not taken again.
    pub taken: usize,
}

/// Sees what happens, each event after it is in the ledger.
pub trait DebateObserver {
    /// A debate begins or goes on.
    fn begun(&mut self, _start: &DebateStart, _resumed: bool) {}
    /// Something happened, and this is how the debate stands then.
    fn event(&mut self, _event: &DebateEvent, _debate: &Debate) {}
}

/// Nobody watches.
impl DebateObserver for () {}

impl Engine {
    /// Holds a debate. Every event is in the ledger before it takes effect; dropping the future stops it, and it can be
    /// resumed.
    ///
    /// # Errors
    /// When the target cannot be opened, the panel is none, or the ledger or a page cannot be written. What participants do
    /// wrong is in the result.
    pub async fn debate(
        &self,
        target: &ProjectRef,
        request: &DebateRequest,
        observer: &mut dyn DebateObserver,
    ) -> Result<DebateOutcome, EngineError> {
        let bytes = request.topic.trim().len();
        if bytes == 0 || bytes > REQUEST_BYTES {
            return Err(DebateError::Topic { bytes }.into());
        }
        let project = self.open(target).await?;
        let graph = project.rooted(request.expert.as_deref())?;
        let run = request.run.clone().unwrap_or_else(run::new_id);
        let known: Vec<&str> = self.backend_names();
        let panel = panel::panel(&graph, &request.panel, &known, &run)?;
        let pages = self.pages(target, &graph, request.out.as_deref())?;
        if let Some(pages) = &pages {
            pages.refuse_occupied()?;
        }
        let backends = self.panel_backends(target, &graph, &panel)?;
        let ledger = self.ledger()?;
        let start = begin(request, (&run, &graph), &panel, &backends);
        let flake = target.flake.to_string();
        let parts = DebateParts {
            ledger: &ledger,
            graph: &graph,
            panel: &panel,
            backends: Arc::new(backends),
            pages,
            observer,
        };
        Ok(hold(start, &flake, parts).await?)
    }

    /// Goes on with a debate that was interrupted: turns that ended are not taken again, and an open round has its whole
    /// time again. One that came to its end gives its result at once.
    ///
    /// # Errors
    /// When there is no such debate, another process drives it, its flakes changed since, or the ledger fails.
    pub async fn resume_debate(
        &self,
        target: &ProjectRef,
        run: Option<&str>,
        observer: &mut dyn DebateObserver,
    ) -> Result<DebateOutcome, EngineError> {
        let project = self.open(target).await?;
        let ledger = self.ledger()?;
        let run = match run {
            Some(run) => run::find(&ledger, run)?,
            None => self.open_debate(target)?,
        };
        let claim = ledger.claim(&run)?;
        let replica = open(&ledger, &run)?;
        let start = replica.state().0.start().clone();
        let graph = project.rooted(Some(&start.root))?;
        let over = replica.state().0.result().is_some();
        if !over && identity::of(&graph) != start.graph {
            return Err(DebateError::Changed { run }.into());
        }
        let panel = panel::again(&graph, &start)?;
        let backends = self.panel_backends(target, &graph, &panel)?;
        let backends = backends.going_on_with(start.selection.clone());
        let parts = DebateParts {
            ledger: &ledger,
            graph: &graph,
            panel: &panel,
            backends: Arc::new(backends),
            pages: self.pages(target, &graph, start.out.as_deref())?,
            observer,
        };
        let outcome = go_on(replica, parts).await?;
        drop(claim);
        Ok(outcome)
    }

    /// Chooses among what is tied, for a person. Of two who do so at once, the first counts.
    ///
    /// # Errors
    /// When there is no such debate, nothing is tied in it, somebody chose before, or what was said cannot be written.
    pub async fn break_tie(
        &self,
        target: &ProjectRef,
        run: &str,
        choice: &str,
        by: &str,
    ) -> Result<DebateOutcome, EngineError> {
        let ledger = self.ledger()?;
        let run = run::find(&ledger, run)?;
        choose(&ledger, &run, choice, by)?;
        self.resume_debate(target, Some(&run), &mut ()).await
    }

    /// The id of the latest debate on a flake that did not come to its end.
    ///
    /// # Errors
    /// When there is none, or the ledger cannot be read.
    pub fn open_debate(&self, target: &ProjectRef) -> Result<String, EngineError> {
        let flake = target.flake.to_string();
        let latest = history::latest_open(&self.ledger()?, &flake, RunKind::Debate)?;
        let none = || DebateError::NoneOpen { flake };
        Ok(latest.map(|run| run.id).ok_or_else(none)?)
    }

    fn panel_backends(
        &self,
        target: &ProjectRef,
        graph: &Graph,
        panel: &Panel,
    ) -> Result<Backends, EngineError> {
        let seated = panel::seated(graph, panel);
        Backends::new(self, target, &seated, &BackendChoice::default())
    }

    /// Where a debate of this graph writes.
    fn pages(
        &self,
        target: &ProjectRef,
        graph: &Graph,
        out: Option<&str>,
    ) -> Result<Option<DebatePages>, DebateError> {
        let root = graph.expert(&graph.root).filter(|root| root.is_local());
        let folder = root.and_then(|root| target.flake.folder_of(root.dir()));
        DebatePages::of(folder, out)
    }
}

/// A debate in a ledger.
pub(crate) fn open(ledger: &dyn Ledger, run: &str) -> Result<Replica<DebateState>, DebateError> {
    if ledger.stream(run)?.kind != RunKind::Debate.stream() {
        let run = run.to_owned();
        return Err(DebateError::NoDebate { run });
    }
    Ok(Replica::open(ledger, run)?)
}

/// Begins a debate and drives it.
async fn hold(
    start: DebateStart,
    flake: &str,
    parts: DebateParts<'_>,
) -> Result<DebateOutcome, DebateError> {
    let run = start.run.clone();
    let claim = parts.ledger.claim(&run)?;
    let stream = NewStream {
        id: &run,
        kind: RunKind::Debate.stream(),
        subject: flake,
    };
    let first = DebateEvent::DebateStarted(Box::new(start.clone()));
    let batch = Batch {
        events: vec![state::new_event(&first)?],
        reserve: vec![(GRAPH.to_owned(), Some(json(parts.graph)))],
        ..Batch::default()
    };
    parts.ledger.create(&stream, &batch)?;
    parts.observer.begun(&start, false);
    let replica = Replica::open(parts.ledger, &run)?;
    let (debate, taken) = DebateDrive::new(replica, parts)?.run(false).await?;
    drop(claim);
    Ok(outcome(&debate, taken))
}

/// Drives a debate that was begun.
async fn go_on(
    replica: Replica<DebateState>,
    parts: DebateParts<'_>,
) -> Result<DebateOutcome, DebateError> {
    let debate = &replica.state().0;
    parts.observer.begun(debate.start(), true);
    // Nothing of one that waits for a person, or is over, goes on.
    let step = debate.next_step();
    let rests = matches!(step, DebateStep::Person(_) | DebateStep::Over);
    let (debate, taken) = DebateDrive::new(replica, parts)?.run(!rests).await?;
    Ok(outcome(&debate, taken))
}

/// Writes down what a person chose.
fn choose(ledger: &dyn Ledger, run: &str, choice: &str, by: &str) -> Result<(), DebateError> {
    let mut replica = open(ledger, run)?;
    if let Some(tie) = replica.state().0.tie_break() {
        return Err(poag_core::debate::DebateRefusal::Broken {
            choice: tie.choice.clone(),
            by: tie.by.clone(),
        }
        .into());
    }
    let event = DebateEvent::TieBroken {
        choice: choice.to_owned(),
        by: Some(by.to_owned()),
    };
    drive::write(&mut replica, ledger, &event, Batch::default())
}

fn outcome(debate: &Debate, taken: usize) -> DebateOutcome {
    let tied = match debate.next_step() {
        DebateStep::Person(tied) => tied,
        _ => Vec::new(),
    };
    DebateOutcome {
        run: debate.start().run.clone(),
        result: debate.result().cloned(),
        so_far: debate.outcome(),
        tied,
        taken,
    }
}

fn begin(
    request: &DebateRequest,
    (run, graph): (&str, &Graph),
    panel: &Panel,
    backends: &dyn BackendSelection,
) -> DebateStart {
    let mut selection = backends.selection(&panel::seated(graph, panel));
    selection
        .backends
        .retain(|name, _| panel.contains_key(name));
    selection.models.retain(|name, _| panel.contains_key(name));
    selection
        .commands
        .retain(|name, _| panel.contains_key(name));
    let seats = panel.iter();
    DebateStart {
        run: run.to_owned(),
        topic: request.topic.clone(),
        root: graph.root.clone(),
        graph: identity::of(graph),
        panel: seats
            .map(|(name, seat)| (name.clone(), seat.debater.clone()))
            .collect(),
        selection,
        rounds: request.rounds.max(1),
        deadline: request.deadline.max(1),
        choices: request.choices,
        retries: RETRIES,
        max_tokens: request.max_tokens,
        max_cost_usd: request.max_cost_usd,
        tie: request.tie,
        out: request.out.as_deref().map(plain),
        live: request.live,
    }
}

/// A relative path without what means nothing.
fn plain(path: &str) -> String {
    let parts = Path::new(path).components();
    let parts = parts.filter(|part| !matches!(part, Component::CurDir));
    let path: std::path::PathBuf = parts.collect();
    path.display().to_string()
}
