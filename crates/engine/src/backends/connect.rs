//! How an expert comes to an agent that knows its flake: from its checkpoint, where its backend keeps any.

use std::sync::Arc;

use serde_json::Value;

use super::Backends;
use crate::checkpoint::{Forked, How, OpenRequest};
use crate::run::turn::turn_time;
use crate::run::{BackendSelection as _, Participant, TurnContext};
use poag_agent::{Agent, AgentError, Fault, Persona, Start, TurnOutput, Usage};
use poag_core::council::brief;
use poag_core::council::event::{Joined, Opening, TurnId};
use poag_core::council::message::TurnResult;
use poag_core::debate;
use poag_core::expert::Expert;
use poag_core::plan::schema;
use poag_knowledge::pack::{Pack, PackOptions};

impl Backends {
    /// Makes sure that an expert has a checkpoint, outside of any run, and says how it came to be; none
    /// where its backend keeps none.
    pub async fn prime(&self, expert: &Expert) -> Result<Option<Joined>, Box<TurnOutput>> {
        let backend = self.backend(expert);
        if backend == poag_librarian::NAME {
            return Ok(None);
        }
        let agent = self.agent(expert, &backend).map_err(failed)?;
        if !agent.capabilities().fork {
            return Ok(None);
        }
        let context = TurnContext {
            run: String::new(),
            timeout: turn_time(expert),
        };
        let participant = self.connected(expert, &context).await?;
        Ok(Some(participant.joined))
    }

    pub(super) async fn connected(
        &self,
        expert: &Expert,
        context: &TurnContext,
    ) -> Result<Participant, Box<TurnOutput>> {
        let backend = self.backend(expert);
        if backend == poag_librarian::NAME {
            let agent = Arc::clone(&self.librarian) as _;
            return Ok(Participant::bare(
                agent,
                poag_librarian::VERSION.into(),
                expert,
            ));
        }
        let participant = self.knowing(expert, expert, council()).await?;
        match participant.agent.capabilities().fork {
            true => self.forking(participant, expert, context).await,
            false => Ok(participant),
        }
    }

    /// A participant of a debate: it thinks as `seat` says, and knows what `base` knows.
    pub(super) async fn debater(
        &self,
        seat: &Expert,
        base: &Expert,
    ) -> Result<Participant, Box<TurnOutput>> {
        let words = Words {
            instructions: debate::INSTRUCTIONS,
            schema: debate::schema::answer(),
        };
        self.knowing(seat, base, words).await
    }

    /// A participant that thinks as one expert says and knows what another knows, in a conversation of its own.
    async fn knowing(
        &self,
        seat: &Expert,
        base: &Expert,
        words: Words,
    ) -> Result<Participant, Box<TurnOutput>> {
        let backend = self.backend(seat);
        let agent = self.agent(seat, &backend).map_err(failed)?;
        let settings = self.settings(seat, &backend).map_err(failed)?;
        let version = agent.probe(&settings).await.map_err(failed)?;
        let pack = match agent.capabilities().reads_pack {
            true => self.pack(base, &backend).map_err(failed)?,
            false => "".into(),
        };
        let search_path = match &self.dev_shells {
            Some(shells) => shells.search_path(&self.graph, base).await,
            None => None,
        };
        let joined = Joined {
            backend,
            version,
            model: settings.model.clone(),
            opening: Opening::New,
            checkpoint: None,
            why: "its backend keeps no checkpoints".into(),
            usage: Usage::default(),
        };
        let persona = Persona {
            speaker: seat.name.clone(),
            instructions: words.instructions.into(),
            pack,
            schema: words.schema,
            folder: base.knowledge.path.clone(),
            settings,
            search_path,
        };
        Ok(Participant {
            agent,
            persona: Arc::new(persona),
            start: Start::New,
            joined,
        })
    }

    /// The same participant, with turns that are forked from the expert's checkpoint.
    async fn forking(
        &self,
        participant: Participant,
        expert: &Expert,
        context: &TurnContext,
    ) -> Result<Participant, Box<TurnOutput>> {
        let Participant {
            agent,
            persona,
            mut joined,
            ..
        } = participant;
        let turn = TurnId {
            expert: expert.name.clone(),
            turn: 0,
            attempt: 1,
        };
        let tools = match agent.capabilities().takes_tools {
            true => self.tools(&turn),
            false => None,
        };
        let mut correlation = vec![
            ("POAG_EXPERT".into(), turn.expert),
            ("POAG_TURN".into(), "0/1".into()),
        ];
        if !context.run.is_empty() {
            correlation.push(("POAG_RUN".into(), context.run.clone()));
        }
        let request = OpenRequest {
            agent: agent.as_ref(),
            persona: &persona,
            version: &joined.version,
            identity: &expert.identity,
            priming: brief::priming(&expert.name),
            telling: &|difference| brief::difference(&expert.name, difference),
            accept: is_turn,
            timeout: context.timeout,
            correlation,
            tools,
        };
        let opened = self.checkpoints.open(&request).await?;
        joined.opening = match opened.how {
            None => Opening::Reused,
            Some(How::Primed) => Opening::Primed,
            Some(How::Told) => Opening::Told,
        };
        joined.checkpoint = Some(opened.stored.meta.key.clone());
        joined.why = opened.why;
        joined.usage = opened.usage;
        let start = Start::Checkpoint(opened.stored.checkpoint());
        let store = Arc::clone(&self.checkpoints);
        let agent: Arc<dyn Agent> = Arc::new(Forked::new(agent, store, opened.stored));
        Ok(Participant {
            agent,
            persona,
            start,
            joined,
        })
    }

    fn pack(&self, expert: &Expert, backend: &str) -> Result<Arc<str>, AgentError> {
        let options = PackOptions::default();
        let pack = Pack::cached(&self.cache, &self.graph, expert, &options);
        pack.map(|pack| pack.text.into()).map_err(|error| {
            let text = error.to_string();
            let (reason, repair) = text
                .split_once("\nrepair: ")
                .unwrap_or((&text, "learn again"));
            AgentError::new(Fault::Failed, backend, reason, repair)
        })
    }
}

/// What a conversation is about: how turns go, and the shape of every answer.
struct Words {
    instructions: &'static str,
    schema: Arc<Value>,
}

fn council() -> Words {
    Words {
        instructions: brief::INSTRUCTIONS,
        schema: schema::turn_result(),
    }
}

fn failed(error: AgentError) -> Box<TurnOutput> {
    Box::new(error.into())
}

/// Whether an answer has the shape of a turn. What it says of its flake does not matter yet.
fn is_turn(answer: &Value) -> Result<(), String> {
    let turn = serde_json::from_value::<TurnResult>(answer.clone());
    turn.map(drop).map_err(|error| error.to_string())
}
