//! What the tools for a person's agent do, through the engine.

use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::agent::Pending;
use crate::command::ask::watch;
use crate::command::consent::CommandArgs;
use crate::command::context::{engine_with, target};
use crate::command::experts::place;
use crate::command::global::Global;
use crate::council::Event;
use crate::council::message::Message;
use crate::engine::run::Observer;
use crate::engine::{AskRequest, BackendChoice, Engine, Project, ProjectRef};
use crate::error::Error;
use crate::expert::{Expert, Graph};
use crate::librarian;
use crate::mcp::person::{AskFor, ListOf, PackOf, Said, Tell, ToolHandler};

/// The engine, with the options that the server was started with.
#[derive(Clone)]
pub struct Handler {
    engine: Engine,
    global: Global,
}

impl Handler {
    pub fn new(global: &Global) -> Result<Self, Error> {
        let quiet = true;
        let global = Global {
            quiet,
            ..global.clone()
        };
        let engine = engine_with(&global, &CommandArgs::default())?;
        Ok(Self { engine, global })
    }

    /// A flake that is named counts before the one of the server's command line.
    fn target(&self, flake: Option<String>) -> Result<ProjectRef, Error> {
        let mut global = self.global.clone();
        global.flake = flake.or(global.flake);
        target(&self.engine, &global, None)
    }

    async fn open(&self, flake: Option<String>) -> Result<Project, Error> {
        Ok(self.engine.open(&self.target(flake)?).await?)
    }

    async fn plan(&self, what: AskFor, tell: Tell) -> Result<Said, Error> {
        let words = what.backend.iter().flat_map(|words| words.split(','));
        let request = AskRequest {
            request: what.request.trim().to_owned(),
            expert: what.expert,
            backends: BackendChoice::of(words.map(str::trim)),
            ..AskRequest::default()
        };
        let target = self.target(what.flake)?;
        let outcome = self
            .engine
            .ask(&target, &request, &mut Teller(tell))
            .await?;
        let plan = outcome.plan;
        Ok(Said {
            data: Some(serde_json::to_value(&plan).map_err(std::io::Error::from)?),
            text: plan.to_markdown(),
        })
    }

    async fn list(&self, whose: ListOf) -> Result<Said, Error> {
        let data = list(&self.open(whose.flake).await?.graph);
        Ok(Said {
            text: serde_json::to_string_pretty(&data).map_err(std::io::Error::from)?,
            data: Some(data),
        })
    }

    async fn read(&self, whose: PackOf) -> Result<Said, Error> {
        let project = self.open(whose.flake).await?;
        let expert = project.expert(Some(&whose.expert))?;
        Ok(Said {
            text: self.engine.pack(&project.graph, expert, None)?.text,
            data: None,
        })
    }
}

impl ToolHandler for Handler {
    fn ask(&self, what: AskFor, tell: Tell) -> Pending<'_, Result<Said, String>> {
        let handler = self.clone();
        Box::pin(apart(async move || handler.plan(what, tell).await))
    }

    fn experts(&self, whose: ListOf) -> Pending<'_, Result<Said, String>> {
        let handler = self.clone();
        Box::pin(apart(async move || handler.list(whose).await))
    }

    fn pack(&self, whose: PackOf) -> Pending<'_, Result<Said, String>> {
        let handler = self.clone();
        Box::pin(apart(async move || handler.read(whose).await))
    }
}

/// Does a verb's work on a thread of its own, so that the protocol never waits for it. Dropping the
/// future stops the work.
async fn apart<T: Send + 'static>(
    work: impl AsyncFnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, String> {
    let (stop, stopped) = oneshot::channel::<()>();
    let (tell, told) = oneshot::channel();
    let body = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let done = match runtime {
            Ok(runtime) => {
                let done = runtime.block_on(async {
                    tokio::select! {
                        done = work() => done,
                        _ = stopped => Err(Error::Interrupted),
                    }
                });
                runtime.shutdown_background();
                done
            }
            Err(source) => Err(Error::Runtime { source }),
        };
        // Whoever does not want it any more has gone.
        let _ = tell.send(done.map_err(|error| error.to_string()));
    };
    let thread = std::thread::Builder::new().name("verb".into()).spawn(body);
    let done = match thread {
        Ok(_) => told.await.unwrap_or_else(|_| {
            Err("the work came to no end\nrepair: this is a defect of poag, report it".into())
        }),
        Err(source) => Err(Error::Runtime { source }.to_string()),
    };
    drop(stop);
    done
}

fn list(graph: &Graph) -> Value {
    let experts: Vec<Value> = graph.providers_first().into_iter().map(describe).collect();
    json!({"root": graph.root, "experts": experts})
}

/// An expert without what only poag needs.
fn describe(expert: &Expert) -> Value {
    let provides = expert.provides.iter().map(|(name, contract)| {
        let contract = json!({"summary": contract.summary, "files": contract.files});
        (name.clone(), contract)
    });
    let needs = expert.neighbors.iter().map(|(provider, edge)| {
        let needs = edge.contracts.iter().map(|name| {
            let why = edge.needs.get(name).cloned();
            (name.clone(), json!(why))
        });
        (provider.clone(), Value::Object(needs.collect()))
    });
    let freshness = &expert.freshness;
    let backend = expert.agent.backend.as_deref();
    json!({
        "name": expert.name,
        "role": expert.role.trim(),
        "place": place(expert),
        "capabilities": expert.capabilities,
        "checks": expert.checks,
        "backend": backend.unwrap_or(librarian::NAME),
        "provides": Value::Object(provides.collect()),
        "needs": Value::Object(needs.collect()),
        "freshness": {
            "status": freshness.status,
            "message": freshness.message,
            "repair": freshness.repair,
        },
    })
}

/// Passes the news on.
struct Teller(Tell);

impl Teller {
    fn tell(&self, line: String) {
        // Nobody listens any more when the request was cancelled.
        let _ = self.0.send(line);
    }
}

impl Observer for Teller {
    fn begun(&mut self, run: &str, _resumed: bool) {
        self.tell(format!("run {run} begins"));
    }

    fn event(&mut self, event: &Event) {
        if let Some(news) = watch::of_event(event) {
            self.tell(news.plain());
        }
    }

    fn message(&mut self, message: &Message) {
        if let Some(news) = watch::of_message(message) {
            self.tell(news.plain());
        }
    }
}
