//! What happens by rule: landings without a yes, and gates of milestones.

use poag_core::work::milestone::Milestone;
use poag_core::work::policy::AutoLand;
use poag_core::work::{WorkPhase, WorkStart};

use super::stage::*;

/// Everything lands on the work's branch without anybody's approval; the person's branch moves by this rule.
fn by_rule(rule: AutoLand) -> impl FnOnce(&mut WorkStart) {
    |start| {
        start.policy.approvals = 0;
        start.policy.auto_land = Some(rule);
    }
}

fn paths(globs: &[&str]) -> AutoLand {
    AutoLand {
        lines: Some(10),
        paths: globs.iter().map(|&glob| glob.to_owned()).collect(),
        ..AutoLand::default()
    }
}

#[test]
fn what_the_rule_allows_lands_without_a_yes_and_names_the_rule() {
    let stage = Stage::started(write, by_rule(paths(&["flakes/*/made"])));
    stage.supervise().unwrap();
    let work = stage.open();
    let WorkPhase::Landed { by, branch, .. } = &work.board().phase else {
        panic!("{:?}", work.view());
    };
    assert_eq!(by, "the policy of the flake");
    assert_eq!(branch, "refs/heads/main");
    let main = stage.repository.git(&["rev-parse", "main"]);
    assert_eq!(main, work.board().tip);
}

#[test]
fn what_it_does_not_allow_waits_and_says_why() {
    let mut rule = paths(&["flakes/docs/**"]);
    rule.lines = Some(2);
    let stage = Stage::started(write, by_rule(rule));
    stage.supervise().unwrap();
    stage.supervise().unwrap();
    let view = stage.open().view();
    assert_eq!(view.state, "done");
    let [need] = &view.needs_you[..] else {
        panic!("{:?}", view.needs_you);
    };
    assert!(need.contains("3 lines changed, 2 are allowed"), "{need}");
    assert!(need.contains("flakes/app/made matches none"), "{need}");
    let events = stage.open().events().unwrap();
    let held = events
        .iter()
        .filter(|entry| entry.event.kind() == "heldBack");
    assert_eq!(held.count(), 1, "it is said once");
}

#[test]
fn a_branch_with_changes_in_its_checkout_is_not_moved_by_a_rule_either() {
    let stage = Stage::started(write, by_rule(AutoLand::default()));
    stage.repository.write("flakes/lib/api", "of the person\n");
    let before = stage.repository.git(&["rev-parse", "main"]);
    stage.supervise().unwrap();
    assert_eq!(stage.repository.git(&["rev-parse", "main"]), before);
    let view = stage.open().view();
    assert!(view.needs_you[0].contains("not by itself"), "{view:?}");
}

fn milestone(name: &str, check: &str, nod: bool) -> Milestone {
    Milestone {
        name: name.into(),
        checks: vec![check.to_owned()],
        nod,
        working_dir: "flakes".into(),
    }
}

#[test]
fn a_later_milestone_begins_when_the_gate_is_green_and_closes_when_it_turns_red() {
    let stage = Stage::started(write, |start| {
        start.policy.approvals = 0;
        start.milestones = vec![
            milestone("poc", "test -f lib/made && ! test -f docs/made", true),
            milestone("mvp", "test -f app/made", false),
        ];
        for task in &mut start.tasks {
            let name = match task.id.as_str() {
                "lib" => "poc",
                _ => "mvp",
            };
            task.milestone = Some(name.into());
            if task.id.as_str() == "docs" {
                task.depends_on = [id("app")].into();
            }
        }
    });
    let first = stage.supervise().unwrap();
    assert_eq!(
        first,
        states(&[("app", "ready"), ("docs", "waiting"), ("lib", "landed")])
    );
    let view = stage.open().view();
    assert_eq!(view.state, "needs you");
    assert!(view.needs_you[0].contains("poag work nod poc"), "{view:?}");
    assert_eq!(view.milestones[0].commit.as_ref(), Some(&view.tip));
    stage.open().nod(None, "Ada").unwrap();
    stage.supervise().unwrap();
    let mut work = stage.open();
    // `docs` broke what the first gate asks for: the next one is closed again, and nothing lands.
    let view = work.view();
    assert!(view.milestones[0].state.starts_with("red: "), "{view:?}");
    assert_eq!(view.milestones[0].nod, None, "{view:?}");
    assert_eq!(view.milestones[1].state, "after poc", "{view:?}");
    let repository = poag_git::work::WorkRepository::open(stage.repository.path()).unwrap();
    let request = crate::work::LandRequest {
        branch: None,
        by: "Ada".into(),
    };
    let refused = work.land(&repository, &request).unwrap_err().to_string();
    assert!(refused.contains("milestone 'poc'"), "{refused}");
    let left = stage.repository.git(&["worktree", "list"]);
    assert_eq!(left.lines().count(), 1, "{left}");
}
