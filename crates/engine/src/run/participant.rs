//! The agent that takes the turns of an expert in a run, how it is selected, and who observes the run.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use poag_agent::{
    Agent, AgentError, Fault, Pending, Persona, Settings, Start, ToolServer, TurnOutput,
};
use poag_core::council::event::{AgentSelection, Event, Joined, Opening, Started, TurnId};
use poag_core::council::message::{Message, Passage, TurnInput};
use poag_core::expert::{Expert, Graph};
use poag_core::plan::schema;

/// An agent that speaks for one expert through a whole run.
#[derive(Clone)]
pub struct Participant {
    /// The backend.
    pub agent: Arc<dyn Agent>,
    /// Whom it speaks as.
    pub persona: Arc<Persona>,
    /// Where each of its turns starts.
    pub start: Start,
    /// How it came to take part.
    pub joined: Joined,
}

impl Participant {
    /// A participant that knows nothing from the start and reads the expert's files itself.
    #[must_use]
    pub fn bare(agent: Arc<dyn Agent>, version: String, expert: &Expert) -> Self {
        let joined = Joined {
            backend: agent.name().to_owned(),
            version,
            model: None,
            opening: Opening::New,
            checkpoint: None,
            why: "it reads its files itself".into(),
            usage: Default::default(),
        };
        let persona = Persona {
            speaker: expert.name.clone(),
            instructions: "".into(),
            pack: "".into(),
            schema: schema::turn_result(),
            folder: expert.knowledge.path.clone(),
            settings: Settings::default(),
            search_path: None,
        };
        Self {
            agent,
            persona: Arc::new(persona),
            start: Start::New,
            joined,
        }
    }
}

/// What a turn runs in.
#[derive(Clone, Debug)]
pub struct TurnContext {
    /// The run; empty outside of any.
    pub run: String,
    /// Wall clock of one turn, a priming turn too.
    pub timeout: Duration,
}

/// Finds the agent for an expert.
pub trait BackendSelection: Send + Sync {
    /// The name of its backend, without starting anything.
    fn backend(&self, expert: &Expert) -> String;

    /// Who thinks for each expert of a graph, with what: what is written down when a process begins to drive a run.
    fn selection(&self, graph: &Graph) -> AgentSelection {
        let experts = graph.experts.values();
        AgentSelection {
            backends: experts
                .map(|expert| (expert.name.clone(), self.backend(expert)))
                .collect(),
            ..AgentSelection::default()
        }
    }

    /// The repository on this machine that the root of the graph lies in.
    fn repository(&self) -> Option<&Path> {
        None
    }

    /// A folder for the sockets that turns call; see [`crate::EngineSettings::sockets`].
    fn sockets(&self) -> Option<&Path> {
        None
    }

    /// Whether its turns are taken in together, in the order in which they started, so that the same
    /// question gives the same discussion. Only for backends that are deterministic and quick: turns
    /// of a round wait for each other, all other turns wait for nobody.
    fn in_rounds(&self, _expert: &Expert) -> bool {
        false
    }

    /// The agent, called before an expert's first turn, so that experts that nobody asks cost
    /// nothing. It may take its time, for instance to prime a checkpoint; what that cost is in the
    /// participant, or in the failure.
    fn connect<'a>(
        &'a self,
        expert: &'a Expert,
        context: &'a TurnContext,
    ) -> Pending<'a, Result<Participant, Box<TurnOutput>>>;

    /// The agent of a participant in a debate, as [`BackendSelection::connect`]: `seat` says how it thinks, and it is given
    /// the knowledge of `base`.
    fn connect_debater<'a>(
        &'a self,
        seat: &'a Expert,
        _base: &'a Expert,
    ) -> Pending<'a, Result<Participant, Box<TurnOutput>>> {
        let error = AgentError::new(
            Fault::Unavailable,
            &self.backend(seat),
            "it takes part in no debate",
            "name another backend",
        );
        Box::pin(std::future::ready(Err(Box::new(error.into()))))
    }

    /// What the expert is given beyond what the council says: passages and hints that spare it a search, and the names
    /// that its consumers take.
    /// `pack` is what it has read already.
    fn enrich<'a>(
        &'a self,
        _expert: &'a Expert,
        _pack: &'a str,
        input: TurnInput,
    ) -> Pending<'a, TurnInput> {
        Box::pin(std::future::ready(input))
    }

    /// The tools of one turn, for agents that take any. The council adds to its environment how it is
    /// called.
    fn tools(&self, _turn: &TurnId) -> Option<ToolServer> {
        None
    }

    /// Searches what the expert knows, for a turn under way. A failure ends in what to do.
    fn lookup<'a>(
        &'a self,
        _expert: &'a Expert,
        _query: &'a str,
    ) -> Pending<'a, Result<Vec<Passage>, String>> {
        let none = "there is nothing to search with\nrepair: go by what you know of your flake";
        Box::pin(std::future::ready(Err(none.into())))
    }
}

/// Sees what happens, each event after it is in the ledger.
pub trait Observer {
    /// The graph of the experts that take part is known, and nothing has begun.
    fn opened(&mut self, _graph: &Graph) {}
    /// A run begins or goes on, as it was started.
    fn begun(&mut self, _started: &Started, _resumed: bool) {}
    /// Something happened.
    fn event(&mut self, _event: &Event) {}
    /// A turn ended that nobody waited for any more; what it said is not taken in.
    fn late(&mut self, _turn: &TurnId) {}
    /// A message was sent.
    fn message(&mut self, _message: &Message) {}
}

/// Nobody watches.
impl Observer for () {}
