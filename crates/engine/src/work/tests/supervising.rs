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

/// The provider's axis is not the attempt's (learned from gascity#1400, where a rate limit was counted as a crash).
#[test]
fn a_provider_that_limits_is_no_failure_of_the_task() {
    let stage = Stage::new(|assignment, folder| match assignment.task.id.as_str() {
        "lib" => poag_core::work::Outcome {
            outcome: OutcomeKind::Failed,
            fault: Some(poag_core::agent::Fault::Limit),
            ..done("too many requests")
        },
        _ => write(assignment, folder),
    });
    // It waits for the provider, which a test does not.
    let waited = std::time::Duration::from_secs(3);
    let supervised = stage.supervise_for(waited);
    assert!(supervised.is_none(), "{supervised:?}");
    let work = stage.open();
    let lib = work.board().task("lib").unwrap();
    assert_eq!((lib.failures, lib.counted), (0, 0));
    assert!(lib.attempts.len() < 3, "{}", lib.attempts.len());
    let provider = work.board().providers.get("command").unwrap();
    assert!(!provider.may_ask(work.now()), "{provider:?}");
    let view = work.view();
    assert_eq!(view.providers.len(), 1, "{view:?}");
    assert!(view.needs_you.iter().all(|need| !need.contains("lib")));
}

#[test]
fn when_its_wall_clock_is_over_the_work_is_paused_and_goes_on_with_more() {
    let stage = Stage::new(write);
    let mut work = stage.open();
    let limit = |seconds| poag_core::work::policy::WorkBudget {
        seconds,
        ..Default::default()
    };
    let policy = |work: &crate::work::OpenWork<'_>, seconds| {
        let mut policy = work.board().start.policy.clone();
        policy.budget = limit(seconds);
        WorkEvent::PolicyChanged {
            policy: Box::new(policy),
            by: "Ada".into(),
        }
    };
    let none = policy(&work, Some(0));
    work.note(&none).unwrap();
    stage.supervise().unwrap();
    assert_eq!(stage.runner.begun.lock().unwrap().len(), 0);
    let mut work = stage.open();
    let phase = &work.board().phase;
    assert!(
        matches!(phase, poag_core::work::WorkPhase::Paused { by } if by.contains("wall clock")),
        "{phase:?}"
    );
    let more = policy(&work, Some(3600));
    work.note(&more).unwrap();
    work.note(&WorkEvent::Resumed { by: "Ada".into() }).unwrap();
    let states = stage.supervise().unwrap();
    assert_eq!(states["lib"], "in review");
    // An attempt is not given more than what is left.
    let given = work.kept("attempt/lib/1/1/assignment").unwrap().unwrap();
    let given: poag_core::work::Assignment = serde_json::from_slice(&given).unwrap();
    assert!(given.task.timeout_seconds <= 3600, "{:?}", given.task);
}

#[test]
fn a_task_whose_wall_clock_is_over_asks_a_person() {
    let stage = Stage::new(write);
    let mut work = stage.open();
    let mut policy = work.board().start.policy.clone();
    policy.budget.task_seconds = Some(0);
    let event = WorkEvent::PolicyChanged {
        policy: Box::new(policy),
        by: "Ada".into(),
    };
    work.note(&event).unwrap();
    let states = stage.supervise().unwrap();
    assert_eq!(
        (states["lib"].as_str(), states["docs"].as_str()),
        ("asking", "asking")
    );
}

/// What was claimed done when poag was killed is proven, and asked for of nobody again.
#[test]
fn a_finished_attempt_of_a_supervisor_that_died_is_proven_and_not_made_again() {
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let count = asked.clone();
    let stage = Stage::new(move |assignment, folder| {
        if assignment.task.id.as_str() == "lib" {
            count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
        write(assignment, folder)
    });
    // It dies while the claim is being proven.
    *stage.runner.stuck.lock().unwrap() = true;
    let waited = std::time::Duration::from_secs(3);
    assert!(stage.supervise_for(waited).is_none());
    let last = |work: &crate::work::OpenWork<'_>| {
        let lib = work.board().task("lib").unwrap();
        lib.attempts.last().unwrap().phase.word().to_owned()
    };
    assert_eq!(last(&stage.open()), "claimed done");
    *stage.runner.stuck.lock().unwrap() = false;
    let states = stage.supervise().unwrap();
    assert_eq!(states["lib"], "in review");
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 1);
    let work = stage.open();
    let lib = work.board().task("lib").unwrap();
    assert_eq!((lib.attempts.len(), lib.counted), (2, 0));
}
