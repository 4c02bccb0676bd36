//! What a person sees of a council while it goes on: who asks whom, and what went wrong.

use std::time::{Duration, Instant};

use crate::command::style;
use crate::council::message::Message;
use crate::council::{Event, TurnId};
use crate::engine::run::Observer;
use crate::engine::run::news::{News, of_event, of_message};
use crate::expert::{Expert, Graph, Status};
use crate::terminal;

/// A council that is over sooner is not worth a word.
const PATIENCE: Duration = Duration::from_secs(1);

/// Tells on standard error, once a council takes its time.
pub struct Watch {
    began: Instant,
    quiet: bool,
    /// Said, but not shown yet.
    held: Vec<String>,
}

impl Watch {
    /// `quiet` shows nothing.
    pub fn new(quiet: bool) -> Self {
        Self {
            began: Instant::now(),
            quiet,
            held: Vec::new(),
        }
    }

    fn say(&mut self, line: String) {
        if self.quiet {
            return;
        }
        self.held.push(line);
        if self.began.elapsed() >= PATIENCE {
            for line in self.held.drain(..) {
                terminal::note(&line);
            }
        }
    }
}

impl Observer for Watch {
    /// An answer from an older state of a flake should not be given unseen.
    fn opened(&mut self, graph: &Graph) {
        let stale = |expert: &&Expert| expert.freshness.status == Status::Stale;
        for expert in graph.experts.values().filter(|_| !self.quiet).filter(stale) {
            terminal::note(&format!(
                "{} {} is stale; it answers from its flake as it is now ({})",
                style::warn("note:"),
                expert.name,
                expert.freshness.repair
            ));
        }
    }

    fn begun(&mut self, run: &str, resumed: bool) {
        let verb = if resumed { "goes on" } else { "begins" };
        self.say(style::dim(format!("poag: run {run} {verb}")));
    }

    fn event(&mut self, event: &Event) {
        if let Some(news) = of_event(event) {
            self.say(styled(&news));
        }
    }

    fn late(&mut self, turn: &TurnId) {
        let note = format!("{turn} ended too late; what it said is not in the plan");
        self.say(style::warn(format!("poag: {note}")));
    }

    fn message(&mut self, message: &Message) {
        if let Some(news) = of_message(message) {
            self.say(styled(&news));
        }
    }
}

fn styled(news: &News) -> String {
    let what = match news.bad {
        true => style::warn(&news.what),
        false => news.what.clone(),
    };
    match &news.who {
        Some(who) => format!("poag: {} {what}", style::bold(who)),
        None => format!("poag: {what}"),
    }
}
