//! A session: a conversation of a person or a program with one expert, message by message, as a state that follows from
//! events. A message waits until those before it are answered; the last answer stays until the next one replaces it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::agent::{Checkpoint, Usage};
use crate::council::event::AgentSelection;
use crate::council::message::TurnResult;

/// Version of [`SessionEvent`].
pub const SESSION_EVENT_VERSION: u32 = 1;
/// Longest message, in bytes.
pub const MESSAGE_BYTES: usize = 256 << 10;
/// Messages that may wait at a time.
pub const WAITING: usize = 64;
/// Longest name, in bytes.
const SESSION_NAME_BYTES: usize = 64;

/// With whom a session is, and who thinks for it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionStart {
    /// What it is called; unique among the open sessions of a flake.
    pub name: String,
    /// The flake, as it was named.
    pub flake: String,
    /// The expert.
    pub expert: String,
    /// What the expert knew when the session began.
    pub identity: String,
    /// Who thinks for the experts of the flake.
    pub agents: AgentSelection,
    /// Who opened it.
    pub by: String,
}

/// Something that happened in a session.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum SessionEvent {
    /// It began.
    Opened {
        /// How.
        start: Box<SessionStart>,
    },
    /// Somebody said something to the expert.
    Said {
        /// The message's number, from 1.
        number: u32,
        /// What.
        text: String,
        /// Who.
        by: String,
    },
    /// The expert begins to think about a message, perhaps once more after a crash.
    Thinking {
        /// The message.
        number: u32,
    },
    /// The expert answered.
    Replied {
        /// The message.
        number: u32,
        /// What it says.
        result: Box<TurnResult>,
        /// What that cost.
        usage: Usage,
        /// The conversation as it stands now, where the backend can go on in it.
        conversation: Option<Checkpoint>,
    },
    /// The expert could not answer: no answer, but the reason.
    Unanswered {
        /// The message.
        number: u32,
        /// Why, ending in what to do.
        reason: String,
        /// What that cost.
        usage: Usage,
    },
    /// Whatever was under way or waited is given up.
    Interrupted {
        /// By whom.
        by: String,
    },
    /// The conversation begins anew, with what it came to instead of its words.
    Compacted {
        /// By whom.
        by: String,
    },
    /// It takes no more messages.
    Ended {
        /// By whom.
        by: String,
    },
}

impl SessionEvent {
    /// The word for it in a ledger.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Said { .. } => "said",
            Self::Thinking { .. } => "thinking",
            Self::Replied { .. } => "replied",
            Self::Unanswered { .. } => "unanswered",
            Self::Interrupted { .. } => "interrupted",
            Self::Compacted { .. } => "compacted",
            Self::Ended { .. } => "ended",
        }
    }
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize)]
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
mod tests {
    use super::*;
    use crate::council::message::Verdict;

    fn session() -> Session {
        Session::new(SessionStart {
            name: "talk".into(),
            flake: "path:/x".into(),
            expert: "core".into(),
            identity: "1".into(),
            agents: AgentSelection::default(),
            by: "ada".into(),
        })
        .unwrap()
    }

    fn said(number: u32) -> SessionEvent {
        SessionEvent::Said {
            number,
            text: format!("question {number}"),
            by: "ada".into(),
        }
    }

    fn replied(number: u32) -> SessionEvent {
        SessionEvent::Replied {
            number,
            result: Box::new(TurnResult {
                schema_version: 1,
                edits: Vec::new(),
                answer: None,
                asks: Vec::new(),
                verdict: Verdict::Accept,
                notes: vec![format!("answer {number}")],
                steps: Vec::new(),
                decisions: Vec::new(),
            }),
            usage: Usage::default(),
            conversation: None,
        }
    }

    #[test]
    fn messages_are_answered_in_order_and_the_last_answer_stays() {
        let mut session = session();
        assert_eq!(session.status(), SessionStatus::Idle);
        session.apply(&said(1)).unwrap();
        session.apply(&said(2)).unwrap();
        assert_eq!(session.status(), SessionStatus::Running);
        let second = SessionEvent::Thinking { number: 2 };
        assert!(session.apply(&second).is_err(), "the first is first");
        session
            .apply(&SessionEvent::Thinking { number: 1 })
            .unwrap();
        assert!(session.apply(&replied(2)).is_err(), "nobody thinks of it");
        session.apply(&replied(1)).unwrap();
        assert_eq!(session.status(), SessionStatus::Running);
        assert_eq!(session.output().unwrap().1.notes, ["answer 1"]);
        session.apply(&second).unwrap();
        let failed = SessionEvent::Unanswered {
            number: 2,
            reason: "it is away".into(),
            usage: Usage::default(),
        };
        session.apply(&failed).unwrap();
        assert_eq!(session.status(), SessionStatus::Failed);
        assert_eq!(session.output().unwrap().0.number, 1);
    }

    #[test]
    fn what_is_interrupted_has_no_answer_and_comes_too_late() {
        let mut session = session();
        session.apply(&said(1)).unwrap();
        session
            .apply(&SessionEvent::Thinking { number: 1 })
            .unwrap();
        let by = || "ada".to_owned();
        session
            .apply(&SessionEvent::Interrupted { by: by() })
            .unwrap();
        assert_eq!(session.status(), SessionStatus::Idle);
        assert!(session.apply(&replied(1)).is_err());
        assert!(session.output().is_none());
        session.apply(&SessionEvent::Ended { by: by() }).unwrap();
        assert_eq!(
            session.apply(&said(2)),
            Err(SessionRefusal::Closed {
                name: "talk".into()
            })
        );
    }

    #[test]
    fn messages_and_names_are_bounded() {
        let mut session = session();
        for text in ["", "  ", &"x".repeat(MESSAGE_BYTES + 1)] {
            let event = SessionEvent::Said {
                number: 1,
                text: (*text).to_owned(),
                by: "ada".into(),
            };
            assert!(matches!(
                session.apply(&event),
                Err(SessionRefusal::Size { .. })
            ));
        }
        for number in 1..=WAITING {
            session
                .apply(&said(u32::try_from(number).unwrap()))
                .unwrap();
        }
        let more = said(u32::try_from(WAITING + 1).unwrap());
        assert!(matches!(
            session.apply(&more),
            Err(SessionRefusal::Full { .. })
        ));
        for bad in ["", "a/b", "..", "-x", "ü", "a b", &"x".repeat(65)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        assert!(check_name("a_B-9").is_ok());
    }
}
