//! Whoever follows a run by its events hears what is heard where it is driven.

use std::sync::Arc;

use serde_json::json;

use super::{Same, Scripted, question, stage, usual};
use crate::run::{FollowedRun, Observer, RunEvent, ask, history};
use crate::testing::block;
use poag_core::council::event::{Event, Started};
use poag_core::council::limits::Limits;
use poag_core::council::message::Message;

/// Writes down what it hears.
#[derive(Default)]
struct Heard(Vec<String>);

impl Observer for Heard {
    fn begun(&mut self, started: &Started, resumed: bool) {
        self.0.push(format!("begun {} {resumed}", started.run));
    }
    fn event(&mut self, event: &Event) {
        self.0.push(json!(event).to_string());
    }
    fn message(&mut self, message: &Message) {
        self.0.push(json!(message).to_string());
    }
}

#[test]
fn a_run_is_heard_by_its_events_as_it_is_where_it_is_driven() {
    let stage = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let backends = Arc::new(Same(agent));
    let mut there = Heard::default();
    let asked = question(Limits::default());
    let driven = ask(&stage.graph, &asked, backends, &stage.ledger, &mut there);
    let run = block(driven).unwrap().run;
    let events = history(&stage.ledger, &run).unwrap().events;
    assert!(there.0.len() > events.len(), "messages are told, too");
    // As they come over the wire.
    let text = serde_json::to_string(&events).unwrap();
    let events: Vec<RunEvent> = serde_json::from_str(&text).unwrap();
    let mut here = Heard::default();
    let mut followed = FollowedRun::new(&stage.graph);
    for event in &events {
        followed.take_in(event, &mut here).unwrap();
    }
    assert_eq!(here.0, there.0);
    // From anywhere in the middle, what comes after is heard.
    for at in 1..events.len() {
        let (before, after) = events.split_at(at);
        let mut late = Heard::default();
        let mut followed = FollowedRun::new(&stage.graph);
        followed.catch_up(before, &mut late).unwrap();
        assert_eq!(late.0, [format!("begun {run} true")]);
        for event in after {
            followed.take_in(event, &mut late).unwrap();
        }
        let heard = late.0.len() - 1;
        assert_eq!(late.0[1..], there.0[there.0.len() - heard..], "from {at}");
    }
    let mut followed = FollowedRun::new(&stage.graph);
    followed.take_in(&events[1], &mut ()).unwrap_err();
}
