//! Questions of turns that are under way: sent at once, and their answers heard within the turn.

use super::seat::question;
use super::{AskOutcome, Council, Refused, Seat};
use crate::council::event::TurnId;
use crate::council::message::{Ask, Body, Message};

/// What has become of a question, by its words.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing<'c> {
    /// Nobody asked it.
    Unasked,
    /// It was not sent.
    Refused(&'c str),
    /// No answer yet.
    Waiting,
    /// The answer, and whether it is unread.
    Answered(&'c Message, bool),
}

impl Council<'_> {
    /// What has become of an expert's question. The same words are the same question, in whichever turn or
    /// attempt they were asked.
    #[must_use]
    pub fn standing(&self, name: &str, ask: &Ask) -> Standing<'_> {
        let seat = self.seats.get(name);
        let sent = |seat: &'_ Seat| seat.asked.get(&question(ask)).copied();
        let Some((seat, sent)) = seat.and_then(|seat| Some((seat, sent(seat)?))) else {
            return Standing::Unasked;
        };
        let Some(id) = sent else {
            let mut refused = self.refused.iter().rev();
            let same =
                refused.find(|old| (&*old.from, &old.to, &old.text) == (name, &ask.to, &ask.text));
            return Standing::Refused(same.map_or("it was refused", |refused| &refused.why));
        };
        let asked = self.asked.get(&id);
        if asked.is_none_or(|asked| asked.outcome == AskOutcome::Open) {
            return Standing::Waiting;
        }
        let answers = |message: &&Message| match &message.body {
            Body::Reply { to_ask, .. } | Body::NoReply { to_ask, .. } => *to_ask == id,
            _ => false,
        };
        let answer = self.messages.iter().rev().find(answers);
        answer.map_or(Standing::Waiting, |answer| {
            Standing::Answered(answer, seat.unread.contains(&answer.id))
        })
    }

    /// Hands answers to a turn under way.
    pub(super) fn hear(&mut self, turn: &TurnId, messages: &[u64]) -> Result<(), Refused> {
        self.under_way(turn)?;
        let unread = self.seats.get(&turn.expert).map(|seat| &seat.unread);
        let fits = |at: usize, id: &u64| {
            self.is_answer(*id)
                && unread.is_some_and(|unread| unread.contains(id))
                && !messages.iter().take(at).any(|other| other == id)
        };
        let mut wrong = messages.iter().enumerate();
        if let Some((_, message)) = wrong.find(|(at, id)| !fits(*at, id)) {
            return Err(Refused::NotUnread {
                turn: turn.clone(),
                message: *message,
            });
        }
        if let Some(seat) = self.seats.get_mut(&turn.expert) {
            seat.unread.retain(|id| !messages.contains(id));
            if let Some(now) = &mut seat.now {
                now.messages.extend(messages);
            }
        }
        Ok(())
    }
}
