//! Asking neighbours and reacting to what they say.

use super::themes::world;
use super::world::{World, changed, instruction};
use crate::council::message::{Ask, Asked, Body, Message, TurnInput, TurnResult, Verdict};

/// A page over the date library over nothing, and a page that also reads settings.
fn page() -> World {
    world()
        .expert("calendar", "Owns the calendar page.", &[
            ("README.md", "# Calendar\n\nA page that shows a month.\n"),
            ("src/month.js", "import { formatDate } from 'datelet';\n\nexport function renderMonth(month) {\n  return month.days.map((day) => formatDate(day, 'DD'));\n}\n"),
            ("src/settings.js", "import { parse } from 'inikit';\n\nexport const settings = parse('');\n"),
            ("test/month.test.js", "import { renderMonth } from '../src/month.js';\n\ntest('days', () => renderMonth({ days: [] }));\n"),
        ])
        .needs("calendar", "datelet", "format", "the text of each day")
        .needs("calendar", "inikit", "parse", "reading the settings of a user")
        .expert("suite", "Owns the acceptance of everything.", &[("README.md", "# Suite\n\nEverything together.\n")])
        .needs("suite", "calendar", "page", "the page itself")
        .provides("calendar", "page", "renderMonth(month) -> the days of a month", &["src/month.js"])
}

fn asked(result: &TurnResult) -> Vec<(&str, Option<&str>)> {
    result
        .asks
        .iter()
        .map(|ask| (ask.to.as_str(), ask.contract.as_deref()))
        .collect()
}

fn later(
    world: &World,
    first: &TurnInput,
    previous: TurnResult,
    from: &str,
    body: Body,
) -> TurnResult {
    let message = Message {
        id: 9,
        from: Some(from.into()),
        to: first.expert.clone(),
        body,
    };
    let new = previous.asks.iter().map(|ask| Asked {
        to: ask.to.clone(),
        contract: ask.contract.clone(),
    });
    let input = TurnInput {
        turn: 2,
        unread: vec![message],
        asked: first.asked.iter().cloned().chain(new).collect(),
        previous: Some(previous),
        ..first.clone()
    };
    world.turn(&input)
}

fn replied(result: TurnResult) -> Body {
    Body::Reply {
        to_ask: 1,
        result: Box::new(result),
    }
}

#[test]
fn the_neighbour_whose_contract_speaks_of_the_request_is_asked_and_the_other_is_not() {
    let result = page().ask(
        "calendar",
        "Change the pattern with which dates are formatted",
    );
    assert_eq!(asked(&result), [("datelet", Some("format"))]);
    let ask = &result.asks[0];
    assert!(
        ask.reason.contains("its contract `format` speaks of"),
        "{}",
        ask.reason
    );
    assert!(
        ask.text.contains("the text of each day") && ask.text.contains("formatDate(date, pattern)"),
        "{}",
        ask.text
    );
    assert!(
        result
            .notes
            .iter()
            .any(|note| note.contains("not asked") && note.contains("`inikit`")),
        "{:?}",
        result.notes
    );
}

#[test]
fn what_stands_behind_a_neighbour_is_a_reason_to_ask_it() {
    let result = page().ask("suite", "Support the pattern of a weekday in formatDate");
    assert_eq!(asked(&result), [("calendar", None)]);
    assert!(
        result.asks[0].reason.contains("behind it, `datelet`"),
        "{}",
        result.asks[0].reason
    );
}

#[test]
fn nobody_is_asked_about_something_else() {
    let result = page().ask("calendar", "Add Kubernetes autoscaling to the submarine");
    assert!(result.asks.is_empty(), "{:?}", result.asks);
}

#[test]
fn a_named_language_leads_to_the_expert_that_speaks_it() {
    let result = page().ask("calendar", "How do I read the settings from Rust?");
    assert_eq!(
        asked(&result),
        [("inikit", Some("parse"))],
        "{:?}",
        result.asks
    );
}

#[test]
fn a_change_of_a_contracts_file_leads_to_its_uses() {
    let world = page();
    let request = "Change the pattern with which dates are formatted";
    let first = world.input("calendar", request);
    let previous = world.turn(&first);
    let provider = world.ask("datelet", request);
    assert!(
        changed(&provider).contains(&"src/format.js"),
        "{provider:?}"
    );
    let result = later(&world, &first, previous, "datelet", replied(provider));
    assert!(
        changed(&result).contains(&"src/month.js"),
        "{:?}",
        result.edits
    );
    let text = instruction(&result, "src/month.js");
    assert!(
        text.contains("`formatDate`") && text.contains("`datelet`"),
        "{text}"
    );
    assert!(
        matches!(&result.verdict, Verdict::Amend { reason } if reason.contains("contract `format`")),
        "{:?}",
        result.verdict
    );
    assert!(result.asks.is_empty());
}

#[test]
fn a_change_that_no_contract_names_is_accepted() {
    let world = page();
    let first = world.input("calendar", "Write weekdays in French");
    let previous = world.turn(&first);
    let mut provider = world.ask("datelet", "Write weekdays in French");
    provider.edits.retain(|edit| edit.path == "src/weekday.js");
    assert_eq!(provider.edits.len(), 1);
    let result = later(
        &world,
        &first,
        previous.clone(),
        "datelet",
        replied(provider),
    );
    assert_eq!(result.verdict, Verdict::Accept);
    assert_eq!(result.edits, previous.edits);
}

#[test]
fn an_answer_the_speaker_has_not_is_left_to_its_neighbour() {
    let world = page();
    let request = "How do I format a date in JavaScript?";
    let first = world.input("suite", request);
    let previous = world.turn(&first);
    assert_eq!(
        asked(&previous).first().map(|ask| ask.0),
        Some("calendar"),
        "{previous:?}"
    );
    assert_eq!(previous.answer, None);
    let result = later(
        &world,
        &first,
        previous,
        "calendar",
        replied(world.ask("datelet", request)),
    );
    // The council shows each answer once, under the name of whoever gave it.
    assert_eq!(result.answer, None);
}

#[test]
fn silence_is_noted_and_nothing_is_asked_twice() {
    let world = page();
    let first = world.input(
        "calendar",
        "Change the pattern with which dates are formatted",
    );
    let previous = world.turn(&first);
    let silent = Body::NoReply {
        to_ask: 1,
        reason: "out of turns".into(),
    };
    let second = later(&world, &first, previous.clone(), "datelet", silent);
    assert!(
        second
            .notes
            .contains(&"`datelet` gave no answer: out of turns".into()),
        "{:?}",
        second.notes
    );
    assert!(second.asks.is_empty());
    let again = Body::Ask {
        text: first.request.clone(),
        contract: Some("page".into()),
    };
    // The council remembers what was asked two turns ago; this turn's result does not.
    let asked = |asks: &[Ask]| {
        asks.iter()
            .map(|ask| Asked {
                to: ask.to.clone(),
                contract: ask.contract.clone(),
            })
            .collect()
    };
    let first = TurnInput {
        asked: asked(&previous.asks),
        ..first
    };
    let third = later(&world, &first, second, "suite", again);
    assert!(third.asks.is_empty(), "{:?}", third.asks);
    assert_eq!(changed(&third), changed(&previous));
}

#[test]
fn an_objection_brings_what_it_names_or_a_note() {
    let world = page();
    let first = world.input(
        "calendar",
        "Change the pattern with which dates are formatted",
    );
    let previous = world.turn(&first);
    let named = Body::Objection {
        reason: "the settings must change as well".into(),
    };
    let result = later(&world, &first, previous.clone(), "suite", named);
    assert!(
        changed(&result).contains(&"src/settings.js"),
        "{:?}",
        result.edits
    );
    assert!(matches!(&result.verdict, Verdict::Amend { .. }));
    let vague = Body::Objection {
        reason: "no".into(),
    };
    let result = later(&world, &first, previous, "suite", vague);
    assert!(
        result
            .notes
            .iter()
            .any(|note| note.contains("objects, and nothing further was found"))
    );
}
