//! One event of every kind.

use std::collections::{BTreeMap, BTreeSet};

use crate::work::axis::{ProviderHealth, Verdict};
use crate::work::matching::Bid;
use crate::work::policy::WorkPolicy;
use crate::work::tests::stage::*;
use crate::work::{Board, WorkEvent};

/// One event of every kind, and of some two, about the task `lib`.
pub fn events(board: &Board) -> BTreeMap<String, WorkEvent> {
    let lib = || id("lib");
    let text = || "text".to_owned();
    let epoch = board
        .task("lib")
        .and_then(|record| record.lease)
        .unwrap_or(1);
    let mut start = start(Vec::new());
    start.work = "other".into();
    let policy = WorkPolicy {
        approvals: 1,
        ..WorkPolicy::default()
    };
    let list = vec![
        WorkEvent::WorkStarted(Box::new(start)),
        WorkEvent::TaskAdded {
            task: Box::new(task("lib", &[])),
        },
        claim(board, &["lib"], "ann"),
        WorkEvent::Renewed {
            epoch,
            until: 99_000,
        },
        WorkEvent::Released {
            task: lib(),
            epoch,
            reason: text(),
        },
        WorkEvent::Expired { epoch, at: 99_000 },
        begin(board, "lib", epoch),
        worktree("lib", epoch),
        began("lib", epoch),
        WorkEvent::ProcessEnded {
            task: lib(),
            attempt: 1,
            code: Some(0),
        },
        WorkEvent::Progressed {
            task: lib(),
            epoch,
            text: text(),
            percent: Some(7),
        },
        done("lib", epoch),
        proven("lib", epoch, "tree"),
        failed("lib", epoch),
        WorkEvent::WroteLate {
            task: lib(),
            epoch,
            what: text(),
        },
        WorkEvent::Salvaged {
            task: lib(),
            attempt: 1,
            salvage: text(),
        },
        WorkEvent::WorktreeRemoved {
            task: lib(),
            attempt: 1,
        },
        review("lib", "three", "tree", Verdict::Approve {}),
        WorkEvent::Enqueued { task: lib() },
        WorkEvent::SentBack {
            task: lib(),
            log: text(),
        },
        again(candidate(board, "lib")),
        WorkEvent::CandidateChecking { tasks: vec![lib()] },
        WorkEvent::CandidateGreen {
            tasks: vec![lib()],
            checks: Vec::new(),
        },
        WorkEvent::CandidateRed {
            tasks: vec![lib()],
            log: text(),
        },
        landed("lib"),
        WorkEvent::Parked {
            task: lib(),
            reason: text(),
        },
        WorkEvent::Abandoned {
            task: lib(),
            reason: text(),
        },
        WorkEvent::Asked {
            task: lib(),
            epoch: None,
            question: text(),
        },
        WorkEvent::Answered {
            task: lib(),
            by: text(),
            text: text(),
        },
        WorkEvent::Retried {
            task: lib(),
            by: text(),
        },
        WorkEvent::Redone {
            task: lib(),
            by: text(),
            reason: text(),
        },
        WorkEvent::Said {
            task: lib(),
            by: text(),
            text: text(),
        },
        WorkEvent::ProviderChanged {
            backend: text(),
            health: ProviderHealth::Limited { until: 1 },
        },
        WorkEvent::Reserved {
            turn: text(),
            task: lib(),
            usd: 0.0,
            output_tokens: 0,
        },
        WorkEvent::Settled {
            turn: text(),
            usage: Default::default(),
        },
        WorkEvent::PolicyChanged {
            policy: Box::new(policy),
            by: text(),
        },
        WorkEvent::BidMade {
            task: lib(),
            bid: Box::new(Bid {
                actor: "ann".into(),
                can: true,
                confidence: 50,
                usd: 0.5,
                reason: text(),
            }),
        },
        WorkEvent::HeldBack {
            reasons: vec![text()],
        },
        WorkEvent::GateChecked {
            milestone: text(),
            commit: text(),
            checks: Vec::new(),
        },
        WorkEvent::Nodded {
            milestone: text(),
            by: text(),
        },
        WorkEvent::Paused { by: text() },
        WorkEvent::Resumed { by: text() },
        WorkEvent::Aborted {
            by: text(),
            reason: text(),
        },
        WorkEvent::Landed {
            branch: text(),
            from: text(),
            to: text(),
            by: text(),
        },
        WorkEvent::RolledBack {
            to: text(),
            by: text(),
        },
    ];
    let kinds: BTreeSet<&str> = list.iter().map(WorkEvent::kind).collect();
    let known: BTreeSet<&str> = WorkEvent::KINDS.iter().copied().collect();
    assert_eq!(kinds, known, "an event of every kind");
    list.into_iter()
        .map(|event| (event.kind().to_owned(), event))
        .collect()
}

/// Another merge of the same.
fn again(event: WorkEvent) -> WorkEvent {
    match event {
        WorkEvent::CandidateMade {
            tasks,
            commit,
            onto,
            ..
        } => WorkEvent::CandidateMade {
            tasks,
            commit,
            onto,
            tree: "another".into(),
        },
        other => other,
    }
}
