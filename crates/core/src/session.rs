//! A session: a conversation of a person or a program with one expert, message by message, as a state that follows from
//! events. A message waits until those before it are answered; the last answer stays until the next one replaces it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

mod event;

pub use event::{SESSION_EVENT_VERSION, SessionEvent, SessionStart};

use crate::agent::{Checkpoint, Usage};
use crate::council::message::TurnResult;

/// Longest message, in bytes.
pub const MESSAGE_BYTES: usize = 256 << 10;
/// Messages that may wait at a time.
pub const WAITING: usize = 64;
/// Longest name, in bytes.
const SESSION_NAME_BYTES: usize = 64;

/// What became of a message.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum Reception {
    /// Its turn has not come.
    Waiting,
    /// The expert thinks about it.
    Thinking,
    /// This is the answer.
    Replied {
        /// What the expert says.
        result: Box<TurnResult>,
    },
    /// There is none.
    Unanswered {
        /// Why.
        reason: String,
    },
    /// Given up before there was one.
    Interrupted,
}

/// One message with what became of it.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionMessage {
    /// Its number, from 1.
    pub number: u32,
    /// What was said.
    pub text: String,
    /// By whom.
    pub by: String,
    /// What became of it.
    pub reception: Reception,
    /// What it cost.
    pub usage: Usage,
}

/// How a session stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionStatus {
    /// Nothing was said, or what was said was given up.
    Idle,
    /// The expert thinks, or will.
    Running,
    /// There is output.
    Await,
    /// The last message has no answer.
    Failed,
    /// It takes no more messages.
    Closed,
}

impl SessionStatus {
    /// As it is written in a status file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Await => "await",
            Self::Failed => "failed",
            Self::Closed => "closed",
        }
    }
}

/// Why an event does not fit.
#[derive(Debug, Error, PartialEq)]
pub enum SessionRefusal {
    /// It is over.
    #[error(
        "session '{name}' is closed\nrepair: open another one (`poag session open`); what was said in this one stays readable"
    )]
    Closed {
        /// Its name.
        name: String,
    },
    /// A message with nothing in it, or too much.
    #[error(
        "a message has from 1 to {MESSAGE_BYTES} bytes, this one has {bytes}\nrepair: say it shorter, or name the files instead of quoting them"
    )]
    Size {
        /// Its size.
        bytes: usize,
    },
    /// Too much waits.
    #[error(
        "{WAITING} messages wait in session '{name}' already\nrepair: wait until some are answered, or `poag session ctl {name} interrupt`"
    )]
    Full {
        /// Its name.
        name: String,
    },
    /// A name that is none.
    #[error("'{name}' is no name for a session\nrepair: use 1 to 64 letters, digits, `-` and `_`")]
    BadName {
        /// What was given.
        name: String,
    },
    /// An event out of order.
    #[error(
        "{what} does not fit what happened in session '{name}' before\nrepair: read it with the poag that wrote it"
    )]
    Misplaced {
        /// Its name.
        name: String,
        /// The event's word.
        what: &'static str,
    },
}

/// A session as its events have left it.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// How it began.
    pub start: SessionStart,
    /// What was said, in order.
    pub messages: Vec<SessionMessage>,
    /// The conversation to go on in; none begins with what the expert knows.
    pub conversation: Option<Checkpoint>,
    /// Whether it is over.
    pub closed: bool,
}

impl Session {
    /// A session that begins.
    ///
    /// # Errors
    /// When its name is none.
    pub fn new(start: SessionStart) -> Result<Self, SessionRefusal> {
        check_name(&start.name)?;
        Ok(Self {
            start,
            messages: Vec::new(),
            conversation: None,
            closed: false,
        })
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> SessionStatus {
        if self.closed {
            return SessionStatus::Closed;
        }
        if self.next().is_some() {
            return SessionStatus::Running;
        }
        match self.messages.last().map(|last| &last.reception) {
            Some(Reception::Replied { .. }) => SessionStatus::Await,
            Some(Reception::Unanswered { .. }) => SessionStatus::Failed,
            _ => SessionStatus::Idle,
        }
    }

    /// The message that is to be answered next.
    #[must_use]
    pub fn next(&self) -> Option<&SessionMessage> {
        let open = |one: &&SessionMessage| {
            matches!(one.reception, Reception::Waiting | Reception::Thinking)
        };
        self.messages.iter().find(open).filter(|_| !self.closed)
    }

    /// The last answer, which stays until the next one replaces it.
    #[must_use]
    pub fn output(&self) -> Option<(&SessionMessage, &TurnResult)> {
        self.messages
            .iter()
            .rev()
            .find_map(|one| match &one.reception {
                Reception::Replied { result } => Some((one, result.as_ref())),
                _ => None,
            })
    }

    /// What all of it cost.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let mut all = Usage::default();
        for one in &self.messages {
            all += one.usage;
        }
        all
    }

    /// Takes in the next event.
    ///
    /// # Errors
    /// When it does not fit; nothing has changed then.
    pub fn apply(&mut self, event: &SessionEvent) -> Result<(), SessionRefusal> {
        let own = self.start.name.clone();
        let name = || own.clone();
        if self.closed {
            return Err(SessionRefusal::Closed { name: name() });
        }
        let misplaced = || SessionRefusal::Misplaced {
            name: name(),
            what: event.word(),
        };
        match event {
            SessionEvent::Opened { .. } => return Err(misplaced()),
            SessionEvent::Said { number, text, by } => {
                if !(1..=MESSAGE_BYTES).contains(&text.trim().len()) || text.len() > MESSAGE_BYTES {
                    return Err(SessionRefusal::Size { bytes: text.len() });
                }
                if *number as usize != self.messages.len() + 1 {
                    return Err(misplaced());
                }
                let open = |one: &&SessionMessage| one.reception == Reception::Waiting;
                if self.messages.iter().filter(open).count() >= WAITING {
                    return Err(SessionRefusal::Full { name: name() });
                }
                self.messages.push(SessionMessage {
                    number: *number,
                    text: text.clone(),
                    by: by.clone(),
                    reception: Reception::Waiting,
                    usage: Usage::default(),
                });
            }
            SessionEvent::Thinking { number } => {
                let next = self.next().map(|next| next.number);
                if next != Some(*number) {
                    return Err(misplaced());
                }
                self.message(*number).ok_or_else(misplaced)?.reception = Reception::Thinking;
            }
            SessionEvent::Replied {
                number,
                result,
                usage,
                conversation,
            } => {
                let message = self.thinking(*number).ok_or_else(misplaced)?;
                message.reception = Reception::Replied {
                    result: result.clone(),
                };
                message.usage = *usage;
                if conversation.is_some() {
                    self.conversation.clone_from(conversation);
                }
            }
            SessionEvent::Unanswered {
                number,
                reason,
                usage,
            } => {
                let message = self.thinking(*number).ok_or_else(misplaced)?;
                message.reception = Reception::Unanswered {
                    reason: reason.clone(),
                };
                message.usage = *usage;
            }
            SessionEvent::Interrupted { .. } => {
                for one in &mut self.messages {
                    if matches!(one.reception, Reception::Waiting | Reception::Thinking) {
                        one.reception = Reception::Interrupted;
                    }
                }
            }
            SessionEvent::Compacted { .. } => {
                self.conversation = None;
            }
            SessionEvent::Ended { .. } => self.closed = true,
        }
        Ok(())
    }

    fn message(&mut self, number: u32) -> Option<&mut SessionMessage> {
        self.messages
            .iter_mut()
            .find(|message| message.number == number)
    }

    fn thinking(&mut self, number: u32) -> Option<&mut SessionMessage> {
        self.message(number)
            .filter(|message| message.reception == Reception::Thinking)
    }
}

/// Whether a name can be one of a session or a snippet: a file, a word of a shell, and a part of an address.
///
/// # Errors
/// When it cannot.
pub fn check_name(name: &str) -> Result<(), SessionRefusal> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let length = (1..=SESSION_NAME_BYTES).contains(&name.len());
    match length && name.chars().all(allowed) && !name.starts_with('-') {
        true => Ok(()),
        false => Err(SessionRefusal::BadName {
            name: crate::clean::clean(name).chars().take(80).collect(),
        }),
    }
}

#[cfg(test)]
mod tests;
