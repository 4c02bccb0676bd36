//! What is worth telling of a council while it goes on: who thinks, who asks whom, and what went wrong.

use poag_core::council::Event;
use poag_core::council::message::{Body, Message};

/// One thing that happens: who, and what they do.
pub struct News {
    /// The expert; none where it concerns the whole council.
    pub who: Option<String>,
    /// What it does, as the rest of a sentence.
    pub what: String,
    /// Whether something goes wrong.
    pub bad: bool,
}

impl News {
    fn of(who: &str, what: String) -> Self {
        Self {
            who: Some(who.to_owned()),
            what,
            bad: false,
        }
    }

    /// As one line.
    #[must_use]
    pub fn plain(&self) -> String {
        match &self.who {
            Some(who) => format!("{who} {}", self.what),
            None => self.what.clone(),
        }
    }
}

/// What is worth telling of an event.
#[must_use]
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
#[must_use]
pub fn of_message(message: &Message) -> Option<News> {
    let (Some(from), Body::Ask { text, .. }) = (&message.from, &message.body) else {
        return None;
    };
    let first = text.lines().next().unwrap_or_default();
    Some(News::of(from, format!("asks {}: {first}", message.to)))
}
