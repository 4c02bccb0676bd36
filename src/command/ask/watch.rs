//! What a person sees of a council while it goes on: who asks whom, and what went wrong.

use std::time::{Duration, Instant};

use crate::command::style;
use crate::council::message::{Body, Message};
use crate::council::runner::Observer;
use crate::council::{Event, TurnId};

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
                anstream::eprintln!("{line}");
            }
        }
    }
}

impl Observer for Watch {
    fn begun(&mut self, run: &str, resumed: bool) {
        let verb = if resumed { "goes on" } else { "begins" };
        self.say(style::dim(format!("poag: run {run} {verb}")));
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::TurnStarted { turn, messages } => {
                let count = messages.len();
                let unread = if count == 1 { "message" } else { "messages" };
                self.say(format!(
                    "poag: {} thinks about {count} {unread}",
                    style::bold(&turn.expert)
                ));
            }
            Event::TurnFailed { turn, failure, .. } => {
                let first = failure
                    .reason
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .to_string();
                self.say(format!(
                    "poag: {} {}",
                    style::bold(&turn.expert),
                    style::warn(format!("failed: {first}"))
                ));
            }
            Event::TimeIsUp {} => self.say(style::warn("poag: the time is up")),
            _ => {}
        }
    }

    fn late(&mut self, turn: &TurnId) {
        let note = format!("{turn} ended too late; what it said is not in the plan");
        self.say(style::warn(format!("poag: {note}")));
    }

    fn message(&mut self, message: &Message) {
        if let (Some(from), Body::Ask { text, .. }) = (&message.from, &message.body) {
            let first = text.lines().next().unwrap_or_default();
            self.say(format!(
                "poag: {} asks {}: {first}",
                style::bold(from),
                style::bold(&message.to)
            ));
        }
    }
}
