//! Who takes part in a debate, as lines that are drawn again and again: who thinks and for how long, who has submitted, and what
//! was refused; never what was said.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::command::runs::told;
use crate::command::style;
use poag_core::agent::Usage;
use poag_core::debate::{Debate, DebateEvent, DebateStart};

/// The panel, as far as the debate has come.
#[derive(Debug, Default)]
pub(super) struct Seats {
    run: String,
    /// The round that is open, in words, and when it was opened.
    round: Option<(String, Duration)>,
    deadline: Duration,
    seats: BTreeMap<String, PanelLine>,
}

#[derive(Debug)]
struct PanelLine {
    doing: Doing,
    since: Duration,
    usage: Usage,
}

#[derive(Debug)]
enum Doing {
    Waits,
    Thinks,
    Done(&'static str),
    Refused(String),
    Late,
}

impl Seats {
    /// A debate begins or goes on.
    pub fn begun(&mut self, start: &DebateStart) {
        self.run.clone_from(&start.run);
        self.deadline = Duration::from_secs(start.deadline);
        for name in start.panel.keys() {
            let line = PanelLine {
                doing: Doing::Waits,
                since: Duration::ZERO,
                usage: Usage::default(),
            };
            self.seats.insert(name.clone(), line);
        }
    }

    /// Something happened, so long after the beginning.
    pub fn event(&mut self, event: &DebateEvent, debate: &Debate, now: Duration) {
        match event {
            DebateEvent::RoundOpened { round, .. } => {
                let words = round_words(*round, debate.start().rounds);
                self.round = Some((words, now));
                let names: Vec<String> = self.seats.keys().cloned().collect();
                for name in names {
                    self.enter(&name, Doing::Waits, now);
                }
            }
            DebateEvent::DebaterAsked { turn } => self.enter(&turn.expert, Doing::Thinks, now),
            DebateEvent::Submitted { turn, taken, .. } => {
                self.spend(&turn.expert, &taken.usage);
                self.enter(&turn.expert, Doing::Done("has submitted"), now);
            }
            DebateEvent::Voted { turn, taken, .. } => {
                self.spend(&turn.expert, &taken.usage);
                self.enter(&turn.expert, Doing::Done("has voted"), now);
            }
            DebateEvent::AnswerRefused {
                turn,
                failure,
                taken,
            } => {
                self.spend(&turn.expert, &taken.usage);
                let why = failure.reason.lines().next().unwrap_or_default();
                self.enter(&turn.expert, Doing::Refused(why.to_owned()), now);
            }
            DebateEvent::RoundClosed { late, .. } => {
                self.round = None;
                for turn in late {
                    self.enter(&turn.expert, Doing::Late, now);
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, name: &str, doing: Doing, now: Duration) {
        if let Some(line) = self.seats.get_mut(name) {
            line.doing = doing;
            line.since = now;
        }
    }

    fn spend(&mut self, name: &str, usage: &Usage) {
        if let Some(line) = self.seats.get_mut(name) {
            line.usage += *usage;
        }
    }

    /// A line for the debate and one for each that takes part, in so many columns.
    pub fn lines(&self, now: Duration, width: usize) -> Vec<String> {
        if self.seats.is_empty() {
            return Vec::new();
        }
        let id = self.run.get(..13).unwrap_or(&self.run);
        let head = match &self.round {
            Some((words, opened)) => {
                let left = self.deadline.saturating_sub(now.saturating_sub(*opened));
                format!(
                    "poag: debate {id}, {words}, closes in {}",
                    told::clock(left)
                )
            }
            None => format!("poag: debate {id}"),
        };
        let names = self.seats.keys().map(|name| name.chars().count()).max();
        let names = names.unwrap_or(0).min(width / 3);
        let line = |(name, line): (&String, &PanelLine)| {
            let name: String = name.chars().take(names).collect();
            let took = told::clock(now.saturating_sub(line.since));
            let doing = match &line.doing {
                Doing::Waits => "waits".to_owned(),
                Doing::Thinks => format!("thinks, {took}"),
                Doing::Done(what) => (*what).to_owned(),
                Doing::Refused(why) => format!("was refused: {why}"),
                Doing::Late => "was late".to_owned(),
            };
            let cost = told::cost(&line.usage);
            let said = match cost.is_empty() {
                true => doing,
                false => format!("{doing}; {cost}"),
            };
            let said = told::cut(&said, width.saturating_sub(names + 4));
            let said = format!("  {name:names$}  {said}");
            match &line.doing {
                Doing::Refused(_) | Doing::Late => style::warn(said),
                Doing::Thinks => said,
                Doing::Waits | Doing::Done(_) => style::dim(said),
            }
        };
        let lines = self.seats.iter().map(line);
        std::iter::once(style::dim(told::cut(&head, width)))
            .chain(lines)
            .collect()
    }
}

/// A round in words; the one after the last is the vote.
pub(super) fn round_words(round: u32, rounds: u32) -> String {
    match round > rounds {
        true => "the vote".to_owned(),
        false => format!("round {round} of {rounds}"),
    }
}

#[cfg(test)]
mod tests {
    use poag_core::council::event::{Failure, FailureKind, TurnId};
    use poag_core::debate::{Debater, DebaterTurn, Submission, TieRule};

    use super::*;

    fn debate() -> Debate {
        let debater = |label: &str| Debater {
            label: label.into(),
            expert: "app".into(),
            role: None,
            capabilities: Vec::new(),
        };
        Debate::new(DebateStart {
            run: "01234567-89ab-cdef".into(),
            topic: "How?".into(),
            root: "app".into(),
            graph: String::new(),
            panel: [("ada", "A"), ("ben", "B"), ("cho", "C")]
                .map(|(name, label)| (name.to_owned(), debater(label)))
                .into(),
            selection: Default::default(),
            rounds: 1,
            deadline: 90,
            choices: None,
            retries: 0,
            max_tokens: None,
            max_cost_usd: None,
            tie: TieRule::Ask,
            out: None,
            live: false,
        })
    }

    #[test]
    fn each_that_takes_part_has_a_line_that_says_nothing_of_what_was_said() {
        let debate = debate();
        let mut seats = Seats::default();
        assert!(seats.lines(Duration::ZERO, 80).is_empty());
        seats.begun(debate.start());
        let turn = |name: &str| TurnId {
            expert: name.into(),
            turn: 1,
            attempt: 1,
        };
        let second = Duration::from_secs;
        let round = 1;
        let choices = Vec::new();
        seats.event(
            &DebateEvent::RoundOpened { round, choices },
            &debate,
            second(1),
        );
        for name in ["ada", "ben", "cho"] {
            let asked = DebateEvent::DebaterAsked { turn: turn(name) };
            seats.event(&asked, &debate, second(2));
        }
        let taken = DebaterTurn {
            backend: "command".into(),
            usage: Usage {
                input_tokens: 1200,
                ..Usage::default()
            },
        };
        let submission = Box::new(Submission {
            position: "a secret".into(),
            arguments: Vec::new(),
            supports: Vec::new(),
            withdraws: false,
        });
        let submitted = DebateEvent::Submitted {
            turn: turn("ada"),
            taken: taken.clone(),
            submission,
        };
        seats.event(&submitted, &debate, second(9));
        let failure = Failure {
            kind: FailureKind::Invalid,
            reason: "it is too long\nrepair: say less".into(),
            retry: false,
        };
        let refused = DebateEvent::AnswerRefused {
            turn: turn("ben"),
            taken,
            failure,
        };
        seats.event(&refused, &debate, second(10));
        let all = seats.lines(second(31), 80).join("\n");
        for part in [
            "debate 01234567-89ab, round 1 of 1, closes in 1 min 0 s",
            "ada  has submitted; sent 1,200 tokens",
            "ben  was refused: it is too long; sent",
            "cho  thinks, 29 s",
        ] {
            assert!(all.contains(part), "{part}: {all}");
        }
        assert!(!all.contains("secret"), "{all}");
        let late = vec![turn("cho")];
        seats.event(
            &DebateEvent::RoundClosed { round, late },
            &debate,
            second(91),
        );
        assert!(
            seats
                .lines(second(92), 80)
                .join("\n")
                .contains("cho  was late")
        );
        let narrow = seats.lines(second(92), 20);
        // Without the marks that stand for colours.
        let seen = |c: &char| !('\u{fdd0}'..='\u{fdef}').contains(c);
        let columns = |line: &String| line.chars().filter(seen).count();
        assert!(narrow.iter().all(|line| columns(line) <= 20), "{narrow:?}");
    }
}
