//! The tools for a person's own coding agent: ask the experts, see who there is, read what one knows.

use std::sync::Arc;
use std::time::Duration;

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolResponse, CallToolResult, CancelTaskParams, ContentBlock, CreateTaskResult,
    GetTaskParams, GetTaskResult, ServerCapabilities, ServerConfig, UpdateTaskParams,
};
use rmcp::service::RequestContext;
use rmcp::task_manager::{TaskExit, TaskManager, TaskOptions};
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::oneshot;

use super::listed::{ExpertListing, ListedPack, plan_schema, schema_of};
use super::question::{Answer, Question};
pub use super::question::{AskNews, Tell};
use super::talk::TalkCall;
use super::worker::WorkerCall;
use super::{config, failed, said};
use poag_core::agent::Pending;

/// Longest name or flake reference, in bytes.
const WORD_BYTES: usize = 4 << 10;
/// How long a client that knows tasks waits for the answer itself; a question that takes longer becomes a task.
const SHORT: Duration = Duration::from_secs(2);
/// How long a task and its answer are kept, in milliseconds: a day.
const KEPT_MS: u64 = 24 * 60 * 60 * 1000;
/// How often a client should look after a task, in milliseconds.
const LOOK_MS: u64 = 2000;
/// Questions under way as tasks at the same time.
const MOST_TASKS: usize = 8;

/// What the experts of a flake are asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskFor {
    /// The change or question, in the person's own words and whole; no context about the repository is needed.
    pub request: String,
    /// The flake whose experts are meant: a folder or any flake reference, over HTTP the name of a served one. Default: the flake here.
    #[serde(default)]
    pub flake: Option<String>,
    /// Begin with this expert instead of the flake's own.
    #[serde(default)]
    pub expert: Option<String>,
    /// Who thinks: BACKEND for all, or EXPERT=BACKEND; several are separated by commas. Default: as the flakes say.
    #[serde(default)]
    pub backend: Option<String>,
}

/// Whose experts are listed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListOf {
    /// The flake whose experts are meant: a folder or any flake reference, over HTTP the name of a served one. Default: the flake here.
    #[serde(default)]
    pub flake: Option<String>,
}

/// Whose pack is read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackOf {
    /// The expert.
    pub expert: String,
    /// The flake whose experts are meant: a folder or any flake reference, over HTTP the name of a served one. Default: the flake here.
    #[serde(default)]
    pub flake: Option<String>,
}

/// What a tool says.
pub struct Said {
    /// For the agent to read.
    pub text: String,
    /// The same as data, where there is any.
    pub data: Option<Value>,
}

/// Does what the tools promise. Errors are texts that end in what to do. Dropping a future stops its work.
pub trait ToolHandler: Send + Sync + 'static {
    /// Lets the experts discuss a request, and gives the plan.
    fn ask(&self, what: AskFor, tell: Tell) -> Pending<'_, Result<Said, String>>;
    /// Who there is.
    fn experts(&self, whose: ListOf) -> Pending<'_, Result<Said, String>>;
    /// What a worker does to a work from outside.
    fn work(&self, call: WorkerCall) -> Pending<'_, Result<Said, String>>;
    /// What is done with sessions.
    fn talk(&self, call: TalkCall) -> Pending<'_, Result<Said, String>>;
    /// What one expert knows from the start.
    fn pack(&self, whose: PackOf) -> Pending<'_, Result<Said, String>>;
}

/// The server.
#[derive(Clone)]
pub struct Person {
    pub(super) handler: Arc<dyn ToolHandler>,
    tasks: TaskManager,
}

impl Person {
    /// A server of what a handler does.
    #[must_use]
    pub fn new(handler: impl ToolHandler) -> Self {
        Self {
            handler: Arc::new(handler),
            tasks: TaskManager::new(),
        }
    }

    fn all_tools() -> ToolRouter<Self> {
        Self::tool_router() + Self::worker_tools() + Self::talk_tools()
    }

    /// The answer, where it comes soon; else a task that has it later.
    async fn as_task(
        &self,
        question: Question,
        context: &RequestContext<RoleServer>,
    ) -> CallToolResponse {
        if self.tasks.running_task_count() >= MOST_TASKS {
            let problem = format!(
                "{MOST_TASKS} questions are under way\nrepair: wait for one of them, or cancel it"
            );
            return failed(problem).into();
        }
        let (give, soon) = oneshot::channel();
        let options = TaskOptions::new()
            .with_ttl_ms(KEPT_MS)
            .with_poll_interval_ms(LOOK_MS);
        let task = self.tasks.spawn(options, |task| {
            Box::pin(async move {
                match question.answered(task.cancelled(), Some(&task)).await {
                    Answer::Cancelled(_) => Err(TaskExit::Cancelled),
                    Answer::Done(result) => {
                        // Nobody waits any more where it became a task.
                        let _ = give.send(result.clone());
                        Ok(result)
                    }
                }
            })
        });
        tokio::select! {
            biased;
            Ok(result) = soon => result.into(),
            () = context.ct.cancelled() => {
                let _ = self.tasks.cancel_task(&task.task_id);
                failed("cancelled\nrepair: ask again".into()).into()
            }
            () = tokio::time::sleep(SHORT) => CreateTaskResult::new(task).into(),
        }
    }
}

#[tool_router]
impl Person {
    #[tool(
        description = "Asks the product owners of a graph of Nix flakes what a request means: each owns one flake, knows its files and its contracts, and asks its neighbours. Returns one plan: the answer, what to do at which path of which flake, and the steps in their order. No file is changed; the run is recorded, and backends other than the librarian may cost money. May take minutes; progress is reported.",
        output_schema = plan_schema(),
        annotations(
            title = "Ask the experts for a plan",
            read_only_hint = false,
            destructive_hint = false,
            idempotent_hint = false,
            open_world_hint = true
        )
    )]
    async fn ask(
        &self,
        Parameters(what): Parameters<AskFor>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResponse {
        let words = [&what.flake, &what.expert, &what.backend];
        if let Err(problem) = words.into_iter().flatten().try_for_each(short) {
            return failed(problem).into();
        }
        let question = Question::new(&self.handler, what, &context);
        let capabilities = context.client_capabilities();
        if capabilities.is_some_and(|client| client.supports_tasks()) {
            return self.as_task(question, &context).await;
        }
        match question.answered(context.ct.cancelled(), None).await {
            Answer::Done(result) => result.into(),
            Answer::Cancelled(run) => {
                let run = run.map_or_else(String::new, |run| format!("={run}"));
                let problem = format!(
                    "cancelled\nrepair: ask again, or go on with it by `poag ask --resume{run}`"
                );
                failed(problem).into()
            }
        }
    }

    #[tool(
        description = "Lists the experts of a graph of Nix flakes: what each owns, what it provides and needs, and whether it is fresh or stale.",
        output_schema = schema_of::<ExpertListing>(),
        annotations(
            title = "List the experts",
            read_only_hint = true,
            open_world_hint = false
        )
    )]
    async fn experts(
        &self,
        Parameters(whose): Parameters<ListOf>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        if let Err(problem) = whose.flake.iter().try_for_each(short) {
            return failed(problem);
        }
        until_cancelled(&context, self.handler.experts(whose)).await
    }

    #[tool(
        description = "Gives the pack of one expert: its role, its contracts, an outline of its flake and its sources within a budget. The quickest way to know a flake.",
        output_schema = schema_of::<ListedPack>(),
        annotations(
            title = "Read what an expert knows",
            read_only_hint = true,
            open_world_hint = false
        )
    )]
    async fn pack(
        &self,
        Parameters(whose): Parameters<PackOf>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        if let Err(problem) = whose
            .flake
            .iter()
            .chain([&whose.expert])
            .try_for_each(short)
        {
            return failed(problem);
        }
        until_cancelled(&context, self.handler.pack(whose)).await
    }
}

#[tool_handler(router = Self::all_tools())]
impl ServerHandler for Person {
    async fn get_task(
        &self,
        request: GetTaskParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetTaskResult, ErrorData> {
        Ok(GetTaskResult::new(self.tasks.get_task(&request.task_id)?))
    }

    async fn update_task(
        &self,
        request: UpdateTaskParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.tasks
            .update_task(&request.task_id, request.input_responses)
    }

    async fn cancel_task(
        &self,
        request: CancelTaskParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.tasks.cancel_task(&request.task_id)
    }

    fn get_info(&self) -> ServerConfig {
        config(
            ServerCapabilities::builder()
                .enable_tools()
                .enable_tasks()
                .build(),
            "Experts that each own one Nix flake of this repository. Ask them before planning a change or when you want to know how something is used; their plan names the paths in every flake that is concerned. The tools `task_…` are for carrying such a plan out with others: claim a task, tell what you do, and say by which commit it is done. The tools `session_…` are for talking with several experts in turn, and passing on what they say.",
        )
    }
}

pub(super) async fn until_cancelled(
    context: &RequestContext<RoleServer>,
    work: Pending<'_, Result<Said, String>>,
) -> CallToolResult {
    tokio::select! {
        () = context.ct.cancelled() => failed("cancelled\nrepair: ask again".into()),
        done = work => result(done),
    }
}

pub(super) fn result(done: Result<Said, String>) -> CallToolResult {
    match done {
        Ok(Said { text, data: None }) => said(text),
        Ok(Said {
            text,
            data: Some(data),
        }) => {
            let mut result = CallToolResult::structured(data);
            result.content = vec![ContentBlock::text(text)];
            result
        }
        Err(problem) => failed(problem),
    }
}

fn short(word: impl AsRef<str>) -> Result<(), String> {
    let bytes = word.as_ref().len();
    match bytes > WORD_BYTES {
        true => Err(format!(
            "a name has {bytes} bytes, {WORD_BYTES} are allowed\nrepair: put what is wanted into `request`"
        )),
        false => Ok(()),
    }
}
