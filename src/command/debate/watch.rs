//! What a person sees of a debate while it goes on: rounds, who has submitted, and what was refused; never what.

use std::time::{Duration, Instant};

use crate::command::style;
use crate::engine::debate::DebateObserver;
use crate::terminal;
use poag_core::debate::{Debate, DebateEvent, DebateStart};

/// A debate that is over sooner is not worth a word.
const PATIENCE: Duration = Duration::from_secs(1);

/// Tells on standard error, once a debate takes its time, a line for each thing that happens.
pub struct DebateWatch {
    began: Instant,
    quiet: bool,
    /// Said, but not shown yet.
    held: Vec<String>,
}

impl DebateWatch {
    /// `quiet` shows nothing.
    pub fn new(quiet: bool) -> Self {
        Self {
            began: Instant::now(),
            quiet,
            held: Vec::new(),
        }
    }

    fn say(&mut self, line: String) {
        if self.quiet {
            return;
        }
        self.held.push(line);
        if self.began.elapsed() >= PATIENCE {
            for line in self.held.drain(..) {
                terminal::note(&line);
            }
        }
    }
}

impl DebateObserver for DebateWatch {
    fn begun(&mut self, start: &DebateStart, resumed: bool) {
        let how = if resumed { "goes on" } else { "begins" };
        let who: Vec<&str> = start.panel.keys().map(String::as_str).collect();
        let line = format!("poag: debate {} {how}: {}", start.run, who.join(", "));
        self.say(style::dim(line));
    }

    fn event(&mut self, event: &DebateEvent, debate: &Debate) {
        let rounds = debate.start().rounds;
        let round = |round: u32| match round > rounds {
            true => "the vote".to_owned(),
            false => format!("round {round} of {rounds}"),
        };
        let line = match event {
            DebateEvent::RoundOpened { round: opened, .. } => {
                format!("poag: {} opens", round(*opened))
            }
            DebateEvent::Submitted { turn, .. } => {
                format!("poag: {} has submitted", style::bold(&turn.expert))
            }
            DebateEvent::Voted { turn, .. } => {
                format!("poag: {} has voted", style::bold(&turn.expert))
            }
            DebateEvent::AnswerRefused { turn, failure, .. } => {
                let why = failure.reason.lines().next().unwrap_or_default();
                let why = style::warn(format!("was refused: {why}"));
                format!("poag: {} {why}", style::bold(&turn.expert))
            }
            DebateEvent::RoundClosed {
                round: closed,
                late,
            } => {
                let late: Vec<&str> = late.iter().map(|turn| turn.expert.as_str()).collect();
                match late.is_empty() {
                    true => format!("poag: {} is over", round(*closed)),
                    false => {
                        let late = style::warn(format!("late: {}", late.join(", ")));
                        format!("poag: {} is over; {late}", round(*closed))
                    }
                }
            }
            _ => return,
        };
        self.say(line);
    }
}
