//! Whom an expert asks in a large graph, and where only the past tells.

use super::world::World;
use crate::council::message::TurnResult;
use crate::history::tests::repository::Repository;
use crate::librarian::Librarian;

fn part(world: World, name: &str, number: usize) -> World {
    let code = format!(
        "def part{number}(text):\n    \"\"\"Writes part {number}.\"\"\"\n    return text + '{number}'\n"
    );
    let readme = format!("# Part {number}\n\nReads and writes part {number}.\n");
    let summary = format!("part{number}(text) -> text");
    world
        .expert(
            name,
            &format!("Owns part {number}: its reader and its writer."),
            &[("part.py", &code), ("README.md", &readme)],
        )
        .provides(name, "part", &summary, &["part.py"])
}

/// A hub and its providers, each a part.
fn star(size: usize) -> World {
    let mut world = part(World::new(), "a-hub", 100);
    for number in 0..size {
        let name = format!("p{number:02}");
        world = part(world, &name, 200 + number).needs("a-hub", &name, "part", "its text");
    }
    world
}

fn asked(result: &TurnResult) -> Vec<&str> {
    result.asks.iter().map(|ask| ask.to.as_str()).collect()
}

fn note<'r>(result: &'r TurnResult, start: &str) -> &'r str {
    let found = result.notes.iter().find(|note| note.starts_with(start));
    found.map_or("", String::as_str)
}

#[test]
fn words_that_every_expert_of_a_large_graph_declares_tell_nobody_apart() {
    let world = star(20);
    for request in [
        "Let part207 refuse an empty text",
        "Make the text of part 207 shorter",
        "How do I call part207?",
    ] {
        let result = world.ask("a-hub", request);
        assert_eq!(asked(&result), ["p07"], "{request}");
        assert!(result.edits.is_empty(), "{request}: {:?}", result.edits);
        let note = note(&result, "not asked, for nothing there matches better");
        assert!(note.ends_with("(19 in all)"), "{note}");
        assert!(note.len() < 200, "{note}");
    }
}

#[test]
fn whoever_is_far_away_is_found_by_what_it_declares() {
    let mut world = part(World::new(), "e00", 300);
    for number in 1..40 {
        let name = format!("e{number:02}");
        let consumer = format!("e{:02}", number - 1);
        world = part(world, &name, 300 + number).needs(&consumer, &name, "part", "its text");
    }
    let result = world.ask("e00", "Let part339 refuse an empty text");
    assert_eq!(asked(&result), ["e01"]);
    assert!(result.asks[0].reason.starts_with("behind it, `e39`"));
    assert_eq!(result.asks[0].contract, None);
    let last = world.ask("e39", "Let part339 refuse an empty text");
    assert!(last.asks.is_empty() && !last.edits.is_empty());
}

#[test]
fn of_many_ways_to_somebody_in_a_large_graph_the_shortest_is_gone() {
    let mut world = star(12);
    world = part(world, "z-far", 900);
    world = part(world, "q-between", 800).needs("q-between", "z-far", "part", "its text");
    for name in ["p01", "p03", "p05"] {
        world = world.needs(name, "q-between", "part", "its text");
    }
    world = world.needs("p07", "z-far", "part", "its text");
    let result = world.ask("a-hub", "Let part900 refuse an empty text");
    assert_eq!(asked(&result), ["p07"]);
    let longer = note(&result, "not asked, for others are nearer");
    assert!(longer.ends_with("`p01`, `p03`, `p05`"), "{longer}");
}

#[test]
fn of_many_that_the_same_words_match_few_are_asked_unless_every_one_is_meant() {
    let world = star(9);
    let result = world.ask("a-hub", "Let the text be shorter");
    assert_eq!(asked(&result), ["p00", "p01", "p02", "p03"]);
    let alike = note(&result, "not asked, for the same words match");
    assert!(
        alike.ends_with("`p04`, `p05`, `p06`, `p07`, `p08`"),
        "{alike}"
    );
    let every = world.ask("a-hub", "Let every text be shorter");
    assert_eq!(asked(&every).len(), 9);
}

#[test]
fn one_turn_asks_no_more_than_a_bound_and_says_how_many_are_left() {
    let result = star(80).ask("a-hub", "Make every part polite");
    assert_eq!(asked(&result).len(), 64);
    let beyond = note(&result, "not asked, for at most 64 are asked in one turn");
    assert!(beyond.ends_with("(16 in all)"), "{beyond}");
}

#[test]
fn a_request_for_what_all_share_and_the_speaker_holds_asks_nobody() {
    let result = star(20).ask("a-hub", "How does a part write its text?");
    assert!(asked(&result).is_empty(), "{:?}", asked(&result));
    assert!(result.answer.is_some());
}

/// Three folders of one repository, where changes of the time format went to the writer, too.
fn remembered(message: &str) -> TurnResult {
    let world = World::new()
        .expert(
            "a-reader",
            "Owns the reader.",
            &[("read.py", "def stamp(line):\n    \"\"\"The timestamp of a line.\"\"\"\n    return line[:10]\n")],
        )
        .expert("painter", "Owns the painter.", &[("paint.py", "def paint():\n    return 1\n")])
        .expert("writer", "Owns the writer.", &[("write.py", "def put(out):\n    return out\n")])
        .provides("painter", "paint", "paint() -> int", &["paint.py"])
        .provides("writer", "put", "put(out) -> out", &["write.py"])
        .needs("a-reader", "painter", "paint", "pictures")
        .needs("a-reader", "writer", "put", "output");
    let repository = Repository::new();
    for at in 0..12 {
        let (said, other) = match at % 2 {
            0 => (message, "writer/write.py"),
            _ => ("shade the corners of pictures", "painter/paint.py"),
        };
        for path in ["a-reader/read.py", other] {
            repository.write(path, format!("version {at}\n"));
        }
        repository.commit(&format!("{said} ({at})"));
    }
    let librarian =
        Librarian::remembering(world.graph(), world.cache(), repository.path().to_owned());
    let input = world.input("a-reader", "Accept timestamps with a time zone");
    let input = serde_json::to_value(input).unwrap();
    let output = super::world::take(&librarian, "a-reader", input).unwrap();
    serde_json::from_value(output).unwrap()
}

#[test]
fn a_neighbour_whose_files_changes_like_this_one_touched_is_asked_with_the_commit() {
    let result = remembered("accept timestamps with a zone");
    assert_eq!(asked(&result), ["writer"]);
    let reason = &result.asks[0].reason;
    assert!(
        reason.starts_with("changes like this one touched its files, 6 of 6: past commit"),
        "{reason}"
    );
    assert!(
        reason.contains("accept timestamps with a zone (10)"),
        "{reason}"
    );
}

#[test]
fn a_past_that_tells_of_other_things_asks_nobody() {
    assert!(asked(&remembered("polish the colours")).is_empty());
}
