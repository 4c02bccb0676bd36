//! What workers do under their leases.

use poag_core::work::{BoardRefusal, WorkEvent};

use super::stage::*;
use crate::work::{ClaimRequest, OpenWork, WorkError};

fn claim(work: &mut OpenWork<'_>, task: Option<&str>) -> Result<u64, WorkError> {
    let request = ClaimRequest {
        actor: "command".into(),
        task: task.map(id),
        trajectory: 1,
        supervised: false,
    };
    work.claim(&request).map(|claimed| claimed.epoch)
}

#[test]
fn a_task_is_claimed_once_renewed_and_given_back() {
    let stage = Stage::new(write);
    let (mut one, mut other) = (stage.open(), stage.open());
    let ready = |work: &OpenWork<'_>| -> Vec<String> {
        work.ready()
            .iter()
            .map(|task| task.id.to_string())
            .collect()
    };
    assert_eq!(ready(&one), ["docs", "lib"]);
    let epoch = claim(&mut one, Some("lib")).unwrap();
    let refused = claim(&mut other, Some("lib")).unwrap_err().to_string();
    assert!(refused.contains("it is leased"), "{refused}");
    let next = claim(&mut other, None).unwrap();
    assert_eq!((epoch, next), (1, 2));
    assert!(matches!(claim(&mut one, None), Err(WorkError::NoneReady)));
    assert!(one.renew(epoch).unwrap() >= one.now());
    one.release(&id("lib"), epoch, "no time").unwrap();
    assert_eq!(ready(&one), ["lib"]);
    let refused = claim(&mut one, Some("app")).unwrap_err().to_string();
    assert!(refused.contains("it is waiting"), "{refused}");
    let refused = claim(&mut one, Some("nothing")).unwrap_err().to_string();
    assert!(refused.contains("no task 'nothing'"), "{refused}");
}

#[test]
fn what_is_written_after_a_lease_changes_nothing_and_is_kept() {
    let stage = Stage::new(write);
    let (mut one, mut other) = (stage.open(), stage.open());
    let epoch = claim(&mut one, Some("lib")).unwrap();
    let started = WorkEvent::AttemptStarted {
        task: id("lib"),
        epoch,
        attempt: 1,
        speaks_as: None,
    };
    one.note(&started).unwrap();
    // Its time is over for another process, whose ledger is the same.
    other.catch_up().unwrap();
    let until = other.board().leases[&epoch].until;
    other.expire(until).unwrap();
    let refused = one.log(&id("lib"), epoch, "still here", None).unwrap_err();
    assert!(
        matches!(refused, WorkError::Refused(BoardRefusal::Late { .. })),
        "{refused}"
    );
    let refused = one
        .claim_done(&id("lib"), epoch, &super::stage::done("x"))
        .unwrap_err();
    assert!(refused.to_string().contains("comes late"), "{refused}");
    let view = stage.open().view();
    let lib = view.tasks.iter().find(|task| task.id == id("lib")).unwrap();
    assert_eq!((lib.late, lib.state.as_str()), (2, "ready"));
    assert!(lib.detail.contains("late"), "{}", lib.detail);
}

#[test]
fn an_export_of_the_events_gives_the_same_board_byte_for_byte() {
    let stage = Stage::new(write);
    stage.supervise().unwrap();
    stage.approve();
    stage.supervise().unwrap();
    let work = stage.open();
    let export: Vec<String> = work
        .events()
        .unwrap()
        .iter()
        .map(|entry| serde_json::to_string(&entry.event).unwrap())
        .collect();
    assert!(export.len() > 20, "{}", export.len());
    let mut events = export
        .iter()
        .map(|line| serde_json::from_str(line).unwrap());
    let Some(WorkEvent::WorkStarted(start)) = events.next() else {
        panic!("it does not begin with its start");
    };
    let mut board = poag_core::work::Board::new(*start).unwrap();
    for event in events {
        board.apply(&event).unwrap();
    }
    assert_eq!(
        serde_json::to_vec(&board).unwrap(),
        serde_json::to_vec(work.board()).unwrap()
    );
}
