//! Experts learn, and are then fresh until what they know changes.

use poag::engine::{Engine, RunState};
use poag::expert::Status;

use crate::harness::Repository;
use crate::stage::{ask, request, settings};

#[tokio::test]
async fn experts_that_learned_are_fresh_and_a_change_makes_its_owner_stale() {
    let family = Repository::unlearned();
    let engine = Engine::new(settings(&family));
    let target = engine.flake("app").unwrap();
    let statuses = async || {
        let project = engine.open(&target).await.unwrap();
        let experts = project.local().into_iter();
        let status = |name: &str| {
            experts
                .clone()
                .find(|one| one.name == name)
                .unwrap()
                .freshness
                .status
        };
        (status("base"), status("app"))
    };
    assert_eq!(statuses().await, (Status::Unlearned, Status::Unlearned));

    let project = engine.open(&target).await.unwrap();
    let mut learned = Vec::new();
    project
        .learn(&project.local(), &mut |one| learned.push(one))
        .unwrap();
    let names: Vec<&str> = learned.iter().map(|one| one.expert.as_str()).collect();
    assert_eq!(names, ["base", "app"], "providers first");
    assert!(learned.iter().all(|one| one.changes.is_some()));
    let lock = family.read("base/poag.lock");
    let head = "# What the expert \"base\" last learned. Written by `poag learn`; commit it, never edit it.\nversion = 1\nexpert = \"base\"\n";
    assert!(lock.starts_with(head), "{lock}");
    // Git knows of the new files, so that flakes see them.
    assert_eq!(project.untracked(), [""; 0]);
    assert_eq!(statuses().await, (Status::Fresh, Status::Fresh));

    family.edit("base/src/private.py", "Hello", "Hi");
    assert_eq!(statuses().await, (Status::Stale, Status::Fresh));
}

#[tokio::test]
async fn what_an_expert_did_in_a_run_is_explained_from_the_ledger() {
    let family = Repository::unlearned();
    let engine = Engine::new(settings(&family));
    let request = request("Make greet shout the name");
    let outcome = ask(&engine, "app", &request, &mut ()).await.unwrap();
    let flake = engine.flake("app").unwrap().flake.to_string();
    let part = engine.part_in_run(&flake, None, Some("base")).unwrap();
    assert_eq!((part.expert.as_str(), &part.plan), ("base", &outcome.plan));
    let runs = engine.runs().unwrap();
    let listed = runs.list(Some(&flake), None).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].state, RunState::Finished);
    assert_eq!(runs.find(&outcome.run[..9]).unwrap(), outcome.run);
    assert!(runs.find("x").is_err());
}
