//! Gates open in order, close again, and hold back what lies behind them.

use super::stage::*;
use crate::work::milestone::{GateState, Milestone};
use crate::work::{Board, BoardRefusal, CheckOutcome, Task, WorkEvent};

fn milestone(name: &str, check: &str, nod: bool) -> Milestone {
    Milestone {
        name: name.into(),
        checks: (!check.is_empty())
            .then(|| check.to_owned())
            .into_iter()
            .collect(),
        nod,
        working_dir: String::new(),
    }
}

fn of(name: &str, milestone: &str) -> Task {
    let mut task = task(name, &[]);
    task.milestone = Some(milestone.into());
    task
}

/// `lib` for the proof of concept, `app` for the product, `docs` for neither.
fn gated(poc: Milestone) -> Board {
    let mut start = start(vec![of("lib", "poc"), of("app", "mvp"), task("docs", &[])]);
    start.milestones = vec![poc, milestone("mvp", "", true)];
    Board::new(start).unwrap()
}

fn checked(board: &Board, green: bool) -> WorkEvent {
    WorkEvent::GateChecked {
        milestone: "poc".into(),
        commit: board.tip.clone(),
        checks: vec![CheckOutcome {
            command: "try it".into(),
            green,
            ..CheckOutcome::default()
        }],
    }
}

fn nod(milestone: &str) -> WorkEvent {
    WorkEvent::Nodded {
        milestone: milestone.into(),
        by: "me".into(),
    }
}

fn ready(board: &Board) -> Vec<&str> {
    let ready = board.ready(i64::MAX);
    ready.map(|record| record.task.id.as_str()).collect()
}

fn states(board: &Board) -> Vec<String> {
    let gates = board.gates().into_iter();
    gates.map(|(_, state)| state.words()).collect()
}

#[test]
fn a_task_behind_a_gate_begins_when_checks_are_green_and_a_person_agrees() {
    let mut board = gated(milestone("poc", "try it", true));
    assert_eq!(ready(&board), ["docs", "lib"]);
    assert_eq!(states(&board), ["1 task to do", "after poc"]);
    let early = take(&mut board.clone(), &claim(&board, &["app"], "ann")).unwrap_err();
    assert!(
        early.to_string().contains("milestone 'mvp' has not begun"),
        "{early}"
    );
    assert!(take(&mut board.clone(), &nod("poc")).is_err());
    assert!(take(&mut board.clone(), &checked(&board, true)).is_err());
    assert_eq!(board.gate_to_check(), None);

    land(&mut board, "lib", "ann");
    assert_eq!(
        board.gate_to_check().map(|gate| gate.name.as_str()),
        Some("poc")
    );
    let red = checked(&board, false);
    all(&mut board, &[red]);
    assert_eq!(states(&board), ["red: try it", "after poc"]);
    assert!(board.view(0).needs_you[0].contains("milestone poc is red"));
    assert_eq!(board.gate_to_check(), None, "it was checked on this tip");
    let green = checked(&board, true);
    all(&mut board, &[green]);
    assert_eq!(states(&board), ["waits for a nod", "after poc"]);
    assert_eq!(ready(&board), ["docs"]);
    all(&mut board, &[nod("poc")]);
    assert_eq!(states(&board), ["open", "1 task to do"]);
    assert_eq!(ready(&board), ["app", "docs"]);
    assert!(
        take(&mut board.clone(), &nod("poc")).is_err(),
        "once is enough"
    );
}

#[test]
fn a_gate_that_turns_red_closes_and_takes_the_nod_back() {
    let mut board = gated(milestone("poc", "try it", true));
    land(&mut board, "lib", "ann");
    let green = checked(&board, true);
    all(&mut board, &[green, nod("poc")]);
    land(&mut board, "docs", "ann");
    assert_eq!(ready(&board), ["app"], "green on a tip before");
    assert!(
        board.gate_to_check().is_some(),
        "and to be checked on this one"
    );
    let red = checked(&board, false);
    all(&mut board, &[red]);
    assert_eq!(ready(&board), [""; 0]);
    let green = checked(&board, true);
    all(&mut board, &[green]);
    assert_eq!(states(&board)[0], "waits for a nod");
    let view = board.view(0);
    assert_eq!(view.milestones[0].landed, (1, 1));
    assert_eq!(view.milestones[0].commit.as_ref(), Some(&board.tip));
}

#[test]
fn what_was_done_anew_is_checked_anew() {
    let mut board = gated(milestone("poc", "try it", false));
    land(&mut board, "lib", "ann");
    let green = checked(&board, true);
    all(&mut board, &[green]);
    assert_eq!(ready(&board), ["app", "docs"]);
    let redone = WorkEvent::Redone {
        task: id("lib"),
        by: "me".into(),
        reason: "better".into(),
    };
    all(&mut board, &[redone]);
    assert_eq!(ready(&board), ["docs", "lib"]);
    land(&mut board, "lib", "ann");
    assert_eq!(states(&board)[0], "to be checked");
}

#[test]
fn nothing_lands_before_every_gate_is_open() {
    let mut board = gated(milestone("poc", "", true));
    let landing = WorkEvent::Landed {
        branch: "refs/heads/main".into(),
        from: "a".into(),
        to: "b".into(),
        by: "me".into(),
    };
    land(&mut board, "docs", "ann");
    land(&mut board, "lib", "ann");
    all(&mut board, &[nod("poc")]);
    land(&mut board, "app", "ann");
    let early = take(&mut board.clone(), &landing).unwrap_err();
    assert!(
        matches!(&early, BoardRefusal::NoGate { milestone, .. } if milestone == "mvp"),
        "{early}"
    );
    assert_eq!(board.view(0).state, "needs you");
    all(&mut board, &[nod("mvp")]);
    assert_eq!(board.view(0).state, "done");
    assert_eq!(board.closed_gate(), None);
    all(&mut board, &[landing]);
}

#[test]
fn milestones_that_do_not_fit_are_refused_with_the_nearest_name() {
    let with = |milestones: Vec<Milestone>, tasks: Vec<Task>| {
        let mut start = start(tasks);
        start.milestones = milestones;
        Board::new(start).unwrap_err().to_string()
    };
    let poc = || milestone("poc", "try it", false);
    let unknown = with(vec![poc()], vec![of("lib", "pok")]);
    assert!(
        unknown.contains("no milestone 'pok'; did you mean 'poc'?"),
        "{unknown}"
    );
    assert!(with(vec![poc(), poc()], Vec::new()).contains("another milestone has its name"));
    assert!(
        with(vec![milestone("poc", "", false)], Vec::new()).contains("neither checks nor a nod")
    );
    assert!(with(vec![milestone("a b", "x", false)], Vec::new()).contains("its name"));
    let mut outside = poc();
    outside.working_dir = "../x".into();
    assert!(with(vec![outside], Vec::new()).contains("no folder of the repository"));
    let mut board = gated(poc());
    let refused = take(&mut board, &nod("pok")).unwrap_err().to_string();
    assert!(refused.contains("did you mean 'poc'?"), "{refused}");
    // A name alone asks for nothing.
    assert!(Board::new(start(vec![of("lib", "any")])).is_ok());
}

#[test]
fn a_bid_is_kept_until_the_task_is_done_anew_and_reasons_until_it_changes() {
    let mut board = Board::new(start(vec![task("lib", &[])])).unwrap();
    let bid = |confidence| WorkEvent::BidMade {
        task: id("lib"),
        bid: Box::new(crate::work::matching::Bid {
            actor: "ann".into(),
            can: true,
            confidence,
            usd: 0.1,
            reason: String::new(),
        }),
    };
    all(&mut board, &[bid(40), bid(60)]);
    assert_eq!(board.tasks["lib"].bids.len(), 1);
    assert!(take(&mut board.clone(), &bid(60)).is_err());
    assert!(take(&mut board.clone(), &bid(101)).is_err());
    let held = WorkEvent::HeldBack {
        reasons: vec!["41 lines changed, 40 are allowed".into()],
    };
    assert!(
        take(&mut board.clone(), &held).is_err(),
        "before it is through"
    );
    land(&mut board, "lib", "ann");
    all(&mut board, std::slice::from_ref(&held));
    assert!(board.view(0).needs_you[0].contains("not by itself, since 41 lines"));
    assert!(take(&mut board.clone(), &held).is_err(), "twice");
    let redone = WorkEvent::Redone {
        task: id("lib"),
        by: "me".into(),
        reason: "better".into(),
    };
    all(&mut board, &[redone]);
    assert!(board.held_back.is_empty() && board.tasks["lib"].bids.is_empty());
}

#[test]
fn the_words_of_a_gate_are_plain() {
    let red = GateState::Red("nix flake check".into());
    assert_eq!(red.words(), "red: nix flake check");
    assert_eq!(GateState::Tasks(3).words(), "3 tasks to do");
}
