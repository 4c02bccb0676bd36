//! The tools for a worker from anywhere: what `poag task` does, for an agent that carries tasks out by itself.

mod words;

use poag_core::work::TaskId;
use poag_engine::work::{
    ClaimRequest, Claimed, OpenWork, ShownTask, WorkError, WorkLedger, claimed_outcome,
};
use poag_engine::{Engine, EngineError};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolResult;
use rmcp::service::RequestContext;
use rmcp::{RoleServer, tool, tool_router};
use serde_json::Value;

use super::handler::Reach;
use super::listed::schema_of;
use super::person::{Person, Said, until_cancelled};
use words::{
    ClaimOf, DoneAnswer, DoneOf, OfLease, OfTask, OfWork, ReadyTasks, RenewedLease, Words, Written,
};

/// Longest text that a worker says, in bytes.
const TEXT_BYTES: usize = 1 << 20;

/// One thing that a worker does.
#[derive(Debug)]
pub enum WorkerCall {
    /// Lists tasks that can be claimed.
    Ready(OfWork),
    /// Shows one.
    Show(OfTask),
    /// Claims one and begins.
    Claim(ClaimOf),
    /// Makes a lease last longer.
    Renew(OfLease),
    /// Gives a task back.
    Release(Words),
    /// Tells what is being done.
    Log(Words),
    /// Says that it is done.
    Done(DoneOf),
    /// Says that it came to nothing.
    Fail(Words),
    /// Asks a person.
    Ask(Words),
}

/// Does what a worker asks for; with the data that its tool promises.
///
/// # Errors
/// When the board refuses it, or the ledger or git fails.
pub(super) async fn call(
    engine: &Engine,
    reach: &dyn Reach,
    call: WorkerCall,
) -> Result<Value, EngineError> {
    let works = engine.works()?;
    let open = |word: &Option<String>| opened(&works, reach, word.as_deref());
    match call {
        WorkerCall::Ready(OfWork { work }) => {
            let work = open(&work)?;
            let tasks = work.ready().into_iter().cloned().collect();
            Ok(serde_json::to_value(ReadyTasks { tasks })?)
        }
        WorkerCall::Show(OfTask { work, task }) => {
            let shown: ShownTask = open(&work)?.shown(&named(&task)?)?;
            Ok(serde_json::to_value(shown)?)
        }
        WorkerCall::Claim(what) => {
            let mut work = open(&what.work)?;
            let request = ClaimRequest {
                actor: what.actor,
                task: what.task.as_deref().map(named).transpose()?,
                trajectory: what.trajectory.unwrap_or(1) as usize,
                supervised: false,
            };
            let claimed: Claimed = work.claim_and_begin(&request)?;
            Ok(serde_json::to_value(claimed)?)
        }
        WorkerCall::Renew(OfLease { work, epoch }) => {
            let until = open(&work)?.renew(epoch)?;
            Ok(serde_json::to_value(RenewedLease { epoch, until })?)
        }
        WorkerCall::Release(words) => {
            let write = |work: &mut OpenWork<'_>, task: &TaskId| {
                work.release(task, words.epoch, &words.text)
            };
            written(&mut open(&words.work)?, &words.task, write)
        }
        WorkerCall::Log(words) => {
            let write = |work: &mut OpenWork<'_>, task: &TaskId| {
                work.log(task, words.epoch, &words.text, words.percent)
            };
            written(&mut open(&words.work)?, &words.task, write)
        }
        WorkerCall::Fail(words) => {
            let log = words.log.as_deref().unwrap_or_default();
            let write = |work: &mut OpenWork<'_>, task: &TaskId| {
                work.fail(task, words.epoch, (&words.text, log))
            };
            written(&mut open(&words.work)?, &words.task, write)
        }
        WorkerCall::Ask(words) => {
            let write =
                |work: &mut OpenWork<'_>, task: &TaskId| work.ask(task, words.epoch, &words.text);
            written(&mut open(&words.work)?, &words.task, write)
        }
        WorkerCall::Done(what) => {
            let work = open(&what.work)?.id().to_owned();
            let task = named(&what.task)?;
            let outcome = claimed_outcome(&what.summary);
            let done = engine.worker_done(&work, (&task, what.epoch), (&what.commit, &outcome));
            let (proof, why) = match done.await? {
                Ok(proof) => (Some(proof), None),
                Err(why) => (None, Some(why)),
            };
            let ok = proof.is_some();
            Ok(serde_json::to_value(DoneAnswer { ok, proof, why })?)
        }
    }
}

/// The work that a word means, the newest where there is none.
fn opened<'a>(
    works: &'a WorkLedger,
    reach: &dyn Reach,
    word: Option<&str>,
) -> Result<OpenWork<'a>, EngineError> {
    let word = word.unwrap_or("last");
    let work = works.open(&works.find(word, None)?)?;
    if reach.covers(&work.board().start.flake) {
        return Ok(work);
    }
    // Of what is not served not even that it is there.
    let word = word.to_owned();
    Err(WorkError::NoSuchWork { word, count: 0 }.into())
}

fn named(task: &str) -> Result<TaskId, EngineError> {
    TaskId::new(task).map_err(|_| {
        let task = TaskId::near(task);
        WorkError::from(poag_core::work::BoardRefusal::NoTask { task }).into()
    })
}

fn written(
    work: &mut OpenWork<'_>,
    task: &str,
    write: impl FnOnce(&mut OpenWork<'_>, &TaskId) -> Result<(), WorkError>,
) -> Result<Value, EngineError> {
    write(work, &named(task)?)?;
    Ok(serde_json::to_value(Written { ok: true })?)
}

impl WorkerCall {
    /// Refuses what is too long to be meant.
    fn bounded(self) -> Result<Self, String> {
        let longest = match &self {
            Self::Release(words) | Self::Log(words) | Self::Fail(words) | Self::Ask(words) => {
                words.text.len() + words.log.as_ref().map_or(0, String::len)
            }
            Self::Done(what) => what.summary.len() + what.commit.len(),
            _ => 0,
        };
        match longest > TEXT_BYTES {
            true => Err(format!(
                "it has {longest} bytes, {TEXT_BYTES} are allowed\nrepair: say it in fewer words"
            )),
            false => Ok(self),
        }
    }
}

impl Person {
    async fn work(&self, call: WorkerCall, context: &RequestContext<RoleServer>) -> CallToolResult {
        match call.bounded() {
            Ok(call) => until_cancelled(context, self.handler.work(call)).await,
            Err(problem) => super::failed(problem),
        }
    }
}

#[tool_router(router = worker_tools, vis = "pub(super)")]
impl Person {
    #[tool(
        description = "Lists the tasks of a work (a plan being carried out) that can be claimed now.",
        output_schema = schema_of::<ReadyTasks>(),
        annotations(title = "List tasks that are ready", read_only_hint = true, open_world_hint = false)
    )]
    async fn task_ready(
        &self,
        Parameters(of): Parameters<OfWork>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.work(WorkerCall::Ready(of), &context).await
    }

    #[tool(
        description = "Shows a task of a work, with where it stands.",
        output_schema = schema_of::<ShownTask>(),
        annotations(title = "Show a task", read_only_hint = true, open_world_hint = false)
    )]
    async fn task_show(
        &self,
        Parameters(of): Parameters<OfTask>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.work(WorkerCall::Show(of), &context).await
    }

    #[tool(
        description = "Claims a task, or the first that is ready, and begins an attempt at it. Gives an epoch, which everything else carries; another cannot claim it until the lease ends. Work in a worktree of your own that begins from the work's branch.",
        output_schema = schema_of::<Claimed>(),
        annotations(title = "Claim a task", read_only_hint = false, destructive_hint = false, idempotent_hint = false, open_world_hint = false)
    )]
    async fn task_claim(
        &self,
        Parameters(what): Parameters<ClaimOf>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.work(WorkerCall::Claim(what), &context).await
    }

    #[tool(
        description = "Makes a lease last longer. Call it before the time that the claim gave.",
        output_schema = schema_of::<RenewedLease>(),
        annotations(title = "Renew a lease", read_only_hint = false, destructive_hint = false, idempotent_hint = true, open_world_hint = false)
    )]
    async fn task_renew(
        &self,
        Parameters(of): Parameters<OfLease>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.work(WorkerCall::Renew(of), &context).await
    }

    #[tool(
        description = "Gives a task back, so that another can claim it; `text` says why.",
        output_schema = schema_of::<Written>(),
        annotations(title = "Give a task back", read_only_hint = false, destructive_hint = false, idempotent_hint = false, open_world_hint = false)
    )]
    async fn task_release(
        &self,
        Parameters(words): Parameters<Words>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.work(WorkerCall::Release(words), &context).await
    }

    #[tool(
        description = "Tells what is being done to a task, and how far it is.",
        output_schema = schema_of::<Written>(),
        annotations(title = "Tell what is being done", read_only_hint = false, destructive_hint = false, idempotent_hint = false, open_world_hint = false)
    )]
    async fn task_log(
        &self,
        Parameters(words): Parameters<Words>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.work(WorkerCall::Log(words), &context).await
    }

    #[tool(
        description = "Says that a task is done by a commit, which is proven before it counts: it changes nothing but the task's flake, and its checks, which run now, are green. May take minutes.",
        output_schema = schema_of::<DoneAnswer>(),
        annotations(title = "Say that a task is done", read_only_hint = false, destructive_hint = false, idempotent_hint = false, open_world_hint = false)
    )]
    async fn task_done(
        &self,
        Parameters(what): Parameters<DoneOf>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.work(WorkerCall::Done(what), &context).await
    }

    #[tool(
        description = "Says that an attempt came to nothing: `text` is why, `log` what the next attempt is told.",
        output_schema = schema_of::<Written>(),
        annotations(title = "Say that an attempt failed", read_only_hint = false, destructive_hint = false, idempotent_hint = false, open_world_hint = false)
    )]
    async fn task_fail(
        &self,
        Parameters(words): Parameters<Words>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.work(WorkerCall::Fail(words), &context).await
    }

    #[tool(
        description = "Asks a person what has to be decided before a task can go on; the lease ends.",
        output_schema = schema_of::<Written>(),
        annotations(title = "Ask a person", read_only_hint = false, destructive_hint = false, idempotent_hint = false, open_world_hint = false)
    )]
    async fn task_ask(
        &self,
        Parameters(words): Parameters<Words>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.work(WorkerCall::Ask(words), &context).await
    }
}

/// A result as text and data.
pub(super) fn as_said(data: Value) -> Result<Said, serde_json::Error> {
    Ok(Said {
        text: serde_json::to_string_pretty(&data)?,
        data: Some(data),
    })
}
