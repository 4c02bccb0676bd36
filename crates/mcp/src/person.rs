//! The tools for a person's own coding agent: ask the experts, see who there is, read what one knows.

use std::sync::Arc;

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, ContentBlock, ProgressNotificationParam, ServerConfig};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;

use super::{config, failed, said};
use poag_core::agent::Pending;

/// Longest name or flake reference, in bytes.
const WORD_BYTES: usize = 4 << 10;

/// What the experts of a flake are asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskFor {
    /// The change or question, in the person's own words and whole; no context about the repository is needed.
    pub request: String,
    /// The flake whose experts are meant: a folder or any flake reference. Default: the flake here.
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
    /// The flake whose experts are meant: a folder or any flake reference. Default: the flake here.
    #[serde(default)]
    pub flake: Option<String>,
}

/// Whose pack is read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackOf {
    /// The expert.
    pub expert: String,
    /// The flake whose experts are meant: a folder or any flake reference. Default: the flake here.
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

/// Takes one line about what goes on.
pub type Tell = mpsc::UnboundedSender<String>;

/// Does what the tools promise. Errors are texts that end in what to do. Dropping a future stops its work.
pub trait ToolHandler: Send + Sync + 'static {
    /// Lets the experts discuss a request, and gives the plan.
    fn ask(&self, what: AskFor, tell: Tell) -> Pending<'_, Result<Said, String>>;
    /// Who there is.
    fn experts(&self, whose: ListOf) -> Pending<'_, Result<Said, String>>;
    /// What one expert knows from the start.
    fn pack(&self, whose: PackOf) -> Pending<'_, Result<Said, String>>;
}

/// The server.
#[derive(Clone)]
pub struct Person {
    handler: Arc<dyn ToolHandler>,
}

impl Person {
    /// A server of what a handler does.
    #[must_use]
    pub fn new(handler: impl ToolHandler) -> Self {
        Self {
            handler: Arc::new(handler),
        }
    }
}

#[tool_router]
impl Person {
    #[tool(
        description = "Asks the product owners of a graph of Nix flakes what a request means: each owns one flake, knows its files and its contracts, and asks its neighbours. Returns one plan: the answer, what to do at which path of which flake, and the steps in their order. Nothing is changed. May take minutes; progress is reported.",
        annotations(title = "Ask the experts for a plan", read_only_hint = true)
    )]
    async fn ask(
        &self,
        Parameters(what): Parameters<AskFor>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        let words = [&what.flake, &what.expert, &what.backend];
        if let Err(problem) = words.into_iter().flatten().try_for_each(short) {
            return failed(problem);
        }
        let (tell, mut told) = mpsc::unbounded_channel();
        let mut work = self.handler.ask(what, tell);
        let token = context.meta.get_progress_token();
        let mut count = 0.0;
        loop {
            tokio::select! {
                biased;
                () = context.ct.cancelled() => {
                    return failed("cancelled\nrepair: ask again, or go on with it by `poag ask --resume`".into());
                }
                Some(line) = told.recv() => {
                    count += 1.0;
                    if let Some(token) = &token {
                        let news = ProgressNotificationParam::new(token.clone(), count).with_message(line);
                        // A client that does not listen is not told.
                        drop(context.peer.notify_progress(news).await);
                    }
                }
                done = &mut work => return result(done),
            }
        }
    }

    #[tool(
        description = "Lists the experts of a graph of Nix flakes: what each owns, what it provides and needs, and whether it is fresh or stale.",
        annotations(title = "List the experts", read_only_hint = true)
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
        annotations(title = "Read what an expert knows", read_only_hint = true)
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

#[tool_handler]
impl ServerHandler for Person {
    fn get_info(&self) -> ServerConfig {
        config(
            "Experts that each own one Nix flake of this repository. Ask them before planning a change or when you want to know how something is used; their plan names the paths in every flake that is concerned.",
        )
    }
}

async fn until_cancelled(
    context: &RequestContext<RoleServer>,
    work: Pending<'_, Result<Said, String>>,
) -> CallToolResult {
    tokio::select! {
        () = context.ct.cancelled() => failed("cancelled\nrepair: ask again".into()),
        done = work => result(done),
    }
}

fn result(done: Result<Said, String>) -> CallToolResult {
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
