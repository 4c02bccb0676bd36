//! One session, as anybody changes it: each change by compare-and-swap.

use std::time::Duration;

use poag_core::session::{Session, SessionEvent, SessionStart, SessionStatus, check_name};
use poag_ledger::{Batch, Ledger, LedgerError, NewStream, Replica};

use super::ledger::{KIND, SessionState, new_event};
use super::{SessionError, SessionLedger};
use crate::backends::{BackendChoice, Backends};
use crate::run::BackendSelection as _;
use crate::{Engine, EngineError, ProjectRef};

/// How often a session is looked at by who waits for it.
const LOOKS: Duration = Duration::from_millis(3);

/// A session to open.
#[derive(Clone, Debug, Default)]
pub struct OpenSessionRequest {
    /// The expert; none for the flake's own.
    pub expert: Option<String>,
    /// What it is called; none for the expert's name, with a number where that is taken.
    pub name: Option<String>,
    /// Who thinks, where it is not as the flake declares.
    pub backends: BackendChoice,
    /// Who opens it.
    pub by: String,
}

/// A session that was opened.
pub struct OpenSession<'l> {
    ledger: &'l dyn Ledger,
    replica: Replica<SessionState>,
}

impl Engine {
    /// Begins a session with an expert of a flake; nothing is said yet. Gives its id and name.
    ///
    /// # Errors
    /// When the flake cannot be opened, there is no such expert or backend, or the name is taken or none.
    pub async fn open_session(
        &self,
        target: &ProjectRef,
        request: &OpenSessionRequest,
    ) -> Result<(String, String), EngineError> {
        let project = self.open(target).await?;
        let graph = &project.graph;
        let name = request.expert.as_deref().unwrap_or(&graph.root);
        let expert = crate::find(graph, name)?;
        let backends = Backends::new(self, target, graph, &request.backends)?;
        let sessions = self.sessions()?;
        let flake = target.flake.to_string();
        let start = SessionStart {
            name: free_name(&sessions, &flake, &expert.name, request.name.as_deref())?,
            flake: flake.clone(),
            expert: expert.name.clone(),
            identity: expert.identity.clone(),
            agents: backends.selection(graph),
            by: request.by.clone(),
        };
        let (id, name) = (uuid::Uuid::now_v7().to_string(), start.name.clone());
        Session::new(start.clone()).map_err(SessionError::from)?;
        let event = SessionEvent::Opened {
            start: Box::new(start),
        };
        let stream = NewStream {
            id: &id,
            kind: KIND,
            subject: &flake,
        };
        let batch = Batch {
            events: vec![new_event(&event)?],
            ..Batch::default()
        };
        sessions.ledger.create(&stream, &batch)?;
        Ok((id, name))
    }
}

/// The name that was wished for, where no open session has it; else one made of the expert's.
fn free_name(
    sessions: &SessionLedger,
    flake: &str,
    expert: &str,
    wished: Option<&str>,
) -> Result<String, SessionError> {
    let known = sessions.names(Some(flake), Some(false))?;
    let taken = |name: &str| known.iter().any(|(_, known)| known == name);
    if let Some(name) = wished {
        check_name(name)?;
        return match taken(name) {
            true => Err(SessionError::Taken { name: name.into() }),
            false => Ok(name.to_owned()),
        };
    }
    let plain: String = expert
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(48)
        .collect();
    let plain = plain.trim_start_matches('-').to_owned();
    let mut names = std::iter::once(plain.clone()).chain((2..).map(|at| format!("{plain}-{at}")));
    Ok(names.find(|name| !taken(name)).unwrap_or(plain))
}

impl<'l> OpenSession<'l> {
    pub(super) fn of(ledger: &'l dyn Ledger, id: &str) -> Result<Self, SessionError> {
        match ledger.stream(id) {
            Ok(stream) if stream.kind == KIND => {}
            // A run, for instance.
            Ok(_) | Err(LedgerError::Unknown { .. }) => {
                return Err(SessionError::NoSuchSession {
                    word: id.chars().take(80).collect(),
                    count: 0,
                });
            }
            Err(error) => return Err(error.into()),
        }
        let replica = Replica::open(ledger, id)?;
        Ok(Self { ledger, replica })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.replica.stream()
    }

    /// The session, as far as it was read.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.replica.state().0
    }

    /// The number of the last event that was read.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.replica.last()
    }

    /// Takes in what others wrote meanwhile.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn catch_up(&mut self) -> Result<(), SessionError> {
        self.replica.catch_up(self.ledger)?;
        Ok(())
    }

    /// Says something to the expert; it waits until what was said before is answered. Gives the message's number.
    ///
    /// # Errors
    /// When it is too long or too much waits, the session is closed, or the ledger fails.
    pub fn say(&mut self, text: &str, by: &str) -> Result<u32, SessionError> {
        let mut said = 0;
        self.propose(|session| {
            said = u32::try_from(session.messages.len() + 1).unwrap_or(u32::MAX);
            Ok(vec![SessionEvent::Said {
                number: said,
                text: text.to_owned(),
                by: by.to_owned(),
            }])
        })?;
        Ok(said)
    }

    /// Gives up what is under way and what waits, where there is any.
    ///
    /// # Errors
    /// When the session is closed, or the ledger fails.
    pub fn interrupt(&mut self, by: &str) -> Result<(), SessionError> {
        self.propose(|session| {
            let by = by.to_owned();
            Ok(match session.next() {
                Some(_) => vec![SessionEvent::Interrupted { by }],
                None => Vec::new(),
            })
        })
    }

    /// Begins the conversation anew, with a short account of what it came to.
    ///
    /// # Errors
    /// As [`Self::interrupt`].
    pub fn compact(&mut self, by: &str) -> Result<(), SessionError> {
        self.propose(|_| Ok(vec![SessionEvent::Compacted { by: by.to_owned() }]))
    }

    /// Ends it: it takes no more messages, and stays readable. Twice is once.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn close(&mut self, by: &str) -> Result<(), SessionError> {
        self.replica.propose(self.ledger, |SessionState(session)| {
            if session.closed {
                return Ok(Batch::default());
            }
            let by = || by.to_owned();
            let mut events = Vec::new();
            if session.next().is_some() {
                events.push(new_event(&SessionEvent::Interrupted { by: by() })?);
            }
            events.push(new_event(&SessionEvent::Ended { by: by() })?);
            Ok::<_, SessionError>(Batch {
                events,
                close: true,
                ..Batch::default()
            })
        })
    }

    /// Waits until the session stands otherwise than `status`, for at most `most`; gives how it stands then.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn changed(
        &mut self,
        status: SessionStatus,
        most: Duration,
    ) -> Result<SessionStatus, SessionError> {
        let end = tokio::time::Instant::now() + most;
        loop {
            self.catch_up()?;
            let now = self.session().status();
            if now != status || tokio::time::Instant::now() >= end {
                return Ok(now);
            }
            tokio::time::sleep(LOOKS).await;
        }
    }

    /// Writes the events that `decide` makes of the session as it is, all or none.
    ///
    /// # Errors
    /// When `decide` or the session refuses, or the ledger fails.
    pub(super) fn propose(
        &mut self,
        mut decide: impl FnMut(&Session) -> Result<Vec<SessionEvent>, SessionError>,
    ) -> Result<(), SessionError> {
        self.replica.propose(self.ledger, |state| {
            let events = decide(&state.0)?;
            let events: Result<_, SessionError> = events.iter().map(new_event).collect();
            Ok::<_, SessionError>(Batch {
                events: events?,
                ..Batch::default()
            })
        })
    }
}
