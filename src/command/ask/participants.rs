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
        let mut head = format!("poag: run {id}, {}", clock(now));
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
            true => clock(now.saturating_sub(row.since)),
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

/// A time that goes on, in whole seconds.
fn clock(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
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
mod tests {
    use super::*;
    use serde_json::json;

    fn message(id: u64, from: &str, to: &str, body: serde_json::Value) -> Message {
        let message = json!({ "id": id, "from": from, "to": to, "body": body });
        serde_json::from_value(message).unwrap()
    }

    fn ask(id: u64, from: &str, to: &str) -> Message {
        message(
            id,
            from,
            to,
            json!({ "kind": "ask", "text": "polite?", "contract": null }),
        )
    }

    fn begins(expert: &str) -> Event {
        let turn = json!({ "expert": expert, "turn": 1, "attempt": 1 });
        let event = json!({ "event": "turnStarted", "turn": turn, "messages": [1] });
        serde_json::from_value(event).unwrap()
    }

    fn ends(expert: &str, tokens: u64) -> Event {
        let turn = json!({ "expert": expert, "turn": 1, "attempt": 1 });
        let usage =
            json!({ "inputTokens": tokens, "cachedTokens": 0, "outputTokens": 0, "costUsd": 0.5 });
        let result = json!({ "schemaVersion": 1, "edits": [], "asks": [], "verdict": { "verdict": "accept" } });
        let event = json!({ "event": "turnFinished", "turn": turn, "backend": "codex", "result": result, "usage": usage });
        serde_json::from_value(event).unwrap()
    }

    /// The council of an app that asked a base and a web, which asked the base too.
    fn council() -> Participants {
        let mut council = Participants {
            run: "0197f3c2-aaaa".into(),
            ..Participants::default()
        };
        let with = [
            ("app", "claude-code"),
            ("base", "codex"),
            ("web", "librarian"),
        ];
        let with = with.map(|(name, backend)| (name.to_owned(), backend.to_owned()));
        council.selection.backends = with.into();
        council.selection.models.insert("app".into(), "opus".into());
        let at = Duration::from_secs;
        council.row("app", None, at(0));
        council.event(&begins("app"), at(0));
        council.event(&ends("app", 1200), at(5));
        council.message(&ask(2, "app", "base"), at(5));
        council.message(&ask(3, "app", "web"), at(5));
        council.event(&begins("base"), at(5));
        council.event(&begins("web"), at(6));
        council
    }

    fn plain(lines: &[String]) -> Vec<String> {
        let plain = |line: &String| crate::terminal::paint::plain(line);
        lines.iter().map(plain).collect()
    }

    #[test]
    fn who_was_asked_stands_under_who_asked_and_what_is_waited_for_is_told() {
        let lines = plain(&council().lines(Duration::from_secs(9), 100));
        let expected = [
            "poag: run 0197f3c2-aaaa, 9 s, 1 turn of 3 experts, 1200 tok $0.500",
            "  app     claude-code (opus)      4 s   1200 tok $0.500  waits for base, web",
            "    base  codex                   4 s                    thinks about 1 message",
            "    web   librarian               3 s                    thinks about 1 message",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn an_answer_ends_the_waiting_and_a_failure_is_told() {
        let mut council = council();
        let at = Duration::from_secs(10);
        let turn = json!({ "expert": "web", "turn": 1, "attempt": 1 });
        let failure = json!({ "kind": "timeout", "reason": "no answer within 4 s\nrepair: x", "retry": false });
        let usage =
            json!({ "inputTokens": 0, "cachedTokens": 0, "outputTokens": 0, "costUsd": 0.0 });
        let event = json!({ "event": "turnFailed", "turn": turn, "backend": "librarian", "failure": failure, "usage": usage });
        council.event(&serde_json::from_value(event).unwrap(), at);
        for (id, from) in [(4, "web"), (5, "base")] {
            let body = json!({ "kind": "noReply", "to_ask": 1, "reason": "it failed" });
            council.message(&message(id, from, "app", body), at);
        }
        council.event(&ends("base", 20_000), at);
        let lines = plain(&council.lines(at, 80));
        assert!(lines[1].ends_with("  has answered"), "{lines:#?}");
        assert!(lines[2].contains("20 k tok $0.500"), "{lines:#?}");
        assert!(lines[3].contains("failed: no answer"), "{lines:#?}");
        for line in &lines {
            assert!(line.chars().count() <= 80, "{lines:#?}");
        }
        let all = council.summary(at);
        assert!(
            all.starts_with(
                "poag: run 0197f3c2-aaaa took 10.0 s: 2 turns of 3 experts, sent 21,200 tokens"
            ),
            "{all}"
        );
    }

    #[test]
    fn a_large_council_fits_a_screen() {
        let mut council = council();
        for at in 0..100_u64 {
            let name = format!("library-{at}");
            council.message(&ask(10 + at, "base", &name), Duration::ZERO);
            council.event(&begins(&name), Duration::ZERO);
        }
        let lines = plain(&council.lines(Duration::from_secs(1), 80));
        assert_eq!(lines.len(), 1 + ROWS + 1);
        assert_eq!(lines.last().unwrap(), "  and 87 more");
    }
}
