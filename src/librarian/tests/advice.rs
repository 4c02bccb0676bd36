//! What a search has for somebody else who takes the turn.

use super::world::World;
use crate::council::message::Body;
use crate::knowledge::tokens;

const GREET: &str = "\"\"\"Greetings.\"\"\"\n\n\ndef farewell(name):\n    return 'Bye ' + name\n\n\ndef greeting(name):\n    \"\"\"The polite greeting for a person.\"\"\"\n    return 'Hello ' + name\n";

fn world() -> World {
    let long = (0..400)
        .map(|at| format!("def greeting_{at}(name):\n    return 'greeting {at} for ' + name\n\n"))
        .collect::<String>();
    World::new()
        .expert(
            "greeter",
            "Owns the greeting.",
            &[("greet.py", GREET), ("many.py", &long)],
        )
        .provides(
            "greeter",
            "greeting",
            "greeting(name): the polite greeting",
            &["greet.py"],
        )
        .expert(
            "clock",
            "Owns the time.",
            &[("clock.py", "def now():\n    return 0\n")],
        )
        .provides("clock", "now", "the time of day", &["clock.py"])
        .expert(
            "app",
            "Owns the program.",
            &[("main.py", "print(greeting('Ann'))\n")],
        )
        .needs("app", "greeter", "greeting", "the greeting that is printed")
        .needs("app", "clock", "now", "the time that is logged")
}

const REQUEST: &str = "Make the greeting polite";

#[test]
fn passages_are_whole_and_say_where_they_stand() {
    let world = world();
    let advice = world
        .librarian()
        .advice(&world.input("greeter", REQUEST), 3_000);
    let passages = advice.unwrap().passages;
    let best = passages
        .iter()
        .find(|passage| passage.path == "greet.py")
        .unwrap();
    let lines: Vec<&str> = GREET.lines().collect();
    let (first, last) = (best.lines.0 as usize, best.lines.1 as usize);
    assert_eq!(best.text, lines[first - 1..last].join("\n"));
    assert!(best.text.contains("def greeting(name):"), "{}", best.text);
}

#[test]
fn passages_keep_to_their_budget_never_overlap_and_are_always_the_same() {
    let world = world();
    let input = world.input("greeter", REQUEST);
    for budget in [0, 100, 3_000] {
        let advice = world.librarian().advice(&input, budget).unwrap();
        let size: usize = advice
            .passages
            .iter()
            .map(|passage| tokens::count(&passage.text))
            .sum();
        assert!(size <= budget, "{size} of {budget}");
        assert_eq!(advice.passages.is_empty(), budget == 0);
        for (at, one) in advice.passages.iter().enumerate() {
            let mut rest = advice.passages[at + 1..].iter();
            let twice = |two: &&_| {
                let two: &&crate::council::message::Passage = two;
                one.path == two.path && one.lines.0 <= two.lines.1 && two.lines.0 <= one.lines.1
            };
            assert_eq!(rest.find(twice), None);
        }
        assert_eq!(advice, world.librarian().advice(&input, budget).unwrap());
    }
}

#[test]
fn neighbours_that_hold_something_of_it_are_worth_asking() {
    let world = world();
    let input = world.input("app", REQUEST);
    let hints = world.librarian().advice(&input, 3_000).unwrap().hints;
    let names: Vec<&str> = hints.iter().map(|hint| hint.to.as_str()).collect();
    assert_eq!(names, ["greeter"]);
    assert!(hints[0].reason.contains("greeting"), "{}", hints[0].reason);
}

#[test]
fn where_nobody_asks_anything_nothing_is_searched() {
    let world = world();
    let mut input = world.input("app", REQUEST);
    for message in &mut input.unread {
        message.body = Body::Objection {
            reason: REQUEST.into(),
        };
    }
    let advice = world.librarian().advice(&input, 3_000).unwrap();
    assert!(advice.passages.is_empty() && advice.hints.is_empty());
}
