//! What a person sees of a council while it goes on: who asks whom, and what went wrong.

use std::time::{Duration, Instant};

use crate::command::style;
use crate::council::message::{Body, Message};
use crate::council::{Event, TurnId};
use crate::engine::run::Observer;
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
            self.say(news.styled());
        }
    }

    fn late(&mut self, turn: &TurnId) {
        let note = format!("{turn} ended too late; what it said is not in the plan");
        self.say(style::warn(format!("poag: {note}")));
    }

    fn message(&mut self, message: &Message) {
        if let Some(news) = of_message(message) {
            self.say(news.styled());
        }
    }
}

/// A line of news: who, and what they do.
pub struct News {
    who: Option<String>,
    what: String,
    bad: bool,
}

impl News {
    fn of(who: &str, what: String) -> Self {
        Self {
            who: Some(who.to_owned()),
            what,
            bad: false,
        }
    }

    /// Without colours.
    pub fn plain(&self) -> String {
        match &self.who {
            Some(who) => format!("{who} {}", self.what),
            None => self.what.clone(),
        }
    }

    fn styled(&self) -> String {
        let what = match self.bad {
            true => style::warn(&self.what),
            false => self.what.clone(),
        };
        match &self.who {
            Some(who) => format!("poag: {} {what}", style::bold(who)),
            None => format!("poag: {what}"),
        }
    }
}

/// What is worth telling of an event.
pub fn of_event(event: &Event) -> Option<News> {
    match event {
        Event::TurnStarted { turn, messages } => {
            let count = messages.len();
            let unread = if count == 1 { "message" } else { "messages" };
            let what = format!("thinks about {count} {unread}");
            Some(News::of(&turn.expert, what))
        }
        Event::TurnFailed { turn, failure, .. } => {
            let first = failure.reason.lines().next().unwrap_or_default();
            let news = News::of(&turn.expert, format!("failed: {first}"));
            Some(News { bad: true, ..news })
        }
        Event::TimeIsUp {} => Some(News {
            who: None,
            what: "the time is up".into(),
            bad: true,
        }),
        _ => None,
    }
}

/// What is worth telling of a message: who asks whom.
pub fn of_message(message: &Message) -> Option<News> {
    let (Some(from), Body::Ask { text, .. }) = (&message.from, &message.body) else {
        return None;
    };
    let first = text.lines().next().unwrap_or_default();
    Some(News::of(from, format!("asks {}: {first}", message.to)))
}
