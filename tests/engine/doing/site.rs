//! A family of flakes in which attempts are made.

use poag::engine::work::doing::{Doer, DoingLimits, ProofFailure};
use poag::engine::{Engine, EngineSettings};
use poag_core::work::{Actor, Assignment, Outcome, OutcomeKind, Proof, Task, TaskId};
use poag_git::work::Worktree;

use crate::harness::Repository;
use crate::stage::settings;

/// Says that all is done.
pub const DONE: &str = r#"echo '{"schemaVersion":1,"outcome":"done","summary":"Says hi."}'"#;

/// A family of flakes, and somebody who works in `base`.
pub struct Site {
    pub family: Repository,
    pub doer: Doer,
    pub base: String,
}

impl Site {
    pub async fn new() -> Self {
        Self::within(DoingLimits::default()).await
    }

    pub async fn within(limits: DoingLimits) -> Self {
        let family = Repository::family();
        family.git(&["config", "user.name", "Ada"]);
        family.git(&["config", "user.email", "ada@example.org"]);
        let engine = Engine::new(EngineSettings {
            program: Some(assert_cmd::cargo::cargo_bin!("poag").into()),
            ..settings(&family)
        });
        let project = engine.open(&engine.flake("app").unwrap()).await.unwrap();
        let doer = Doer::new(&project, limits).unwrap();
        let base = doer.repository().commit("main").unwrap();
        Self { family, doer, base }
    }

    pub fn assignment(&self, script: &str) -> Assignment {
        let mut task = Task::new(
            TaskId::new("t1").unwrap(),
            "base",
            "Say hi",
            "Say hi in place of hello",
        );
        task.working_dir = "base".into();
        task.timeout_seconds = 60;
        let mut actor = Actor::of("command");
        actor.command = Some(["sh", "-c", script].map(str::to_owned).to_vec());
        Assignment {
            schema_version: 1,
            work: "w1".into(),
            attempt: 1,
            epoch: 1,
            folder: "base".into(),
            others: Vec::new(),
            base: self.base.clone(),
            context: "# Say hi".into(),
            commands: Vec::new(),
            checks: vec!["grep -q Hi src/private.py".into()],
            previous: None,
            task,
            actor,
        }
    }

    pub async fn attempt(&self, assignment: &Assignment) -> (Worktree, Outcome) {
        let tree = self.doer.worktree(assignment).unwrap();
        let outcome = self.doer.attempt(assignment, &tree, &mut |_| ()).await;
        (tree, outcome.unwrap())
    }

    /// What comes of an attempt whose program is this script.
    pub async fn proven(&self, assignment: &Assignment) -> (Worktree, Result<Proof, ProofFailure>) {
        let (tree, outcome) = self.attempt(assignment).await;
        assert_eq!(outcome.outcome, OutcomeKind::Done, "{}", outcome.summary);
        let proof = self.doer.prove(assignment, &tree, &outcome).await.unwrap();
        (tree, proof)
    }

    /// Why a script's claim is not true; its worktree is gone afterwards.
    pub async fn failure(&self, name: &str, script: &str) -> ProofFailure {
        let mut assignment = self.assignment(&format!("{script}\n{DONE}"));
        assignment.task.id = TaskId::new(name).unwrap();
        let (tree, proof) = self.proven(&assignment).await;
        self.doer.remove(&assignment, &tree).unwrap();
        assert!(!tree.path.exists());
        proof.unwrap_err()
    }

    /// The person's checkout is as it was.
    pub fn is_untouched(&self) {
        assert_eq!(self.family.git(&["status", "--porcelain"]), "");
        assert_eq!(self.family.git(&["rev-parse", "HEAD"]).trim(), self.base);
    }
}
