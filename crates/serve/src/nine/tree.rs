//! What is there now: which names a directory has, and what is known of each file.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use poag_core::work::TaskId;
use poag_engine::{EngineError, RunSummary};
use sha2::{Digest as _, Sha256};

use super::node::{ExpertFile, TreeNode};
use super::wire::{FileStat, Qid};
use crate::problem::{Problem, ProblemKind};
use crate::server::{ServedFlake, Server, blocking};
use crate::works::all_views;

/// For how long the experts of the served flakes are taken to be the same: a listing of all of them opens no flake twice.
const SAME: Duration = Duration::from_secs(2);
/// Runs in a listing, and those that are looked through for it.
const RUNS: usize = 200;
const LOOKED: usize = 10_000;

/// The tree of a server, shared by all who look at it.
pub(super) struct FileTree {
    pub server: Arc<Server>,
    experts: Mutex<Option<(Instant, Arc<[ServedExpert]>)>>,
    /// Held by who opens a session of an expert, so that there is one.
    pub opening: tokio::sync::Mutex<()>,
    /// When it began, in seconds since 1970 in UTC.
    began: u32,
}

/// An expert of a served flake.
#[derive(Clone, Debug)]
pub(super) struct ServedExpert {
    /// What it is called in the tree: its name, with its flake behind it where one of an earlier flake has it.
    pub shown: String,
    pub name: String,
    pub flake: ServedFlake,
    /// Changes when the graph does that it is in.
    pub version: u32,
}

impl FileTree {
    pub fn new(server: Arc<Server>) -> Self {
        let began = jiff::Timestamp::now().as_second();
        Self {
            server,
            experts: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            began: u32::try_from(began).unwrap_or(0),
        }
    }

    fn known_experts(&self) -> Option<Arc<[ServedExpert]>> {
        let known = self.experts.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, experts) = known.as_ref()?;
        (at.elapsed() < SAME).then(|| Arc::clone(experts))
    }

    /// The experts of all served flakes that can be opened.
    async fn experts(&self) -> Result<Arc<[ServedExpert]>, Problem> {
        if let Some(known) = self.known_experts() {
            return Ok(known);
        }
        let mut all: Vec<ServedExpert> = Vec::new();
        let mut broken = None;
        for flake in &self.server.flakes {
            let project = match self.server.open(flake).await {
                Ok(project) => project,
                Err(problem) => {
                    broken = Some(problem);
                    continue;
                }
            };
            let digest = Sha256::digest(&project.json);
            let version = u32::from_le_bytes(digest[..4].try_into().unwrap_or_default());
            for name in project.graph.experts.keys() {
                let taken = all.iter().any(|one| one.shown == *name);
                all.push(ServedExpert {
                    shown: match taken {
                        true => format!("{name}@{}", flake.name),
                        false => name.clone(),
                    },
                    name: name.clone(),
                    flake: flake.clone(),
                    version,
                });
            }
        }
        if let (true, Some(problem)) = (all.is_empty(), broken) {
            return Err(problem);
        }
        let all: Arc<[ServedExpert]> = all.into();
        let mut known = self.experts.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((Instant::now(), Arc::clone(&all)));
        Ok(all)
    }

    /// The expert that is called so in the tree.
    pub async fn expert(&self, shown: &str) -> Result<ServedExpert, Problem> {
        let all = self.experts().await?;
        let found = all.iter().find(|one| one.shown == shown);
        found.cloned().ok_or_else(|| missing("expert"))
    }

    /// Refuses what is not there. What a directory always has is there where the directory is.
    pub async fn look_up(&self, node: &TreeNode) -> Result<(), Problem> {
        match node {
            TreeNode::Expert(shown) => self.expert(shown).await.map(drop),
            TreeNode::Task(work, task) => {
                let task = TaskId::new(task).map_err(|_| missing("task"))?;
                let known = crate::works::with_work(&self.server, work.clone(), move |_, work| {
                    Ok(work.board().task(task.as_str()).is_some())
                });
                match known.await? {
                    true => Ok(()),
                    false => Err(missing("task")),
                }
            }
            TreeNode::Run(run) => {
                let read = |_: &poag_engine::RunLedger, _: &str| Ok(());
                crate::runs::of_council(&self.server, run.clone(), read).await
            }
            TreeNode::Snippet(name) => {
                let name = name.clone();
                let found = crate::snippets::with(&self.server, move |all| all.get(&name));
                found.await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// What is in a directory.
    pub async fn list(&self, node: &TreeNode) -> Result<Vec<TreeNode>, Problem> {
        Ok(match node {
            TreeNode::Experts => {
                let experts = self.experts().await?;
                let names = experts
                    .iter()
                    .map(|one| TreeNode::Expert(one.shown.clone()));
                names.collect()
            }
            TreeNode::Tasks => {
                let views = all_views(&self.server).await?.into_iter();
                let tasks = views.flat_map(|view| {
                    let ids = view.tasks.into_iter().map(|task| task.id.to_string());
                    let work = view.work;
                    ids.map(move |task| TreeNode::Task(work.clone(), task))
                });
                tasks.collect()
            }
            TreeNode::Runs => self.runs().await?,
            TreeNode::Snippets => {
                let all = crate::snippets::with(&self.server, |all| all.list()).await?;
                all.into_iter()
                    .map(|one| TreeNode::Snippet(one.name))
                    .collect()
            }
            _ => node.fixed(),
        })
    }

    /// The newest councils of what is served.
    async fn runs(&self) -> Result<Vec<TreeNode>, Problem> {
        let server = Arc::clone(&self.server);
        let read = move |runs: &poag_engine::RunLedger| {
            let (mut found, mut before, mut looked) = (Vec::new(), None, 0);
            loop {
                let part = runs.list_before(before.as_deref(), 200)?;
                looked += part.len();
                before = part.last().map(|one: &RunSummary| one.run.id.clone());
                let served = part.into_iter().filter(|one| {
                    let council = one.run.kind == poag_engine::run::RunKind::Council;
                    council && server.of_subject(&one.run.flake).is_some()
                });
                found.extend(served.map(|one| TreeNode::Run(one.run.id)));
                if before.is_none() || found.len() >= RUNS || looked >= LOOKED {
                    found.truncate(RUNS);
                    return Ok(found);
                }
            }
        };
        self.server.read(read).await
    }

    /// The qid of what was looked up. Its version is the number of the last event of the ledger, without which nothing
    /// changes; what comes from a flake's files has one that changes with its graph.
    pub async fn qid(&self, node: &TreeNode) -> Result<Qid, Problem> {
        let version = match node {
            TreeNode::OfExpert(shown, ExpertFile::Pack | ExpertFile::Contracts) => {
                self.expert(shown).await?.version
            }
            _ => self.version().await?,
        };
        Ok(qid(node, version))
    }

    async fn version(&self) -> Result<u32, Problem> {
        let engine = self.server.engine.clone();
        let end = blocking(move || Ok(engine.feed()?.end()?)).await?;
        // The lower half of it is as good.
        Ok(u32::try_from(end & u64::from(u32::MAX)).unwrap_or(0))
    }

    /// What is known of a file that was looked up; of one that is open, its length as it was opened.
    pub async fn stat(&self, node: &TreeNode, opened: Option<usize>) -> Result<FileStat, Problem> {
        let qid = self.qid(node).await?;
        let length = match opened {
            Some(length) => length,
            None if node.is_directory() || !node.can_be_read() || is_made_when_opened(node) => 0,
            None => self.text(node).await?.len(),
        };
        let person = self.server.settings.person.replace(['/', '\0'], "-");
        Ok(FileStat {
            kernel: (0, 0),
            qid,
            mode: node.mode(),
            accessed: self.began,
            modified: self.modified(node).await,
            length: length as u64,
            name: node.name(),
            owner: person.clone(),
            group: person.clone(),
            modifier: person,
        })
    }

    /// When it changed last, in seconds since 1970 in UTC, where that is kept; else when the server began.
    async fn modified(&self, node: &TreeNode) -> u32 {
        let at = match node {
            TreeNode::Snippet(name) => {
                let name = name.clone();
                let found = crate::snippets::with(&self.server, move |all| all.get(&name));
                found.await.ok().map(|snippet| snippet.at)
            }
            TreeNode::Run(run) | TreeNode::OfRun(run, _) => {
                let run = run.clone();
                let read = move |runs: &poag_engine::RunLedger| Ok(runs.one(&run)?.run.created);
                self.server.read(read).await.ok()
            }
            _ => None,
        };
        at.and_then(|at| u32::try_from(at / 1000).ok())
            .unwrap_or(self.began)
    }

    /// What is in a directory, each entry as it is read.
    pub async fn entries(&self, node: &TreeNode) -> Result<Vec<Vec<u8>>, Problem> {
        let mut entries = Vec::new();
        for child in self.list(node).await? {
            match self.stat(&child, None).await {
                Ok(stat) => entries.push(stat.encode()),
                // It went away meanwhile, or cannot be read now: it is listed all the same where its name is fixed.
                Err(_) if node.fixed().is_empty() => {}
                Err(_) => entries.push(self.stat(&child, Some(0)).await?.encode()),
            }
        }
        Ok(entries)
    }
}

/// Whether the content is only made for who opens it: its length is told then.
fn is_made_when_opened(node: &TreeNode) -> bool {
    use ExpertFile::{Contracts, Pack, Wait};
    matches!(
        node,
        TreeNode::OfExpert(_, Pack | Contracts | Wait) | TreeNode::Events
    )
}

pub(super) fn qid(node: &TreeNode, version: u32) -> Qid {
    Qid {
        kind: node.kind(),
        version,
        path: node.number(),
    }
}

pub(super) fn missing(what: &str) -> Problem {
    let wrong = format!("there is no such {what}");
    Problem::new(ProblemKind::NotFound, &wrong, "list the directory")
}

/// The error of the engine as a problem.
pub(super) fn of_engine<E>(error: E) -> Problem
where
    EngineError: From<E>,
{
    EngineError::from(error).into()
}
