//! Whom experts ask, and what agents are given.

use super::world::{World, changed};

fn line() -> World {
    World::new()
        .expert("a", "Owns the page.", &[("page.py", "def page():\n    return draw()\n")])
        .expert("b", "Owns drawing.", &[("draw.py", "def draw():\n    return clock()\n")])
        .expert("c", "Owns time.", &[("clock.py", "def leap_second():\n    \"\"\"Leap seconds are refused.\"\"\"\n    raise ValueError\n"), ("docs/time.md", "# Time\n\n## Leap seconds\n\nThey are refused with an error.\n")])
        .provides("b", "draw", "drawing", &["draw.py"])
        .provides("c", "clock", "time", &["clock.py"])
        .needs("a", "b", "draw", "to draw")
        .needs("b", "c", "clock", "to tell the time")
}

#[test]
fn the_way_to_an_owner_leads_over_the_experts_between() {
    let world = line();
    for request in [
        "leap_second should be accepted",
        "What happens with leap seconds?",
    ] {
        let root = world.ask("a", request);
        assert_eq!(root.asks.len(), 1, "{root:?}");
        assert_eq!(root.asks[0].to, "b");
        assert!(root.asks[0].reason.contains("`c`"), "{root:?}");
        let next = world.ask("b", request);
        assert_eq!(next.asks[0].to, "c");
        let owner = world.ask("c", request);
        assert!(owner.asks.is_empty());
        assert!(!changed(&owner).is_empty() || owner.answer.is_some());
    }
}

#[test]
fn who_was_asked_is_not_asked_again() {
    use poag_core::council::message::Asked;
    let world = line();
    let mut input = world.input("a", "leap_second should be accepted");
    input.asked.push(Asked {
        to: "b".into(),
        contract: None,
    });
    assert!(world.turn(&input).asks.is_empty());
}

#[test]
fn an_agent_is_given_the_owners_and_the_passages_that_the_librarian_finds() {
    let world = line();
    let librarian = world.librarian();
    let input = world.input("a", "leap_second should be accepted");
    let advice = librarian.advice(&input, 3_000).unwrap();
    assert_eq!(advice.hints.len(), 1);
    assert_eq!(advice.hints[0].to, "b");
    let own = librarian
        .advice(&world.input("c", "leap_second should be accepted"), 3_000)
        .unwrap();
    assert!(own.hints.is_empty());
    assert!(
        own.passages
            .iter()
            .any(|passage| passage.path == "clock.py")
    );
    assert!(
        librarian
            .advice(&world.input("c", "leap_second should be accepted"), 1)
            .unwrap()
            .passages
            .is_empty()
    );
    let found = librarian
        .lookup(world.graph().expert("c").unwrap(), "leap seconds")
        .unwrap();
    assert!(found.iter().any(|passage| passage.path == "docs/time.md"));
    assert!(found.iter().all(|passage| passage.path != "draw.py"));
}
