//! What may be merged, and what is merged together.

use std::collections::BTreeMap;
use std::fs;

use poag_core::work::axis::{ReviewRecord, Reviewer, ReviewerKind, Verdict};
use poag_core::work::{Task, WorkEvent};

use super::stage::*;
use crate::work::{ReviewWords, WorkError};

/// Only these tasks are left, each with one check.
fn only(stage: &Stage, tasks: &[(&str, &str)]) {
    let mut work = stage.open();
    let known: Vec<_> = work.board().tasks.keys().cloned().collect();
    for task in known {
        let reason = "not now".to_owned();
        work.note(&WorkEvent::Abandoned { task, reason }).unwrap();
    }
    for (name, check) in tasks {
        // In one flake or the other: both may be changed at once.
        let mut task = Task::new(id(name), "lib", name, "do it");
        task.max_attempts = 2;
        task.working_dir = "flakes/lib".into();
        task.checks = vec![(*check).to_owned()];
        let task = Box::new(task);
        work.note(&WorkEvent::TaskAdded { task }).unwrap();
    }
}

/// Writes a file of the task's name.
fn own_file(
    stage_file: &'static str,
) -> impl Fn(&poag_core::work::Assignment, &std::path::Path) -> poag_core::work::Outcome {
    move |assignment, folder| {
        let name = format!("{stage_file}{}", assignment.task.id);
        fs::write(folder.join(name), assignment.attempt.to_string()).unwrap();
        done("wrote it")
    }
}

/// How often each kind of event happened.
fn counted(stage: &Stage) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for entry in stage.open().events().unwrap() {
        *counts.entry(entry.event.kind().to_owned()).or_default() += 1;
    }
    counts
}

#[test]
fn four_that_are_green_together_take_one_check_and_land_in_one_step() {
    let stage = Stage::new(own_file("made-"));
    let names = ["a", "b", "c", "d"];
    only(&stage, &names.map(|name| (name, "true")));
    stage.supervise().unwrap();
    stage.approve();
    let states = stage.supervise().unwrap();
    assert!(
        names.iter().all(|name| states[*name] == "landed"),
        "{states:?}"
    );
    let counts = counted(&stage);
    assert_eq!((counts["candidateMade"], counts["tasksLanded"]), (1, 1));
    let tip = stage.open().board().tip.clone();
    for name in names {
        let path = format!("{tip}:flakes/lib/made-{name}");
        stage.repository.git(&["cat-file", "-e", &path]);
    }
}

#[test]
fn one_culprit_among_four_costs_at_most_three_further_checks() {
    // Of every place that it may stand at, the batch itself is tried in poag-git.
    let culprit = "c";
    let stage = Stage::new(own_file("made-"));
    let outside = tempfile::tempdir().unwrap();
    // Green when it was proven, red ever since.
    let flag = outside.path().join("red");
    let check = format!("test ! -e {}", flag.display());
    let tasks = ["a", "b", "c", "d"].map(|name| match name == culprit {
        true => (name, check.as_str()),
        false => (name, "true"),
    });
    only(&stage, &tasks);
    stage.supervise().unwrap();
    fs::write(&flag, "").unwrap();
    stage.approve();
    let states = stage.supervise().unwrap();
    let landed = states.values().filter(|state| *state == "landed").count();
    assert_eq!(
        (landed, states[culprit].as_str()),
        (3, "parked"),
        "{states:?}"
    );
    let counts = counted(&stage);
    assert!(counts["candidateMade"] <= 1 + 3, "{counts:?}");
    assert_eq!(counts["sentBack"], 1, "{counts:?}");
    let work = stage.open();
    let said = work.board().task(culprit).unwrap().sent_back.clone();
    let said = said.unwrap();
    assert!(said.contains(&format!("`{check}` is red")), "{said}");
}

/// RULES 10: green alone and red together.
#[test]
fn of_two_that_are_green_alone_and_red_together_one_lands_and_the_other_goes_back() {
    let stage = Stage::new(|assignment, folder| {
        let name = assignment.task.id.as_str();
        let file = folder.join(format!("only-{name}"));
        // Sent back, it does it another way.
        match &assignment.previous {
            None => fs::write(file, name).unwrap(),
            Some(previous) => {
                assert!(
                    previous.log.contains("merged with one, `"),
                    "{}",
                    previous.log
                );
                assert!(previous.log.contains("is red"), "{}", previous.log);
                fs::write(file, "").unwrap();
            }
        }
        done("wrote it")
    });
    // Not both may say something.
    let check = "test $(cat only-* | wc -c) -lt 6";
    only(&stage, &[("one", check), ("three", check)]);
    stage.supervise().unwrap();
    stage.approve();
    let states = stage.supervise().unwrap();
    assert_eq!(
        (&*states["one"], &*states["three"]),
        ("landed", "in review")
    );
    assert_eq!(stage.open().board().task("three").unwrap().rounds, 1);
    stage.approve();
    assert_eq!(stage.supervise().unwrap()["three"], "landed");
}

#[test]
fn two_that_change_the_same_line_do_not_both_land_as_they_are() {
    let stage = Stage::new(|assignment, folder| {
        let text = match &assignment.previous {
            None => assignment.task.id.to_string(),
            Some(previous) => {
                assert!(previous.log.contains("flakes/lib/both"), "{}", previous.log);
                fs::read_to_string(folder.join("both")).unwrap() + "and the other\n"
            }
        };
        fs::write(folder.join("both"), text).unwrap();
        done("wrote it")
    });
    only(&stage, &[("one", "true"), ("two", "true")]);
    stage.supervise().unwrap();
    stage.approve();
    let states = stage.supervise().unwrap();
    assert_eq!((&*states["one"], &*states["two"]), ("landed", "in review"));
    stage.approve();
    assert_eq!(stage.supervise().unwrap()["two"], "landed");
    let tip = stage.open().board().tip.clone();
    let text = stage
        .repository
        .git(&["show", &format!("{tip}:flakes/lib/both")]);
    assert_eq!(text, "oneand the other");
}

/// RULES 9: an approval names a tree.
#[test]
fn approvals_by_the_author_of_an_older_tree_or_after_a_push_count_for_nothing() {
    let stage = Stage::new(own_file("made-"));
    only(&stage, &[("one", "true")]);
    stage.supervise().unwrap();
    let mut work = stage.open();
    let refused = |done: Result<(), WorkError>, why: &str| {
        let text = done.unwrap_err().to_string();
        assert!(text.contains(why), "{text}");
    };
    // Who wrote it: the actor, and the expert as whom it worked.
    let task = id("one");
    let authors: Vec<String> = {
        let record = work.board().task("one").unwrap();
        record.authors().into_iter().map(str::to_owned).collect()
    };
    assert!(authors.contains(&"command".to_owned()), "{authors:?}");
    for author in &authors {
        let approved = work.review(&task, author, &ReviewWords::Approve);
        refused(approved, "wrote part of it");
    }
    let of_tree = |tree: String| WorkEvent::Reviewed {
        task: id("one"),
        review: Box::new(ReviewRecord {
            reviewer: Reviewer {
                name: "Bob".into(),
                kind: ReviewerKind::Person,
                through: None,
            },
            tree,
            patch: None,
            verdict: Verdict::Approve {},
        }),
    };
    let first = work.board().task("one").unwrap().proof.clone().unwrap();
    let object = ReviewWords::Object("no".into());
    work.review(&task, "Ada", &object).unwrap();
    drop(work);
    stage.supervise().unwrap();
    let mut work = stage.open();
    let second = work.board().task("one").unwrap().proof.clone().unwrap();
    assert_ne!(first.tree, second.tree);
    refused(
        work.note(&of_tree(first.tree)),
        "not the one that is proven",
    );
    work.note(&of_tree(second.tree)).unwrap();
    // Somebody pushes to the branch that was approved: what lands is what was approved.
    let branch = work.board().task("one").unwrap().attempts[1]
        .worktree
        .branch();
    let branch = format!("refs/heads/{}", branch.unwrap());
    let tree = format!("{}^{{tree}}", second.commit);
    let pushed = ["commit-tree", &tree, "-p", &second.commit, "-m", "one more"];
    let pushed = stage.repository.git(&pushed);
    stage.repository.git(&["update-ref", &branch, &pushed]);
    assert_eq!(stage.supervise().unwrap()["one"], "landed");
    let tip = stage.open().board().tip.clone();
    let parents = stage.repository.git(&["log", "-1", "--format=%P", &tip]);
    assert!(parents.contains(&second.commit) && !parents.contains(&pushed));
}
