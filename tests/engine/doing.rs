//! Attempts at tasks, with programs as actors, real git and real nix: what is true is proven, and everything else fails with
//! its own reason.

mod site;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use poag::agent::wall::WallKind;
use poag::engine::Engine;
use poag::engine::work::doing::{AttemptNews, DoingLimits};
use poag::expert::Status;
use poag_core::agent::Fault;
use poag_core::work::{Assignment, OutcomeKind, PreviousAttempt, TaskId};

use crate::stage::settings;
use site::{DONE, Site};

const HI: &str = "sed -i s/Hello/Hi/ src/private.py";

#[tokio::test]
async fn a_change_that_is_true_is_proven_by_a_commit_whose_expert_has_learned() {
    let site = Site::new().await;
    let mut assignment = site.assignment(&format!("{HI}; echo new >notes.md; {DONE}"));
    assignment.task.outputs = vec!["notes.md".into(), "src/*.py".into()];
    assignment
        .checks
        .push("sh -c 'test -n \"$HOME\" && echo x >\"$HOME/x\"'".into());
    let mut news = Vec::new();
    let tree = site.doer.worktree(&assignment).unwrap();
    assert_eq!(tree.branch.as_deref(), Some("command/t1"));
    let outcome = site
        .doer
        .attempt(&assignment, &tree, &mut |one| news.push(one))
        .await
        .unwrap();
    assert_eq!(
        (outcome.outcome, outcome.summary.as_str()),
        (OutcomeKind::Done, "Says hi.")
    );
    let walled = |one: &AttemptNews| {
        let AttemptNews::Line { message, .. } = one;
        message.contains("writing outside of the worktree")
    };
    assert!(news.iter().any(walled), "{news:?}");
    let proof = site.doer.prove(&assignment, &tree, &outcome).await.unwrap();
    let proof = proof.unwrap_or_else(|failure| panic!("{failure:?}"));
    let changed: Vec<&str> = proof.changed.iter().map(String::as_str).collect();
    let expected = ["base/notes.md", "base/poag.lock", "base/src/private.py"];
    assert_eq!(changed, expected);
    assert!(proof.checks.iter().all(|check| check.green) && proof.checks.len() == 2);
    assert_eq!(proof.base, site.base);
    let git = site.doer.repository();
    assert_eq!(
        git.branch_tip("command/t1").unwrap(),
        Some(proof.commit.clone())
    );
    assert_eq!(git.tree_of(&proof.commit).unwrap(), proof.tree);
    let log = site.family.git(&[
        "log",
        "--format=%an|%s|%b",
        &format!("{}..{}", site.base, proof.commit),
    ]);
    assert!(log.contains("Ada|poag.lock: learn base|"), "{log}");
    assert!(
        log.contains("Ada|base: Say hi|Says hi.\n\nPoag-Work: w1\nPoag-Task: t1"),
        "{log}"
    );
    site.is_untouched();

    // Its expert is fresh at that commit.
    site.doer.repository().land("main", &proof.commit).unwrap();
    let engine = Engine::new(settings(&site.family));
    let project = engine.open(&engine.flake("base").unwrap()).await.unwrap();
    assert_eq!(
        project.expert(None).unwrap().freshness.status,
        Status::Fresh
    );
    assert_eq!(site.doer.remove(&assignment, &tree).unwrap(), None);
}

#[tokio::test]
async fn every_claim_that_is_not_true_fails_with_its_own_reason() {
    let site = Site::new().await;
    let nothing = site.failure("nothing", "true").await;
    assert_eq!(nothing.reason, "nothing was changed");

    let elsewhere = format!("{HI}; echo x >../app/mine; echo x >../top");
    let elsewhere = site.failure("elsewhere", &elsewhere).await;
    assert_eq!(
        elsewhere.reason,
        "it changed files outside of its own flake"
    );
    assert_eq!(elsewhere.log, "app/mine\ntop");

    let red = site.failure("red", "echo other >>src/private.py").await;
    assert_eq!(red.reason, "a check is red");
    assert!(
        red.log.contains("RED: grep -q Hi src/private.py"),
        "{}",
        red.log
    );
    assert_eq!(red.checks.len(), 1);

    let secret = format!("{HI}; printf 'key = \"AKIA%s\"\\n' QYLPMN5HHHFPZAM2 >>src/private.py");
    let secret = site.failure("secret", &secret).await;
    assert_eq!(secret.reason, "it holds secrets");
    assert!(
        secret.log.starts_with("base/src/private.py:"),
        "{}",
        secret.log
    );
    assert!(!secret.log.contains("AKIA"));

    let link = site
        .failure("link", &format!("{HI}; ln -s ../../app/flake.nix src/link"))
        .await;
    assert_eq!(link.reason, "links lead out of its flake");
    let own = site.failure("own", "ln -s ../flake.nix src/link").await;
    assert_eq!(own.reason, "a check is red");

    let gone = site.failure("gone", &format!("{HI}; rm ../.git")).await;
    assert_eq!(gone.reason, "the worktree is not as poag made it");
    assert!(gone.log.contains("deleted"), "{}", gone.log);

    let nested = format!("{HI}; git init -q vendored; echo x >vendored/x");
    let nested = site.failure("nested", &nested).await;
    assert_eq!(nested.reason, "it holds another repository");

    let broken = site
        .failure("broken", &format!("{HI}; echo '}}' >>flake.nix"))
        .await;
    assert_eq!(broken.reason, "its expert cannot learn what it is now");
    site.is_untouched();
    // What they left uncommitted is in refs, each of its own.
    let salvaged = site
        .doer
        .repository()
        .references_below("refs/poag/salvage/w1/")
        .unwrap();
    let names: Vec<&str> = salvaged.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "refs/poag/salvage/w1/gone/1",
            "refs/poag/salvage/w1/nested/1"
        ]
    );
}

#[tokio::test]
async fn outputs_that_were_declared_must_be_there() {
    let site = Site::new().await;
    let mut assignment = site.assignment(&format!("{HI}; {DONE}"));
    assignment.task.outputs = vec!["docs/*.md".into(), "src/private.py".into()];
    let (_, proof) = site.proven(&assignment).await;
    let failure = proof.unwrap_err();
    assert_eq!(failure.reason, "declared outputs are not there");
    assert_eq!(failure.log, "docs/*.md");
}

#[tokio::test]
async fn a_write_outside_is_refused_and_told_and_git_itself_is_outside() {
    let site = Site::new().await;
    let main = site.family.root.display().to_string();
    for (name, script) in [
        ("file", format!("set -e; echo x >{main}/base/mine")),
        ("branch", "set -e; git checkout -q -b elsewhere".into()),
        (
            "commit",
            format!("set -e; {HI}; git -c user.name=x -c user.email=x commit -qam mine"),
        ),
        (
            "push",
            format!("set -e; git push -q {main} HEAD:refs/heads/pushed"),
        ),
    ] {
        let mut assignment = site.assignment(&format!("{script}; {DONE}"));
        assignment.task.id = TaskId::new(name).unwrap();
        let (tree, outcome) = site.attempt(&assignment).await;
        if site.doer.walls() == WallKind::Compared {
            eprintln!("skipped: this kernel has no Landlock");
            return;
        }
        assert_eq!(outcome.outcome, OutcomeKind::Failed, "{name}");
        assert_eq!(outcome.fault, Some(Fault::Failed), "{name}");
        let said = outcome.summary.to_lowercase();
        let refused = ["permission denied", "unable to create"];
        assert!(
            refused.iter().any(|word| said.contains(word)),
            "{name}: {said}"
        );
        site.doer.repository().prove(&tree).unwrap();
        site.doer.remove(&assignment, &tree).unwrap();
    }
    site.is_untouched();
    assert_eq!(site.doer.repository().branch_tip("pushed").unwrap(), None);
}

#[tokio::test]
async fn where_the_kernel_does_not_refuse_it_a_write_outside_is_found_and_fails_the_attempt() {
    let mut site = Site::new().await;
    site.doer = site.doer.walled_by(WallKind::Compared);
    let mine = site.family.root.join("base/mine");
    let script = format!("{HI}; echo x >{}; {DONE}", mine.display());
    let (_, outcome) = site.attempt(&site.assignment(&script)).await;
    assert_eq!(outcome.outcome, OutcomeKind::Failed);
    assert!(
        outcome
            .summary
            .contains("1 files outside of its worktree changed"),
        "{}",
        outcome.summary
    );
    assert!(outcome.summary.contains("base/mine"), "{}", outcome.summary);
    fs::remove_file(mine).unwrap();
    let mut inside = site.assignment(&format!("{HI}; {DONE}"));
    inside.task.id = TaskId::new("inside").unwrap();
    let (_, proof) = site.proven(&inside).await;
    proof.unwrap();
    site.is_untouched();
}

#[tokio::test]
async fn one_that_never_ends_asks_or_fills_the_disk_is_told_so() {
    let limits = DoingLimits {
        disk_bytes: 8 << 20,
        check: Duration::from_secs(2),
        ..DoingLimits::default()
    };
    let site = Site::within(limits).await;
    let attempt = async |name: &str, script: &str, seconds: u64| {
        let mut assignment = site.assignment(script);
        assignment.task.id = TaskId::new(name).unwrap();
        assignment.task.timeout_seconds = seconds;
        let (tree, outcome) = site.attempt(&assignment).await;
        site.doer.remove(&assignment, &tree).unwrap();
        outcome
    };
    let never = attempt("never", "sleep 1000", 2).await;
    assert_eq!(
        (never.outcome, never.fault),
        (OutcomeKind::Failed, Some(Fault::Timeout))
    );
    let asking = attempt(
        "asking",
        r#"echo '{"schemaVersion":1,"outcome":"asking","summary":"Hi or Hey?"}'"#,
        60,
    )
    .await;
    assert_eq!(asking.question.as_deref(), Some("Hi or Hey?"));
    // One file is stopped by the wall, many of them by who looks at the disk.
    let many = "for i in 1 2 3 4 5 6 7 8 9; do head -c 2000000 /dev/urandom >f$i; done; sleep 1000";
    let many = attempt("many", many, 60).await;
    assert_eq!(
        (many.outcome, many.fault),
        (OutcomeKind::Failed, Some(Fault::Limit))
    );
    assert!(many.summary.contains("bytes of disk"), "{}", many.summary);
    // A check that never ends is red.
    let mut assignment = site.assignment(&format!("{HI}; {DONE}"));
    assignment.checks = vec!["sleep 1000".into()];
    let (_, proof) = site.proven(&assignment).await;
    let failure = proof.unwrap_err();
    assert_eq!(failure.reason, "a check is red");
    assert!(
        failure.log.contains("no answer within 2"),
        "{}",
        failure.log
    );
    site.is_untouched();
}

#[tokio::test]
async fn the_next_attempt_goes_on_on_the_branch_with_what_was_salvaged_and_why() {
    let site = Site::new().await;
    let first = site.assignment("echo half >half.md; echo '{\"schemaVersion\":1,\"outcome\":\"failed\",\"summary\":\"cannot\"}'");
    let (tree, outcome) = site.attempt(&first).await;
    assert_eq!(outcome.outcome, OutcomeKind::Failed);
    let salvage = site.doer.remove(&first, &tree).unwrap();
    assert_eq!(salvage.as_deref(), Some("refs/poag/salvage/w1/t1/1"));
    let script = format!(
        "cat >\"$HOME/read\"; grep -q 'the log says' \"$HOME/read\" && test -e half.md && {HI} && {DONE}"
    );
    let mut second = site.assignment(&script);
    second.attempt = 2;
    second.previous = Some(PreviousAttempt {
        attempt: 1,
        reason: "a check is red".into(),
        log: "the log says so".into(),
        conversation: None,
        branch: tree.branch.clone(),
        salvage,
    });
    let (again, proof) = site.proven(&second).await;
    assert_eq!(again.branch, tree.branch);
    let proof = proof.unwrap_or_else(|failure| panic!("{failure:?}"));
    assert!(proof.changed.contains(&"base/half.md".to_owned()));
    // A fresh start has a branch of its own.
    let mut third = site.assignment(DONE);
    third.attempt = 3;
    let fresh = site.doer.worktree(&third).unwrap();
    assert_eq!(fresh.branch.as_deref(), Some("command/t1-1.3"));
    let gone: PathBuf = fresh.path.clone();
    site.doer.remove(&third, &fresh).unwrap();
    assert!(!gone.exists());
}

#[tokio::test]
async fn files_that_git_does_not_keep_as_they_lie_there_fail_with_their_names() {
    let limits = DoingLimits {
        artifact_bytes: 1 << 20,
        ..DoingLimits::default()
    };
    let mut site = Site::within(limits).await;
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    site.family.write("base/logo.bin", pointer);
    site.family.write(
        "base/.gitattributes",
        "*.bin filter=lfs diff=lfs merge=lfs -text\n",
    );
    site.family.write("base/old", &"x".repeat(2 << 20));
    site.family.commit("with files of LFS, and a large one");
    site.base = site.doer.repository().commit("main").unwrap();
    let lfs = site
        .failure("lfs", &format!("{HI}; echo bytes >logo.bin"))
        .await;
    assert!(lfs.reason.contains("Git LFS keeps"), "{}", lfs.reason);
    assert_eq!(lfs.log, "base/logo.bin");
    let large =
        format!("{HI}; head -c 2000000 /dev/zero >large; head -c 2000000 /dev/zero >poag.ignored");
    let large = site.failure("large", &large).await;
    assert!(
        large.reason.contains("larger than may be"),
        "{}",
        large.reason
    );
    assert!(
        large
            .log
            .contains("base/large: 2000000 bytes, 1048576 are allowed"),
        "{}",
        large.log
    );
    assert!(!large.log.contains("base/old"), "{}", large.log);
    // A pointer is what git keeps, and a large file that was there may stay.
    let mut fine = site.assignment(&format!("{HI}; echo 'x' >>logo.bin; {DONE}"));
    fine.task.id = TaskId::new("fine").unwrap();
    let (_, proof) = site.proven(&fine).await;
    proof.unwrap_or_else(|failure| panic!("{failure:?}"));
}

#[tokio::test]
async fn places_and_names_that_are_taken_are_said_and_stay() {
    let site = Site::new().await;
    let refused = |assignment: &Assignment, why: &str| {
        let error = site.doer.worktree(assignment).unwrap_err().to_string();
        assert!(error.contains(why) && error.contains("repair:"), "{error}");
        assert!(error.lines().count() <= 3, "{error}");
    };
    let first = site.assignment(DONE);
    let place = site.doer.worktree(&first).unwrap().path;
    let tree = place.clone();
    // Somebody else's folder is where the next one should be.
    let mut second = site.assignment(DONE);
    second.attempt = 2;
    let taken = place.with_file_name("t1-1-2");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("mine"), "mine").unwrap();
    refused(&second, "is taken");
    site.doer.clear_unused(&second).unwrap();
    assert_eq!(fs::read_to_string(taken.join("mine")).unwrap(), "mine");
    // The attempt after that is made elsewhere, and no branch is left of the one that was not.
    let mut third = site.assignment(DONE);
    third.attempt = 3;
    let made = site.doer.worktree(&third).unwrap();
    site.doer.remove(&third, &made).unwrap();
    let branches = site.family.git(&["branch", "--list", "command/*"]);
    assert_eq!(branches.lines().count(), 2, "{branches}");
    assert!(tree.exists());
    // A branch in whose place a folder of branches must be.
    site.family.git(&["branch", "robin"]);
    let mut other = site.assignment(DONE);
    other.actor.name = "robin".into();
    refused(&other, "is taken by 'robin'");
    site.is_untouched();
}
