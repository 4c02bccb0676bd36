//! What a person sees of a council while it goes on: who asks whom, and what went wrong.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use super::participants::Participants;
use crate::command::runs::told;
use crate::command::style;
use crate::council::message::Message;
use crate::council::{AgentSelection, Event, Started, TurnId};
use crate::engine::run::Observer;
use crate::engine::run::news::{News, of_event, of_message};
use crate::expert::{Expert, Graph, Status};
use crate::terminal;
use crate::terminal::live::LiveLines;

/// A council that is over sooner is not worth a word.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often lines are drawn: their times go on.
const FRAME: Duration = Duration::from_millis(250);

/// Tells on standard error, once a council takes its time: on a terminal a line for each that takes part, drawn again
/// and again, else a line for each thing that happens.
pub struct Watch {
    began: Instant,
    quiet: bool,
    /// Said, but not shown yet.
    held: Vec<String>,
    council: Arc<Mutex<Participants>>,
    /// What draws it.
    drawing: Option<JoinHandle<()>>,
}

impl Watch {
    /// `quiet` shows nothing. Must be called within the asynchronous runtime.
    pub fn new(quiet: bool) -> Self {
        let (began, council) = (Instant::now(), Arc::default());
        let live = !quiet && terminal::error_is_terminal();
        Self {
            began,
            quiet,
            held: Vec::new(),
            drawing: live.then(|| tokio::spawn(draw(Arc::clone(&council), began))),
            council,
        }
    }

    /// What happened is over: all of it in one line, where it took its time.
    pub fn done(mut self) {
        self.stop();
        let took = self.began.elapsed();
        if took >= PATIENCE && !self.quiet {
            terminal::note(&style::dim(locked(&self.council).summary(took)));
        }
    }

    /// Ends the drawing: what was drawn is gone.
    fn stop(&mut self) {
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

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn draw(council: Arc<Mutex<Participants>>, began: Instant) {
    tokio::time::sleep(PATIENCE).await;
    let Some(lines) = LiveLines::new() else {
        return;
    };
    loop {
        let now = locked(&council).lines(began.elapsed(), told::width());
        lines.draw(&now);
        tokio::time::sleep(FRAME).await;
    }
}

fn locked(council: &Mutex<Participants>) -> MutexGuard<'_, Participants> {
    council.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Observer for Watch {
    /// An answer from an older state of a flake should not be given unseen.
    fn opened(&mut self, graph: &Graph) {
        let stale = |expert: &&Expert| expert.freshness.status == Status::Stale;
        for expert in graph.experts.values().filter(|_| !self.quiet).filter(stale) {
            terminal::note(&format!(
                "{} {} is stale; it answers from its flake as it is now ({})",
                style::warn("note:"),
                expert.name,
                expert.freshness.repair
            ));
        }
    }

    fn begun(&mut self, started: &Started, resumed: bool) {
        locked(&self.council).begun(started);
        let run = &started.run;
        if !resumed {
            return self.say(style::dim(format!("poag: run {run} begins")));
        }
        let with = who_thinks(&started.selection);
        let line = format!("poag: run {run} goes on as it was begun, with its limits: {with}");
        if !self.quiet {
            terminal::note(&style::dim(line));
        }
    }

    fn event(&mut self, event: &Event) {
        locked(&self.council).event(event, self.began.elapsed());
        if let Some(news) = of_event(event) {
            self.say(styled(&news));
        }
    }

    fn late(&mut self, turn: &TurnId) {
        let note = format!("{turn} ended too late; what it said is not in the plan");
        let line = style::warn(format!("poag: {note}"));
        match self.drawing {
            Some(_) => terminal::note(&line),
            None => self.say(line),
        }
    }

    fn message(&mut self, message: &Message) {
        locked(&self.council).message(message, self.began.elapsed());
        if let Some(news) = of_message(message) {
            self.say(styled(&news));
        }
    }
}

/// Names of experts that one line holds.
const NAMED: usize = 4;

/// Which backend thinks for whom, in words: those of few experts first.
fn who_thinks(selection: &AgentSelection) -> String {
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (expert, backend) in &selection.backends {
        let with = match selection.models.get(expert) {
            Some(model) => format!("{backend} ({model})"),
            None => backend.clone(),
        };
        groups.entry(with).or_default().push(expert);
    }
    if let (1, Some(with)) = (groups.len(), groups.keys().next()) {
        return format!("{with} thinks for all");
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, experts)| experts.len());
    let words = groups.into_iter().map(|(with, experts)| {
        let more = experts.len().saturating_sub(NAMED);
        let named: Vec<&str> = experts.into_iter().take(NAMED).collect();
        let named = named.join(", ");
        match more {
            0 => format!("{with} thinks for {named}"),
            more => format!("{with} thinks for {named} and {more} more"),
        }
    });
    words.collect::<Vec<_>>().join("; ")
}

fn styled(news: &News) -> String {
    let what = match news.bad {
        true => style::warn(&news.what),
        false => news.what.clone(),
    };
    match &news.who {
        Some(who) => format!("poag: {} {what}", style::bold(who)),
        None => format!("poag: {what}"),
    }
}
