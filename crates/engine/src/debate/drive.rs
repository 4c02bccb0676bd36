//! The loop: asks the debate what is next, writes it down, takes the turns, writes down how they ended.

use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use poag_agent::{AgentError, TurnOutput};
use poag_core::council::event::{FailureKind, TurnId};
use poag_core::debate::{Debate, DebateAnswer, DebateEvent, DebateStep, DebaterTurn};
use poag_core::expert::Graph;
use poag_ledger::{Batch, Ledger, Replica};
use tokio::sync::mpsc;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, Sleep};

use super::files::DebatePages;
use super::panel::Panel;
use super::state::{DebateState, new_event};
use super::{DebateError, DebateObserver};
use crate::run::ended::EndedTurn;
use crate::run::log::{json, name};
use crate::run::quota::{self, ArtifactQuota, ArtifactUse};
use crate::run::turn::{self, AskedTurn, TakenTurn};
use crate::run::turn_socket::{TurnCall, TurnSocket};
use crate::run::{BackendSelection, Participant, TurnContext};

/// With what a debate is driven.
pub(super) struct DebateParts<'a> {
    pub ledger: &'a dyn Ledger,
    pub graph: &'a Graph,
    pub panel: &'a Panel,
    pub backends: Arc<dyn BackendSelection>,
    pub pages: Option<DebatePages>,
    pub observer: &'a mut dyn DebateObserver,
}

pub(super) struct DebateDrive<'a> {
    replica: Replica<DebateState>,
    ledger: &'a dyn Ledger,
    pub(super) graph: &'a Graph,
    pub(super) panel: &'a Panel,
    pub(super) backends: Arc<dyn BackendSelection>,
    pages: Option<DebatePages>,
    observer: &'a mut dyn DebateObserver,
    members: BTreeMap<String, Participant>,
    tasks: JoinSet<TakenTurn>,
    turns: HashMap<Id, TurnId>,
    taken: usize,
    /// What turns have left in the record.
    artifacts: ArtifactUse,
    /// The last answer that a turn under way checked and that was right.
    pub(super) checked: BTreeMap<TurnId, DebateAnswer>,
    socket: Arc<TurnSocket>,
    calls: mpsc::Receiver<TurnCall>,
    /// What is looked up for turns under way.
    pub(super) lookups: JoinSet<()>,
    /// When the open round closes. It is counted by a clock that does not jump, from when the round was opened, or gone on
    /// with: nobody can have submitted anything in between.
    alarm: Option<Pin<Box<Sleep>>>,
}

type TaskEnd = Result<(Id, TakenTurn), JoinError>;

enum Woke {
    Ended(Box<TaskEnd>),
    Called(TurnCall),
    TimeIsUp,
}

impl<'a> DebateDrive<'a> {
    pub fn new(replica: Replica<DebateState>, parts: DebateParts<'a>) -> Result<Self, DebateError> {
        let (socket, calls) = TurnSocket::new(parts.backends.sockets());
        let run = &replica.state().0.start().run;
        let quota = ArtifactQuota::of(parts.graph);
        let artifacts = ArtifactUse::of(quota, parts.ledger, run)?;
        Ok(Self {
            replica,
            ledger: parts.ledger,
            graph: parts.graph,
            panel: parts.panel,
            backends: parts.backends,
            pages: parts.pages,
            observer: parts.observer,
            members: BTreeMap::new(),
            tasks: JoinSet::new(),
            turns: HashMap::new(),
            taken: 0,
            artifacts,
            checked: BTreeMap::new(),
            socket,
            calls,
            lookups: JoinSet::new(),
            alarm: None,
        })
    }

    pub(super) fn debate(&self) -> &Debate {
        &self.replica.state().0
    }

    pub(super) fn is_under_way(&self, turn: &TurnId) -> bool {
        self.turns.values().any(|running| running == turn)
    }

    /// Drives it until it is over or a person must choose, and gives it with how many turns were taken.
    pub async fn run(mut self, resumed: bool) -> Result<(Debate, usize), DebateError> {
        if resumed {
            self.happen(DebateEvent::DebateResumed {}, Batch::default())?;
        }
        loop {
            match self.debate().next_step() {
                DebateStep::Open { round, choices } => {
                    self.happen(
                        DebateEvent::RoundOpened { round, choices },
                        Batch::default(),
                    )?;
                }
                DebateStep::Ask(turns) => self.ask(turns)?,
                DebateStep::Wait => self.wait().await?,
                DebateStep::Close => self.close(Vec::new())?,
                DebateStep::Break(choice) => {
                    self.happen(
                        DebateEvent::TieBroken { choice, by: None },
                        Batch::default(),
                    )?;
                }
                DebateStep::Person(_) | DebateStep::Over => break,
                DebateStep::Finish => {
                    let result = Box::new(self.debate().outcome());
                    let close = Batch {
                        close: true,
                        ..Batch::default()
                    };
                    self.happen(DebateEvent::DebateFinished { result }, close)?;
                }
            }
        }
        if let Some(pages) = &self.pages {
            pages.all(self.debate())?;
        }
        Ok((self.debate().clone(), self.taken))
    }

    /// Starts turns, each after it is written down.
    fn ask(&mut self, turns: Vec<TurnId>) -> Result<(), DebateError> {
        if self.alarm.is_none() {
            let most = Duration::from_secs(self.debate().start().deadline);
            // A clock that cannot reach so far never rings.
            let at = Instant::now().checked_add(most);
            self.alarm = at.map(|at| Box::pin(tokio::time::sleep_until(at)));
        }
        for turn in turns {
            let input = json(&self.debate().input(&turn.expert));
            let mut batch = Batch::default();
            batch.reserve.push((name(&turn, ""), None));
            batch
                .reserve
                .push((name(&turn, "request"), Some(input.clone())));
            self.happen(DebateEvent::DebaterAsked { turn: turn.clone() }, batch)?;
            match self.artifacts.full(&turn.expert) {
                Some(reason) => self.refuse(turn, DebaterTurn::default(), reason)?,
                None => self.spawn(turn, serde_json::from_slice(&input).unwrap_or_default()),
            }
        }
        Ok(())
    }

    fn spawn(&mut self, turn: TurnId, input: serde_json::Value) {
        let Some(seat) = self.panel.get(&turn.expert).cloned() else {
            return;
        };
        let deadline = self.debate().start().deadline;
        let seconds = seat.speaker.agent.timeout_seconds.unwrap_or(deadline);
        let context = TurnContext {
            run: self.debate().start().run.clone(),
            timeout: Duration::from_secs(seconds.min(deadline)),
        };
        let asked = AskedTurn {
            turn: turn.clone(),
            input,
            context,
            backends: Arc::clone(&self.backends),
            socket: Arc::clone(&self.socket),
        };
        let member = self.members.get(&turn.expert).cloned();
        let task = self.tasks.spawn(async move {
            let backends = Arc::clone(&asked.backends);
            let connected = match member {
                Some(member) => Ok(member),
                None => backends.connect_debater(&seat.speaker, &seat.base).await,
            };
            match connected {
                Ok(participant) => turn::converse(participant, asked).await,
                Err(output) => TakenTurn {
                    participant: None,
                    output: *output,
                },
            }
        });
        self.taken += 1;
        self.turns.insert(task.id(), turn);
    }

    async fn wait(&mut self) -> Result<(), DebateError> {
        let alarm = &mut self.alarm;
        let time_is_up = async {
            match alarm {
                Some(alarm) => alarm.as_mut().await,
                None => std::future::pending().await,
            }
        };
        let woke = tokio::select! {
            biased;
            Some(ended) = self.tasks.join_next_with_id() => Woke::Ended(Box::new(ended)),
            () = time_is_up => Woke::TimeIsUp,
            Some(called) = self.calls.recv() => Woke::Called(called),
        };
        match woke {
            Woke::Ended(ended) => self.ended(*ended),
            Woke::Called(called) => {
                self.called(called);
                Ok(())
            }
            Woke::TimeIsUp => {
                let late: Vec<TurnId> = self.turns.values().cloned().collect();
                self.tasks.abort_all();
                // What ends in this moment is late, too: the round closes now, for all alike.
                while self.tasks.join_next().await.is_some() {}
                self.close(late)
            }
        }
    }

    fn close(&mut self, mut late: Vec<TurnId>) -> Result<(), DebateError> {
        late.sort();
        let round = self.debate().open_round().unwrap_or_default();
        self.alarm = None;
        self.turns
            .drain()
            .for_each(|(_, turn)| self.socket.dismiss(&turn));
        self.happen(DebateEvent::RoundClosed { round, late }, Batch::default())?;
        match (&self.pages, self.debate().start().live) {
            (Some(pages), true) => pages.rounds(self.debate()),
            _ => Ok(()),
        }
    }

    fn ended(&mut self, ended: TaskEnd) -> Result<(), DebateError> {
        let id = match &ended {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let Some(turn) = self.turns.remove(&id) else {
            return Ok(());
        };
        self.socket.dismiss(&turn);
        let checked = self.checked.remove(&turn);
        let selection = &self.debate().start().selection;
        let backend = selection.backends.get(&turn.expert);
        let backend = backend.cloned().unwrap_or_default();
        let output = match ended {
            Ok((_, taken)) => {
                if let Some(participant) = taken.participant {
                    self.members.insert(turn.expert.clone(), participant);
                }
                taken.output
            }
            Err(_) => {
                AgentError::usual(FailureKind::Failed, &backend, "the backend itself failed").into()
            }
        };
        let taken = DebaterTurn {
            backend,
            usage: turn::sane(output.usage),
        };
        let (event, left) = self.judged(&turn, taken.clone(), output, checked);
        let kept = left.kept();
        if let Err(reason) = self.artifacts.admit(&turn.expert, &kept) {
            return self.refuse(turn, taken, reason);
        }
        let fill = kept.into_iter();
        let fill = fill.map(|(what, bytes)| (name(&turn, what), bytes));
        let batch = Batch {
            fill: fill.collect(),
            ..Batch::default()
        };
        self.happen(event, batch)
    }

    /// Refuses what a turn said, or would say, for the room that it takes: nothing of it is kept but the reason.
    fn refuse(
        &mut self,
        turn: TurnId,
        taken: DebaterTurn,
        reason: String,
    ) -> Result<(), DebateError> {
        let batch = Batch {
            fill: vec![(name(&turn, "error"), reason.clone().into_bytes())],
            ..Batch::default()
        };
        let failure = quota::over(reason);
        let event = DebateEvent::AnswerRefused {
            turn,
            taken,
            failure,
        };
        self.happen(event, batch)
    }

    /// What an agent made of a turn, as an event: what counts, or why nothing does.
    fn judged(
        &self,
        turn: &TurnId,
        taken: DebaterTurn,
        output: TurnOutput,
        checked: Option<DebateAnswer>,
    ) -> (DebateEvent, EndedTurn) {
        let mut left = EndedTurn {
            raw: output.raw,
            usage: taken.usage,
            ..EndedTurn::default()
        };
        let accepted = match output.outcome {
            Err(error) => {
                let retry = error.fault.retry();
                Err(turn::failure(error.fault, error.to_string(), retry))
            }
            Ok(value) => {
                left.answer = Some(json(&value));
                self.accepted(turn, &value)
                    .map_err(|unfit| turn::failure(FailureKind::Invalid, unfit.to_string(), true))
            }
        };
        let answer = match (accepted, checked) {
            (Ok(answer), _) => answer,
            (Err(failure), Some(answer)) => {
                left.error = Some(failure.reason);
                answer
            }
            (Err(failure), None) => {
                left.error = Some(failure.reason.clone());
                let turn = turn.clone();
                let event = DebateEvent::AnswerRefused {
                    turn,
                    taken,
                    failure,
                };
                return (event, left);
            }
        };
        let turn = turn.clone();
        let event = match (answer.submission, answer.ranking) {
            (Some(submission), _) => DebateEvent::Submitted {
                turn,
                taken,
                submission: Box::new(submission),
            },
            (None, ranking) => DebateEvent::Voted {
                turn,
                taken,
                ranking: ranking.unwrap_or_default(),
            },
        };
        (event, left)
    }

    /// Writes an event down with what belongs to it, and shows it.
    fn happen(&mut self, event: DebateEvent, batch: Batch) -> Result<(), DebateError> {
        write(&mut self.replica, self.ledger, &event, batch)?;
        self.observer.event(&event, &self.replica.state().0);
        Ok(())
    }
}

/// Puts an event behind those that are there.
pub(super) fn write(
    replica: &mut Replica<DebateState>,
    ledger: &dyn Ledger,
    event: &DebateEvent,
    batch: Batch,
) -> Result<(), DebateError> {
    let new = new_event(event)?;
    replica.propose(ledger, |_| {
        let mut batch = batch.clone();
        batch.events.push(new.clone());
        Ok(batch)
    })
}
