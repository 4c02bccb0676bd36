//! The loop: asks the state machine what is due, writes it down, takes the turns, writes down how
//! they ended.

mod ends;

use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, Sleep};

use super::RunOutcome;
use super::log::RunLog;
use super::participant::{BackendSelection, Observer, Participant, TurnContext};
use super::turn::{self, Job, TakenTurn};
use super::turn_socket::{TurnCall, TurnSocket};
use super::waiting::WaitingTurn;
use crate::run::error::CouncilError;
use poag_core::council::assemble;
use poag_core::council::event::{AgentSelection, Event, TurnId};
use poag_core::council::machine::{Council, Refused};
use poag_core::council::message::{TurnInput, TurnResult};
use poag_core::expert::Expert;

/// How a council is driven.
pub(super) struct Driving {
    /// For how long at most.
    pub limit: Duration,
    /// Who thinks from now on, where the run was begun by another process.
    pub resumed: Option<AgentSelection>,
}

impl Driving {
    /// A new run, for at most `limit`.
    pub fn new(limit: Duration) -> Self {
        Self {
            limit,
            resumed: None,
        }
    }
}

/// Drives a council to its plan.
pub(super) async fn drive(
    council: Council<'_>,
    log: RunLog<'_>,
    backends: Arc<dyn BackendSelection>,
    watch: &mut dyn Observer,
    driving: Driving,
) -> Result<RunOutcome, CouncilError> {
    let seen = council.messages().len();
    let (socket, calls) = TurnSocket::new(backends.sockets());
    let mut drive = Drive {
        council,
        log,
        backends,
        watch,
        news: Vec::new(),
        seen,
        members: BTreeMap::new(),
        experts: BTreeMap::new(),
        late: Vec::new(),
        tasks: JoinSet::new(),
        turns: HashMap::new(),
        held: BTreeMap::new(),
        spawned: 0,
        socket,
        calls,
        waiting: Vec::new(),
        lookups: JoinSet::new(),
        resumed: driving.resumed,
        missing: None,
    };
    // A clock that cannot reach so far never rings.
    let deadline = Instant::now().checked_add(driving.limit);
    drive.run(deadline).await
}

pub(super) struct Drive<'a, 'g> {
    pub(super) council: Council<'g>,
    log: RunLog<'a>,
    pub(super) backends: Arc<dyn BackendSelection>,
    watch: &'a mut dyn Observer,
    /// Events that were applied and are not shown yet, with how many messages there were after each.
    news: Vec<(Event, usize)>,
    /// Messages that were shown.
    seen: usize,
    members: BTreeMap<String, Participant>,
    experts: BTreeMap<String, Arc<Expert>>,
    /// Turns whose end nobody waited for any more, not shown yet.
    late: Vec<TurnId>,
    tasks: JoinSet<TakenTurn>,
    pub(super) turns: HashMap<Id, Running>,
    /// Turns that ended and wait for the others of their round, by the order in which they started.
    held: BTreeMap<u64, TaskEnd>,
    /// Turns started in this process.
    spawned: u64,
    /// Where turns under way call.
    pub(super) socket: Arc<TurnSocket>,
    calls: mpsc::Receiver<TurnCall>,
    /// Turns under way that wait for an answer.
    pub(super) waiting: Vec<WaitingTurn>,
    /// What is looked up for turns under way.
    pub(super) lookups: JoinSet<()>,
    /// See [`Driving::resumed`].
    resumed: Option<AgentSelection>,
    /// Why the run stays open.
    missing: Option<CouncilError>,
}

/// A turn under way.
pub(super) struct Running {
    pub turn: TurnId,
    /// Its place among the turns started in this process.
    order: u64,
    /// Whether it is taken in together with the others of its round; see [`BackendSelection::in_rounds`].
    in_round: bool,
    /// The last result that it checked and that was right.
    pub checked: Option<TurnResult>,
}

/// What the loop waits for.
enum Woke {
    Ended(Box<TaskEnd>),
    TurnCall(TurnCall),
    TimeIsUp,
}

type TaskEnd = Result<(Id, TakenTurn), JoinError>;

fn id_of(ended: &TaskEnd) -> Id {
    match ended {
        Ok((id, _)) => *id,
        Err(error) => error.id(),
    }
}

impl Drive<'_, '_> {
    async fn run(&mut self, deadline: Option<Instant>) -> Result<RunOutcome, CouncilError> {
        let mut alarm = deadline.map(|deadline| Box::pin(tokio::time::sleep_until(deadline)));
        // A council that was replayed up to here may have turns that nobody is at any more.
        let before = &self.council.started().selection;
        if let Some(now) = self.resumed.clone()
            && (self.council.is_interrupted() || now != *before)
        {
            let selection = Box::new(now);
            self.happen(Event::Resumed { selection })?;
        }
        let mut taken = 0;
        loop {
            let ready = self.hear()?;
            let (due, over) = self.due()?;
            if over {
                let plan = assemble(&self.council);
                let last = Box::new(plan.clone());
                self.happen(Event::RunFinished { plan: last })?;
                self.log.close();
                self.commit()?;
                let run = self.log.run.clone();
                return Ok(RunOutcome { run, plan, taken });
            }
            self.commit()?;
            if self.turns.len() == self.waiting_turns()
                && let Some(missing) = self.missing.take()
            {
                return Err(missing);
            }
            for (who, answer) in ready {
                // It may have gone in this moment: its turn has the answer, whoever takes it again.
                let _ = who.send(answer);
            }
            taken += due.len();
            for (turn, input) in due {
                self.spawn(turn, input);
            }
            self.wait(&mut alarm).await?;
        }
    }

    /// Starts what is due in the council and in the log, and says whether it is over.
    fn due(&mut self) -> Result<(Vec<(TurnId, TurnInput)>, bool), CouncilError> {
        if self.missing.is_some() {
            return Ok((Vec::new(), false));
        }
        let parallel = self.council.started().limits.parallel.max(1) as usize;
        let busy = self.turns.len().saturating_sub(self.waiting_turns());
        let free = parallel.saturating_sub(busy);
        let ready: Vec<_> = self.council.due_turns().take(free).collect();
        if ready.is_empty() && self.council.is_over() {
            return Ok((Vec::new(), true));
        }
        let mut due = Vec::new();
        for (turn, messages) in ready {
            let input = self.council.input(&turn, &messages);
            self.log.turn_starts(&turn);
            self.happen(Event::TurnStarted {
                turn: turn.clone(),
                messages,
            })?;
            due.push((turn, input));
        }
        Ok((due, false))
    }

    fn spawn(&mut self, turn: TurnId, input: TurnInput) {
        let council = &self.council;
        let Some(expert) = council.graph().expert(&turn.expert) else {
            return;
        };
        let expert = match self.experts.get(&turn.expert) {
            Some(expert) => Arc::clone(expert),
            None => {
                let expert = Arc::new(expert.clone());
                self.experts
                    .insert(turn.expert.clone(), Arc::clone(&expert));
                expert
            }
        };
        let limits = &council.started().limits;
        let seconds = expert.agent.timeout_seconds.unwrap_or(limits.turn_seconds);
        let job = Job {
            turn: turn.clone(),
            input,
            context: TurnContext {
                run: self.log.run.clone(),
                timeout: Duration::from_secs(seconds),
            },
            backends: Arc::clone(&self.backends),
            participant: self.members.get(&turn.expert).cloned(),
            socket: Arc::clone(&self.socket),
            expert,
        };
        let in_round = self.backends.in_rounds(&job.expert);
        let task = self.tasks.spawn(turn::take(job));
        self.spawned += 1;
        let running = Running {
            turn,
            order: self.spawned,
            in_round,
            checked: None,
        };
        self.turns.insert(task.id(), running);
    }

    /// Waits for the end of a turn, or of the time, and takes in all that ended by then.
    async fn wait(&mut self, alarm: &mut Option<Pin<Box<Sleep>>>) -> Result<(), CouncilError> {
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
            Some(called) = self.calls.recv() => Woke::TurnCall(called),
        };
        let first = match woke {
            Woke::Ended(ended) => *ended,
            Woke::TurnCall(called) => return self.called(called),
            Woke::TimeIsUp => {
                self.end_round()?;
                self.happen(Event::TimeIsUp {})?;
                self.tasks.abort_all();
                // Those that ended just then are kept for the record, and are no part of the plan.
                while let Some(ended) = self.tasks.join_next_with_id().await {
                    if ended.is_ok() {
                        self.ended(ended)?;
                    }
                }
                self.turns.clear();
                self.waiting.clear();
                return Ok(());
            }
        };
        self.take_in(first)?;
        // Answers that are there together are read together.
        if self.turns.len() > self.held.len() {
            tokio::task::yield_now().await;
        }
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            self.take_in(ended)?;
        }
        let in_round = self.turns.values().filter(|running| running.in_round);
        if in_round.count() == self.held.len() {
            self.end_round()?;
        }
        Ok(())
    }

    /// Applies an event and gathers it for the ledger; it is shown after it is written.
    pub(super) fn happen(&mut self, event: Event) -> Result<(), CouncilError> {
        self.council
            .apply(&event)
            .map_err(|source| self.rules(source))?;
        self.log.note(&event)?;
        self.news.push((event, self.council.messages().len()));
        Ok(())
    }

    fn commit(&mut self) -> Result<(), CouncilError> {
        self.log.commit()?;
        let messages = self.council.messages();
        for (event, sent) in self.news.drain(..) {
            self.watch.event(&event);
            // What it led to comes before what follows: who asks whom before who thinks about it.
            for message in messages.get(self.seen..sent).unwrap_or_default() {
                self.watch.message(message);
            }
            self.seen = self.seen.max(sent);
        }
        for turn in self.late.drain(..) {
            self.watch.late(&turn);
        }
        Ok(())
    }

    fn rules(&self, source: Refused) -> CouncilError {
        CouncilError::Rules {
            run: self.log.run.clone(),
            source,
        }
    }
}
