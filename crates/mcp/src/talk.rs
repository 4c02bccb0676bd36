//! The tools for sessions: what `poag session` does, for an agent that talks with several experts and passes on what they
//! say, as a conductor does. A message is taken at once and answered apart from the call.

mod words;

use std::sync::Arc;
use std::time::Duration;

use poag_core::session::{Reception, Session, SessionStatus};
use poag_engine::session::{OpenSession, OpenSessionRequest, SessionError, given, output};
use poag_engine::{BackendChoice, Engine, EngineError, on_own_thread};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolResult;
use rmcp::service::RequestContext;
use rmcp::{RoleServer, tool, tool_router};
use tokio::sync::Semaphore;

use super::handler::Reach;
use super::listed::schema_of;
use super::person::{Person, Said, until_cancelled};
use super::worker::as_said;
pub(super) use words::TalkWith;
use words::{HeardOutput, NamedSession, SaidTo, ToldSession, WaitFor};

/// Turns of sessions that are under way here at a time; the others wait.
const AT_A_TIME: usize = 8;
/// Snippets and sessions that a message is given, at most.
const MOST: usize = 16;
/// Seconds that a call waits, where it does not say, and at most.
const WAIT: u64 = 600;
const WAIT_MOST: u64 = 3600;
/// How often it is seen, by who waits, that nobody has the message answered.
const LOOKS: Duration = Duration::from_secs(2);
/// Until somebody may have begun to answer.
const SOON: Duration = Duration::from_millis(50);

/// One thing that is done with a session.
#[derive(Debug)]
pub enum TalkCall {
    /// Opens one.
    Open(TalkWith),
    /// Says something in it.
    Say(SaidTo),
    /// Gives its last output.
    Out(NamedSession),
    /// Waits until nothing is under way.
    Wait(WaitFor),
    /// Tells how it stands.
    Status(NamedSession),
    /// Closes it.
    Close(NamedSession),
}

/// Whoever talks, and has what is said answered.
#[derive(Clone)]
pub(super) struct Talker {
    engine: Engine,
    reach: Arc<dyn Reach>,
    turns: Arc<Semaphore>,
}

impl Talker {
    pub fn new(engine: Engine, reach: Arc<dyn Reach>) -> Self {
        Self {
            engine,
            reach,
            turns: Arc::new(Semaphore::new(AT_A_TIME)),
        }
    }

    /// Does what a call asks for.
    pub async fn call(self, call: TalkCall) -> Result<Said, String> {
        match call {
            TalkCall::Open(with) => self.opened(with).await,
            TalkCall::Say(say) => {
                let (id, told) = self.apart(async move |talker| talker.said(say)).await?;
                self.answered(id);
                Ok(told)
            }
            TalkCall::Out(of) => {
                let out = async move |talker: Self| talker.with(&of.session, heard);
                self.apart(out).await
            }
            TalkCall::Wait(wait) => self.waited(wait).await,
            TalkCall::Status(of) => {
                let look = |open: &mut OpenSession<'_>| told(open);
                let status = async move |talker: Self| talker.with(&of.session, look);
                self.apart(status).await
            }
            TalkCall::Close(of) => {
                let closed = async move |talker: Self| {
                    talker.with(&of.session, |open| {
                        open.close(talker.reach.by())?;
                        told(open)
                    })
                };
                self.apart(closed).await
            }
        }
    }

    async fn opened(&self, with: TalkWith) -> Result<Said, String> {
        let target = self.reach.flake(with.flake.as_deref())?;
        let request = OpenSessionRequest {
            expert: with.expert,
            name: with.name,
            backends: BackendChoice {
                all: with.backend,
                model: with.model,
                ..BackendChoice::default()
            },
            by: self.reach.by().to_owned(),
        };
        self.apart(async move |talker| {
            let (id, _) = talker.engine.open_session(&target, &request).await?;
            told(&talker.engine.sessions()?.open(&id)?)
        })
        .await
    }

    /// On a thread of its own, so that the protocol never waits for it.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl AsyncFnOnce(Self) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, String> {
        let own = self.clone();
        let done = on_own_thread::<_, EngineError>(async move || work(own).await).await;
        done.map_err(|error| error.to_string())
    }

    /// Has the messages of a session answered, however the call ends; where another process does, that is left to it.
    fn answered(&self, id: String) {
        if self.reach.answers(&id) {
            return;
        }
        let talker = self.clone();
        tokio::spawn(async move {
            let Ok(_turn) = talker.turns.acquire().await else {
                return;
            };
            // What goes wrong is said in the session.
            let drive = async move |own: Self| own.engine.drive_session(&id).await;
            let _ = talker.apart(drive).await;
        });
    }

    async fn waited(&self, wait: WaitFor) -> Result<Said, String> {
        let seconds = wait.seconds.unwrap_or(WAIT).clamp(1, WAIT_MOST);
        let end = tokio::time::Instant::now() + Duration::from_secs(seconds);
        let find = async move |own: Self| own.with(&wait.session, |open| Ok(open.id().to_owned()));
        let id = self.apart(find).await?;
        loop {
            let now = tokio::time::Instant::now();
            let (own_id, left) = (id.clone(), end.saturating_duration_since(now));
            let look = async move |own: Self| {
                let sessions = own.engine.sessions()?;
                let mut open = sessions.open(&own_id)?;
                let driven = sessions.is_driven(&own_id)?;
                if driven && open.session().status() == SessionStatus::Running {
                    let most = LOOKS.min(left);
                    open.changed(SessionStatus::Running, most).await?;
                }
                let running = open.session().status() == SessionStatus::Running;
                Ok((running, driven, told(&open)?))
            };
            let (running, driven, told) = self.apart(look).await?;
            if !running || left.is_zero() {
                return Ok(told);
            }
            if !driven {
                self.answered(id.clone());
                tokio::time::sleep(SOON).await;
            }
        }
    }

    /// Reads or changes the session that a word names: of the flake that is meant first; of what is not reached, not even
    /// that it is there.
    fn with<T>(
        &self,
        word: &str,
        act: impl FnOnce(&mut OpenSession<'_>) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let sessions = self.engine.sessions()?;
        let here = self.reach.flake(None).ok();
        let here = here.map(|target| target.flake.to_string());
        let found = sessions.find(word, here.as_deref());
        let id = found.or_else(|error| sessions.find(word, None).map_err(|_| error))?;
        let mut open = sessions.open(&id)?;
        if self.reach.covers(&open.session().start.flake) {
            return act(&mut open);
        }
        let word = word.chars().take(80).collect();
        Err(SessionError::NoSuchSession { word, count: 0 }.into())
    }

    /// Takes a message; gives the id of its session.
    fn said(&self, say: SaidTo) -> Result<(String, Said), EngineError> {
        let mut text = self.engine.with_snippets(&say.text, &say.with)?;
        for from in &say.from {
            let copied = self.with(from, |open| Ok(given(open.session(), false)?))?;
            text = format!("{}\n\n{copied}", text.trim_end());
        }
        self.with(&say.session, |open| {
            open.say(&text, self.reach.by())?;
            Ok((open.id().to_owned(), told(open)?))
        })
    }
}

fn told(open: &OpenSession<'_>) -> Result<Said, EngineError> {
    let session = open.session();
    Ok(as_said(serde_json::to_value(ToldSession {
        id: open.id().to_owned(),
        name: session.start.name.clone(),
        expert: session.start.expert.clone(),
        status: session.status(),
        messages: session.messages.len(),
    })?)?)
}

fn heard(open: &mut OpenSession<'_>) -> Result<Said, EngineError> {
    let session = open.session();
    let last = session.output();
    let heard = HeardOutput {
        status: session.status(),
        number: last.map(|(message, _)| message.number),
        text: last.map(|(_, result)| output(result)),
        failure: failure(session),
    };
    let text = match (&heard.failure, &heard.text) {
        (Some(failure), _) => format!("The last message has no answer: {failure}\n"),
        (None, Some(text)) => text.clone(),
        (None, None) => "There is no output yet; session_wait waits for it.\n".into(),
    };
    let data = Some(serde_json::to_value(heard)?);
    Ok(Said { text, data })
}

fn failure(session: &Session) -> Option<String> {
    match session.messages.last().map(|last| &last.reception) {
        Some(Reception::Unanswered { reason }) => Some(reason.clone()),
        _ => None,
    }
}

impl Person {
    async fn talk(&self, call: TalkCall, context: &RequestContext<RoleServer>) -> CallToolResult {
        if let TalkCall::Say(say) = &call
            && (say.from.len() > MOST || say.with.len() > MOST)
        {
            let problem = format!("more than {MOST} texts are given\nrepair: give fewer of them");
            return super::failed(problem);
        }
        until_cancelled(context, self.handler.talk(call)).await
    }
}

#[tool_router(router = talk_tools, vis = "pub(super)")]
impl Person {
    #[tool(
        description = "Opens a session: a conversation with one expert, which remembers what is said in it. Nothing is said yet. Open several with names of their own to have several views; they know nothing of each other.",
        output_schema = schema_of::<ToldSession>(),
        annotations(title = "Open a session", read_only_hint = false, destructive_hint = false, idempotent_hint = false, open_world_hint = false)
    )]
    async fn session_open(
        &self,
        Parameters(with): Parameters<TalkWith>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.talk(TalkCall::Open(with), &context).await
    }

    #[tool(
        description = "Says something in a session. It is taken at once, and answered after what was said before; session_wait waits for the answer, session_out gives it. Sessions answer at the same time: say what you have to say in all of them first. `from` puts the last output of other sessions behind it.",
        output_schema = schema_of::<ToldSession>(),
        annotations(title = "Say something in a session", read_only_hint = false, destructive_hint = false, idempotent_hint = false, open_world_hint = true)
    )]
    async fn session_say(
        &self,
        Parameters(say): Parameters<SaidTo>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.talk(TalkCall::Say(say), &context).await
    }

    #[tool(
        description = "Gives the last output of a session, which stays until the next one takes its place, or says why the last message has none.",
        output_schema = schema_of::<HeardOutput>(),
        annotations(title = "Read the last output of a session", read_only_hint = true, open_world_hint = false)
    )]
    async fn session_out(
        &self,
        Parameters(of): Parameters<NamedSession>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.talk(TalkCall::Out(of), &context).await
    }

    #[tool(
        description = "Waits until nothing is under way in a session, and tells how it stands: `await` means there is output, `failed` that there is none.",
        output_schema = schema_of::<ToldSession>(),
        annotations(title = "Wait for a session", read_only_hint = true, open_world_hint = false)
    )]
    async fn session_wait(
        &self,
        Parameters(wait): Parameters<WaitFor>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.talk(TalkCall::Wait(wait), &context).await
    }

    #[tool(
        description = "Tells how a session stands, at once.",
        output_schema = schema_of::<ToldSession>(),
        annotations(title = "See how a session stands", read_only_hint = true, open_world_hint = false)
    )]
    async fn session_status(
        &self,
        Parameters(of): Parameters<NamedSession>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.talk(TalkCall::Status(of), &context).await
    }

    #[tool(
        description = "Closes a session: what is under way in it is given up, and what was said stays readable.",
        output_schema = schema_of::<ToldSession>(),
        annotations(title = "Close a session", read_only_hint = false, destructive_hint = false, idempotent_hint = true, open_world_hint = false)
    )]
    async fn session_close(
        &self,
        Parameters(of): Parameters<NamedSession>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        self.talk(TalkCall::Close(of), &context).await
    }
}
