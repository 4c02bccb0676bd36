//! Turns that are taken in together, and turns that wait for nobody.

use std::sync::Arc;

use super::{Same, Scripted, block, question, stage, usual};
use crate::run::{BackendSelection, Participant, TurnContext, ask, history};
use poag_agent::{Pending, TurnOutput};
use poag_core::council::event::Event;
use poag_core::council::limits::Limits;
use poag_core::expert::Expert;

/// Everybody's turns are taken in by rounds.
struct Rounds(Same);

impl BackendSelection for Rounds {
    fn backend(&self, expert: &Expert) -> String {
        self.0.backend(expert)
    }
    fn in_rounds(&self, _: &Expert) -> bool {
        true
    }
    fn connect<'a>(
        &'a self,
        expert: &'a Expert,
        context: &'a TurnContext,
    ) -> Pending<'a, Result<Participant, Box<TurnOutput>>> {
        self.0.connect(expert, context)
    }
}

/// The first turns of py and web in the order in which they were taken in, when one is slow.
fn order(slow: &str, rounds: bool) -> Vec<String> {
    let stage = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    *agent.slow.lock().unwrap() = slow.into();
    let backends: Arc<dyn BackendSelection> = match rounds {
        true => Arc::new(Rounds(Same(agent))),
        false => Arc::new(Same(agent)),
    };
    let question = question(Limits::default());
    let held = block(ask(
        &stage.graph,
        &question,
        backends,
        &stage.ledger,
        &mut (),
    ));
    let history = history(&stage.ledger, &held.unwrap().run).unwrap();
    let finished = history
        .events
        .into_iter()
        .filter_map(|event| match event.event {
            Event::TurnFinished { turn, .. } if turn.turn == 1 => Some(turn.expert),
            _ => None,
        });
    finished
        .filter(|name| name == "py" || name == "web")
        .collect()
}

#[test]
fn turns_of_a_round_are_taken_in_as_they_started_whichever_is_faster() {
    assert_eq!(order("py", true), ["py", "web"]);
    assert_eq!(order("web", true), ["py", "web"]);
}

#[test]
fn other_turns_are_taken_in_as_they_end() {
    assert_eq!(order("py", false), ["web", "py"]);
    assert_eq!(order("web", false), ["py", "web"]);
}
