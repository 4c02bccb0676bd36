//! Real agents as actors: a wrong first attempt is sent back with the log to the same conversation, mended and proven. The
//! checks reach an agent as one tool of poag's own.

use std::path::PathBuf;

use poag::engine::work::doing::{Doer, DoingLimits};
use poag::engine::{Engine, EngineSettings};
use poag_core::work::{Actor, Assignment, OutcomeKind, PreviousAttempt, Task, TaskId};
use serde_json::json;

use crate::brain::nothing;
use crate::harness::Repository;
use crate::stand_in::{Call, Reply, Role, StandIn, clis_or_skip};

/// What tools gave since the last question, oldest first.
fn results(call: &Call) -> Vec<&str> {
    let asks = |(role, text): &(Role, String)| *role == Role::User && text.contains("Carry this");
    let from = call.messages.iter().rposition(asks).unwrap_or(0);
    let since = call.messages[from..].iter();
    let tools = since.filter(|(role, _)| *role == Role::Tool);
    tools.map(|(_, text)| text.as_str()).collect()
}

/// Where the flake is, as the question says.
fn folder(call: &Call) -> String {
    let said = call.last_user();
    let rest = said.rsplit_once("your own flake, in `").unwrap().1;
    rest.split('`').next().unwrap().to_owned()
}

/// One of poag's tools, as the agent names it. Codex finds those of servers by search and takes them without, too.
fn of_poag(call: &Call, tool: &str) -> String {
    let offered = call.tools.iter().find(|name| name.ends_with(tool));
    offered
        .cloned()
        .unwrap_or_else(|| format!("mcp__poag/{tool}"))
}

fn check(call: &Call) -> Reply {
    Reply::Tool {
        name: of_poag(call, "check"),
        input: json!({ "result": nothing() }),
    }
}

/// What the policy allows to run, beside the checks.
const COMMAND: &str = "sh -c 'echo it was formatted | tee formatted'";

fn run(call: &Call, command: &str) -> Reply {
    Reply::Tool {
        name: of_poag(call, "check"),
        input: json!({ "result": { "command": command } }),
    }
}

fn replace(call: &Call, old: &str, new: &str) -> Reply {
    if let Some(name) = call.tools.iter().find(|name| name.ends_with("apply_patch")) {
        let patch = format!(
            "*** Begin Patch\n*** Update File: src/private.py\n@@\n-WORD = \"{old}\"\n+WORD = \"{new}\"\n*** End Patch"
        );
        return Reply::Tool {
            name: name.clone(),
            input: json!(patch),
        };
    }
    Reply::Tool {
        name: "Edit".into(),
        input: json!({
            "file_path": format!("{}/src/private.py", folder(call)), "old_string": old, "new_string": new,
        }),
    }
}

/// Looks at the file: with the agent's own tool, or with poag's.
fn look(call: &Call) -> Reply {
    if call.tools.iter().any(|name| name == "Read") {
        return Reply::Tool {
            name: "Read".into(),
            input: json!({ "file_path": format!("{}/src/private.py", folder(call)) }),
        };
    }
    Reply::Tool {
        name: of_poag(call, "lookup"),
        input: json!({ "query": "src/private.py" }),
    }
}

/// Changes a word wrongly, claims that it is done, and mends it once it has seen the log.
pub fn script(call: &Call) -> Reply {
    if !call.last_user().contains("Carry this task out") {
        return Reply::Structured(nothing());
    }
    let again = call.last_user().contains("## The try before");
    let mut results = results(call);
    if again && call.last_user().contains(COMMAND) {
        match results.len() {
            0 => return run(call, COMMAND),
            1 => {
                assert!(results[0].contains("it was formatted"), "{results:?}");
                return run(call, "rm -rf src");
            }
            _ => {
                let refused = "`rm -rf src` is no command of this task's policy";
                assert!(results[1].contains(refused), "{results:?}");
                results.drain(..2);
            }
        }
    }
    match (again, results.len()) {
        (false, 0) => look(call),
        (false, 1) => {
            assert!(results[0].contains("Hello"), "{results:?}");
            replace(call, "Hello", "Hey")
        }
        (true, 0) => check(call),
        (true, 1) => {
            assert!(
                results[0].contains("RED: grep -q Hi src/private.py"),
                "{results:?}"
            );
            look(call)
        }
        (true, 2) => replace(call, "Hey", "Hi"),
        (true, 3) => check(call),
        (true, 4) => {
            assert!(results[3].contains("green: grep -q Hi"), "{results:?}");
            Reply::Structured(nothing())
        }
        _ => Reply::Structured(nothing()),
    }
}

fn assignment(backend: &str, command: Vec<String>, base: &str) -> Assignment {
    let mut task = Task::new(TaskId::new("t1").unwrap(), "base", "Say hi", "Say hi.");
    task.working_dir = "base".into();
    task.timeout_seconds = 120;
    let mut actor = Actor::of(backend);
    actor.command = Some(command);
    // The model of codex by whose name it offers its tools one by one.
    actor.model = (backend == "codex").then(|| "gpt-5.5".to_owned());
    Assignment {
        schema_version: 1,
        work: "w1".into(),
        attempt: 1,
        epoch: 1,
        folder: "base".into(),
        others: Vec::new(),
        base: base.into(),
        context: format!("The word stands in `src/private.py`. You may run {COMMAND}."),
        commands: vec![COMMAND.into()],
        checks: vec!["grep -q Hi src/private.py".into()],
        previous: None,
        task,
        actor,
    }
}

async fn mended(backend: &str, model: &StandIn, command: Vec<String>) {
    let family = Repository::family();
    family.write("base/src/private.py", "WORD = \"Hello\"\n");
    family.git(&["config", "user.name", "Ada"]);
    family.git(&["config", "user.email", "ada@example.org"]);
    family.commit("a word");
    let beside = family.root.parent().unwrap();
    let poag: PathBuf = assert_cmd::cargo::cargo_bin!("poag").into();
    let (cache, state) = (beside.join("cache"), family.state());
    let engine = Engine::new(EngineSettings {
        tools: Some(poag::mcp::turn::server(poag.clone())),
        program: Some(poag),
        ..EngineSettings::new(cache, state, family.root.clone())
    });
    let project = engine.open(&engine.flake("app").unwrap()).await.unwrap();
    let doer = Doer::new(&project, DoingLimits::default()).unwrap();
    let base = doer.repository().commit("main").unwrap();

    let first = assignment(backend, command, &base);
    let tree = doer.worktree(&first).unwrap();
    let outcome = doer.attempt(&first, &tree, &mut |_| ()).await.unwrap();
    assert_eq!(outcome.outcome, OutcomeKind::Done, "{}", outcome.summary);
    assert!(outcome.usage.output_tokens > 0);
    let failure = doer
        .prove(&first, &tree, &outcome)
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(failure.reason, "a check is red");
    let salvage = doer.remove(&first, &tree).unwrap();

    let mut second = first.clone();
    second.attempt = 2;
    second.previous = Some(PreviousAttempt {
        attempt: 1,
        reason: failure.reason,
        log: failure.log,
        conversation: outcome.conversation,
        branch: tree.branch,
        salvage,
    });
    let calls_before = model.calls().len();
    let tree = doer.worktree(&second).unwrap();
    let outcome = doer.attempt(&second, &tree, &mut |_| ()).await.unwrap();
    assert_eq!(outcome.outcome, OutcomeKind::Done, "{}", outcome.summary);
    let proof = doer.prove(&second, &tree, &outcome).await.unwrap();
    let proof = proof.unwrap_or_else(|failure| panic!("{failure:?}"));
    assert!(proof.changed.contains(&"base/src/private.py".to_owned()));
    assert!(proof.checks[0].green);
    assert!(proof.changed.contains(&"base/formatted".to_owned()));
    doer.remove(&second, &tree).unwrap();
    assert_eq!(family.git(&["status", "--porcelain"]), "");

    // The same conversation: it begins with all that was said before, and reads it from the cache.
    let calls = model.calls();
    let (before, again) = (&calls[calls_before - 1], &calls[calls_before]);
    let said = |call: &Call| call.messages.iter().any(|(_, text)| text.contains("Hey"));
    assert!(said(again), "{:?}", again.messages);
    assert_eq!(before.tools, again.tools);
    let share = again.usage.cached as f64 / again.usage.input as f64;
    assert!(share > 0.5, "{share} of {} is cached", again.usage.input);
}

#[tokio::test]
async fn claude_code_mends_a_wrong_first_attempt_in_the_same_conversation() {
    let Some(bin) = clis_or_skip() else { return };
    let model = StandIn::start(script);
    let program = bin.join("claude").display().to_string();
    let base = format!("ANTHROPIC_BASE_URL={}", model.url());
    let command = ["env", &base, "ANTHROPIC_API_KEY=none", &program].map(str::to_owned);
    mended("claude-code", &model, command.to_vec()).await;
}

#[tokio::test]
async fn codex_mends_a_wrong_first_attempt_in_the_same_conversation() {
    let Some(bin) = clis_or_skip() else { return };
    let model = StandIn::start(script);
    let mut command = vec![bin.join("codex").display().to_string()];
    for set in [
        format!("model_providers.poag.base_url=\"{}/v1\"", model.url()),
        "model_providers.poag.requires_openai_auth=false".into(),
        "model_providers.poag.experimental_bearer_token=\"none\"".into(),
    ] {
        command.extend(["-c".into(), set]);
    }
    mended("codex", &model, command).await;
}
