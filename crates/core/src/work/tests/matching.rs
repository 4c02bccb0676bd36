//! Who takes what.

use super::stage::{set, start, task};
use crate::work::matching::{Bid, TrackRecord, best_bid};
use crate::work::{Actor, Board, Trust};

fn actor(name: &str) -> Actor {
    Actor {
        name: name.into(),
        skills: set(&["rust", "docs"]),
        ..Actor::of("command")
    }
}

fn board(actors: Vec<Actor>, change: impl FnOnce(&mut crate::work::Task)) -> Board {
    let mut one = task("lib", &[]);
    change(&mut one);
    let mut start = start(vec![one]);
    start.actors = actors;
    Board::new(start).unwrap()
}

fn best(board: &Board, tokens: u64) -> Result<&str, String> {
    let track = |name: &str| TrackRecord {
        landed: if name == "old" { 9 } else { 0 },
        ..TrackRecord::default()
    };
    let found = board.best(board.task("lib").unwrap(), tokens, 0, track);
    found
        .map(|actor| actor.name.as_str())
        .map_err(|nobody| nobody.to_string())
}

#[test]
fn the_owner_comes_first_then_soft_skills_room_trust_and_name() {
    let owner = Actor {
        experts: set(&["lib"]),
        ..actor("owner")
    };
    let other = Actor {
        experts: set(&["app"]),
        ..actor("a-other")
    };
    let skilled = Actor {
        skills: set(&["rust", "docs", "ffi"]),
        ..actor("skilled")
    };
    let roomy = Actor {
        capacity: 3,
        ..actor("roomy")
    };
    let trusted = Actor {
        trust: Trust::Verified,
        ..actor("trusted")
    };
    let mut actors = vec![
        other,
        actor("b"),
        actor("a"),
        actor("old"),
        trusted,
        roomy,
        skilled,
        owner,
    ];
    // Each time the best goes, the next is the best.
    for expected in [
        "owner", "skilled", "roomy", "old", "trusted", "a", "b", "a-other",
    ] {
        let board = board(actors.clone(), |task| {
            task.requires_skills = set(&["rust"]);
            task.prefers_skills = set(&["ffi"]);
        });
        assert_eq!(best(&board, 0), Ok(expected));
        actors.retain(|actor| actor.name != expected);
    }
}

#[test]
fn nobody_says_why_of_each() {
    let short = Actor {
        context_tokens: Some(10),
        ..actor("short")
    };
    let board = board(vec![short, actor("plain")], |task| {
        task.tools_required = set(&["docs"]);
    });
    assert_eq!(best(&board, 11), Ok("plain"));
    let board = self::board(vec![actor("plain")], |task| {
        task.requires_skills = set(&["cobol", "rust"]);
    });
    assert_eq!(
        best(&board, 0).unwrap_err(),
        "nobody can do this: plain lacks cobol"
    );
    let board = self::board(Vec::new(), |_| {});
    assert_eq!(
        best(&board, 0).unwrap_err(),
        "nobody can do this: the work has no actors"
    );
}

#[test]
fn the_best_bid_is_the_surest_then_the_cheapest_of_those_who_can() {
    let bid = |actor: &str, can, confidence, usd| Bid {
        actor: actor.into(),
        can,
        confidence,
        usd,
        reason: String::new(),
    };
    let bids = [
        bid("a", false, 99, 0.0),
        bid("b", true, 80, 2.0),
        bid("c", true, 80, 1.0),
    ];
    assert_eq!(best_bid(&bids).map(|bid| bid.actor.as_str()), Some("c"));
    assert_eq!(best_bid(&bids[..1]), None);
}

#[test]
fn trust_is_earned_by_what_stays_and_lost_by_a_revert() {
    let record = |landed, reverted| {
        TrackRecord {
            landed,
            reverted,
            failed: 0,
        }
        .trust()
    };
    assert_eq!(record(4, 0), Trust::Provisional);
    assert_eq!(record(5, 0), Trust::Verified);
    assert_eq!(record(50, 1), Trust::Provisional);
}
