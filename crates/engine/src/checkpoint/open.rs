//! Comes to a checkpoint: the one that is there, one on top of an older one, or a new one.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::cost::CostModel;
use super::difference;
use super::error::CheckpointError;
use super::meta::{How, KeyParts, Meta, TELLINGS, VERSION, sha256};
use super::record::CheckpointEvent;
use super::session;
use super::store::{Store, Stored};
use poag_agent::prompt::{self, Ending, Frame};
use poag_agent::{
    Agent, AgentError, Fault, Persona, Start, ToolServer, TurnOutput, TurnRequest, Usage,
};
use poag_knowledge::tokens;

/// What is counted of a conversation's front: the schema once, in whatever way a backend tells it.
const WHOLE: Frame = Frame {
    reading: "",
    ending: Ending::Message,
};
/// How often it is looked whether somebody else is done making the same.
const LOOK: Duration = Duration::from_millis(100);
/// What an agent gets beyond its own time to end by itself and clean up behind it.
const GRACE: Duration = Duration::from_secs(10);
/// Older checkpoints that a difference is looked for to, the newest first.
const OLDER: usize = 4;

/// What a checkpoint is wanted for.
pub struct OpenRequest<'a> {
    /// The backend.
    pub agent: &'a dyn Agent,
    /// Whom it speaks as.
    pub persona: &'a Arc<Persona>,
    /// The backend's version.
    pub version: &'a str,
    /// Identity of the expert, for the record.
    pub identity: &'a str,
    /// The input of the turn that primes.
    pub priming: Value,
    /// The input of a turn that tells a difference.
    pub telling: &'a (dyn Fn(&str) -> Value + Send + Sync),
    /// Whether an answer to either is one.
    pub accept: fn(&Value) -> Result<(), String>,
    /// Wall clock of each of these turns.
    pub timeout: Duration,
    /// Correlation variables for a process.
    pub correlation: Vec<(String, String)>,
    /// The tools of all turns: their names are in front of the conversation, so it is made with them.
    pub tools: Option<ToolServer>,
}

/// A checkpoint, and how it was come by.
#[derive(Debug)]
pub struct Opened {
    /// The checkpoint.
    pub stored: Stored,
    /// How it was made just now; none where it was there.
    pub how: Option<How>,
    /// Why so, in a few words.
    pub why: String,
    /// What making it cost.
    pub usage: Usage,
}

/// A way to make a checkpoint.
struct Strategy {
    start: Start,
    input: Value,
    how: How,
    why: String,
    told_on: Vec<String>,
    tokens: u64,
}

impl OpenRequest<'_> {
    fn key_parts(&self) -> KeyParts {
        let mut key_parts = KeyParts::of(self.agent, self.persona, self.version);
        if let Some(server) = &self.tools {
            let tools = server.tools.iter();
            let named = tools.map(|tool| format!("tool {}/{tool}", server.name));
            key_parts.frozen.extend(named);
        }
        key_parts
    }

    fn failed(&self, error: CheckpointError) -> Box<TurnOutput> {
        Box::new(error.into_agent(self.agent.name()).into())
    }

    fn ledger(&self, error: poag_ledger::LedgerError) -> Box<TurnOutput> {
        self.failed(error.into())
    }
}

impl Store {
    /// Comes to the checkpoint of a persona. Where several want the same, one makes it and the others wait
    /// for it.
    ///
    /// # Errors
    /// What the backend failed with, and what that cost.
    pub async fn open(&self, request: &OpenRequest<'_>) -> Result<Opened, Box<TurnOutput>> {
        let key_parts = request.key_parts();
        let key = key_parts.key(&request.persona.pack);
        let began = Instant::now();
        let mut waited = false;
        let claim = loop {
            // A damaged one is looked at again by whoever has the claim.
            if let Ok(Some(stored)) = self.find(&key) {
                return Ok(reused(stored, waited));
            }
            if let Some(claim) = self.claim(&key).map_err(|error| request.ledger(error))? {
                break claim;
            }
            waited = true;
            if began.elapsed() >= request.timeout {
                let error = AgentError::timeout(request.agent.name(), request.timeout);
                let reason = format!(
                    "{}: all that time another poag was making the checkpoint",
                    error.reason
                );
                return Err(Box::new(AgentError { reason, ..error }.into()));
            }
            tokio::time::sleep(LOOK).await;
        };
        let aside = match self.find(&key) {
            Ok(Some(stored)) => return Ok(reused(stored, waited)),
            Ok(None) => None,
            Err(error) => {
                self.set_aside(&key)
                    .map_err(|error| request.failed(error))?;
                let text = error.to_string();
                text.lines().next().map(str::to_owned)
            }
        };
        let opened = self.make(request, key_parts, &key, aside).await;
        drop(claim);
        opened
    }

    async fn make(
        &self,
        request: &OpenRequest<'_>,
        key_parts: KeyParts,
        key: &str,
        aside: Option<String>,
    ) -> Result<Opened, Box<TurnOutput>> {
        let pack_tokens = tokens::count(&prompt::front(request.persona, &WHOLE)) as u64;
        let (told, mut why) = self.older(request, &key_parts, pack_tokens);
        let mut spent = Usage::default();
        if let Some(strategy) = told {
            match self
                .seal(request, &key_parts, key, pack_tokens, strategy)
                .await
            {
                Ok(opened) => return Ok(opened),
                Err(output) => match &output.outcome {
                    Err(error) if primes_instead(error.fault) => {
                        why = format!("telling the difference failed: {}", error.reason);
                        spent = output.usage;
                    }
                    _ => return Err(output),
                },
            }
        }
        if let Some(aside) = aside {
            why = format!("{aside}; it was set aside");
        }
        let strategy = Strategy {
            start: Start::New,
            input: request.priming.clone(),
            how: How::Primed,
            why,
            told_on: Vec::new(),
            tokens: pack_tokens,
        };
        let mut made = self
            .seal(request, &key_parts, key, pack_tokens, strategy)
            .await;
        match &mut made {
            Ok(opened) => opened.usage += spent,
            Err(output) => output.usage += spent,
        }
        made
    }

    /// The older checkpoint on top of which a difference is best told, if any is worth it; and why not, or
    /// why there is none.
    fn older(
        &self,
        request: &OpenRequest<'_>,
        key_parts: &KeyParts,
        pack: u64,
    ) -> (Option<Strategy>, String) {
        let entries = self.list().unwrap_or_default();
        let metas = entries.into_iter().filter_map(|entry| entry.meta.ok());
        let (mut likes, mut unlike) = (Vec::new(), None);
        for meta in metas {
            if (&meta.key_parts.expert, &meta.key_parts.backend)
                != (&key_parts.expert, &key_parts.backend)
            {
                continue;
            }
            match key_parts.unlike(&meta.key_parts) {
                None if likes.len() < OLDER => likes.push(meta),
                Some(reason) if unlike.is_none() => unlike = Some(reason),
                _ => {}
            }
        }
        let mut best: Option<(CostModel, Stored, String)> = None;
        for meta in likes {
            let Ok(Some(stored)) = self.find(&meta.key) else {
                continue;
            };
            let Ok(old) = stored.pack() else { continue };
            let difference = difference::between(&old, &request.persona.pack);
            let cost = self.cost(&meta, pack, &difference, request.agent.prompt_cache());
            let better = best.as_ref().is_none_or(|(known, _, _)| {
                (cost.tells(), -cost.told()) > (known.tells(), -known.told())
            });
            if better {
                best = Some((cost, stored, difference));
            }
        }
        let Some((cost, stored, difference)) = best else {
            let first = "it had no checkpoint on this backend yet".to_owned();
            return (None, unlike.unwrap_or(first));
        };
        let why = cost.why();
        if !cost.tells() {
            return (None, why);
        }
        let mut told_on = stored.meta.told_on.clone();
        told_on.push(stored.meta.key.clone());
        let strategy = Strategy {
            start: Start::Checkpoint(stored.checkpoint()),
            input: (request.telling)(&difference),
            how: How::Told,
            why: why.clone(),
            told_on,
            tokens: cost.old.saturating_add(cost.difference),
        };
        (Some(strategy), why)
    }

    fn cost(&self, old: &Meta, pack: u64, difference: &str, kept: Duration) -> CostModel {
        let uses = self.uses(&old.key).unwrap_or_default();
        let now = jiff::Timestamp::now().as_millisecond();
        let since = now.saturating_sub(uses.last.unwrap_or(old.created));
        let since = Duration::from_millis(since.max(0).cast_unsigned());
        CostModel {
            pack,
            old: old.tokens,
            difference: tokens::count(difference) as u64,
            uses: uses.uses,
            warm: since < kept,
            tellings: old.told_on.len().min(TELLINGS),
        }
    }

    /// Takes the turn that makes the checkpoint, and keeps what it leaves.
    async fn seal(
        &self,
        request: &OpenRequest<'_>,
        key_parts: &KeyParts,
        key: &str,
        pack_tokens: u64,
        strategy: Strategy,
    ) -> Result<Opened, Box<TurnOutput>> {
        let making = self.begin(key).map_err(|error| request.failed(error))?;
        let place = making.session();
        let turn = TurnRequest {
            persona: Arc::clone(request.persona),
            start: strategy.start,
            input: strategy.input,
            timeout: request.timeout,
            correlation: request.correlation.clone(),
            tools: request.tools.clone(),
            writing: None,
        };
        let sealing = request.agent.seal(turn, &place);
        let Ok((mut output, sealed)) = tokio::time::timeout(request.timeout + GRACE, sealing).await
        else {
            let error = AgentError::timeout(request.agent.name(), request.timeout);
            return Err(Box::new(error.into()));
        };
        let backend = request.agent.name();
        if let Ok(answer) = &output.outcome
            && let Err(reason) = (request.accept)(answer)
        {
            let reason = format!("its answer to being primed is none: {reason}");
            output.outcome = Err(AgentError::usual(Fault::Invalid, backend, reason));
        }
        let sealed = match (&output.outcome, sealed) {
            (Err(_), _) => return Err(Box::new(output)),
            (Ok(_), Some(sealed)) => sealed,
            (Ok(_), None) => {
                let reason = "it left no conversation to go on from";
                output.outcome = Err(AgentError::usual(Fault::Failed, backend, reason));
                return Err(Box::new(output));
            }
        };
        let usage = output.usage;
        let on = strategy.told_on.last().cloned();
        let keep = || -> Result<Stored, CheckpointError> {
            let meta = Meta {
                schema_version: VERSION,
                key: key.to_owned(),
                key_parts: key_parts.clone(),
                identity: request.identity.to_owned(),
                pack: sha256(request.persona.pack.as_bytes()),
                pack_tokens,
                tokens: strategy.tokens,
                created: jiff::Timestamp::now().as_millisecond(),
                how: strategy.how,
                why: strategy.why.clone(),
                told_on: strategy.told_on,
                usage,
                id: sealed.id,
                files: session::read(&place)?,
            };
            let stored = self.finish(making, &meta, &request.persona.pack)?;
            let line = match on {
                Some(on) => CheckpointEvent::Told { on, usage },
                None => CheckpointEvent::Primed { usage },
            };
            self.note(key, &key_parts.expert, &line)?;
            Ok(stored)
        };
        match keep() {
            Ok(stored) => Ok(Opened {
                stored,
                how: Some(strategy.how),
                why: strategy.why,
                usage,
            }),
            // What it cost is spent all the same.
            Err(error) => {
                output.outcome = Err(error.into_agent(backend));
                Err(Box::new(output))
            }
        }
    }
}

fn reused(stored: Stored, waited: bool) -> Opened {
    let why = if waited {
        "another poag made its checkpoint meanwhile"
    } else {
        "what it knows has not changed since its checkpoint was made"
    };
    Opened {
        stored,
        how: None,
        why: why.into(),
        usage: Usage::default(),
    }
}

/// Whether a difference that could not be told is no reason not to prime: the older conversation may be
/// what is wrong.
fn primes_instead(fault: Fault) -> bool {
    match fault {
        Fault::TooLong | Fault::Cut | Fault::Silent | Fault::Failed | Fault::Invalid => true,
        Fault::Unavailable
        | Fault::Denied
        | Fault::Busy
        | Fault::Unreachable
        | Fault::Limit
        | Fault::Timeout => false,
    }
}
