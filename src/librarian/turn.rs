//! One turn: what was asked → what the expert says.

use super::adapt::Adaptations;
use super::change::{Changes, changes};
use super::declared::Declared;
use super::error::LibrarianError;
use super::intent::Intent;
use super::query::Query;
use super::responsible::is_for_others;
use super::revise::{amend, reply};
use super::route::Route;
use super::scout::Scout;
use super::shelf::Shelf;
use super::usage::answer;
use super::view::{View, ticked};
use crate::council::message::{Asked, Body, TURN_VERSION, TurnInput, TurnResult, Verdict};
use crate::expert::{Expert, Graph};

/// Notes of one result.
const NOTES: usize = 16;

/// Takes a turn.
///
/// # Errors
/// When the input is of another version, the graph lacks the speaker, or knowledge cannot be read.
pub fn turn(
    graph: &Graph,
    shelf: &Shelf,
    declared: &Declared,
    speaker: &str,
    input: &TurnInput,
) -> Result<TurnResult, LibrarianError> {
    if input.schema_version != TURN_VERSION {
        return Err(LibrarianError::Version {
            found: input.schema_version,
            expected: TURN_VERSION,
        });
    }
    let unknown = || LibrarianError::Unknown {
        name: speaker.into(),
    };
    let expert = graph
        .expert(speaker)
        .filter(|_| input.expert == speaker)
        .ok_or_else(unknown)?;
    let attempt = || {
        let index = shelf.of(expert)?;
        let (intent, query) = read(graph, declared, expert, input);
        let view = if is_asked(input) {
            let ranker = match intent.change {
                true => shelf.ranker(expert)?,
                false => None,
            };
            View::new(expert, &index, &intent, &query)?.ranked(ranker.as_deref(), &input.request)
        } else {
            View::unsearched(expert, &index, &intent, &query)
        };
        say(graph, shelf, declared, &view, input)
    };
    match attempt() {
        Err(LibrarianError::Index { .. }) => {
            // A damaged index shows only when it is read; any expert looked into may be the one.
            graph
                .experts
                .values()
                .for_each(|expert| shelf.discard(expert));
            attempt()
        }
        result => result,
    }
}

pub(super) fn is_asked(input: &TurnInput) -> bool {
    let mut unread = input.unread.iter();
    unread.any(|message| matches!(message.body, Body::Ask { .. }))
}

/// The request as it concerns this expert: also what its consumers ask in other words.
pub(super) fn read(
    graph: &Graph,
    declared: &Declared,
    expert: &Expert,
    input: &TurnInput,
) -> (Intent, Query) {
    let mut intent = Intent::of(&input.request);
    let mut query = Query::of(&input.request);
    if intent.usage && !intent.change {
        query.ask();
        query.soften(&expert.name);
    }
    for message in &input.unread {
        let Body::Ask { text, contract } = &message.body else {
            continue;
        };
        if !text.contains(input.request.as_str()) {
            let other = Intent::of(text);
            (intent.usage, intent.change) =
                (intent.usage | other.usage, intent.change | other.change);
            query.add(text, 0.8);
        }
        if let Some(name) = contract
            && expert.provides.contains_key(name)
        {
            query.add(name, 0.4);
            intent.contracts.push(name.clone());
        }
    }
    let (common, known) = declared.common(graph, &query);
    query.apart(common, known);
    (intent, query)
}

fn say(
    graph: &Graph,
    shelf: &Shelf,
    declared: &Declared,
    view: &View<'_>,
    input: &TurnInput,
) -> Result<TurnResult, LibrarianError> {
    let mut own = match &input.previous {
        Some(previous) => TurnResult {
            asks: Vec::new(),
            ..previous.clone()
        },
        None => empty(),
    };
    // Whoever is only told what a provider wants to do looks at that alone.
    if is_asked(input) {
        let fresh = look(graph, shelf, declared, view, input)?;
        merge(&mut own, fresh, &input.asked);
    }
    let mut adaptations = Adaptations::default();
    for message in &input.unread {
        let from = message.from.as_deref().unwrap_or("the person who asked");
        match &message.body {
            Body::Ask { .. } => {}
            // A notice of a consumer tells what it does in its own flake: nothing to do here.
            Body::Notice { .. } if !view.expert.neighbors.contains_key(from) => {}
            Body::Reply { result, .. } | Body::Notice { result, .. } => {
                if let Some(provider) = graph.expert(from) {
                    reply(shelf, view, provider, result, &mut own, &mut adaptations)?;
                }
            }
            Body::NoReply { reason, .. } => {
                own.notes.push(format!("`{from}` gave no answer: {reason}"))
            }
            Body::Objection { reason } => object(view, from, reason, &mut own)?,
        }
    }
    adaptations.apply(&mut own);
    own.edits
        .sort_by(|a, b| a.action.cmp(&b.action).then_with(|| a.path.cmp(&b.path)));
    own.notes.truncate(NOTES);
    Ok(own)
}

fn empty() -> TurnResult {
    TurnResult {
        schema_version: TURN_VERSION,
        edits: Vec::new(),
        answer: None,
        asks: Vec::new(),
        verdict: Verdict::Accept,
        notes: Vec::new(),
        steps: Vec::new(),
        decisions: Vec::new(),
    }
}

/// What the expert's own knowledge says, and whom else to ask.
fn look(
    graph: &Graph,
    shelf: &Shelf,
    declared: &Declared,
    view: &View<'_>,
    input: &TurnInput,
) -> Result<TurnResult, LibrarianError> {
    let mut own = empty();
    let mut cover = 0.0;
    let scout = Scout::new(graph, shelf, view.query);
    if view.intent.usage
        && !is_for_others(&scout, view)
        && let Some(found) = answer(view)?
    {
        cover = found.sure;
        own.answer = Some(found.answer);
    }
    let changes = if view.intent.change {
        changes(view)?
    } else {
        Changes::default()
    };
    let route = Route {
        graph,
        declared,
        scout: &scout,
        shelf,
        view,
        changes: &changes,
        cover,
    };
    let (asks, quiet) = route.asks(input)?;
    own.asks = asks;
    let left = own.answer.is_none() && cover > 0.0;
    if !left {
        own.notes.extend(lacking(
            view,
            own.answer.is_none(),
            changes.edits.is_empty(),
        ));
    }
    own.notes.extend(quiet);
    if view.intent.usage && view.intent.change {
        own.notes.push(format!(
            "taken for a question and for a change: {}",
            view.intent.why
        ));
    }
    own.edits = changes.edits.into_values().collect();
    if !own.edits.is_empty() {
        own.notes.extend(shelf.forgotten(view.expert));
    }
    Ok(own)
}

/// What was searched and not found.
fn lacking(view: &View<'_>, no_answer: bool, no_edits: bool) -> Option<String> {
    let texts = view.index.files.iter().filter(|row| row.text).count();
    let (all, missing) = (view.query.surfaces(u64::MAX), view.missing());
    let other = view.index.files.len() - texts;
    let unread = if other == 0 {
        String::new()
    } else {
        format!(" ({other} more are no text, or secret, and were not read)")
    };
    let place = format!("searched {texts} files{unread}");
    let nothing = (!view.intent.usage || no_answer) && (!view.intent.change || no_edits);
    if all.is_empty() {
        Some("the request holds no word to search for".into())
    } else if nothing {
        let known = view.query.surfaces(view.found.known & view.query.strong());
        let only = if known.is_empty() {
            String::new()
        } else {
            format!(", only {} in passing", ticked(&known))
        };
        let sought = if missing.is_empty() {
            ticked(&all)
        } else {
            ticked(&missing)
        };
        Some(format!("{place} for {sought}: nothing that matches{only}"))
    } else if !missing.is_empty() {
        Some(format!(
            "{place}: nothing here speaks of {}",
            ticked(&missing)
        ))
    } else {
        None
    }
}

/// Puts a fresh look into what was said before; nothing is asked twice.
fn merge(own: &mut TurnResult, fresh: TurnResult, asked: &[Asked]) {
    for edit in fresh.edits {
        if !own.edits.iter().any(|known| known.path == edit.path) {
            own.edits.push(edit);
        }
    }
    if own
        .answer
        .as_ref()
        .is_none_or(|answer| answer.citations.is_empty())
        && fresh.answer.is_some()
    {
        own.answer = fresh.answer;
    }
    for note in fresh.notes {
        if !own.notes.contains(&note) {
            own.notes.push(note);
        }
    }
    for ask in fresh.asks {
        let known = |old: &Asked| old.to == ask.to && old.contract == ask.contract;
        if !asked.iter().any(known) {
            own.asks.push(ask);
        }
    }
}

/// Looks for what an objection names; whether that settles it is for its sender to say.
fn object(
    view: &View<'_>,
    from: &str,
    reason: &str,
    own: &mut TurnResult,
) -> Result<(), LibrarianError> {
    let query = Query::of(reason);
    let intent = Intent {
        change: true,
        ..view.intent.clone()
    };
    let again = View::new(view.expert, view.index, &intent, &query)?;
    let found = changes(&again)?;
    let new: Vec<_> = found
        .edits
        .into_values()
        .filter(|edit| !own.edits.iter().any(|known| known.path == edit.path))
        .collect();
    if new.is_empty() {
        own.notes.push(format!(
            "`{from}` objects, and nothing further was found for it: {reason}"
        ));
    } else {
        amend(
            own,
            &format!("`{from}` objects; files that match the objection were added"),
        );
        own.edits.extend(new);
    }
    Ok(())
}
