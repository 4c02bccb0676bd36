//! A repository with three flakes, a work on it, and a runner that does what a test says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use poag_agent::Pending;
use poag_core::expert::Graph;
use poag_core::testing::{flake, graph};
use poag_core::work::{
    Actor, Assignment, CheckOutcome, Outcome, OutcomeKind, Proof, Task, TaskId, WorkEvent,
    WorkStart,
};
use poag_git::testing::{Repository, git};
use poag_git::work::{SalvageName, WorkRepository, Worktree};
use poag_ledger::{Batch, Ledger, NewStream, SqliteLedger};

use crate::work::ledger::{GRAPH, KIND, new_event};
use crate::work::supervise::{
    AttemptRunner, PutAway, Reviewers, RunnerNews, Supervision, Unproven, supervise,
};
use crate::work::{OpenWork, WorkError};

/// The example of Standard Webhooks.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub const WORK: &str = "a-work";

pub fn id(name: &str) -> TaskId {
    TaskId::new(name).unwrap()
}

/// `app` takes from `lib`, and `docs` from nobody; each flake in a folder of its name below `flakes`.
pub struct Stage {
    pub repository: Repository,
    pub ledger: SqliteLedger,
    pub graph: Arc<Graph>,
    pub runner: Arc<Hand>,
    _state: tempfile::TempDir,
    folder: PathBuf,
}

/// What an actor of a test does in a worktree: (assignment, folder of the flake) → its outcome.
type Doing = dyn Fn(&Assignment, &Path) -> Outcome + Send + Sync;

/// Does in a worktree what a test says, and believes everything but that a change is there.
pub struct Hand {
    repository: WorkRepository,
    place: PathBuf,
    doing: Box<Doing>,
    /// Worktrees of attempts under way.
    pub begun: Mutex<Vec<String>>,
    /// Whether no proof comes to an end.
    pub stuck: Mutex<bool>,
}

pub fn done(summary: &str) -> Outcome {
    Outcome {
        schema_version: 1,
        outcome: OutcomeKind::Done,
        summary: summary.into(),
        outputs: Vec::new(),
        usage: Default::default(),
        conversation: None,
        question: None,
        fault: None,
    }
}

/// Writes a file that names the attempt.
pub fn write(assignment: &Assignment, folder: &Path) -> Outcome {
    let text = format!("{} {}\n", assignment.task.id, assignment.attempt);
    std::fs::write(folder.join("made"), text).unwrap();
    done("wrote it")
}

impl Stage {
    pub fn new(doing: impl Fn(&Assignment, &Path) -> Outcome + Send + Sync + 'static) -> Self {
        Self::started(doing, |_| ())
    }

    /// The same, with what a work starts from changed.
    pub fn started(
        doing: impl Fn(&Assignment, &Path) -> Outcome + Send + Sync + 'static,
        change: impl FnOnce(&mut WorkStart),
    ) -> Self {
        let repository = Repository::new();
        for name in ["app", "lib", "docs"] {
            repository.write(format!("flakes/{name}/api"), "before\n");
        }
        repository.git(&["config", "user.name", "Ada"]);
        repository.git(&["config", "user.email", "ada@example.org"]);
        let base = repository.commit("begin");
        let state = tempfile::tempdir().unwrap();
        let ledger = SqliteLedger::open(&state.path().join("ledger.db")).unwrap();
        let graph = graph(vec![
            flake("app", &["lib"]),
            flake("lib", &[]),
            flake("docs", &[]),
        ]);
        let folder = state.path().join("work");
        std::fs::create_dir(&folder).unwrap();
        let stage = Self {
            runner: Arc::new(Hand {
                repository: WorkRepository::open(repository.path()).unwrap(),
                place: folder.clone(),
                doing: Box::new(doing),
                begun: Mutex::default(),
                stuck: Mutex::default(),
            }),
            repository,
            ledger,
            graph: Arc::new(graph),
            folder,
            _state: state,
        };
        stage.begin(&base, change);
        stage
    }

    fn begin(&self, base: &str, change: impl FnOnce(&mut WorkStart)) {
        let task = |name: &str, after: &[&str]| {
            let mut task = Task::new(id(name), name, name, "do it");
            task.depends_on = after.iter().map(|name| id(name)).collect();
            task.working_dir = format!("flakes/{name}");
            task.checks = vec!["test -f api".into()];
            task
        };
        let mut start = WorkStart {
            milestones: Vec::new(),
            work: WORK.into(),
            request: "do all of it".into(),
            flake: "/nowhere".into(),
            run: None,
            base: base.into(),
            target: Some("refs/heads/main".into()),
            branch: format!("refs/heads/poag/{WORK}"),
            actors: vec![Actor {
                capacity: 4,
                ..Actor::of("command")
            }],
            reviewers: Vec::new(),
            policy: poag_core::work::policy::WorkPolicy {
                approvals: 1,
                ..Default::default()
            },
            tasks: vec![task("app", &["lib"]), task("lib", &[]), task("docs", &[])],
        };
        change(&mut start);
        let event = new_event(&WorkEvent::WorkStarted(Box::new(start))).unwrap();
        let stream = NewStream {
            id: WORK,
            kind: KIND,
            subject: "/nowhere",
        };
        let batch = Batch {
            events: vec![event],
            reserve: vec![(
                GRAPH.into(),
                Some(serde_json::to_vec(&*self.graph).unwrap()),
            )],
            ..Batch::default()
        };
        self.ledger.create(&stream, &batch).unwrap();
    }

    pub fn open(&self) -> OpenWork<'_> {
        OpenWork::open(&self.ledger, WORK).unwrap()
    }

    fn with(&self) -> Supervision {
        Supervision {
            graph: Arc::clone(&self.graph),
            repository: WorkRepository::open(self.repository.path()).unwrap(),
            runner: self.runner.clone(),
            reviewers: Arc::new(Reviewers::of(self.open().board(), None)),
            folder: self.folder.join("checks"),
            track: Default::default(),
            recipients: self.open().recipients().unwrap(),
            variable: |name| (name == "HOOK").then(|| SECRET.to_owned()),
        }
    }

    /// Supervises until nothing can be done without a person; gives (task → state).
    pub fn supervise(&self) -> Result<BTreeMap<String, String>, WorkError> {
        let with = self.with();
        let view = block(supervise(self.open(), with, &mut ()))?;
        let states = view
            .tasks
            .into_iter()
            .map(|task| (task.id.to_string(), task.state));
        Ok(states.collect())
    }

    /// The same for some time at most; none where it was not over then, and died.
    pub fn supervise_for(&self, time: std::time::Duration) -> Option<Vec<String>> {
        let with = self.with();
        let view = block(async {
            tokio::time::timeout(time, supervise(self.open(), with, &mut ())).await
        });
        let view = view.ok()?.unwrap();
        Some(view.tasks.into_iter().map(|task| task.state).collect())
    }

    /// Approves everything that is in review, as a person.
    pub fn approve(&self) {
        let mut work = self.open();
        let waiting: Vec<TaskId> = work
            .board()
            .tasks
            .iter()
            .filter(|(_, record)| record.phase.word() == "in review")
            .map(|(id, _)| id.clone())
            .collect();
        for task in waiting {
            work.review(&task, "Ada", &crate::work::ReviewWords::Approve)
                .unwrap();
        }
    }

    pub fn branch(&self) -> String {
        format!("refs/heads/poag/{WORK}")
    }
}

impl Drop for Stage {
    /// Every test of a work ends with this: each branch that was made for it landed, is pending or abandoned.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let repository = WorkRepository::open(self.repository.path()).unwrap();
        for (branch, fate) in crate::work::drive::audit(&self.open(), &repository).unwrap() {
            let known = ["landed", "pending", "abandoned"].contains(&fate.as_str());
            assert!(known, "{branch} is {fate}");
        }
    }
}

pub fn block<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

pub fn states(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(task, state)| ((*task).to_owned(), (*state).to_owned()))
        .collect()
}

impl Hand {
    fn name(assignment: &Assignment) -> SalvageName<'_> {
        SalvageName {
            work: &assignment.work,
            task: assignment.task.id.as_str(),
            attempt: assignment.attempt,
        }
    }
}

impl AttemptRunner for Hand {
    fn worktree(&self, assignment: &Assignment) -> Result<Worktree, String> {
        let name = format!("{}-{}", assignment.task.id, assignment.attempt);
        let place = self.place.join(&name);
        let branch = format!("command/{name}");
        let git = &self.repository;
        let before = assignment.previous.as_ref();
        let before = before.and_then(|before| before.branch.clone());
        let before = before.filter(|branch| git.is_ancestor(&assignment.base, branch).unwrap());
        let made = match &before {
            Some(branch) => git.remake_worktree(&place, branch, &assignment.base, "a test"),
            None => git.make_worktree(&place, &branch, &assignment.base, "a test"),
        };
        let made = made.map_err(|error| error.to_string())?;
        let salvage = assignment.previous.as_ref().filter(|_| before.is_some());
        if let Some(salvage) = salvage.and_then(|previous| previous.salvage.as_ref()) {
            let laid = git.unpack(&made, salvage);
            laid.map_err(|error| error.to_string())?;
        }
        Ok(made)
    }

    fn attempt<'a>(
        &'a self,
        assignment: &'a Assignment,
        worktree: &'a Worktree,
        news: &'a mut (dyn FnMut(RunnerNews) + Send),
    ) -> Pending<'a, Result<Outcome, String>> {
        Box::pin(async move {
            news(RunnerNews::Started(1, 1));
            self.begun
                .lock()
                .unwrap()
                .push(assignment.task.id.to_string());
            // Others can begin meanwhile.
            tokio::task::yield_now().await;
            let outcome = (self.doing)(assignment, &worktree.path.join(&assignment.folder));
            news(RunnerNews::Line("almost".into(), Some(90)));
            news(RunnerNews::Ended(Some(0)));
            Ok(outcome)
        })
    }

    fn prove<'a>(
        &'a self,
        assignment: &'a Assignment,
        worktree: &'a Worktree,
        _: &'a Outcome,
    ) -> Pending<'a, Result<Result<Proof, Unproven>, String>> {
        Box::pin(async move {
            if *self.stuck.lock().unwrap() {
                std::future::pending::<()>().await;
            }
            let identity = self.repository.identity().unwrap();
            let left = self
                .repository
                .commit_left(worktree, "done", &identity)
                .unwrap();
            let folder = worktree.path.join(&assignment.folder);
            let checks = self
                .checks(&worktree.path, &folder, &assignment.checks)
                .await;
            let changed = git(
                &worktree.path,
                &["diff", "--name-only", &assignment.base, "HEAD"],
            );
            if changed.is_empty() || checks.iter().any(|check| !check.green) {
                return Ok(Err(Unproven {
                    reason: "nothing changed, or a check is red".into(),
                    log: "the log of the checks".into(),
                }));
            }
            Ok(Ok(Proof {
                commit: left.commit,
                tree: left.tree,
                base: assignment.base.clone(),
                patch: None,
                changed: changed.lines().map(str::to_owned).collect(),
                checks,
            }))
        })
    }

    fn settle(&self) {}

    fn clear_unused(&self, _: &Assignment) -> Result<(), String> {
        Ok(())
    }

    fn put_away(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
        then: PutAway,
    ) -> Result<Option<String>, String> {
        let identity = self.repository.identity().unwrap();
        let name = Self::name(assignment);
        let salvage = match then {
            PutAway::Stay => self.repository.salvage(worktree, &name, &identity),
            PutAway::Remove => self.repository.remove_worktree(worktree, &name, &identity),
            PutAway::Aside => self.repository.put_aside(worktree, &name, &identity),
        };
        let salvage = salvage.map_err(|error| error.to_string())?;
        Ok(salvage.map(|salvage| salvage.reference))
    }

    fn delete_aside(&self, until: Option<std::time::Instant>) {
        let _ = WorkRepository::delete_aside(&self.place, until);
    }

    fn checks<'a>(
        &'a self,
        _: &'a Path,
        folder: &'a Path,
        checks: &'a [String],
    ) -> Pending<'a, Vec<CheckOutcome>> {
        let outcome = |command: &String| {
            let ran = std::process::Command::new("sh")
                .args(["-c", command])
                .current_dir(folder)
                .status();
            CheckOutcome {
                command: command.clone(),
                green: ran.unwrap().success(),
                ..CheckOutcome::default()
            }
        };
        Box::pin(std::future::ready(checks.iter().map(outcome).collect()))
    }
}
