//! Any HTTP API that is compatible with OpenAI's chat completions or responses: OpenAI, Ollama, llama.cpp, vLLM, LiteLLM and
//! the like.
//!
//! There is no program: a turn is a task in this process, which ends with it. Its conversation begins with the same bytes
//! for the same speaker, tools and schema included, so that the server finds them in its cache; a checkpoint is that
//! beginning with one answered question, as a file. What a server does not take (a schema, tools) is left out from then on.

#![expect(clippy::disallowed_methods, reason = "private homes of agents")]

mod fault;
mod files;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod responses;
mod server;
mod talk;
mod tools;
mod wire;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use self::server::ApiServer;
use self::talk::{Offer, Talk};
use super::prompt::{self, Ending, Frame};
use super::{
    Agent, AgentError, Capabilities, Checkpoint, Fault, Pending, Raw, ServerApi, ServerSettings,
    Settings, Start, TurnOutput, TurnRequest, Usage,
};

/// Its name in flakes.
pub const NAME: &str = "openai";
/// The conversation of a checkpoint.
const CONVERSATION: &str = "conversation.json";
/// Largest conversation that is read, in bytes.
const CONVERSATION_BYTES: u64 = 64 << 20;
/// How long a server may say nothing: a long prompt is read for minutes before the first word.
const STALL: Duration = Duration::from_secs(300);
/// What is kept of what the server said, in bytes.
const RAW_BYTES: usize = 8 << 20;

const READING: &str = "You can look at the files of your flake with the tool `read`, by their paths. The tool `edit` is refused in \
                       every turn that does not say that you may change files.";

/// The backend `openai`.
pub struct OpenAi {
    stall: Duration,
    /// Address and model → what the server takes.
    offers: Mutex<BTreeMap<(String, String), Offer>>,
}

impl Default for OpenAi {
    fn default() -> Self {
        Self::new(STALL)
    }
}

impl OpenAi {
    /// Gives a server up that says nothing for so long.
    #[must_use]
    pub fn new(stall: Duration) -> Self {
        Self {
            stall,
            offers: Mutex::default(),
        }
    }

    async fn take(
        &self,
        request: &TurnRequest,
        seal: Option<&Path>,
    ) -> (TurnOutput, Option<Checkpoint>) {
        let settings = &request.persona.settings;
        let begun = ApiServer::of(settings).and_then(|server| {
            let model = model(settings)?;
            let messages = beginning(request)?;
            let client = server.client()?;
            let key = (server.shown(), model.clone());
            Ok((Talk::new(server, client, model, messages), key))
        });
        let (mut talk, key) = match begun {
            Ok(begun) => begun,
            Err(error) => return (error.into(), None),
        };
        let known = self
            .offers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .copied();
        talk.offer = known.unwrap_or_default();
        talk.stall = self.stall;
        let taking = tokio::time::timeout(request.timeout, talk.answer(request)).await;
        let outcome = taking.unwrap_or_else(|_| Err(AgentError::timeout(NAME, request.timeout)));
        self.offers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, talk.offer);
        let outcome = outcome.map_err(|error| AgentError {
            reason: talk.server.without_key(&error.reason),
            ..error
        });
        let sealed = match (&outcome, seal) {
            (Ok(_), Some(place)) => match sealed(&talk.messages, place) {
                Ok(checkpoint) => Some(checkpoint),
                Err(error) => return (error.into(), None),
            },
            _ => None,
        };
        let mut usage = talk.usage;
        usage.cost_usd = cost(&usage, settings.server.as_ref());
        let mut stdout = talk.server.without_key(&talk.said).into_bytes();
        stdout.truncate(RAW_BYTES);
        let output = TurnOutput {
            outcome,
            usage,
            raw: Raw {
                sent: talk.asked.into_bytes(),
                stdout,
                stderr: Vec::new(),
            },
        };
        (output, sealed)
    }
}

fn model(settings: &Settings) -> Result<String, AgentError> {
    settings.model.clone().ok_or_else(|| {
        AgentError::new(
            Fault::Unavailable,
            NAME,
            "no model is named",
            "name one that its server has: agent.model, or --model",
        )
    })
}

/// What is told before the first question: the same bytes for the same speaker, whatever the server takes.
fn frame() -> Frame {
    Frame {
        reading: READING,
        ending: Ending::Message,
    }
}

/// The conversation up to the question.
fn beginning(request: &TurnRequest) -> Result<Vec<Value>, AgentError> {
    let persona = &request.persona;
    let mut messages = match &request.start {
        Start::New => {
            vec![json!({ "role": "system", "content": prompt::front(persona, &frame()) })]
        }
        Start::Checkpoint(checkpoint) => opened(checkpoint)?,
    };
    messages.push(json!({ "role": "user", "content": prompt::asked(request) }));
    Ok(messages)
}

fn opened(checkpoint: &Checkpoint) -> Result<Vec<Value>, AgentError> {
    let broken = |why: String| {
        let repair = "remove it with `poag checkpoints prune`, then ask again";
        AgentError::new(
            Fault::Failed,
            NAME,
            format!("its checkpoint cannot be used: {why}"),
            repair,
        )
    };
    let file = checkpoint.folder.join(CONVERSATION);
    let size = fs::metadata(&file)
        .map_err(|error| broken(error.to_string()))?
        .len();
    if size > CONVERSATION_BYTES {
        return Err(broken(format!("it has {size} bytes")));
    }
    let bytes = fs::read(&file).map_err(|error| broken(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))
}

fn sealed(messages: &[Value], place: &Path) -> Result<Checkpoint, AgentError> {
    let bytes = serde_json::to_vec(messages).unwrap_or_default();
    fs::write(place.join(CONVERSATION), bytes).map_err(super::headless::unusable(NAME))?;
    Ok(Checkpoint {
        id: "conversation".into(),
        folder: place.to_owned(),
    })
}

/// What it cost at the prices that are set; nothing where none are.
fn cost(usage: &Usage, server: Option<&ServerSettings>) -> f64 {
    let Some(server) = server else { return 0.0 };
    let fresh = usage.input_tokens.saturating_sub(usage.cached_tokens);
    let input = server.usd_per_million_input.unwrap_or(0.0);
    let cached = server.usd_per_million_cached.unwrap_or(input);
    let output = server.usd_per_million_output.unwrap_or(0.0);
    #[expect(clippy::cast_precision_loss, reason = "no turn has 2^53 tokens")]
    let sum = fresh as f64 * input
        + usage.cached_tokens as f64 * cached
        + usage.output_tokens as f64 * output;
    sum / 1e6
}

impl Agent for OpenAi {
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
        let found = ApiServer::of(settings).and_then(|server| {
            server.client()?;
            model(settings)?;
            Ok(match server.api {
                ServerApi::Chat => "chat completions".to_owned(),
                ServerApi::Responses => "responses".to_owned(),
            })
        });
        Box::pin(std::future::ready(found))
    }

    fn frozen(&self, settings: &Settings) -> Vec<String> {
        let server = ApiServer::of(settings).map(|server| server.shown());
        let mut frozen = frame().words();
        frozen.push(server.unwrap_or_default());
        frozen.push(tools::offered().to_string());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_costs_what_its_tokens_cost() {
        let usage = Usage {
            input_tokens: 1_000_000,
            cached_tokens: 400_000,
            output_tokens: 100_000,
            cost_usd: 0.0,
        };
        let mut prices = ServerSettings {
            usd_per_million_input: Some(2.0),
            usd_per_million_output: Some(10.0),
            ..ServerSettings::default()
        };
        // What is cached costs the same where nothing else is said.
        assert!((cost(&usage, Some(&prices)) - 3.0).abs() < 1e-9);
        prices.usd_per_million_cached = Some(0.5);
        assert!((cost(&usage, Some(&prices)) - 2.4).abs() < 1e-9);
        assert_eq!(cost(&usage, None), 0.0);
    }
}
