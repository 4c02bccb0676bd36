//! Gemini, headless: it works in an empty folder of its own, so that nothing of the repository is read or
//! run, and has no tools but those that a turn brings.
//!
//! Its sessions cannot be forked with their prefix kept. They need not be: what a speaker knows is its
//! system prompt, which is the same bytes at the beginning of every turn, and so found in the cache.

mod fault;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod home;
mod reply;

use serde_json::Value;

use self::home::{GeminiAccess, GeminiHome};
use self::reply::Reply;
use super::environment::Environment;
use super::headless;
use super::process::{Invocation, Launcher, ProcessOutput};
use super::prompt::{self, Ending, Frame};
use super::version::Needed;
use super::wall::Wall;
use super::{
    Agent, AgentError, Capabilities, Fault, Pending, Settings, TurnOutput, TurnRequest, Usage,
};

/// Its name in flakes.
pub const NAME: &str = "gemini";
/// The program; an older one may not know every switch of [`home`].
const NEEDED: Needed = Needed {
    backend: NAME,
    package: "@google/gemini-cli",
    oldest: [0, 61, 0],
};
/// What it is told about how it reads and how it ends: see [`home`] for its tools.
const FRAME: Frame = Frame {
    reading: "You cannot open files yourself: what you know is all that you see of your flake, beside what the tools of the \
              server `poag` find.",
    ending: Ending::Message,
};
/// The same for a turn that writes, which has other tools; nothing of it is kept for other turns.
const WRITING: Frame = Frame {
    reading: "You can look at the files of your flake and change them with your tools, by their absolute paths; the folder where \
              you are is empty, and your flake is the other folder of your workspace.",
    ending: Ending::Message,
};
/// How to say who asks.
const LOG_IN: &str = "set GEMINI_API_KEY, or log in with `gemini`, then ask again";
/// Variables that Gemini itself reads.
const PASSED: [&str; 2] = ["GEMINI_API_KEY", "GOOGLE_*"];

/// The backend `gemini`.
pub struct Gemini {
    launcher: Launcher,
}

impl Gemini {
    /// Its turns take place where `launcher` says.
    #[must_use]
    pub fn new(launcher: Launcher) -> Self {
        Self { launcher }
    }

    async fn version(&self, settings: &Settings) -> Result<String, AgentError> {
        let place = self
            .launcher
            .workplace()
            .map_err(headless::unusable(NAME))?;
        let home = GeminiHome::new(&place).map_err(headless::unusable(NAME))?;
        let invocation = Invocation {
            program: headless::program(NAME, settings),
            args: Vec::new(),
            env: home.place(Environment::scrubbed(&[])),
            folder: home.work.clone(),
            wall: None,
        };
        NEEDED.version(&place, invocation).await
    }

    async fn take(&self, request: &TurnRequest) -> Result<TurnOutput, AgentError> {
        let persona = &request.persona;
        let place = self
            .launcher
            .workplace()
            .map_err(headless::unusable(NAME))?;
        let home = GeminiHome::new(&place).map_err(headless::unusable(NAME))?;
        let access = GeminiAccess::of_person();
        let writing = request.writing.as_ref();
        let frame = match writing {
            None => FRAME,
            Some(_) => WRITING,
        };
        home.configure(access.as_ref(), request.tools.as_ref(), writing)
            .and_then(|()| home.brief(&prompt::front(persona, &frame)))
            .map_err(headless::unusable(NAME))?;
        let env = Environment::scrubbed(&PASSED);
        let mut args: Vec<String> = headless::further(&persona.settings).to_vec();
        args.extend(["--output-format".into(), "json".into()]);
        if let Some(model) = &persona.settings.model {
            args.extend([format!("--model={model}")]);
        }
        if writing.is_some() {
            args.extend(["--approval-mode".into(), "auto_edit".into()]);
        }
        let invocation = Invocation {
            program: headless::program(NAME, &persona.settings),
            args: args.into_iter().map(Into::into).collect(),
            env: home.place(env.of_turn(request)),
            folder: home.work.clone(),
            wall: writing.map(|writing| Wall::of(writing, home.writable())),
        };
        let sent = prompt::asked(request);
        let ran = place
            .run(&invocation, sent.as_bytes(), request.timeout)
            .await;
        let (said, failed) = headless::ended(ran, NAME, &NEEDED.install());
        let reply = Reply::read(&said.stdout);
        let usage = reply.as_ref().map_or_else(Usage::default, Reply::usage);
        let outcome = match failed {
            Some(error) => Err(error),
            None => judge(reply.as_ref(), &said),
        };
        Ok(TurnOutput {
            outcome,
            usage,
            raw: headless::raw(sent, said),
        })
    }
}

impl Agent for Gemini {
    fn name(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            fork: false,
            portable: false,
            deterministic: false,
            paid: true,
            reads_pack: true,
            takes_tools: true,
        }
    }

    fn probe<'a>(&'a self, settings: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(async move {
            let version = self.version(settings).await?;
            // Whoever names arguments of their own may have another way.
            if GeminiAccess::of_person().is_none() && headless::further(settings).is_empty() {
                return Err(headless::no_login(NAME, LOG_IN));
            }
            Ok(version)
        })
    }

    fn frozen(&self, settings: &Settings) -> Vec<String> {
        [headless::further(settings), &FRAME.words()].concat()
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move { self.take(&request).await.unwrap_or_else(Into::into) })
    }
}

/// An answer is the response of a run that ended well, and nothing else.
fn judge(reply: Option<&Reply>, said: &ProcessOutput) -> Result<Value, AgentError> {
    let response = match reply {
        Some(reply) if reply.error.is_none() && said.code == Some(0) => &reply.response,
        None if said.code == Some(0) && said.stdout.trim_ascii().is_empty() => &None,
        None if said.code == Some(0) => {
            let reason = "what it said is no reply of its own";
            return Err(AgentError::usual(Fault::Invalid, NAME, reason));
        }
        _ => {
            return Err(fault::of(
                reply.and_then(|reply| reply.error.as_ref()),
                said,
            ));
        }
    };
    headless::answer(NAME, response.as_deref().unwrap_or_default())
}
