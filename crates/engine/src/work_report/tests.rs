use std::collections::BTreeSet;

use poag_core::council::assemble;
use poag_core::testing;
use poag_core::work::axis::{Place, ReviewRecord, Reviewer, ReviewerKind, Verdict};

use poag_core::work::grade::grade;
use poag_core::work::policy::WorkPolicy;
use poag_core::work::{Actor, AttemptEnd, CheckOutcome, Proof, Task, WorkEvent, WorkStart};
use poag_git::work::{FileDifference, FileStatus};

use super::*;

const NASTY: &str = "</pre><script>alert(1)</script>\u{1b}[31m";

fn id(name: &str) -> TaskId {
    TaskId::new(name).unwrap()
}

/// `lib` failed once, was mended, approved and merged; `app` waits for it and has been objected to.
fn board() -> Board {
    let mut app = Task::new(id("app"), "app", "app: be polite", NASTY);
    app.depends_on.insert(id("lib"));
    let lib = Task::new(id("lib"), "lib", "lib: be polite", "say please");
    let mut board = Board::new(WorkStart {
        milestones: Vec::new(),
        work: "w".into(),
        request: format!("Be polite {NASTY}"),
        flake: "/f".into(),
        run: Some("run-1".into()),
        base: "base0000000000".into(),
        target: Some("refs/heads/main".into()),
        branch: "refs/heads/poag/w".into(),
        actors: vec![Actor::of("ann")],
        reviewers: Vec::new(),
        policy: WorkPolicy {
            approvals: 1,
            ..WorkPolicy::default()
        },
        tasks: vec![app, lib],
    })
    .unwrap();
    try_once(&mut board, "lib", 1);
    take(
        &mut board,
        WorkEvent::AttemptEnded {
            task: id("lib"),
            epoch: 1,
            end: AttemptEnd::Failed {
                reason: "a check is red".into(),
            },
            log: "expected please".into(),
            not_before: 0,
            counts: true,
        },
    );
    begin(&mut board, "lib", 1, 2);
    prove(&mut board, "lib", 1, "tree-lib");
    review(&mut board, "lib", "tree-lib", Verdict::Approve {});
    let task = id("lib");
    let tasks = vec![task.clone()];
    for event in [
        WorkEvent::Enqueued { task },
        WorkEvent::CandidateMade {
            tasks: tasks.clone(),
            tree: "merged".into(),
            commit: "merge-lib".into(),
            onto: board.tip.clone(),
        },
        WorkEvent::CandidateChecking {
            tasks: tasks.clone(),
        },
        WorkEvent::CandidateGreen {
            tasks: tasks.clone(),
            checks: Vec::new(),
        },
        WorkEvent::TasksLanded {
            tasks,
            commit: "merge-lib".into(),
        },
    ] {
        take(&mut board, event);
    }
    try_once(&mut board, "app", 2);
    prove(&mut board, "app", 2, "tree-app");
    let places = vec![Place {
        path: "app/a b.py".into(),
        line: Some(3),
    }];
    let reason = format!("rude {NASTY}");
    review(
        &mut board,
        "app",
        "tree-app",
        Verdict::Object { reason, places },
    );
    board
}

fn take(board: &mut Board, event: WorkEvent) {
    board
        .apply(&event)
        .unwrap_or_else(|refusal| panic!("{event:?}: {refusal}"));
}

fn try_once(board: &mut Board, task: &str, epoch: u64) {
    take(
        board,
        WorkEvent::Claimed {
            tasks: vec![id(task)],
            actor: "ann".into(),
            supervised: true,
            epoch,
            at: 0,
            until: 60_000,
        },
    );
    begin(board, task, epoch, 1);
}

fn begin(board: &mut Board, task: &str, epoch: u64, attempt: u32) {
    let task = id(task);
    take(
        board,
        WorkEvent::AttemptStarted {
            task: task.clone(),
            epoch,
            attempt,
            speaks_as: None,
        },
    );
    take(
        board,
        WorkEvent::WorktreeProven {
            task: task.clone(),
            epoch,
            path: "/w".into(),
            branch: "b".into(),
            base: "base0000000000".into(),
        },
    );
    take(
        board,
        WorkEvent::WorkBegan {
            task,
            epoch,
            pid: None,
            at: 0,
        },
    );
}

fn prove(board: &mut Board, task: &str, epoch: u64, tree: &str) {
    let task = id(task);
    take(
        board,
        WorkEvent::ClaimedDone {
            task: task.clone(),
            epoch,
            summary: NASTY.into(),
            conversation: None,
        },
    );
    take(
        board,
        WorkEvent::AttemptProven {
            task,
            epoch,
            proof: Box::new(Proof {
                commit: "c".into(),
                tree: tree.into(),
                base: "b".into(),
                patch: None,
                changed: vec!["lib/x".into()],
                checks: vec![CheckOutcome {
                    command: "nix flake check".into(),
                    green: true,
                    seconds: 1.5,
                    log: NASTY.into(),
                }],
            }),
        },
    );
}

fn review(board: &mut Board, task: &str, tree: &str, verdict: Verdict) {
    take(
        board,
        WorkEvent::Reviewed {
            task: id(task),
            review: Box::new(ReviewRecord {
                reviewer: Reviewer {
                    name: "ben".into(),
                    kind: ReviewerKind::Expert,
                    through: Some("codex".into()),
                },
                tree: tree.into(),
                patch: None,
                verdict,
            }),
        },
    );
}

fn html() -> String {
    let board = board();
    let set =
        |paths: &[&str]| -> BTreeSet<String> { paths.iter().map(ToString::to_string).collect() };
    let file = |path: &str| FileDifference {
        path: path.into(),
        status: FileStatus::Modified,
        mode: "100644".into(),
        content: "1".into(),
        added: Some(1),
        removed: Some(0),
    };
    let changes = BTreeMap::from([(
        id("lib"),
        Difference {
            files: vec![file("lib/x"), file("lib/long")],
            text: format!(
                "diff --git a/lib/x b/lib/x\n--- a/lib/x\n+++ b/lib/x\n@@ -1 +1,2 @@\n a\n+{NASTY}\n"
            ),
            whole: false,
        },
    )]);
    let named = BTreeMap::from([
        ("lib/x".to_owned(), NASTY.to_owned()),
        ("lib/z".to_owned(), "perhaps".to_owned()),
    ]);
    let grade = grade(&set(&["lib/x", "lib/z"]), &set(&["lib/x", "lib/y"]));
    let graph = testing::graph(vec![testing::flake("lib", &[])]);
    let plan = assemble(&testing::council(&graph));
    page(&WorkReport {
        board: &board,
        now: 0,
        plan: Some(PlanBeside {
            plan: &plan,
            named: &named,
            grade: &grade,
        }),
        changes: &changes,
        history: &[HistoryLine {
            at: 1_700_000_000_000,
            tasks: vec![id("lib")],
            text: NASTY.into(),
        }],
    })
}

#[test]
fn the_page_tells_what_was_done_by_whom_and_why_it_may_be_trusted() {
    let page = html();
    for wanted in [
        "1 of 2 tasks are done: 2 files changed",
        "2 reviews in 0 s, from 2023-11-14",
        "1 of 2 tasks are on the work's branch",
        "tree <code>tree-lib</code>, 1 of 1 checks green; approved by ben (through codex)",
        "merged as <code>merge-lib</code>",
        "1 of the 2 files that the plan names changed (50 %)",
        "does not name it",
        "a check is red",
        "expected please",
        "<code>app/a b.py:3</code>",
        "2023-11-14 22:13:20 UTC",
        "<span class=\"came\">+",
        "`poag work diff` has all of it",
        "<code>run-1</code>",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
}

#[test]
fn foreign_text_stays_text() {
    let page = html();
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&lt;script&gt;"));
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains('\u{1b}'), "a control character");
}

#[test]
fn checks_are_cases_of_junit() {
    let xml = junit(&board()).unwrap();
    for wanted in [
        "<testsuite name=\"lib\" tests=\"2\"",
        "<testcase name=\"nix flake check\" time=\"1.500\"",
        "merged into the work&apos;s branch",
        "<skipped message=\"in review\"",
    ] {
        assert!(xml.contains(wanted), "{wanted}\n{xml}");
    }
    assert!(!xml.contains("<script") && !xml.contains('\u{1b}'), "{xml}");
}

#[test]
fn objections_are_results_of_sarif() {
    let log = findings(&board());
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1, "{log:#}");
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "app/a%20b.py");
    assert_eq!(place["region"]["startLine"], 3);
    assert_eq!(results[0]["level"], "error");
}
