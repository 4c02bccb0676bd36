//! Codex, headless: `codex exec` and `codex exec fork`, in a private home that holds nothing of the
//! person's but the login, and of the conversation only poag's own copy.

#![expect(clippy::disallowed_methods, reason = "private homes of agents")]

mod events;
mod fault;
mod flags;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod home;
pub(crate) mod strict;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use self::events::TurnEvents;
use self::home::{CodexAccess, CodexHome};
use super::environment::Environment;
use super::headless;
use super::process::{Invocation, Launcher, ProcessOutput, Workplace};
use super::prompt::{self, Ending, Frame};
use super::version::Needed;
use super::wall::Wall;
use super::{
    Agent, AgentError, Capabilities, Checkpoint, Fault, Pending, Settings, Start, TurnOutput,
    TurnRequest,
};

/// Its name in flakes.
pub const NAME: &str = "codex";
/// The program; an older one may not know every switch of [`flags`].
const NEEDED: Needed = Needed {
    backend: NAME,
    package: "@openai/codex",
    oldest: [0, 169, 0],
};
/// How to say who asks.
const LOG_IN: &str = "set OPENAI_API_KEY, or log in with `codex login`, then ask again";

/// The backend `codex`.
pub struct Codex {
    launcher: Launcher,
    /// The provider refused the schema of answers: it does without from then on.
    schemaless: AtomicBool,
}

impl Codex {
    /// Its turns take place where `launcher` says.
    #[must_use]
    pub fn new(launcher: Launcher) -> Self {
        Self {
            launcher,
            schemaless: AtomicBool::new(false),
        }
    }

    async fn version(&self, settings: &Settings) -> Result<String, AgentError> {
        let place = self
            .launcher
            .workplace()
            .map_err(headless::unusable(NAME))?;
        let home = CodexHome::new(&place).map_err(headless::unusable(NAME))?;
        let invocation = Invocation {
            program: headless::program(NAME, settings),
            args: Vec::new(),
            env: home.place(Environment::scrubbed(&[])),
            folder: place.path().to_owned(),
            wall: None,
        };
        NEEDED.version(&place, invocation).await
    }

    /// A turn, and what it leaves behind in `seal`.
    async fn take(
        &self,
        request: &TurnRequest,
        seal: Option<&Path>,
    ) -> (TurnOutput, Option<Checkpoint>) {
        let began = Instant::now();
        let with_schema = !self.schemaless.load(Ordering::Relaxed);
        let mut taken = self.once(request, seal, with_schema, request.timeout).await;
        if matches!(taken, Ok((_, Next::WithoutSchema))) {
            self.schemaless.store(true, Ordering::Relaxed);
            let left = request.timeout.saturating_sub(began.elapsed());
            taken = self.once(request, seal, false, left).await;
        }
        match taken {
            Ok((output, Next::Sealed(checkpoint))) => (output, Some(checkpoint)),
            Ok((output, _)) => (output, None),
            Err(error) => (error.into(), None),
        }
    }

    async fn once(
        &self,
        request: &TurnRequest,
        seal: Option<&Path>,
        with_schema: bool,
        allowed: Duration,
    ) -> Result<(TurnOutput, Next), AgentError> {
        let persona = &request.persona;
        let place = self
            .launcher
            .workplace()
            .map_err(headless::unusable(NAME))?;
        let home = CodexHome::new(&place).map_err(headless::unusable(NAME))?;
        let prepared = prepare(request, &place, &home, with_schema, seal.is_some());
        let (invocation, before) = prepared.map_err(headless::unusable(NAME))?;
        let question = prompt::asked(request);
        let frame = frame(with_schema);
        let sent = match &request.start {
            Start::New => format!("{}\n\n{question}", prompt::front(persona, &frame)),
            Start::Checkpoint(_) if with_schema => question,
            // It may have been sealed when the provider still took a schema.
            Start::Checkpoint(_) => format!("{}\n\n{question}", prompt::shape(&persona.schema)),
        };
        let ran = place.run(&invocation, sent.as_bytes(), allowed).await;
        let (said, failed) = headless::ended(ran, NAME, &NEEDED.install());
        let told = TurnEvents::read(&said.stdout);
        let total = told.total.unwrap_or(before);
        let refused = with_schema && told.failure.as_deref().is_some_and(fault::is_of_schema);
        let outcome = match failed {
            Some(error) => Err(error),
            None => judge(&told, &said, &persona.schema),
        };
        let next = match (&outcome, &told.thread, seal) {
            (Err(_), ..) if refused => Next::WithoutSchema,
            (Ok(_), Some(thread), Some(folder)) => {
                home.seal(folder, total).map_err(headless::unusable(NAME))?;
                Next::Sealed(Checkpoint {
                    id: thread.clone(),
                    folder: folder.to_owned(),
                })
            }
            _ => Next::Nothing,
        };
        let output = TurnOutput {
            outcome,
            usage: total.since(before),
            raw: headless::raw(sent, said),
        };
        Ok((output, next))
    }
}

/// What it is told about how it reads (see [`flags`] for its tools) and how it ends.
fn frame(with_schema: bool) -> Frame {
    Frame {
        reading: "You cannot open files yourself: what you know is all that you see of your flake, beside what the tools of \
                  the server `poag` find. `apply_patch` is refused in every turn that does not say that you may change files.",
        ending: match with_schema {
            true => Ending::Structured("Your last message is that JSON object and nothing else."),
            false => Ending::Message,
        },
    }
}

/// What follows a turn.
enum Next {
    Nothing,
    /// It is taken again without a schema, which the provider refused.
    WithoutSchema,
    Sealed(Checkpoint),
}

impl Agent for Codex {
    fn name(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            fork: true,
            portable: true,
            deterministic: false,
            paid: true,
            reads_pack: true,
            takes_tools: true,
        }
    }

    fn probe<'a>(&'a self, settings: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(async move {
            let version = self.version(settings).await?;
            // Whoever names arguments of their own may have a provider that needs no key.
            if CodexAccess::of_person().is_none() && headless::further(settings).is_empty() {
                return Err(headless::no_login(NAME, LOG_IN));
            }
            Ok(version)
        })
    }

    fn frozen(&self, settings: &Settings) -> Vec<String> {
        let mut frozen = flags::always();
        frozen.extend_from_slice(headless::further(settings));
        frozen.extend(frame(true).words());
        frozen
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move { self.take(&request, None).await.0 })
    }

    fn seal<'a>(
        &'a self,
        request: TurnRequest,
        place: &'a Path,
    ) -> Pending<'a, (TurnOutput, Option<Checkpoint>)> {
        Box::pin(async move { self.take(&request, Some(place)).await })
    }
}

/// What is run, and what the conversation has cost before.
fn prepare(
    request: &TurnRequest,
    place: &Workplace,
    home: &CodexHome,
    with_schema: bool,
    kept: bool,
) -> std::io::Result<(Invocation, events::Total)> {
    let persona = &request.persona;
    let writing = request.writing.as_ref();
    let folder = writing.map_or(&persona.folder, |writing| &writing.folder);
    home.configure(folder, request.tools.as_ref())?;
    let mut args = flags::always();
    args.extend(flags::provider());
    if let Some(model) = &persona.settings.model {
        args.extend([format!("--model={model}")]);
    }
    args.extend_from_slice(headless::further(&persona.settings));
    args.extend(flags::HEADLESS.map(String::from));
    args.extend(flags::sandbox(request.writing.is_some(), place.wall_kind()));
    if !kept {
        // A fork that leaves nothing behind also keeps the key by which its provider finds its cache.
        args.push("--ephemeral".into());
    }
    if with_schema {
        let file = place.path().join("schema.json");
        std::fs::write(&file, strict::schema(&persona.schema).to_string())?;
        args.extend([
            "--output-schema".into(),
            file.to_string_lossy().into_owned(),
        ]);
    }
    let mut before = events::Total::default();
    if let Start::Checkpoint(checkpoint) = &request.start {
        before = home.open(checkpoint)?;
        args.extend(["fork".into(), checkpoint.id.clone()]);
    }
    args.push("-".into());
    let mut env = Environment::scrubbed(&flags::PASSED).of_turn(request);
    if let Some(access) = CodexAccess::of_person() {
        env = home.admit(&access, env)?;
    }
    let invocation = Invocation {
        program: headless::program(NAME, &persona.settings),
        args: args.into_iter().map(Into::into).collect(),
        env: home.place(env),
        folder: folder.clone(),
        wall: writing.map(|writing| Wall::of(writing, home.writable())),
    };
    Ok((invocation, before))
}

/// An answer is the last message of a turn that was completed, and nothing else.
fn judge(told: &TurnEvents, said: &ProcessOutput, schema: &Value) -> Result<Value, AgentError> {
    if let Some(failure) = &told.failure {
        return Err(fault::of(failure));
    }
    if let Some(line) = &told.stranger {
        let reason = format!("it said what is no event: {line:?}");
        return Err(AgentError::usual(Fault::Invalid, NAME, reason));
    }
    if !told.completed {
        let words = fault::last_words(&said.stderr);
        return Err(match (&told.error, told.began, said.code) {
            (Some(error), ..) => fault::of(error),
            (None, true, _) => {
                let reason = format!("it ended in the middle of its turn. {words}");
                AgentError::usual(Fault::Cut, NAME, reason.trim())
            }
            (None, false, Some(0)) => {
                AgentError::usual(Fault::Silent, NAME, "it ended without a word")
            }
            (None, false, _) => AgentError::usual(Fault::Failed, NAME, words),
        });
    }
    let answer = told.answer.as_deref().unwrap_or_default();
    let answer = headless::answer(NAME, answer)?;
    Ok(strict::loosen(answer, schema))
}
