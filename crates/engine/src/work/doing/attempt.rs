//! One attempt: the actor works in its worktree, until it claims something or its time is over.

#![expect(
    clippy::disallowed_methods,
    reason = "folders of attempts, in the state folder"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use poag_agent::wall::{Outside, WallKind, disk_bytes, refused_writes};
use poag_agent::{
    Agent, AgentError, Checkpoint, Fault, Persona, Settings, Start, TurnOutput, TurnRequest,
    Writing, command,
};
use poag_core::council::event::TurnId;
use poag_core::expert::Graph;
use poag_core::plan::schema;
use poag_core::work::{Assignment, Outcome, OutcomeKind};
use poag_git::work::Worktree;

use super::calls::Desk;
use super::{Doer, DoingError, claim, inside};
use crate::backends::{BackendChoice, Backends};
use crate::checkpoint::freeze;
use crate::run::turn_socket::TurnSocket;
use crate::run::{BackendSelection as _, TurnContext};

/// How often the disk is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// Files outside that a failure names.
const NAMED: usize = 5;

/// What happens within an attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AttemptNews {
    /// How it is kept to its worktree, what its conversation starts from, which tool it called: one line.
    Line {
        /// What happened.
        message: String,
        /// How far it is, where the actor says.
        percent: Option<u8>,
    },
}

/// Who takes the turn, and from where.
struct Worker {
    agent: Arc<dyn Agent>,
    persona: Arc<Persona>,
    start: Start,
}

impl Doer {
    /// Lets the actor of an assignment work in its worktree. What it answers is a claim and nothing more; a failure of its
    /// backend is a claim that it failed, with its sort. Dropping the future ends every process that it started.
    ///
    /// # Errors
    /// When it could not begin for a reason that is neither the actor's nor its provider's.
    pub async fn attempt(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
        news: &mut (dyn FnMut(AttemptNews) + Send),
    ) -> Result<Outcome, DoingError> {
        let mut line = |message: String| {
            news(AttemptNews::Line {
                message,
                percent: None,
            });
        };
        self.repository.prove(worktree)?;
        let kind = self.launcher.wall_kind();
        line(kind.sentence().to_owned());
        let backend = assignment.actor.backend.as_str();
        let timeout = Duration::from_secs(assignment.task.timeout_seconds);
        let worker = match self.worker(assignment, timeout).await {
            Ok(worker) => worker,
            Err(output) => return Ok(claim::read(backend, output.outcome, output.usage)),
        };
        if let Start::Checkpoint(from) = &worker.start {
            line(format!("goes on from the conversation {}", from.id));
        }
        let (socket, mut calls) = TurnSocket::new(self.project.engine.settings.sockets.as_deref());
        let turn = TurnId {
            expert: assignment.task.expert.clone(),
            turn: 0,
            attempt: assignment.attempt,
        };
        let request = self.request(assignment, worktree, &worker, timeout, || {
            socket.admit(&turn).unwrap_or_default()
        })?;
        let before = self.outside(kind, worktree).await?;
        let desk = Desk {
            doer: self,
            assignment,
            worktree,
            graph: &self.project.graph,
        };
        let serving = async {
            while let Some(call) = calls.recv().await {
                let answer = desk.answer(&call.call).await;
                // Whoever called may have gone.
                let _ = call.answer.send(answer);
            }
            std::future::pending().await
        };
        let taking = self.take(assignment, &worker, request);
        let (output, sealed) = tokio::select! {
            taken = taking => taken?,
            never = serving => never,
            grown = self.outgrown(worktree) => (grown?.into(), None),
        };
        let refused = match kind {
            WallKind::Kernel => {
                let folder = inside(&worktree.path, &assignment.folder)?;
                let own = [worktree.path.as_path(), self.launcher.folder()];
                refused_writes(&output.raw.stderr, &folder, &own)
            }
            WallKind::Compared => Vec::new(),
        };
        let mut outcome = claim::read(backend, output.outcome, output.usage);
        if !refused.is_empty() {
            let said = format!("the kernel refused writing {}", named(&refused));
            if outcome.outcome == OutcomeKind::Failed {
                outcome.summary = format!("{said}\n{}", outcome.summary);
            }
            line(said);
        }
        outcome.conversation = sealed.and_then(|sealed| serde_json::to_string(&sealed).ok());
        if let Some(before) = before {
            let after = self.outside(kind, worktree).await?.unwrap_or_default();
            outcome = reported(outcome, backend, &before.differences(&after));
        }
        Ok(outcome)
    }

    /// The agent of an actor: from the conversation of the attempt before, else from the primed one of the expert.
    async fn worker(
        &self,
        assignment: &Assignment,
        timeout: Duration,
    ) -> Result<Worker, Box<TurnOutput>> {
        let (actor, task) = (&assignment.actor, &assignment.task);
        let unavailable = |reason: String| {
            let repair = "name an actor that this machine has, or see what its flake declares";
            let error = AgentError::new(Fault::Unavailable, &actor.backend, reason, repair);
            Box::new(TurnOutput::from(error))
        };
        if actor.backend == command::NAME {
            let settings = Settings {
                model: actor.model.clone(),
                command: actor.command.clone(),
                server: None,
            };
            return Ok(Worker {
                agent: Arc::new(command::Command::new(self.launcher.clone())),
                persona: Arc::new(bare(&task.expert, settings)),
                start: Start::New,
            });
        }
        if actor.backend == poag_librarian::NAME {
            return Err(unavailable("it reads, and changes no files".into()));
        }
        let mut graph = Graph::clone(&self.project.graph);
        let expert = graph.experts.get_mut(&task.expert);
        let expert =
            expert.ok_or_else(|| unavailable(format!("there is no expert '{}'", task.expert)))?;
        if expert.agent.backend.as_ref() != Some(&actor.backend) {
            expert.agent.command = None;
            expert.agent.model = None;
        }
        expert.agent.backend = Some(actor.backend.clone());
        if actor.model.is_some() {
            expert.agent.model.clone_from(&actor.model);
        }
        let expert = expert.clone();
        let mut engine = self.project.engine.clone();
        if let Some(command) = &actor.command {
            let mut settings = crate::EngineSettings::clone(&engine.settings);
            let programs = &mut settings.consent.experts;
            programs.insert(expert.name.clone(), command.clone());
            engine = crate::Engine::new(settings);
        }
        let graph = Arc::new(graph);
        let choice = BackendChoice::of([format!("{}={}", expert.name, actor.backend).as_str()]);
        let backends = Backends::new(&engine, &self.project.target, &graph, &choice);
        let backends = backends.map_err(|error| unavailable(error.to_string()))?;
        let context = TurnContext {
            run: assignment.work.clone(),
            timeout,
        };
        let participant = backends.connect(&expert, &context).await?;
        let previous = self.previous(assignment);
        Ok(Worker {
            start: previous.map_or(participant.start, Start::Checkpoint),
            agent: participant.agent,
            persona: participant.persona,
        })
    }

    /// The conversation of the attempt before, where poag has kept it.
    fn previous(&self, assignment: &Assignment) -> Option<Checkpoint> {
        let named = assignment.previous.as_ref()?.conversation.as_ref()?;
        let kept: Checkpoint = serde_json::from_str(named).ok()?;
        let ours = self.folder(&assignment.work).ok()?.join("conversations");
        let folder = kept.folder.canonicalize().ok()?;
        folder
            .starts_with(ours.canonicalize().ok()?)
            .then_some(kept)
    }

    fn request(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
        worker: &Worker,
        timeout: Duration,
        admit: impl FnOnce() -> Vec<(String, String)>,
    ) -> Result<TurnRequest, DoingError> {
        let tools = match worker.agent.capabilities().takes_tools {
            true => self.project.engine.settings.tools.clone(),
            false => None,
        };
        let tools = tools.map(|mut server| {
            server.env.extend(admit());
            server
        });
        let task = &assignment.task;
        Ok(TurnRequest {
            persona: Arc::clone(&worker.persona),
            start: worker.start.clone(),
            input: serde_json::to_value(assignment).unwrap_or_default(),
            timeout,
            correlation: vec![
                ("POAG_WORK".into(), assignment.work.clone()),
                ("POAG_TASK".into(), task.id.to_string()),
                ("POAG_ATTEMPT".into(), assignment.attempt.to_string()),
                ("POAG_EXPERT".into(), task.expert.clone()),
            ],
            tools,
            writing: Some(Writing {
                worktree: worktree.path.clone(),
                folder: inside(&worktree.path, &assignment.folder)?,
                file_bytes: self.limits.disk_bytes,
                network: self.limits.network,
            }),
        })
    }

    /// Takes the turn, and keeps its conversation where the backend can.
    async fn take(
        &self,
        assignment: &Assignment,
        worker: &Worker,
        request: TurnRequest,
    ) -> Result<(TurnOutput, Option<Checkpoint>), DoingError> {
        if !worker.agent.capabilities().fork {
            return Ok((worker.agent.turn(request).await, None));
        }
        let place = self.conversation(assignment)?;
        if place.exists() {
            // Of a supervisor that was killed in the middle.
            std::fs::remove_dir_all(&place).map_err(DoingError::io(&place, "removed"))?;
        }
        poag_env::folders::make_private(&place).map_err(DoingError::io(&place, "made"))?;
        let (output, sealed) = worker.agent.seal(request, &place).await;
        if sealed.is_some() {
            freeze(&place).map_err(crate::EngineError::from)?;
        }
        Ok((output, sealed))
    }

    /// Ends when the attempt has used more disk than it may.
    async fn outgrown(&self, worktree: &Worktree) -> Result<AgentError, DoingError> {
        let most = self.limits.disk_bytes;
        let mut wait = LOOK;
        loop {
            tokio::time::sleep(wait).await;
            // A file elsewhere is bounded by the wall; folders of turns are shared with other attempts.
            let folders = [worktree.path.clone()];
            let began = std::time::Instant::now();
            let used = tokio::task::spawn_blocking(move || disk_bytes(&folders)).await?;
            if used > most {
                let reason = format!("it used {used} bytes of disk, {most} are allowed");
                let repair = "say in the task what may be left out, or allow more";
                let backend = "work";
                return Ok(AgentError::new(Fault::Limit, backend, reason, repair));
            }
            // Looking takes a hundredth of the time at most.
            wait = LOOK.max(began.elapsed() * 100);
        }
    }

    /// What lies outside of a worktree and must stay as it is, where nothing else sees to that.
    async fn outside(
        &self,
        kind: WallKind,
        worktree: &Worktree,
    ) -> Result<Option<Outside>, DoingError> {
        if kind == WallKind::Kernel {
            return Ok(None);
        }
        let root = self.repository.root().to_owned();
        let common = self.repository.common();
        // poag itself moves refs and makes objects meanwhile.
        let except = [common.to_owned(), self.state.clone(), worktree.path.clone()];
        let roots = [
            root,
            common.join("config"),
            common.join("hooks"),
            common.join("info"),
        ];
        let roots: Vec<PathBuf> = roots.into_iter().filter(|root| root.exists()).collect();
        let found = tokio::task::spawn_blocking(move || Outside::of(&roots, &except)).await?;
        Ok(Some(found))
    }
}

fn named(paths: &[PathBuf]) -> String {
    let paths = paths.iter().take(NAMED);
    let paths: Vec<String> = paths.map(|path| path.display().to_string()).collect();
    paths.join(", ")
}

/// An attempt that wrote outside of its worktree has failed, whatever it claims.
fn reported(outcome: Outcome, backend: &str, paths: &[PathBuf]) -> Outcome {
    if paths.is_empty() {
        return outcome;
    }
    let reason = format!(
        "{} files outside of its worktree changed while it ran: {}",
        paths.len(),
        named(paths)
    );
    let repair = "see whether these changes are yours; if they are not, take the actor out";
    let error = AgentError::new(Fault::Failed, backend, reason, repair);
    Outcome {
        conversation: outcome.conversation,
        ..claim::read(backend, Err(error), outcome.usage)
    }
}

/// A persona that knows nothing.
fn bare(speaker: &str, settings: Settings) -> Persona {
    Persona {
        speaker: speaker.to_owned(),
        instructions: "".into(),
        pack: "".into(),
        schema: schema::turn_result(),
        folder: PathBuf::from("/"),
        settings,
        search_path: None,
    }
}
