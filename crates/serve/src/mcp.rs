//! The tools of `poag mcp` over HTTP, at `/mcp`: about served flakes alone, and as far as whoever calls has rights.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request};
use axum::response::{IntoResponse as _, Response};
use poag_core::agent::Pending;
use poag_engine::ProjectRef;
use poag_mcp::http::{Door, door};
use poag_mcp::person::{AskFor, AskNews, ListOf, PackOf, Person, Said, Tell, ToolHandler};
use poag_mcp::talk::TalkCall;
use poag_mcp::worker::WorkerCall;
use poag_mcp::{Handler, Reach};
use tokio::sync::{mpsc, oneshot};

use crate::api::body_of;
use crate::caller::{Caller, Scope};
use crate::problem::{Problem, ProblemKind};
use crate::server::Server;

/// What answers each caller: what one asked for and left as a task is nobody else's.
#[derive(Default)]
pub(crate) struct Doors(Mutex<BTreeMap<Whose, Door>>);

/// A caller, with the rights at that time.
type Whose = (String, BTreeSet<Scope>);

/// `/mcp`
pub(crate) async fn answer(State(server): State<Arc<Server>>, request: Request<Body>) -> Response {
    match answered(&server, request).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn answered(server: &Arc<Server>, request: Request<Body>) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let caller = parts.extensions.get::<Caller>().cloned();
    let caller = caller.ok_or_else(Problem::nobody)?;
    caller.may(Scope::Read)?;
    let body = match parts.method {
        Method::POST => body_of(server, &parts.headers, body).await?,
        _ => Vec::new(),
    };
    let request = Request::from_parts(parts, Body::from(body));
    let door = server.doors.of(server, caller);
    Ok(door.handle(request).await.map(Body::new))
}

impl Doors {
    fn of(&self, server: &Arc<Server>, caller: Caller) -> Door {
        let mut doors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let whose = (caller.id.clone(), caller.scopes.clone());
        let made = doors.entry(whose).or_insert_with(|| {
            let reach = Arc::new(Served {
                server: Arc::downgrade(server),
                by: caller.name.clone(),
            });
            let tools = ServedTools {
                server: Arc::downgrade(server),
                caller,
                tools: Handler::new(server.engine.clone(), reach),
            };
            let bounds = server.settings.bounds;
            door(Person::new(tools), bounds.body, bounds.alive)
        });
        made.clone()
    }
}

/// What is served, and nothing else. Weak: the server has what has this.
struct Served {
    server: Weak<Server>,
    /// The name of whoever calls.
    by: String,
}

impl Reach for Served {
    fn flake(&self, word: Option<&str>) -> Result<ProjectRef, String> {
        let server = self.server.upgrade().ok_or_else(stopping)?;
        let flake = server.flake(word).map_err(|problem| problem.detail)?;
        Ok(flake.target.clone())
    }

    fn covers(&self, flake: &str) -> bool {
        let server = self.server.upgrade();
        server.is_some_and(|server| server.of_subject(flake).is_some())
    }

    fn by(&self) -> &str {
        &self.by
    }

    fn answers(&self, session: &str) -> bool {
        if let Some(server) = self.server.upgrade() {
            crate::sessions::answered(&server, session);
        }
        true
    }
}

/// The tools, for one caller.
struct ServedTools {
    server: Weak<Server>,
    caller: Caller,
    tools: Handler,
}

impl ServedTools {
    fn may(&self, scope: Scope) -> Result<Arc<Server>, String> {
        self.caller.may(scope).map_err(|problem| problem.detail)?;
        self.server.upgrade().ok_or_else(stopping)
    }

    /// Asks within the bounds of this server; whoever cancels the run by its id ends this, too.
    async fn asked(&self, what: AskFor, tell: Tell) -> Result<Said, String> {
        let server = self.may(Scope::Ask)?;
        let permit = server.driving.now();
        let _permit = permit.map_err(|problem| problem.detail)?;
        let (own, mut news) = mpsc::unbounded_channel();
        let mut answer = self.tools.ask(what, own);
        let mut driven: Option<Driven<'_>> = None;
        loop {
            tokio::select! {
                said = &mut answer => return said,
                Some(one) = news.recv() => {
                    if let AskNews::Began(run) = &one {
                        driven = Driven::new(&server, run);
                    }
                    // Nobody listens any more when the request was given up.
                    let _ = tell.send(one);
                }
                () = cancelled(&mut driven) => {
                    let run = driven.as_ref().map_or("", |driven| &driven.run);
                    return Err(format!(
                        "the run {run} was cancelled\nrepair: go on with it by `poag ask --resume={run}`, or ask again"
                    ));
                }
            }
        }
    }
}

impl ToolHandler for ServedTools {
    fn ask(&self, what: AskFor, tell: Tell) -> Pending<'_, Result<Said, String>> {
        Box::pin(self.asked(what, tell))
    }

    fn experts(&self, whose: ListOf) -> Pending<'_, Result<Said, String>> {
        self.tools.experts(whose)
    }

    fn work(&self, call: WorkerCall) -> Pending<'_, Result<Said, String>> {
        let scope = match call {
            WorkerCall::Ready(_) | WorkerCall::Show(_) => Scope::Read,
            _ => Scope::Work,
        };
        match self.may(scope) {
            Ok(_) => self.tools.work(call),
            Err(refused) => Box::pin(std::future::ready(Err(refused))),
        }
    }

    fn talk(&self, call: TalkCall) -> Pending<'_, Result<Said, String>> {
        let scope = match call {
            TalkCall::Out(_) | TalkCall::Wait(_) | TalkCall::Status(_) => Scope::Read,
            _ => Scope::Ask,
        };
        match self.may(scope) {
            Ok(_) => self.tools.talk(call),
            Err(refused) => Box::pin(std::future::ready(Err(refused))),
        }
    }

    fn pack(&self, whose: PackOf) -> Pending<'_, Result<Said, String>> {
        self.tools.pack(whose)
    }
}

/// A run that is known to be driven here, until this goes.
struct Driven<'a> {
    server: &'a Server,
    run: String,
    cancelled: oneshot::Receiver<()>,
}

impl<'a> Driven<'a> {
    fn new(server: &'a Server, run: &str) -> Option<Self> {
        Some(Self {
            server,
            run: run.to_owned(),
            cancelled: server.driving.begin(run)?,
        })
    }
}

impl Drop for Driven<'_> {
    fn drop(&mut self) {
        self.server.driving.cancel(&self.run);
    }
}

async fn cancelled(driven: &mut Option<Driven<'_>>) {
    match driven {
        Some(driven) => drop((&mut driven.cancelled).await),
        None => std::future::pending().await,
    }
}

fn stopping() -> String {
    let problem = Problem::new(ProblemKind::Stopping, "the server stops", "ask again later");
    problem.detail
}
