//! A supervisor from the first claim to the landing, and past its death.

use poag_core::work::{OutcomeKind, WorkEvent};
use poag_git::work::WorkRepository;

use super::stage::*;
use crate::work::{ClaimRequest, LandRequest, ReviewWords, WorkError};

#[test]
fn providers_come_first_and_everything_lands_after_a_yes() {
    let stage = Stage::new(write);
    // Nobody but a person can review here.
    let first = stage.supervise().unwrap();
    assert_eq!(
        first,
        states(&[
            ("app", "waiting"),
            ("docs", "in review"),
            ("lib", "in review")
        ])
    );
    let mut begun = stage.runner.begun.lock().unwrap().clone();
    begun.sort();
    assert_eq!(begun, ["docs", "lib"]);
    stage.approve();
    let second = stage.supervise().unwrap();
    assert_eq!(
        second,
        states(&[("app", "in review"), ("docs", "landed"), ("lib", "landed")])
    );
    stage.approve();
    stage.supervise().unwrap();
    let mut work = stage.open();
    assert_eq!(work.view().state, "done");
    let tip = stage.repository.git(&["rev-parse", &stage.branch()]);
    assert_eq!(tip, work.board().tip);
    let shown = stage
        .repository
        .git(&["show", &format!("{tip}:flakes/app/made")]);
    assert_eq!(shown, "app 1");
    // The consumer began from what holds its provider.
    let base = &work
        .board()
        .task("app")
        .unwrap()
        .proof
        .as_ref()
        .unwrap()
        .base;
    let there = stage
        .repository
        .git(&["show", &format!("{base}:flakes/lib/made")]);
    assert_eq!(there, "lib 1");
    assert_eq!(
        stage.repository.git(&["worktree", "list"]).lines().count(),
        1
    );
    let repository = WorkRepository::open(stage.repository.path()).unwrap();
    let request = LandRequest {
        branch: None,
        by: "Ada".into(),
    };
    let before = stage.repository.git(&["rev-parse", "main"]);
    work.land(&repository, &request).unwrap();
    assert_eq!(stage.repository.git(&["rev-parse", "main"]), tip);
    assert_eq!(work.view().state, "landed");
    work.rollback(&repository, "Ada").unwrap();
    assert_eq!(stage.repository.git(&["rev-parse", "main"]), before);
    assert_eq!(work.view().state, "rolled back");
}

#[test]
fn a_claim_that_is_not_true_goes_back_with_its_log() {
    let stage = Stage::new(|assignment, folder| match &assignment.previous {
        None => done("nothing"),
        Some(previous) => {
            assert_eq!(previous.log, "the log of the checks");
            write(assignment, folder)
        }
    });
    stage.supervise().unwrap();
    let work = stage.open();
    let record = work.board().task("lib").unwrap();
    assert_eq!(record.attempts.len(), 2);
    assert_eq!(record.phase.word(), "in review");
    // Both under one lease, by one actor.
    assert_eq!(record.attempts[0].epoch, record.attempts[1].epoch);
}

#[test]
fn who_never_does_it_is_put_aside_and_a_person_is_told() {
    let stage = Stage::new(|assignment, folder| match assignment.task.id.as_str() {
        "lib" => done("nothing"),
        _ => write(assignment, folder),
    });
    let states = stage.supervise().unwrap();
    assert_eq!(states["lib"], "parked");
    let view = stage.open().view();
    assert_eq!(view.needs_you.len(), 1, "{:?}", view.needs_you);
    assert_eq!(stage.open().board().task("lib").unwrap().attempts.len(), 3);
    stage.open().retry(&id("lib"), "Ada").unwrap();
    stage.supervise().unwrap();
    assert_eq!(stage.open().board().task("lib").unwrap().attempts.len(), 6);
}

#[test]
fn an_objection_goes_back_to_the_author_and_a_question_to_a_person() {
    let stage = Stage::new(|assignment, folder| {
        if assignment.task.id.as_str() == "docs" {
            let mut asking = done("which one?");
            asking.outcome = OutcomeKind::Asking;
            return asking;
        }
        write(assignment, folder)
    });
    let first = stage.supervise().unwrap();
    assert_eq!(first["docs"], "asking");
    let mut work = stage.open();
    work.say(&id("docs"), "Ada", "the blue one").unwrap();
    let words = ReviewWords::Object("it is too short".into());
    work.review(&id("lib"), "Ada", &words).unwrap();
    stage.supervise().unwrap();
    let work = stage.open();
    let lib = work.board().task("lib").unwrap();
    assert_eq!((lib.attempts.len(), lib.rounds), (2, 1));
    let docs = work.board().task("docs").unwrap();
    assert_eq!(docs.words[0], ("Ada".to_owned(), "the blue one".to_owned()));
    let text = String::from_utf8(work.kept("attempt/docs/1/2/assignment").unwrap().unwrap());
    assert!(text.unwrap().contains("the blue one"));
    let text = String::from_utf8(work.kept("attempt/lib/1/2/assignment").unwrap().unwrap());
    assert!(text.unwrap().contains("it is too short"));
}

#[test]
fn a_supervisor_that_died_leaves_nothing_that_the_next_one_does_not_mend() {
    let stage = Stage::new(write);
    let mut work = stage.open();
    // As it stands when a supervisor is killed in the middle of an attempt.
    let request = ClaimRequest {
        actor: "command".into(),
        task: Some(id("lib")),
        trajectory: 1,
        supervised: true,
    };
    let claimed = work.claim(&request).unwrap();
    let record = work.board().task("lib").unwrap().clone();
    let repository = WorkRepository::open(stage.repository.path()).unwrap();
    let board = work.board().clone();
    let given =
        crate::work::assign::assignment(&board, &record, &stage.graph, &repository).unwrap();
    let worktree = crate::work::supervise::AttemptRunner::worktree(&*stage.runner, &given).unwrap();
    work.keep(
        "attempt/lib/1/1/assignment",
        &serde_json::to_vec(&given).unwrap(),
    )
    .unwrap();
    work.keep(
        "attempt/lib/1/1/worktree",
        &serde_json::to_vec(&worktree).unwrap(),
    )
    .unwrap();
    let (task, epoch) = (id("lib"), claimed.epoch);
    for event in [
        WorkEvent::Reserved {
            turn: "lib/1/1".into(),
            task: task.clone(),
            usd: 1.0,
            output_tokens: 1,
        },
        WorkEvent::AttemptStarted {
            task: task.clone(),
            epoch,
            attempt: 1,
            speaks_as: None,
        },
        WorkEvent::WorktreeProven {
            task: task.clone(),
            epoch,
            path: worktree.path.display().to_string(),
            branch: "command/lib-1".into(),
            base: given.base.clone(),
        },
        WorkEvent::WorkBegan {
            task,
            epoch,
            pid: Some(1),
            at: 1,
        },
    ] {
        work.note(&event).unwrap();
    }
    std::fs::write(worktree.path.join("flakes/lib/unsaved"), "precious").unwrap();
    let states = stage.supervise().unwrap();
    assert_eq!(states["lib"], "in review");
    let work = stage.open();
    let record = work.board().task("lib").unwrap();
    assert_eq!(record.attempts.len(), 2);
    assert_eq!(record.counted, 0);
    let salvage = record.attempts[0].worktree.salvage().unwrap();
    let saved = stage
        .repository
        .git(&["show", &format!("{salvage}:flakes/lib/unsaved")]);
    assert_eq!(saved, "precious");
    assert!(work.board().reserved.is_empty() && work.board().leases.is_empty());
}

#[test]
fn an_abort_ends_everything_and_keeps_what_was_written() {
    let stage = Stage::new(write);
    stage.supervise().unwrap();
    let mut work = stage.open();
    let aborted = WorkEvent::Aborted {
        by: "Ada".into(),
        reason: "enough".into(),
    };
    work.note(&aborted).unwrap();
    let states = stage.supervise().unwrap();
    assert!(
        states.values().all(|state| state == "abandoned"),
        "{states:?}"
    );
    let branches = stage.repository.git(&["branch", "--list", "command/*"]);
    assert_eq!(branches.lines().count(), 2);
    let repository = WorkRepository::open(stage.repository.path()).unwrap();
    let request = LandRequest {
        branch: None,
        by: "Ada".into(),
    };
    let refused = stage.open().land(&repository, &request).unwrap_err();
    assert!(matches!(refused, WorkError::NothingToDo), "{refused}");
}

#[test]
fn one_supervisor_at_a_time() {
    use poag_ledger::Ledger as _;
    let stage = Stage::new(write);
    let claim = stage.ledger.claim(WORK).unwrap();
    let refused = stage.supervise().unwrap_err().to_string();
    assert!(refused.contains("being driven by process"), "{refused}");
    drop(claim);
    stage.supervise().unwrap();
}
