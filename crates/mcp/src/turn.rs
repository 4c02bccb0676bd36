//! The tools of an expert's agent during its turn: ask a neighbour now, read a contract, search the own
//! flake, check a result.
//!
//! Names, descriptions and schemas are the same for all experts and turns, since they stand in front of
//! everything that a provider of models caches. What differs comes in by the environment.

use std::io;
use std::path::PathBuf;

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, ServerCapabilities, ServerConfig};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use super::{NAME, config, failed, said};
use poag_core::agent::ToolServer;
use poag_core::council::gossip::{Call, CallResult, LINE_BYTES, TokenCall};
pub use poag_core::council::gossip::{SOCKET, TOKEN};
use poag_core::council::message::Ask;

/// The flag of `poag mcp` that starts this server.
pub const FLAG: &str = "--turn";

/// How an agent starts this server, with `poag` at this path.
#[must_use]
pub fn server(poag: PathBuf) -> ToolServer {
    ToolServer {
        name: NAME.into(),
        program: poag,
        args: vec!["mcp".into(), FLAG.into()],
        env: Vec::new(),
        tools: ["check", "consult", "contract", "lookup"]
            .map(Into::into)
            .to_vec(),
    }
}

/// A question to a neighbour.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consult {
    /// The name of a provider in `neighbors`.
    pub to: String,
    /// The question.
    pub text: String,
    /// The contract it is about, where one is.
    #[serde(default)]
    pub contract: Option<String>,
    /// Why this neighbour is asked; shown to the person.
    pub reason: String,
}

/// A contract of a neighbour.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The name of a provider in `neighbors`.
    pub neighbor: String,
    /// One of the contracts it provides.
    pub contract: String,
}

/// A search.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookupQuery {
    /// Words that stand in the files: names, and what they do.
    pub query: String,
}

/// A result.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckResult {
    /// The JSON object that your turn is to give back.
    #[schemars(with = "serde_json::Map<String, Value>")]
    pub result: Value,
}

/// The server; the council listens elsewhere.
#[derive(Clone, Debug)]
pub struct Turn {
    way: Option<(PathBuf, String)>,
}

impl Turn {
    /// The turn whose council listens at a socket for this token: what the agent was given as [`SOCKET`] and [`TOKEN`].
    #[must_use]
    pub fn new(socket: Option<PathBuf>, token: Option<String>) -> Self {
        Self {
            way: socket.zip(token),
        }
    }

    async fn call(&self, context: &RequestContext<RoleServer>, call: Call) -> CallToolResult {
        let Some((socket, token)) = &self.way else {
            return failed("no council listens in this turn\nrepair: put questions into `asks`, and end with the JSON object of a turn".into());
        };
        let token = token.clone();
        let note = TokenCall { token, call };
        let answer = tokio::select! {
            // Whoever cancels hangs up: what was asked stays asked, and its answer unread.
            () = context.ct.cancelled() => return failed("cancelled\nrepair: go on without it".into()),
            answer = exchange(socket, &note) => answer,
        };
        match answer {
            Ok(CallResult::Said(text)) => said(text),
            Ok(CallResult::Failed(problem)) => failed(problem),
            Err(error) => failed(format!(
                "the council does not answer: {error}\nrepair: put questions into `asks`, and end with the JSON object of a turn"
            )),
        }
    }
}

#[tool_router]
impl Turn {
    #[tool(
        description = "Asks the owner of a neighbouring flake a question now and waits for its answer, which may take minutes. Use it where you cannot go on without the answer; what can wait belongs into `asks` of your result. The same question in the same words gives the same answer.",
        annotations(title = "Ask a neighbour", read_only_hint = true)
    )]
    async fn consult(
        &self,
        Parameters(ask): Parameters<Consult>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        let ask = Ask {
            to: ask.to,
            text: ask.text,
            contract: ask.contract,
            reason: ask.reason,
        };
        self.call(&context, Call::Consult(ask)).await
    }

    #[tool(
        description = "Gives what a neighbour promises in one of its contracts: its summary, and the text of the files that it names.",
        annotations(title = "Read a contract", read_only_hint = true)
    )]
    async fn contract(
        &self,
        Parameters(Promise { neighbor, contract }): Parameters<Promise>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.call(&context, Call::Contract { neighbor, contract })
            .await
    }

    #[tool(
        description = "Searches the files of your own flake and gives the passages that match best, with path and lines. While you carry out a task, the path of a file gives that file as it is now.",
        annotations(title = "Search your flake", read_only_hint = true)
    )]
    async fn lookup(
        &self,
        Parameters(LookupQuery { query }): Parameters<LookupQuery>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.call(&context, Call::Lookup { query }).await
    }

    #[tool(
        description = "Says what is wrong with a result before you give it: its form, paths and lines that are not there. It does not end your turn. While you carry out a task, it also runs the checks of that task and gives what they say.",
        annotations(title = "Check your result", read_only_hint = true)
    )]
    async fn check(
        &self,
        Parameters(CheckResult { result }): Parameters<CheckResult>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.call(&context, Call::Check { result }).await
    }
}

#[tool_handler]
impl ServerHandler for Turn {
    fn get_info(&self) -> ServerConfig {
        config(
            ServerCapabilities::builder().enable_tools().build(),
            "Talk to the council while your turn goes on.",
        )
    }
}

/// One call and its answer.
async fn exchange(socket: &std::path::Path, note: &TokenCall) -> io::Result<CallResult> {
    let mut line = serde_json::to_vec(note)?;
    line.push(b'\n');
    if line.len() > LINE_BYTES {
        return Ok(CallResult::Failed(format!(
            "that is more than {LINE_BYTES} bytes\nrepair: say less"
        )));
    }
    let stream = UnixStream::connect(socket).await?;
    let (reader, mut writer) = stream.into_split();
    writer.write_all(&line).await?;
    let mut answer = Vec::new();
    let mut reader = BufReader::new(reader).take(2 * LINE_BYTES as u64);
    reader.read_until(b'\n', &mut answer).await?;
    if answer.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(serde_json::from_slice(&answer)?)
}

#[cfg(test)]
mod tests {
    use poag_core::council::gossip::TURN_TOOLS;

    use super::*;

    #[test]
    fn the_tools_are_those_that_agents_are_told_to_allow() {
        let mut offered: Vec<String> = Turn::tool_router()
            .list_all()
            .into_iter()
            .map(|tool| tool.name.into_owned())
            .collect();
        offered.sort_unstable();
        assert_eq!(offered, server("/poag".into()).tools);
    }

    #[test]
    fn they_are_those_of_backends_without_this_server() {
        let mut tools = Turn::tool_router().list_all();
        tools.sort_by(|one, other| one.name.cmp(&other.name));
        for (tool, known) in tools.iter().zip(&TURN_TOOLS) {
            assert_eq!(tool.name, known.name);
            assert_eq!(tool.description.as_deref(), Some(known.description));
            let mut needs: Vec<String> =
                serde_json::from_value(tool.input_schema["required"].clone()).unwrap();
            needs.sort();
            assert_eq!(needs, known.needs);
        }
        assert_eq!(tools.len(), TURN_TOOLS.len());
    }
}
