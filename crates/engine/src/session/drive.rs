//! What has messages answered: one process at a time, in order, until none waits.

#![expect(
    clippy::disallowed_methods,
    reason = "folders of sessions, in the state folder"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use poag_agent::{AgentError, Checkpoint, Start, TurnOutput, TurnRequest};
use poag_core::agent::Usage;
use poag_core::council::event::TurnId;
use poag_core::council::message::{Body, Message, TURN_VERSION, TurnInput, TurnResult};
use poag_core::council::{check, neighbor_views};
use poag_core::expert::{Expert, Graph};
use poag_core::session::{Reception, SessionEvent, SessionMessage, SessionStatus};
use poag_ledger::{Ledger as _, LedgerError};

use super::said::account;
use super::{OpenSession, SessionError, room};
use crate::backends::{BackendChoice, Backends};
use crate::run::flake_tree::FlakeTree;
use crate::run::turn::{GRACE, turn_time};
use crate::run::{BackendSelection as _, Participant, TurnContext};
use crate::{Engine, EngineError, find};

/// How often it is seen that a message was given up while its turn is under way.
const LOOKS: Duration = Duration::from_millis(25);
/// Earlier messages that an agent without a memory is told of.
const REMEMBERED: usize = 12;

/// Who answers in one session, and over what.
struct Speaking {
    graph: Arc<Graph>,
    expert: Expert,
    backends: Backends,
    timeout: Duration,
    /// Connected for the first message.
    participant: Option<Participant>,
    /// Where the conversation is kept.
    place: PathBuf,
}

/// The end of a turn.
struct Turned {
    output: TurnOutput,
    conversation: Option<Checkpoint>,
}

impl Engine {
    /// Has every message of a session answered that waits, in order, and gives how it stands then. Where another process
    /// does so already, that is left to it. Dropping the future stops the turn under way; its message waits on.
    ///
    /// # Errors
    /// When there is no such session, or the ledger fails. What an agent does wrong, and why a flake cannot be opened, is
    /// said in the session.
    pub async fn drive_session(&self, id: &str) -> Result<SessionStatus, EngineError> {
        let sessions = self.sessions()?;
        let mut speaking = None;
        loop {
            let claim = match sessions.ledger.claim(id) {
                Err(LedgerError::Claimed { .. }) => {
                    return Ok(sessions.open(id)?.session().status());
                }
                claim => claim?,
            };
            let mut open = sessions.open(id)?;
            while let Some(message) = open.session().next().cloned() {
                let speaking = match &mut speaking {
                    Some(speaking) => speaking,
                    none => match self.speaking(&open).await {
                        Ok(speaking) => none.insert(speaking),
                        Err(error @ EngineError::Ledger(_)) => return Err(error),
                        Err(error) => {
                            nobody(&mut open, &message, &error)?;
                            open.catch_up()?;
                            continue;
                        }
                    },
                };
                speaking.answer(&mut open, &message).await?;
                open.catch_up()?;
            }
            drop(claim);
            // Said just before the claim was given back: who said it found it taken.
            open.catch_up()?;
            if open.session().next().is_none() {
                return Ok(open.session().status());
            }
        }
    }

    async fn speaking(&self, open: &OpenSession<'_>) -> Result<Speaking, EngineError> {
        let start = &open.session().start;
        let target = self.runs()?.target(open.id())?;
        let project = self.open(&target).await?;
        let graph = Arc::clone(&project.graph);
        let expert = find(&graph, &start.expert)?.clone();
        let backends = Backends::new(self, &target, &graph, &BackendChoice::default())?;
        Ok(Speaking {
            backends: backends.going_on_with(start.agents.clone()),
            timeout: turn_time(&expert),
            participant: None,
            place: self.state()?.join("sessions").join(open.id()),
            graph,
            expert,
        })
    }
}

/// Says that a message has no answer, since nobody could be asked.
fn nobody(
    open: &mut OpenSession<'_>,
    message: &SessionMessage,
    error: &EngineError,
) -> Result<(), SessionError> {
    let number = message.number;
    open.propose(|session| {
        let Some(next) = session.next().filter(|next| next.number == number) else {
            return Ok(Vec::new());
        };
        let thinking = SessionEvent::Thinking { number };
        let unanswered = SessionEvent::Unanswered {
            number,
            reason: error.to_string(),
            usage: Usage::default(),
        };
        let waits = next.reception == Reception::Waiting;
        Ok(waits
            .then_some(thinking)
            .into_iter()
            .chain([unanswered])
            .collect())
    })
}

impl Speaking {
    async fn answer(
        &mut self,
        open: &mut OpenSession<'_>,
        message: &SessionMessage,
    ) -> Result<(), SessionError> {
        let number = message.number;
        if message.reception == Reception::Waiting {
            open.propose(|session| {
                let next = session.next().map(|next| next.number);
                let thinking = SessionEvent::Thinking { number };
                Ok((next == Some(number))
                    .then_some(thinking)
                    .into_iter()
                    .collect())
            })?;
        }
        let session = open.session();
        let mut room = room::used(&self.expert, &session.messages);
        if let Some(reason) = room.full(&self.expert.name) {
            return unanswered(open, number, reason);
        }
        let (id, conversation) = (open.id().to_owned(), session.conversation.clone());
        let text = self.text(&session.messages, message, conversation.is_some());
        let turned = tokio::select! {
            turned = self.turn(&id, number, text, conversation) => turned,
            given_up = given_up(open, number) => return given_up,
        };
        let Turned {
            output,
            conversation,
        } = turned;
        let usage = output.usage;
        let accepted = self.accept(output, &open.session().start.identity);
        let accepted = accepted.and_then(|result| {
            room.room_for(&self.expert.name, room::weight(&result))?;
            Ok(result)
        });
        let event = match accepted {
            Ok(result) => SessionEvent::Replied {
                number,
                result: Box::new(result),
                usage,
                conversation,
            },
            Err(reason) => SessionEvent::Unanswered {
                number,
                reason,
                usage,
            },
        };
        let written = open.propose(|session| {
            let thought =
                |one: &SessionMessage| one.number == number && one.reception == Reception::Thinking;
            // Given up in this moment: what comes late is no answer.
            let wanted = !session.closed && session.messages.iter().any(thought);
            Ok(wanted.then(|| event.clone()).into_iter().collect())
        });
        self.forget(number);
        written
    }

    /// What the agent is told: the message alone where it remembers what was said before, else with an account of that.
    fn text(&self, all: &[SessionMessage], message: &SessionMessage, remembers: bool) -> String {
        if remembers || self.backends.backend(&self.expert) == poag_librarian::NAME {
            return message.text.clone();
        }
        let before = all.iter().filter(|one| one.number < message.number);
        let answered = |one: &&SessionMessage| matches!(one.reception, Reception::Replied { .. });
        let answered: Vec<_> = before.filter(answered).collect();
        if answered.is_empty() {
            return message.text.clone();
        }
        let skipped = answered.len().saturating_sub(REMEMBERED);
        let accounts: String = answered[skipped..].iter().map(|one| account(one)).collect();
        format!(
            "{}\n\nThis is what was said before, in short:\n{accounts}",
            message.text
        )
    }

    async fn turn(
        &mut self,
        id: &str,
        number: u32,
        text: String,
        conversation: Option<Checkpoint>,
    ) -> Turned {
        let context = TurnContext {
            run: id.to_owned(),
            timeout: self.timeout,
        };
        let participant = match &self.participant {
            Some(participant) => participant.clone(),
            None => match self.backends.connect(&self.expert, &context).await {
                Ok(participant) => self.participant.insert(participant).clone(),
                Err(output) => {
                    return Turned {
                        output: *output,
                        conversation: None,
                    };
                }
            },
        };
        let turn = TurnId {
            expert: self.expert.name.clone(),
            turn: number,
            attempt: 1,
        };
        let agent = &participant.agent;
        let tools = match agent.capabilities().takes_tools {
            true => self.backends.tools(&turn),
            false => None,
        };
        let input = self.input(number, text);
        let pack = &participant.persona.pack;
        let input = self.backends.enrich(&self.expert, pack, input).await;
        let request = TurnRequest {
            persona: Arc::clone(&participant.persona),
            start: match conversation.filter(|known| known.folder.is_dir()) {
                Some(known) => Start::Checkpoint(known),
                None => participant.start.clone(),
            },
            input: serde_json::to_value(input).unwrap_or_default(),
            timeout: self.timeout,
            correlation: vec![
                ("POAG_SESSION".into(), id.to_owned()),
                ("POAG_EXPERT".into(), turn.expert),
            ],
            tools,
            writing: None,
        };
        let place = self.place.join(number.to_string());
        let taking = async {
            if !agent.capabilities().fork || !made(&place) {
                return (agent.turn(request).await, None);
            }
            agent.seal(request, &place).await
        };
        let taken = tokio::time::timeout(self.timeout + GRACE, taking).await;
        let late = || (AgentError::timeout(agent.name(), self.timeout).into(), None);
        let (output, conversation) = taken.unwrap_or_else(|_| late());
        Turned {
            output,
            conversation,
        }
    }

    fn input(&self, number: u32, text: String) -> TurnInput {
        TurnInput {
            schema_version: TURN_VERSION,
            expert: self.expert.name.clone(),
            turn: number,
            request: text.clone(),
            unread: vec![Message {
                id: u64::from(number),
                from: None,
                to: self.expert.name.clone(),
                body: Body::Ask {
                    text,
                    contract: None,
                },
            }],
            previous: None,
            asked: Vec::new(),
            neighbors: neighbor_views(&self.graph, &self.expert.name),
            consumers: std::collections::BTreeMap::new(),
            retry: None,
            worth_asking: Vec::new(),
            passages: Vec::new(),
            in_pack: Vec::new(),
            earlier_plans: Vec::new(),
        }
    }

    /// A valid answer, or why there is none.
    fn accept(&self, output: TurnOutput, identity: &str) -> Result<TurnResult, String> {
        // What its program said is kept for runs only.
        let told = |error: AgentError| {
            error
                .to_string()
                .replace("; `poag run show` has its words", "")
        };
        let answer = output.outcome.map_err(told)?;
        let bytes = check::json_bytes(&answer);
        let tree = FlakeTree::of(&self.expert, self.backends.repository());
        let mut result = check::accept(&answer, bytes, &self.expert, &self.graph, &tree)
            .map_err(|error| error.to_string())?;
        if identity != self.expert.identity {
            result.notes.push(
                "the flake has changed since this session was opened: open another one to have it read anew"
                    .into(),
            );
        }
        Ok(result)
    }

    /// Removes the conversations before the last one.
    fn forget(&self, number: u32) {
        let Ok(entries) = std::fs::read_dir(&self.place) else {
            return;
        };
        for entry in entries.flatten() {
            let older = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<u32>().ok())
                .is_some_and(|one| one + 1 < number);
            if older {
                // What stays costs room and nothing else.
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// Says that a message that is thought about has no answer, without a turn.
fn unanswered(open: &mut OpenSession<'_>, number: u32, reason: String) -> Result<(), SessionError> {
    let event = SessionEvent::Unanswered {
        number,
        reason,
        usage: Usage::default(),
    };
    open.propose(|session| {
        let next = session.next().map(|next| next.number);
        Ok((next == Some(number))
            .then(|| event.clone())
            .into_iter()
            .collect())
    })
}

/// Makes an empty folder that only its owner can read; whether that went well.
fn made(place: &Path) -> bool {
    use std::os::unix::fs::DirBuilderExt as _;
    let _ = std::fs::remove_dir_all(place);
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(place)
        .is_ok()
}

/// Ends when a message was given up while its turn is under way.
async fn given_up(open: &mut OpenSession<'_>, number: u32) -> Result<(), SessionError> {
    loop {
        tokio::time::sleep(LOOKS).await;
        open.catch_up()?;
        let session = open.session();
        let thought =
            |one: &SessionMessage| one.number == number && one.reception == Reception::Thinking;
        if session.closed || !session.messages.iter().any(thought) {
            return Ok(());
        }
    }
}
