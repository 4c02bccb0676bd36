//! What each event does to a debate.

use super::event::{DebateEvent, DebaterTurn};
use super::machine::{ClosedRound, Debate, DebateRefusal, DebateStep, OpenRound, PanelFailure};
use super::payload::RefusalNote;
use super::result::TieBreak;
use crate::council::event::{Failure, FailureKind, TurnId};

impl Debate {
    /// Takes in an event. One that says again what was taken in changes nothing.
    ///
    /// # Errors
    /// When it does not fit; the state is then as before.
    pub fn apply(&mut self, event: &DebateEvent) -> Result<(), DebateRefusal> {
        if self.result.is_some() {
            return Err(DebateRefusal::Order(event.kind()));
        }
        match event {
            DebateEvent::DebateStarted(_) => Err(DebateRefusal::Order(event.kind())),
            DebateEvent::DebateResumed {} => {
                if let Some(open) = &mut self.open {
                    open.under_way.clear();
                }
                Ok(())
            }
            DebateEvent::RoundOpened { round, choices } => {
                let next = self.next_step();
                let (round, choices) = (*round, choices.clone());
                if next
                    != (DebateStep::Open {
                        round,
                        choices: choices.clone(),
                    })
                {
                    return Err(DebateRefusal::Order(event.kind()));
                }
                self.ballot = choices;
                self.open = Some(OpenRound {
                    round,
                    ..OpenRound::default()
                });
                Ok(())
            }
            DebateEvent::DebaterAsked { turn } => self.asked(turn),
            DebateEvent::Submitted {
                turn,
                taken,
                submission,
            } => {
                if self.said_before(
                    turn,
                    |said| said.submissions.get(&turn.expert),
                    submission.as_ref(),
                )? {
                    return Ok(());
                }
                let open = self.in_turn(turn)?;
                let name = turn.expert.clone();
                open.said
                    .submissions
                    .insert(name, submission.as_ref().clone());
                self.ended(turn, taken);
                Ok(())
            }
            DebateEvent::Voted {
                turn,
                taken,
                ranking,
            } => {
                if self.said_before(turn, |said| said.rankings.get(&turn.expert), ranking)? {
                    return Ok(());
                }
                let open = self.in_turn(turn)?;
                open.said
                    .rankings
                    .insert(turn.expert.clone(), ranking.clone());
                self.ended(turn, taken);
                Ok(())
            }
            DebateEvent::AnswerRefused {
                turn,
                taken,
                failure,
            } => {
                let open = self.in_turn(turn)?;
                let times = open
                    .failed
                    .get(&turn.expert)
                    .map_or(0, |failed| failed.times);
                let failed = PanelFailure {
                    times: times + 1,
                    last: failure.clone(),
                };
                open.failed.insert(turn.expert.clone(), failed);
                self.note(&turn.expert, turn.turn, failure.reason.clone());
                self.ended(turn, taken);
                Ok(())
            }
            DebateEvent::RoundClosed { round, late } => self.close(*round, late),
            DebateEvent::TieBroken { choice, by } => self.break_tie(choice, by.as_ref()),
            DebateEvent::DebateFinished { result } => {
                if self.next_step() != DebateStep::Finish {
                    return Err(DebateRefusal::Order(event.kind()));
                }
                self.result = Some(result.as_ref().clone());
                Ok(())
            }
        }
    }

    fn asked(&mut self, turn: &TurnId) -> Result<(), DebateRefusal> {
        let due = self.open.as_ref().map(|open| self.due(open));
        if !due.unwrap_or_default().contains(turn) {
            return Err(DebateRefusal::Order("debaterAsked"));
        }
        let key = (turn.expert.clone(), turn.turn);
        self.attempts.insert(key, turn.attempt);
        if let Some(open) = &mut self.open {
            open.under_way.insert(turn.expert.clone(), turn.clone());
        }
        Ok(())
    }

    /// Whether just this was said in the round of the turn; an error where it was something else.
    fn said_before<T: PartialEq>(
        &self,
        turn: &TurnId,
        find: impl Fn(&ClosedRound) -> Option<&T>,
        now: &T,
    ) -> Result<bool, DebateRefusal> {
        let (debater, round) = (turn.expert.clone(), turn.turn);
        if !self.start.panel.contains_key(&debater) {
            return Err(DebateRefusal::Stranger(debater));
        }
        let at = usize::try_from(round).unwrap_or(0).saturating_sub(1);
        let said = match &self.open {
            Some(open) if open.round == round => Some(&open.said),
            _ if round > self.start.rounds => self.vote.as_ref(),
            _ => self.closed.get(at),
        };
        match said.and_then(find) {
            Some(before) if before == now => Ok(true),
            Some(_) => Err(DebateRefusal::Already { debater, round }),
            None => Ok(false),
        }
    }

    /// The open round, where this turn is under way in it.
    fn in_turn(&mut self, turn: &TurnId) -> Result<&mut OpenRound, DebateRefusal> {
        let open = self.open.as_mut();
        let open = open.filter(|open| open.under_way.get(&turn.expert) == Some(turn));
        open.ok_or_else(|| DebateRefusal::Late {
            debater: turn.expert.clone(),
            round: turn.turn,
        })
    }

    /// Whether a turn is under way.
    #[must_use]
    pub fn waits_for(&self, turn: &TurnId) -> bool {
        let open = self.open.as_ref();
        open.is_some_and(|open| open.under_way.get(&turn.expert) == Some(turn))
    }

    fn ended(&mut self, turn: &TurnId, taken: &DebaterTurn) {
        if let Some(open) = &mut self.open {
            open.under_way.remove(&turn.expert);
        }
        *self.spent.entry(turn.expert.clone()).or_default() += taken.usage;
        self.turns += 1;
    }

    fn note(&mut self, debater: &str, round: u32, reason: String) {
        let note = RefusalNote { round, reason };
        self.refused.push((debater.to_owned(), note));
    }

    fn close(&mut self, round: u32, late: &[TurnId]) -> Result<(), DebateRefusal> {
        let fits = self.open.as_ref().is_some_and(|open| {
            let all_late = open.under_way.values().all(|turn| late.contains(turn));
            open.round == round && all_late && late.len() == open.under_way.len()
        });
        let Some(mut open) = self.open.take_if(|_| fits) else {
            return Err(DebateRefusal::Order("roundClosed"));
        };
        for turn in late {
            let reason = format!(
                "round {round} closed before it said anything: late is refused\nrepair: answer within {} s",
                self.start.deadline
            );
            self.note(&turn.expert, round, reason.clone());
            let failed = open.failed.entry(turn.expert.clone());
            let failed = failed.or_insert_with(|| PanelFailure {
                times: 0,
                last: Failure {
                    kind: FailureKind::Timeout,
                    reason: String::new(),
                    retry: true,
                },
            });
            failed.last.reason = reason;
        }
        let spent = self.exhausted();
        for name in self.start.panel.keys() {
            if open.said.submissions.contains_key(name) || open.said.rankings.contains_key(name) {
                continue;
            }
            let failed = open.failed.get(name);
            let why = failed.map(|failed| failed.last.reason.clone());
            let why = why.or_else(|| spent.clone());
            let why = why.unwrap_or_else(|| "it was not asked".to_owned());
            open.said.missing.insert(name.clone(), why);
        }
        match round > self.start.rounds {
            true => self.vote = Some(open.said),
            false => self.closed.push(open.said),
        }
        Ok(())
    }

    fn break_tie(&mut self, choice: &str, by: Option<&String>) -> Result<(), DebateRefusal> {
        if let Some(tie) = &self.tie {
            return Err(DebateRefusal::Broken {
                choice: tie.choice.clone(),
                by: tie.by.clone(),
            });
        }
        let tied = self.tied();
        if self.open.is_some() || !tied.iter().any(|label| label == choice) {
            let choice = choice.chars().take(80).collect();
            return Err(DebateRefusal::NotTied { choice, tied });
        }
        self.tie = Some(TieBreak {
            tied,
            choice: choice.to_owned(),
            by: by.cloned(),
        });
        Ok(())
    }
}
