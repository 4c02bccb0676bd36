//! Who speaks for an expert, and who watches.

use std::sync::Arc;

use crate::agent::{Agent, AgentError, Pending, Start};
use crate::council::event::Event;
use crate::council::message::Message;
use crate::expert::Expert;

/// An agent that speaks for one expert through a whole run.
#[derive(Clone)]
pub struct Member {
    /// The backend.
    pub agent: Arc<dyn Agent>,
    /// What the expert knows from the start; empty for backends that read the folder themselves.
    pub pack: Arc<str>,
    /// Where each of its turns starts.
    pub start: Start,
}

/// Finds the agent for an expert.
pub trait Casting: Send + Sync {
    /// The name of its backend, without starting anything.
    fn backend(&self, expert: &Expert) -> String;

    /// Whether its turns are taken in together, in the order in which they started, so that the same
    /// question gives the same discussion. Only for backends that are deterministic and quick: turns
    /// of a round wait for each other, all other turns wait for nobody.
    fn in_rounds(&self, _expert: &Expert) -> bool {
        false
    }

    /// The agent, called before an expert's first turn, so that experts that nobody asks cost
    /// nothing. It may take its time, for instance to prime a checkpoint.
    fn member<'a>(&'a self, expert: &'a Expert) -> Pending<'a, Result<Member, AgentError>>;
}

/// Sees what happens, each event after it is in the ledger.
pub trait Observer {
    /// A run begins or goes on.
    fn begun(&mut self, _run: &str, _resumed: bool) {}
    /// Something happened.
    fn event(&mut self, _event: &Event) {}
    /// A message was sent.
    fn message(&mut self, _message: &Message) {}
}

/// Nobody watches.
impl Observer for () {}
