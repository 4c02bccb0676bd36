//! Who takes part in a council, and what each does now: the lines that a person sees while it goes on.

use std::time::Duration;

use crate::agent::Usage;
use crate::command::runs::told;
use crate::command::style;
use crate::council::message::{Body, Message};
use crate::council::{AgentSelection, Event, Started};
use crate::duration;

/// Columns of a backend and its model.
const WITH: usize = 32;
/// Columns that it takes to tell of costs, too.
const WIDE: usize = 80;
/// Lines at most: those that are at rest give way first.
const ROWS: usize = 16;

/// One expert of the council.
#[derive(Debug)]
struct TakingPart {
    expert: String,
    /// How many stand between it and the person.
    depth: usize,
    state: State,
    /// Since when, from the beginning.
    since: Duration,
    /// Whom it asked, and who has not answered.
    asked: Vec<String>,
    usage: Usage,
}

#[derive(Debug, PartialEq)]
enum State {
    /// It was asked, and its turn has not begun.
    Asked,
    /// Its turn is under way: the messages that it was given.
    Thinks(usize),
    /// Its turn ended.
    Rests,
    /// Its turn came to nothing: why.
    Failed(String),
}

/// The council as far as it has come.
#[derive(Debug, Default)]
pub struct Participants {
    run: String,
    selection: AgentSelection,
    /// Each behind who asked it first.
    rows: Vec<TakingPart>,
    /// Turns that ended.
    turns: usize,
    usage: Usage,
}

impl Participants {
    /// The council begins, or goes on.
    pub fn begun(&mut self, started: &Started) {
        self.run.clone_from(&started.run);
        self.selection = started.selection.clone();
        self.row(&started.root, None, Duration::ZERO);
    }

    /// Something happened, so long after the beginning.
    pub fn event(&mut self, event: &Event, now: Duration) {
        match event {
            Event::TurnStarted { turn, messages } => {
                self.enter(&turn.expert, State::Thinks(messages.len()), now);
            }
            Event::Joined { expert, member } => self.spend(expert, &member.usage, now),
            Event::TurnFinished { turn, usage, .. } => {
                self.spend(&turn.expert, usage, now);
                self.enter(&turn.expert, State::Rests, now);
                self.turns += 1;
            }
            Event::TurnFailed {
                turn,
                failure,
                usage,
                ..
            } => {
                self.spend(&turn.expert, usage, now);
                let why = failure.reason.lines().next().unwrap_or_default();
                self.enter(&turn.expert, State::Failed(why.to_owned()), now);
            }
            Event::Resumed { selection } => self.selection = selection.as_ref().clone(),
            _ => {}
        }
    }

    /// A message was sent, so long after the beginning.
    pub fn message(&mut self, message: &Message, now: Duration) {
        let Some(from) = &message.from else { return };
        match &message.body {
            Body::Ask { .. } => {
                self.row(&message.to, Some(from), now);
                let asks = self.row(from, None, now);
                if !asks.asked.contains(&message.to) {
                    asks.asked.push(message.to.clone());
                }
            }
            Body::Reply { .. } | Body::NoReply { .. } => {
                let asks = self.row(&message.to, None, now);
                asks.asked.retain(|one| one != from);
            }
            Body::Objection { .. } | Body::Notice { .. } => {}
        }
    }

    /// The row of an expert, made where there is none: under who asked it, behind whom that asked before.
    fn row(&mut self, expert: &str, under: Option<&str>, now: Duration) -> &mut TakingPart {
        let find = |rows: &[TakingPart], name: &str| rows.iter().position(|row| row.expert == name);
        let at = find(&self.rows, expert).unwrap_or_else(|| {
            let parent = under.and_then(|name| find(&self.rows, name));
            let depth = parent.map_or(0, |at| self.rows[at].depth + 1);
            let begin = parent.map_or(self.rows.len(), |at| at + 1);
            let below = self.rows[begin..].iter();
            let at = begin
                + below
                    .take_while(|row| row.depth >= depth && depth > 0)
                    .count();
            let row = TakingPart {
                expert: expert.to_owned(),
                depth,
                state: State::Asked,
                since: now,
                asked: Vec::new(),
                usage: Usage::default(),
            };
            self.rows.insert(at, row);
            at
        });
        &mut self.rows[at]
    }

    fn enter(&mut self, expert: &str, state: State, now: Duration) {
        let row = self.row(expert, None, now);
        row.state = state;
        row.since = now;
    }

    fn spend(&mut self, expert: &str, usage: &Usage, now: Duration) {
        self.row(expert, None, now).usage += *usage;
        self.usage += *usage;
    }

    /// A line for each that takes part, and one for all, in so many columns.
    pub fn lines(&self, now: Duration, width: usize) -> Vec<String> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let id = self.run.get(..13).unwrap_or(&self.run);
        let mut head = format!("poag: run {id}, {}", told::clock(now));
        let spent = self.spent(short(&self.usage));
        if !spent.is_empty() {
            head.push_str(", ");
            head.push_str(&spent);
        }
        let mut lines = vec![style::dim(told::cut(&head, width))];
        let widest = |text: &dyn Fn(&TakingPart) -> usize| self.rows.iter().map(text).max();
        let names = widest(&|row| 2 * row.depth + row.expert.chars().count()).unwrap_or(0);
        let withs = widest(&|row| self.with(row).chars().count()).unwrap_or(0);
        let busy = |row: &&TakingPart| row.state != State::Rests || !row.asked.is_empty();
        let all = self.rows.len() <= ROWS;
        let shown: Vec<&TakingPart> = self
            .rows
            .iter()
            .filter(|row| all || busy(row))
            .take(ROWS)
            .collect();
        for row in &shown {
            lines.push(self.line(row, now, width, (names.min(width / 3), withs)));
        }
        if self.rows.len() > shown.len() {
            let more = self.rows.len() - shown.len();
            lines.push(style::dim(format!("  and {more} more")));
        }
        lines
    }

    fn line(
        &self,
        row: &TakingPart,
        now: Duration,
        width: usize,
        (names, withs): (usize, usize),
    ) -> String {
        let name = format!("{}{}", "  ".repeat(row.depth), row.expert);
        let name: String = name.chars().take(names).collect();
        let with = self.with(row);
        let thinks = matches!(row.state, State::Thinks(_) | State::Asked);
        let waits = !row.asked.is_empty();
        let time = match thinks || waits {
            true => told::clock(now.saturating_sub(row.since)),
            false => String::new(),
        };
        let cost = short(&row.usage);
        let begin = match width >= WIDE {
            true => format!("  {name:names$}  {with:withs$}  {time:>7}  {cost:>16}  "),
            false => format!("  {name:names$}  {with:withs$}  {time:>7}  "),
        };
        let room = width.saturating_sub(begin.chars().count()).max(12);
        let what = match &row.state {
            State::Asked => "was asked".to_owned(),
            State::Thinks(_) if waits => waits_for(&row.asked, room),
            State::Thinks(1) => "thinks about 1 message".to_owned(),
            State::Thinks(count) => format!("thinks about {count} messages"),
            State::Rests if waits => waits_for(&row.asked, room),
            State::Rests => "has answered".to_owned(),
            State::Failed(why) => format!("failed: {why}"),
        };
        let what = told::cut(&what, room);
        let what = match &row.state {
            State::Failed(_) => style::warn(what),
            State::Rests if !waits => style::dim(what),
            _ => what,
        };
        let rest = begin.get(2 + name.len()..).unwrap_or_default();
        format!("  {}{rest}{what}", style::bold(name))
    }

    /// With what an expert thinks.
    fn with(&self, row: &TakingPart) -> String {
        let backend = self.selection.backends.get(&row.expert);
        let backend = backend.cloned().unwrap_or_default();
        match self.selection.models.get(&row.expert) {
            Some(model) => told::cut(&format!("{backend} ({model})"), WITH),
            None => backend,
        }
    }

    fn spent(&self, cost: String) -> String {
        match self.turns {
            0 => cost,
            turns => {
                let turns = if turns == 1 {
                    "1 turn".into()
                } else {
                    format!("{turns} turns")
                };
                let experts = self.rows.len();
                let experts = if experts == 1 {
                    "1 expert".into()
                } else {
                    format!("{experts} experts")
                };
                match cost.is_empty() {
                    true => format!("{turns} of {experts}"),
                    false => format!("{turns} of {experts}, {cost}"),
                }
            }
        }
    }

    /// All of it in one line, at the end.
    pub fn summary(&self, now: Duration) -> String {
        let time = duration::shown(now);
        match self.spent(told::cost(&self.usage)) {
            spent if spent.is_empty() => format!("poag: run {} took {time}", self.run),
            spent => format!("poag: run {} took {time}: {spent}", self.run),
        }
    }
}

/// Whom somebody waits for, in so many columns.
fn waits_for(whom: &[String], room: usize) -> String {
    let all = format!("waits for {}", whom.join(", "));
    let (Some((first, others)), true) = (whom.split_first(), all.chars().count() > room) else {
        return all;
    };
    let some = format!("waits for {first} and {} more", others.len());
    match some.chars().count() > room || others.is_empty() {
        true => format!("waits for {} experts", whom.len()),
        false => some,
    }
}

/// Tokens and money, in few columns.
fn short(usage: &Usage) -> String {
    let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
    let tokens = match tokens {
        0 => return String::new(),
        1..10_000 => format!("{tokens} tok"),
        10_000..10_000_000 => format!("{} k tok", tokens / 1000),
        _ => format!("{} M tok", tokens / 1_000_000),
    };
    match usage.cost_usd > 0.0 {
        true => format!("{tokens} ${:.3}", usage.cost_usd),
        false => tokens,
    }
}

#[cfg(test)]
mod tests;
