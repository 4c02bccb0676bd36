//! The story of a run for a person: who was asked by whom and why, what each said, what it cost.

use std::fmt::Display;

use super::{State, told};
use crate::agent::Usage;
use crate::command::style;
use crate::council::event::{Joined, Opening};
use crate::council::message::{Action, Body, Edit, Message, TurnResult, Verdict};
use crate::council::plan::Plan;
use crate::council::tale::{End, Part, Tale, Turn};
use crate::ledger::Holder;

/// Most lines of one answer or reason, and most edits of one turn; the rest is with `--turn`.
const LINES: usize = 6;
/// Most columns of indentation: a deep graph still has room for its words.
const INDENT: usize = 24;
/// Columns of the word before each line of a turn.
const LABEL: usize = 8;

/// The whole story.
pub fn text(tale: &Tale, flake: &str, holder: Option<&Holder>) -> String {
    let mut page = Page {
        out: String::new(),
        width: told::width(),
    };
    head(&mut page, tale, flake, holder);
    for part in &tale.parts {
        page.line(0, "");
        expert(&mut page, tale, part);
    }
    page.line(0, "");
    foot(&mut page, tale);
    page.out
}

struct Page {
    out: String,
    width: usize,
}

impl Page {
    /// One line as it is.
    fn line(&mut self, indent: usize, text: impl Display) {
        let line = format!("{:indent$}{text}", "");
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// A word and what it introduces, wrapped beside it.
    fn labelled(&mut self, indent: usize, label: &str, text: &str) {
        self.painted(indent, label, text, |line| line);
    }

    /// The same on one line, cut where that ends; nothing where there is nothing to say.
    fn short(&mut self, indent: usize, label: &str, text: &str) {
        let free = self.width.saturating_sub(indent + LABEL + 1).max(20);
        self.labelled(indent, label, &told::cut(text, free));
    }

    fn painted(&mut self, indent: usize, label: &str, text: &str, paint: fn(String) -> String) {
        let free = self.width.saturating_sub(indent + LABEL + 1).max(20);
        for (at, line) in told::wrapped(text, free, LINES).into_iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            let label = style::dim(format!("{label:LABEL$}"));
            self.line(indent, format!("{label} {}", paint(line)));
        }
    }
}

fn head(page: &mut Page, tale: &Tale, flake: &str, holder: Option<&Holder>) {
    let state = State::of(tale.finished, holder);
    let took = told::duration(u64::try_from(tale.last - tale.began).unwrap_or(0));
    let state = match (state, holder) {
        (State::Finished, _) => format!("finished after {took}"),
        (_, Some(holder)) => style::warn(format!("under way: {holder} drives it")),
        _ => style::warn(format!(
            "interrupted after {took}; `poag ask --resume={}` goes on with it",
            tale.run
        )),
    };
    page.line(
        0,
        format!("{} {state}", style::bold(format!("run {}", tale.run))),
    );
    page.labelled(2, "began", &format!("{} UTC", told::time(tale.began)));
    page.labelled(2, "flake", flake);
    page.labelled(2, "request", &tale.request);
    for at in &tale.resumed {
        let at = told::time(*at);
        page.labelled(
            2,
            "resumed",
            &format!("{at} UTC; turns under way began again"),
        );
    }
}

fn expert(page: &mut Page, tale: &Tale, part: &Part) {
    let indent = (2 * part.depth).min(INDENT);
    page.line(indent, style::bold(&part.expert));
    for message in tale.messages.iter().filter(|one| one.to == part.expert) {
        if let Body::Ask { text, contract } = &message.body {
            let contract = contract.as_ref().map(|name| format!(" (contract {name})"));
            let contract = contract.unwrap_or_default();
            match (&message.from, tale.reason(message)) {
                (Some(from), Some(why)) => {
                    let why = format!("{from} asks it, because {why}{contract}");
                    page.labelled(indent + 2, "asked", &why);
                    if *text != tale.request {
                        page.short(indent + 2, "", text);
                    }
                }
                _ => page.labelled(indent + 2, "asked", "you ask it"),
            }
        }
    }
    for member in &part.members {
        page.labelled(indent + 2, "thinks", &member_said(member));
    }
    let mut before = None;
    for turn in &part.turns {
        turn_said(page, tale, turn, before, indent + 2);
        if let End::Finished { result, .. } = &turn.end {
            before = Some(result.as_ref());
        }
    }
    if part.turns.is_empty() {
        page.labelled(indent + 2, "", "it took no turn");
    }
}

/// Which backend, and how it came to know the flake.
fn member_said(member: &Joined) -> String {
    let opening = match member.opening {
        Opening::New => "no checkpoint",
        Opening::Reused => "a checkpoint used again",
        Opening::Primed => "primed for this question, and sealed for the next",
        Opening::Told => "an older checkpoint, told what changed",
    };
    let mut said = format!("with {} {}", member.backend, member.version);
    if let Some(model) = &member.model {
        said.push_str(&format!(" ({model})"));
    }
    said.push_str(&format!("; {opening}"));
    if let Some(key) = &member.checkpoint {
        said.push_str(&format!(" {}", told::cut(key, 16)));
    }
    if !member.why.is_empty() {
        said.push_str(&format!(": {}", member.why));
    }
    let cost = told::cost(&member.usage);
    if !cost.is_empty() {
        said.push_str(&format!("; before its first turn it {cost}"));
    }
    said
}

fn turn_said(
    page: &mut Page,
    tale: &Tale,
    turn: &Turn,
    before: Option<&TurnResult>,
    indent: usize,
) {
    let mut title = format!("turn {}", turn.id.turn);
    if turn.id.attempt > 1 {
        title.push_str(&format!(", attempt {}", turn.id.attempt));
    }
    let mut beside: Vec<String> = turn.millis.map(told::duration).into_iter().collect();
    if let End::Finished { usage, .. } | End::Failed { usage, .. } = &turn.end {
        let cost = told::cost(usage);
        if !cost.is_empty() {
            beside.push(cost);
        }
    }
    page.line(
        indent,
        format!("{title}  {}", style::dim(beside.join(", "))),
    );
    let indent = indent + 2;
    let given = turn.given.iter().filter_map(|id| tale.message(*id));
    let given: Vec<String> = given.map(message_said).collect();
    page.labelled(indent, "reads", &given.join("; "));
    match &turn.end {
        End::Finished { result, .. } => result_said(page, result, before, indent),
        End::Failed { failure, again, .. } => {
            let kind = format!("{:?}", failure.kind).to_lowercase();
            let then = match again {
                true => "the turn is taken again",
                false => "it takes no more turns",
            };
            let text = format!("({kind}) {}", failure.reason);
            page.painted(indent, "fails", &text, style::warn);
            page.labelled(indent, "", then);
        }
        End::Interrupted {} => {
            page.painted(
                indent,
                "ends",
                "with its process; it is taken again",
                style::warn,
            );
        }
        End::Dropped {} => page.painted(indent, "ends", "since the time was up", style::warn),
        End::Open {} => page.painted(indent, "ends", "not yet", style::warn),
    }
}

/// What a message is, in a few words.
fn message_said(message: &Message) -> String {
    let from = message.from.as_deref().unwrap_or("you");
    match &message.body {
        Body::Ask { .. } if message.from.is_none() => "your request".into(),
        Body::Ask { .. } => format!("the question of {from}"),
        Body::Reply { .. } => format!("the reply of {from}"),
        Body::NoReply { reason, .. } => format!("no reply of {from}: {}", told::cut(reason, 80)),
        Body::Objection { reason } => format!("{from} objects: {reason}"),
        Body::Notice { contracts, .. } if contracts.is_empty() => {
            format!("{from} says something new")
        }
        Body::Notice { contracts, .. } => {
            format!("{from} changes its contract {}", contracts.join(", "))
        }
    }
}

/// What was said; of what was said before, only how much it is.
fn result_said(page: &mut Page, result: &TurnResult, before: Option<&TurnResult>, indent: usize) {
    let is_new = |edit: &&Edit| before.is_none_or(|before| !before.edits.contains(edit));
    let new: Vec<&Edit> = result.edits.iter().filter(is_new).collect();
    for edit in new.iter().take(LINES) {
        let action = match edit.action {
            Action::Change => "changes",
            Action::Create => "creates",
            Action::Delete => "deletes",
            Action::Read => "points",
        };
        page.short(
            indent,
            action,
            &format!("./{}: {}", edit.path, edit.instruction),
        );
    }
    let more = new.len().saturating_sub(LINES);
    if more > 0 {
        page.labelled(indent, "", &format!("and {more} more paths"));
    }
    let kept = result.edits.len() - new.len();
    if kept > 0 {
        page.labelled(indent, "keeps", &format!("{kept} paths as they were"));
    }
    let answered = before.and_then(|before| before.answer.as_ref());
    match &result.answer {
        Some(answer) if answered == Some(answer) => page.labelled(indent, "keeps", "its answer"),
        Some(answer) => {
            page.labelled(indent, "answers", &answer.markdown);
            let sources = answer
                .citations
                .iter()
                .map(|source| format!("./{}", source.path));
            let sources: Vec<String> = sources.collect();
            page.short(indent, "from", &sources.join(", "));
        }
        None => {}
    }
    for ask in &result.asks {
        page.short(
            indent,
            "asks",
            &format!("{}, because {}", ask.to, ask.reason),
        );
    }
    match &result.verdict {
        Verdict::Accept => page.labelled(indent, "accepts", "what its neighbours want"),
        Verdict::Amend { reason } => page.labelled(indent, "amends", reason),
        Verdict::Object { reason, to } => {
            page.painted(
                indent,
                "objects",
                &format!("to {to}: {reason}"),
                style::warn,
            );
        }
    }
    let told = |note: &&String| before.is_none_or(|before| !before.notes.contains(note));
    for note in result.notes.iter().filter(told) {
        page.labelled(indent, "notes", note);
    }
}

fn foot(page: &mut Page, tale: &Tale) {
    let plan = &tale.plan;
    let title = match tale.finished {
        true => "How it ended",
        false => "How it stands",
    };
    page.line(0, style::bold(title));
    for dissent in &plan.council.dissent {
        let text = format!(
            "{} objects to {}: {}",
            dissent.from, dissent.to, dissent.reason
        );
        page.painted(2, "dissent", &text, style::warn);
    }
    for limit in &plan.council.limits {
        page.painted(2, "limit", &limit.to_string(), style::warn);
    }
    for refused in &plan.council.refused {
        let text = format!(
            "{} did not ask {}: {}",
            refused.from, refused.to, refused.why
        );
        page.labelled(2, "unasked", &text);
    }
    for asked in plan.council.asked.iter().filter(|asked| !asked.answered) {
        let why = asked.why_not.as_deref().unwrap_or("nobody knows");
        let text = format!("{} gave {} no answer: {why}", asked.to, asked.from);
        page.labelled(2, "missing", &text);
    }
    for note in plan
        .council
        .notes
        .iter()
        .filter(|note| note.expert.is_none())
    {
        page.labelled(2, "notes", &note.text);
    }
    page.labelled(2, "plan", &plan_said(plan));
    page.labelled(2, "cost", &cost_said(tale));
    let reused = reuse_said(tale);
    if !reused.is_empty() {
        page.labelled(2, "reuse", &reused);
    }
    let id = &tale.run;
    page.labelled(2, "more", &format!("poag run replay {id}"));
    page.labelled(2, "", &format!("poag run show {id} --turn {}/1", tale.root));
}

fn plan_said(plan: &Plan) -> String {
    if plan.is_empty() {
        return "nothing was found".into();
    }
    let paths: usize = plan.subflakes.values().map(|paths| paths.len()).sum();
    let answer = match plan.answer.is_empty() {
        true => "no answer",
        false => "an answer",
    };
    format!(
        "{answer}, {paths} paths in {} flakes, {} steps",
        plan.subflakes.len(),
        plan.plan.len()
    )
}

fn cost_said(tale: &Tale) -> String {
    let turns = tale.parts.iter().flat_map(|part| &part.turns);
    let failed = turns
        .clone()
        .filter(|turn| matches!(turn.end, End::Failed { .. }));
    let (turns, failed) = (turns.clone().count(), failed.count());
    let experts = tale.parts.len();
    let many = |count: usize| if count == 1 { "" } else { "s" };
    let mut said = format!(
        "{turns} turn{} of {experts} expert{}",
        many(turns),
        many(experts)
    );
    if failed > 0 {
        said.push_str(&format!(", {failed} of them failed"));
    }
    let cost = told::cost(&tale.plan.council.usage);
    match cost.is_empty() {
        true => format!("{said}; no tokens, no money"),
        false => format!("{said}; {cost}"),
    }
}

/// What did not have to be learned for this question.
fn reuse_said(tale: &Tale) -> String {
    let members = || tale.parts.iter().flat_map(|part| &part.members);
    let count = |opening| members().filter(|member| member.opening == opening).count();
    let mut said: Vec<String> = [
        (Opening::Reused, "checkpoints used again"),
        (Opening::Told, "told what changed"),
        (Opening::Primed, "primed anew"),
    ]
    .into_iter()
    .map(|(opening, words)| (count(opening), words))
    .filter(|(count, _)| *count > 0)
    .map(|(count, words)| format!("{count} {words}"))
    .collect();
    let Usage {
        input_tokens: sent,
        cached_tokens: cached,
        ..
    } = tale.plan.council.usage;
    if let Some(share) = cached
        .saturating_mul(100)
        .checked_div(sent)
        .filter(|share| *share > 0)
    {
        said.push(format!("{share} % of the tokens sent came from a cache"));
    }
    said.join(", ")
}
