//! One conversation over the protocol: hello, a session, a question, its end.

use std::path::{Path, PathBuf};

use agent_client_protocol::schema::ProtocolVersion;
use agent_client_protocol::v1::ConnectionTo;
use agent_client_protocol::v1::schema::{
    AgentCapabilities, CancelNotification, ClientCapabilities, ContentBlock, EnvVariable,
    ForkSessionRequest, Implementation, InitializeRequest, LoadSessionRequest, McpServer,
    McpServerStdio, NewSessionRequest, PromptRequest, RequestPermissionRequest,
    ResumeSessionRequest, SessionConfigKind, SessionConfigOption, SessionConfigOptionCategory,
    SessionNotification, SetSessionConfigOptionRequest, TextContent,
};
use agent_client_protocol::{Agent, Client, Lines, on_receive_notification, on_receive_request};
use tokio::time::{Instant, timeout_at};

use super::heard::Heard;
use super::permission::{Allowed, folder};
use super::turned::Turned;
use super::wire::{In, Out};
use super::{CANCELLING, NAME, claude, fault, home};
use crate::prompt::{self, Ending, Frame};
use crate::{AgentError, Fault, Start, TurnRequest};

/// What an agent is told about how it reads and how it ends.
pub(super) const FRAME: Frame = Frame {
    reading: "Where you have tools that read or search files, use them in the folder of your flake alone, which each turn names.",
    ending: Ending::Message,
};

/// What is talked about.
pub(super) enum Talk {
    /// Who are you?
    Hello,
    /// A question.
    Turn(Box<Exchange>),
}

/// A question and all around it.
pub(super) struct Exchange {
    prompt: String,
    start: Start,
    model: Option<String>,
    servers: Vec<McpServer>,
    allowed: Allowed,
    /// Where the session works: a folder with nothing in it, so that no file of the speaker's can set the
    /// agent up. Files are read by absolute paths.
    place: PathBuf,
}

impl Talk {
    /// The talk of a turn, in that empty folder.
    pub(super) fn turn(request: &TurnRequest, place: &Path) -> Self {
        let persona = &request.persona;
        let mut prompt = match &request.start {
            Start::New => prompt::front(persona, &FRAME) + "\n",
            Start::Checkpoint(_) => String::new(),
        };
        prompt.push_str(&format!(
            "Your flake's files are in `{}`: read them by absolute paths, and nothing else.\n\n{}",
            folder(request).display(),
            prompt::asked(request)
        ));
        let servers = request.tools.iter().map(|server| {
            // It inherits the agent's environment: the keys in it are blanked by name.
            let keys = home::keys()
                .into_iter()
                .map(|name| EnvVariable::new(name, ""));
            let own = server.env.iter();
            let env = keys.chain(own.map(|(name, value)| EnvVariable::new(name, value)));
            let stdio = McpServerStdio::new(&server.name, &server.program)
                .args(server.args.clone())
                .env(env.collect());
            McpServer::Stdio(stdio)
        });
        Self::Turn(Box::new(Exchange {
            prompt,
            start: request.start.clone(),
            model: persona.settings.model.clone(),
            servers: servers.collect(),
            allowed: Allowed::of(request),
            place: place.to_owned(),
        }))
    }

    /// Talks until the deadline.
    pub(super) async fn hold(
        &self,
        lines: Lines<Out, In>,
        heard: &Heard,
        deadline: Instant,
    ) -> Result<Turned, AgentError> {
        let allowed = match self {
            Self::Hello => Allowed::default(),
            Self::Turn(question) => question.allowed.clone(),
        };
        let (told, asked) = (heard.clone(), heard.clone());
        let client = Client
            .v1()
            .on_receive_notification(
                async move |notification: SessionNotification, _cx| {
                    told.take(notification);
                    Ok(())
                },
                on_receive_notification!(),
            )
            .on_receive_request(
                async move |request: RequestPermissionRequest, responder, _cx| {
                    responder.respond(allowed.answer(&request, &asked))
                },
                on_receive_request!(),
            );
        let talk = client.connect_with(lines, async |agent: ConnectionTo<Agent>| {
            Ok(self.with(&agent, heard, deadline).await)
        });
        talk.await
            .unwrap_or_else(|error| Err(fault::protocol(&error)))
    }

    async fn with(
        &self,
        agent: &ConnectionTo<Agent>,
        heard: &Heard,
        deadline: Instant,
    ) -> Result<Turned, AgentError> {
        let setting_up = async {
            let (mut turned, can) = hello(agent).await?;
            if let Self::Turn(question) = self {
                let session = question.session(agent, &can).await?;
                turned.session = Some(session);
            }
            Ok::<_, AgentError>((turned, can))
        };
        let late = |_| AgentError::usual(Fault::Timeout, NAME, "no answer");
        let (mut turned, can) = timeout_at(deadline, setting_up).await.map_err(late)??;
        let (Self::Turn(question), Some(session)) = (self, turned.session.clone()) else {
            return Ok(turned);
        };
        heard.begin(&session);
        let text = ContentBlock::Text(TextContent::new(question.prompt.clone()));
        let asking = agent
            .send_request(PromptRequest::new(session.clone(), vec![text]))
            .block_task();
        tokio::pin!(asking);
        let failed = tokio::select! {
            answer = timeout_at(deadline, &mut asking) => match answer {
                Ok(Ok(response)) => {
                    heard.spent(&response);
                    turned.stop = Some(response.stop_reason);
                    turned.text = heard.text();
                    if !keeps_sessions(&can) {
                        turned.session = None;
                    }
                    return Ok(turned);
                }
                Ok(Err(error)) => return Err(fault::protocol(&error)),
                Err(over) => late(over),
            },
            () = heard.in_circles() => fault::in_circles(),
        };
        // It is asked to stop before it is ended, so that its provider stops, too.
        let _ = agent.send_notification(CancelNotification::new(session));
        if let Ok(Ok(response)) = timeout_at(Instant::now() + CANCELLING, asking).await {
            heard.spent(&response);
        }
        Err(failed)
    }
}

async fn hello(agent: &ConnectionTo<Agent>) -> Result<(Turned, AgentCapabilities), AgentError> {
    // Neither files nor terminals are offered.
    let request = InitializeRequest::new(ProtocolVersion::V1)
        .client_capabilities(ClientCapabilities::default())
        .client_info(Implementation::new("poag", env!("CARGO_PKG_VERSION")));
    let answer = agent.send_request(request).block_task().await;
    let answer = answer.map_err(|error| fault::protocol(&error))?;
    if answer.protocol_version != ProtocolVersion::V1 {
        return Err(fault::other_version(&answer.protocol_version));
    }
    let version = answer.agent_info.map_or_else(
        || "agent of protocol 1".into(),
        |info| format!("{} {}", info.name, info.version),
    );
    let turned = Turned {
        version,
        ..Turned::default()
    };
    Ok((turned, answer.agent_capabilities))
}

fn keeps_sessions(can: &AgentCapabilities) -> bool {
    let sessions = &can.session_capabilities;
    sessions.fork.is_some() || sessions.resume.is_some() || can.load_session
}

impl Exchange {
    /// A session that stands where the question starts. A checkpoint was copied for this turn alone, so
    /// that resuming it is as good as a fork.
    async fn session(
        &self,
        agent: &ConnectionTo<Agent>,
        can: &AgentCapabilities,
    ) -> Result<String, AgentError> {
        let (place, servers) = (&self.place, self.servers.clone());
        let meta = claude::options();
        let failed = |error| fault::protocol(&error);
        let (id, options) = match &self.start {
            Start::New => {
                let request = NewSessionRequest::new(place)
                    .mcp_servers(servers)
                    .meta(meta);
                let made = agent.send_request(request).block_task().await;
                let made = made.map_err(failed)?;
                (made.session_id, made.config_options)
            }
            Start::Checkpoint(from) if can.session_capabilities.fork.is_some() => {
                let request = ForkSessionRequest::new(from.id.clone(), place)
                    .mcp_servers(servers)
                    .meta(meta);
                let made = agent.send_request(request).block_task().await;
                let made = made.map_err(failed)?;
                (made.session_id, made.config_options)
            }
            Start::Checkpoint(from) if can.session_capabilities.resume.is_some() => {
                let request = ResumeSessionRequest::new(from.id.clone(), place)
                    .mcp_servers(servers)
                    .meta(meta);
                let made = agent.send_request(request).block_task().await;
                (from.id.clone().into(), made.map_err(failed)?.config_options)
            }
            Start::Checkpoint(from) if can.load_session => {
                let request = LoadSessionRequest::new(from.id.clone(), place)
                    .mcp_servers(servers)
                    .meta(meta);
                let made = agent.send_request(request).block_task().await;
                (from.id.clone().into(), made.map_err(failed)?.config_options)
            }
            Start::Checkpoint(_) => {
                let reason = "its agent keeps no sessions";
                return Err(AgentError::usual(Fault::Unavailable, NAME, reason));
            }
        };
        let session = id.0.to_string();
        if let Some(model) = &self.model {
            choose(agent, &session, model, &options.unwrap_or_default()).await?;
        }
        Ok(session)
    }
}

/// Has a session think with that model.
async fn choose(
    agent: &ConnectionTo<Agent>,
    session: &str,
    model: &str,
    options: &[SessionConfigOption],
) -> Result<(), AgentError> {
    let no_choice = |reason: String| {
        let repair = "name a model that the agent has, or leave agent.model out";
        AgentError::new(Fault::Unavailable, NAME, reason, repair)
    };
    let is_model =
        |option: &&SessionConfigOption| option.category == Some(SessionConfigOptionCategory::Model);
    let Some(option) = options.iter().find(is_model) else {
        return Err(no_choice("its agent lets nobody choose a model".into()));
    };
    if let SessionConfigKind::Select(select) = &option.kind
        && &*select.current_value.0 == model
    {
        return Ok(());
    }
    let request = SetSessionConfigOptionRequest::new(session.to_owned(), option.id.clone(), model);
    match agent.send_request(request).block_task().await {
        Ok(_) => Ok(()),
        Err(error) => {
            let said = fault::protocol(&error).reason;
            Err(no_choice(format!(
                "its agent does not take the model '{model}'; {said}"
            )))
        }
    }
}
