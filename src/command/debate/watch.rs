//! What a person sees of a debate while it goes on: rounds, who has submitted, and what was refused; never what.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use super::seats::{Seats, round_words};
use crate::command::runs::told;
use crate::command::style;
use crate::engine::debate::DebateObserver;
use crate::terminal;
use crate::terminal::live::LiveLines;
use poag_core::debate::{Debate, DebateEvent, DebateStart};

/// A debate that is over sooner is not worth a word.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often lines are drawn: their times go on.
const FRAME: Duration = Duration::from_millis(250);

/// Tells on standard error, once a debate takes its time: on a terminal a line for each that takes part, drawn again and
/// again, else a line for each thing that happens.
pub struct DebateWatch {
    began: Instant,
    quiet: bool,
    /// Said, but not shown yet.
    held: Vec<String>,
    seats: Arc<Mutex<Seats>>,
    /// What draws them.
    drawing: Option<JoinHandle<()>>,
}

impl DebateWatch {
    /// `quiet` shows nothing. Must be called within the asynchronous runtime.
    pub fn new(quiet: bool) -> Self {
        let (began, seats) = (Instant::now(), Arc::default());
        let live = !quiet && terminal::error_is_terminal();
        Self {
            began,
            quiet,
            held: Vec::new(),
            drawing: live.then(|| tokio::spawn(draw(Arc::clone(&seats), began))),
            seats,
        }
    }

    /// Ends the drawing: what was drawn is gone.
    pub fn stop(&mut self) {
        if let Some(drawing) = self.drawing.take() {
            drawing.abort();
        }
    }

    /// A line of what happens, where nothing is drawn.
    fn say(&mut self, line: String) {
        if self.quiet || self.drawing.is_some() {
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

impl Drop for DebateWatch {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn draw(seats: Arc<Mutex<Seats>>, began: Instant) {
    tokio::time::sleep(PATIENCE).await;
    let Some(lines) = LiveLines::new() else {
        return;
    };
    loop {
        let now = locked(&seats).lines(began.elapsed(), told::width());
        lines.draw(&now);
        tokio::time::sleep(FRAME).await;
    }
}

fn locked(seats: &Mutex<Seats>) -> MutexGuard<'_, Seats> {
    seats.lock().unwrap_or_else(PoisonError::into_inner)
}

impl DebateObserver for DebateWatch {
    fn begun(&mut self, start: &DebateStart, resumed: bool) {
        locked(&self.seats).begun(start);
        let how = if resumed { "goes on" } else { "begins" };
        let who: Vec<&str> = start.panel.keys().map(String::as_str).collect();
        let line = format!("poag: debate {} {how}: {}", start.run, who.join(", "));
        self.say(style::dim(line));
    }

    fn event(&mut self, event: &DebateEvent, debate: &Debate) {
        locked(&self.seats).event(event, debate, self.began.elapsed());
        let rounds = debate.start().rounds;
        let round = |round: u32| round_words(round, rounds);
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
