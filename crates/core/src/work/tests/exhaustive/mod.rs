//! Every event at every place where a task can stand: what may happen is written down here, and everything else is refused
//! and changes nothing.

mod allowed;
mod events;
mod places;

use std::collections::{BTreeMap, BTreeSet};

use super::stage::*;
use crate::work::{Board, BoardRefusal, WorkEvent};
use allowed::{ALLOWED, ANYWHERE};
use events::events;
use places::places;

/// Takes an event; the board must be as before where it is refused.
fn allowed(board: &Board, event: &WorkEvent) -> bool {
    let mut after = board.clone();
    match take(&mut after, event) {
        Ok(()) => {
            consistent(&after);
            true
        }
        Err(refusal) => {
            assert!(
                after == *board,
                "{event:?} was refused and changed something"
            );
            let text = refusal.to_string();
            assert!(
                text.contains("\nrepair: ") && text.lines().count() <= 3,
                "{text}"
            );
            false
        }
    }
}

/// What must hold on any board.
fn consistent(board: &Board) {
    for (id, record) in &board.tasks {
        let leased = record.phase.word() == "leased";
        assert_eq!(record.lease.is_some(), leased, "{id}");
        if let Some(epoch) = record.lease {
            assert!(board.leases[&epoch].tasks.contains(id), "{id}");
        }
        assert_eq!(
            board.queue.contains(id),
            record.phase.word() == "queued",
            "{id}"
        );
        let open = record
            .attempts
            .iter()
            .filter(|attempt| attempt.phase.is_open());
        assert!(open.count() <= usize::from(leased), "{id}");
    }
    assert!(board.leases.values().all(|lease| !lease.tasks.is_empty()));
    let open = board
        .tasks
        .values()
        .filter(|record| !record.phase.is_ended());
    assert_eq!(board.is_through(), open.count() == 0);
    let ready: Vec<_> = board
        .tasks
        .values()
        .filter(|record| record.phase.word() == "ready")
        .collect();
    if board.phase.word() == "running" {
        assert_eq!(board.ready(i64::MAX).collect::<Vec<_>>(), ready);
        let since = |now: i64| {
            let ready = ready.iter().filter(move |record| record.not_before <= now);
            ready.map(|record| &*record.task).collect::<Vec<_>>()
        };
        let times = board.tasks.values().map(|record| record.not_before);
        for now in times.chain([0]) {
            assert_eq!(board.ready_tasks(now).collect::<Vec<_>>(), since(now));
        }
    }
}

#[test]
fn what_is_not_allowed_is_refused_at_every_place() {
    let places = places();
    let mut written: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (place, kinds) in ALLOWED {
        written.insert(place, kinds.iter().chain(ANYWHERE).copied().collect());
    }
    for (place, board) in &places {
        consistent(board);
        let found: BTreeSet<String> = events(board)
            .into_iter()
            .filter(|(_, event)| allowed(board, event))
            .map(|(kind, event)| {
                let mut after = board.clone();
                after.apply(&event).unwrap();
                assert!(after != *board, "{event:?} changes nothing");
                kind
            })
            .collect();
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(
            found, written[place],
            "what may happen when the task is {place}"
        );
    }
    assert!(places.keys().eq(written.keys()));
}

#[test]
fn the_whole_work_has_its_own_places() {
    let after = [
        "processEnded",
        "salvaged",
        "settled",
        "worktreeRemoved",
        "wroteLate",
    ];
    let text = || "text".to_owned();
    let paused = WorkEvent::Paused { by: text() };
    let aborted = WorkEvent::Aborted {
        by: text(),
        reason: text(),
    };
    let all_landed = WorkEvent::Landed {
        branch: text(),
        from: text(),
        to: text(),
        by: text(),
    };
    let back = WorkEvent::RolledBack {
        to: text(),
        by: text(),
    };
    for (place, board) in places() {
        let with = |events: &[WorkEvent]| {
            let mut board = board.clone();
            self::all(&mut board, events);
            board
        };
        let ended = with(std::slice::from_ref(&aborted));
        for (kind, event) in events(&ended) {
            assert!(
                !allowed(&ended, &event) || after.contains(&kind.as_str()),
                "{kind} after abort at {place}"
            );
        }
        // A pause changes nothing but that nothing new is claimed.
        let still = with(std::slice::from_ref(&paused));
        for (kind, event) in events(&still) {
            let expected = match kind.as_str() {
                "claimed" | "paused" => false,
                "resumed" => true,
                _ => allowed(&board, &event),
            };
            assert_eq!(
                allowed(&still, &event),
                expected,
                "{kind} in a pause at {place}"
            );
        }
    }
    let mut board = Board::new(start(vec![task("lib", &[])])).unwrap();
    land(&mut board, "lib", "ann");
    for (event, more) in [(all_landed, "rolledBack"), (back, "landed")] {
        all(&mut board, &[event]);
        for (kind, event) in events(&board) {
            let taken = allowed(&board, &event);
            assert!(
                !taken || after.contains(&kind.as_str()) || kind == more,
                "{kind}"
            );
        }
    }
}

#[test]
fn nothing_is_said_of_a_task_that_is_not_there() {
    let tasks = vec![task("docs", &[])];
    let board = Board::new(start(tasks)).unwrap();
    let about_one = events(&board)
        .into_values()
        .filter(|event| !event.tasks().is_empty());
    let about_one = about_one.filter(|event| event.kind() != "taskAdded");
    let mut count = 0;
    for event in about_one {
        let refusal = board.clone().apply(&event).unwrap_err();
        assert_eq!(
            refusal,
            BoardRefusal::NoTask { task: id("lib") },
            "{event:?}"
        );
        count += 1;
    }
    assert!(count > 25, "{count}");
}

/// Whatever happens in whatever order, boards stay consistent, and a replay of what was taken gives the same one.
#[test]
fn any_order_of_events_leaves_a_board_that_its_own_events_give_again() {
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut board = board();
        let mut taken = Vec::new();
        for _ in 0..60 {
            let events: Vec<WorkEvent> = events(&board).into_values().collect();
            let event = &events[random.usize(..events.len())];
            // What ends it all is for the other tests.
            let ends = ["aborted", "abandoned", "paused", "policyChanged"];
            if !ends.contains(&event.kind()) && allowed(&board, event) {
                board.apply(event).unwrap();
                taken.push(serde_json::to_string(event).unwrap());
            }
        }
        let mut again = self::board();
        for event in &taken {
            again.apply(&serde_json::from_str(event).unwrap()).unwrap();
        }
        let json = |board: &Board| serde_json::to_vec(board).unwrap();
        assert_eq!(json(&board), json(&again));
    }
}
