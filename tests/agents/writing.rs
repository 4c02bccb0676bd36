//! The real agents carrying out a task in a worktree: they change the files of their flake and no others, whatever their model
//! wants, and what a reading turn has primed is read from the cache.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use poag::agent::{
    Agent, Checkpoint, Fault, Persona, Settings, Start, TurnOutput, TurnRequest, Writing, backends,
};
use poag::plan::schema;
use poag_git::testing::Repository;
use poag_git::work::{WorkRepository, Worktree};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::request::{launcher, wait};
use crate::spoken::told;
use crate::stand_in::{Call, Reply, Role, StandIn, clis_or_skip};

/// A repository with a flake in a folder, its worktree, and an agent that owns the flake.
struct Site {
    made: Repository,
    temp: TempDir,
    work: WorkRepository,
    tree: Worktree,
    model: StandIn,
    agent: Arc<dyn Agent>,
    settings: Settings,
    pack: String,
}

impl Site {
    /// `None` where the agents cannot be had.
    fn new(
        backend: &str,
        script: impl Fn(&Call, &Places) -> Reply + Send + Sync + 'static,
    ) -> Option<Self> {
        let bin = clis_or_skip()?;
        let made = Repository::new();
        made.write("flake/greet.py", "GREETING = 'hello'\n");
        made.write("other/keep.py", "KEEP = 1\n");
        made.commit("begin");
        let temp = tempfile::tempdir().unwrap();
        let work = WorkRepository::open(made.path()).unwrap();
        let place = temp.path().canonicalize().unwrap().join("tree");
        let tree = work
            .make_worktree(&place, "ada/t1", "main", "a test")
            .unwrap();
        let places = Places {
            flake: tree.path.join("flake"),
            main: made.path().canonicalize().unwrap(),
        };
        let model = StandIn::start(move |call| script(call, &places));
        let (command, name) = command(backend, &bin, &model);
        Some(Self {
            agent: backends::make(backend, &launcher(&temp.path().join("turns"))).unwrap(),
            settings: Settings {
                model: name.map(str::to_owned),
                command: Some(command),
            },
            pack: "The greeting is in `greet.py`.".into(),
            made,
            temp,
            work,
            tree,
            model,
        })
    }

    fn flake(&self) -> PathBuf {
        self.tree.path.join("flake")
    }

    fn request(&self, start: Start, input: Value) -> TurnRequest {
        let persona = Persona {
            speaker: "hello".into(),
            instructions: "# How you work\n\nYou own one flake.".into(),
            pack: self.pack.as_str().into(),
            schema: schema::turn_result(),
            // Where it reads: the person's checkout.
            folder: self.made.path().canonicalize().unwrap().join("flake"),
            settings: self.settings.clone(),
            search_path: None,
        };
        TurnRequest {
            persona: Arc::new(persona),
            start,
            input,
            // Only so that an agent that hangs ends the test.
            timeout: Duration::from_secs(120),
            correlation: Vec::new(),
            tools: None,
            writing: None,
        }
    }

    fn task(&self, start: Start, input: Value) -> TurnRequest {
        let mut request = self.request(start, input);
        request.writing = Some(Writing {
            worktree: self.tree.path.clone(),
            folder: self.flake(),
            file_bytes: 1 << 30,
        });
        request
    }

    fn seal(&self, request: TurnRequest, name: &str) -> (TurnOutput, Checkpoint) {
        let place = self.temp.path().join(name);
        fs::create_dir(&place).unwrap();
        let (output, sealed) = wait(self.agent.seal(request, &place));
        let sealed = sealed.unwrap_or_else(|| panic!("{}", told(&output)));
        (output, sealed)
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.flake().join(path)).unwrap_or_default()
    }

    /// Nothing but the worktree changed, and that is as it was made.
    fn is_contained(&self) {
        assert_eq!(self.made.git(&["status", "--porcelain"]), "");
        self.work.prove(&self.tree).unwrap();
        let changed = poag_git::testing::git(&self.tree.path, &["status", "--porcelain"]);
        for line in changed.lines() {
            assert!(line.contains(" flake/"), "{changed}");
        }
    }
}

/// Where the script of a model aims at.
struct Places {
    flake: PathBuf,
    main: PathBuf,
}

impl Places {
    fn inside(&self, path: &str) -> String {
        self.flake.join(path).display().to_string()
    }

    fn outside(&self, path: &str) -> String {
        self.main.join(path).display().to_string()
    }
}

/// How an agent is started, and its model.
fn command(
    backend: &str,
    bin: &std::path::Path,
    model: &StandIn,
) -> (Vec<String>, Option<&'static str>) {
    let url = model.url();
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|&word| word.to_owned())
            .collect::<Vec<_>>()
    };
    let program = |name: &str| bin.join(name).display().to_string();
    match backend {
        "claude-code" => {
            let base = format!("ANTHROPIC_BASE_URL={url}");
            let words = words(&["env", &base, "ANTHROPIC_API_KEY=none", &program("claude")]);
            (words, None)
        }
        "codex" => {
            let mut words = vec![program("codex")];
            for set in [
                format!("model_providers.poag.base_url=\"{url}/v1\""),
                "model_providers.poag.requires_openai_auth=false".into(),
                "model_providers.poag.experimental_bearer_token=\"none\"".into(),
            ] {
                words.extend(["-c".into(), set]);
            }
            (words, Some("gpt-5.5"))
        }
        "gemini" => {
            let base = format!("GOOGLE_GEMINI_BASE_URL={url}");
            let words = words(&["env", "GEMINI_API_KEY=none", &base, &program("gemini")]);
            (words, Some("gemini-2.5-flash"))
        }
        _ => (crate::acp::command(&bin.join("opencode"), model), None),
    }
}

/// How many tools ran since the last question.
fn step(call: &Call) -> usize {
    let since = call.messages.iter().rev();
    let since = since.take_while(|(role, text)| {
        *role != Role::User || text.trim().is_empty() || text.starts_with("<system-reminder>")
    });
    since.filter(|(role, _)| *role == Role::Tool).count()
}

fn tool(name: &str, input: Value) -> Reply {
    Reply::Tool {
        name: name.into(),
        input,
    }
}

/// The end of a turn.
fn done(call: &Call) -> Reply {
    let results: Vec<&str> = call
        .messages
        .iter()
        .filter(|(role, _)| *role == Role::Tool)
        .map(|(_, text)| text.as_str())
        .collect();
    let result = json!({
        "schemaVersion": 1, "edits": [], "asks": [], "verdict": { "verdict": "accept" },
        "answer": { "markdown": "done", "citations": [], "confidence": null },
        "notes": [results.join("\n---\n")],
    });
    Reply::Structured(result)
}

fn polite() -> Value {
    json!({ "context": "# Be polite\n\nSay please.", "previous": null })
}

fn note(output: &TurnOutput) -> String {
    let outcome = output.outcome.as_ref();
    let outcome = outcome.unwrap_or_else(|_| panic!("{}", told(output)));
    outcome["notes"][0].as_str().unwrap_or_default().to_owned()
}

#[test]
fn claude_code_changes_its_flake_from_a_primed_conversation_that_is_read_from_the_cache() {
    let site = Site::new("claude-code", |call, at| {
        if !call.last_user().contains("Carry this task out") {
            return done(call);
        }
        let edit = |path: String| json!({ "file_path": path, "old_string": "hello", "new_string": "hello, please" });
        match step(call) {
            0 => tool("Read", json!({ "file_path": at.inside("greet.py") })),
            1 => tool("Edit", edit(at.inside("greet.py"))),
            2 => tool(
                "Write",
                json!({ "file_path": at.inside("new.py"), "content": "NEW = 1\n" }),
            ),
            // Wrong ones: the checkout of the person, another flake of the worktree, git's own files.
            3 => tool(
                "Write",
                json!({ "file_path": at.outside("flake/evil.py"), "content": "x" }),
            ),
            4 => tool(
                "Write",
                json!({ "file_path": at.inside("../other/evil.py"), "content": "x" }),
            ),
            5 => tool(
                "Write",
                json!({ "file_path": at.inside("../.git"), "content": "gitdir: /" }),
            ),
            _ => done(call),
        }
    });
    let Some(mut site) = site else { return };
    site.pack = "The greeting is in `greet.py`, and the cow says moo. ".repeat(2000);
    let prime = site.request(Start::New, json!({ "request": "prime" }));
    let (_, sealed) = site.seal(prime, "sealed");
    let start = Start::Checkpoint(sealed);
    let reading = site.request(start.clone(), json!({ "request": "who greets?" }));
    let reading = wait(site.agent.turn(reading));
    assert!(reading.outcome.is_ok(), "{}", told(&reading));
    let output = wait(site.agent.turn(site.task(start, polite())));
    let results = note(&output);
    assert_eq!(
        site.text("greet.py"),
        "GREETING = 'hello, please'\n",
        "{results}"
    );
    assert_eq!(site.text("new.py"), "NEW = 1\n", "{results}");
    assert_eq!(results.matches("has been denied").count(), 3, "{results}");
    site.is_contained();

    // One frozen set of flags: the first call of the writing turn reads all that was primed.
    let calls = site.model.calls();
    let (prime, writing) = (&calls[0], &calls[2]);
    let common = prime.blocks.iter().zip(&writing.blocks);
    let common = common.take_while(|(one, two)| one == two).count();
    assert_eq!(common, prime.blocks.len());
    assert_eq!(prime.tools, writing.tools);
    let share = writing.usage.cached as f64 / writing.usage.input as f64;
    assert!(share > 0.97, "{share} of {} is cached", writing.usage.input);
}

#[test]
fn claude_code_may_change_nothing_in_a_turn_that_reads() {
    let site = Site::new("claude-code", |call, at| match step(call) {
        0 => tool("Read", json!({ "file_path": at.outside("flake/greet.py") })),
        1 => tool(
            "Edit",
            json!({ "file_path": at.outside("flake/greet.py"), "old_string": "hello", "new_string": "bye" }),
        ),
        2 => tool(
            "Write",
            json!({ "file_path": at.outside("flake/new.py"), "content": "x" }),
        ),
        _ => done(call),
    });
    let Some(site) = site else { return };
    let request = site.request(Start::New, json!({ "request": "who greets?" }));
    let output = wait(site.agent.turn(request));
    let results = note(&output);
    assert!(results.contains("GREETING = 'hello'"), "{results}");
    assert_eq!(results.matches("has been denied").count(), 2, "{results}");
    site.is_contained();
    assert_eq!(site.text("greet.py"), "GREETING = 'hello'\n");
}

#[test]
fn claude_code_goes_on_in_the_same_conversation_with_the_log() {
    let site = Site::new("claude-code", |call, at| {
        let edit = |old: &str, new: &str| json!({ "file_path": at.inside("greet.py"), "old_string": old, "new_string": new });
        let again = call.last_user().contains("expected please");
        match (again, step(call)) {
            (false, 0) => tool("Read", json!({ "file_path": at.inside("greet.py") })),
            (false, 1) => tool("Edit", edit("hello", "hello, pleese")),
            (true, 0) => tool("Edit", edit("pleese", "please")),
            _ => done(call),
        }
    });
    let Some(site) = site else { return };
    let (_, first) = site.seal(site.task(Start::New, polite()), "first");
    assert_eq!(site.text("greet.py"), "GREETING = 'hello, pleese'\n");
    let mut input = polite();
    input["previous"] = json!({ "reason": "a check is red", "log": "expected please" });
    let (output, _) = site.seal(site.task(Start::Checkpoint(first), input), "second");
    assert_eq!(
        site.text("greet.py"),
        "GREETING = 'hello, please'\n",
        "{}",
        note(&output)
    );
    let calls = site.model.calls();
    let last = calls.last().unwrap();
    assert!(
        last.messages
            .iter()
            .any(|(_, text)| text.contains("pleese"))
    );
    site.is_contained();
}

#[test]
fn an_edit_that_was_made_before_a_failure_stays_and_the_failure_is_told() {
    let site = Site::new("claude-code", |call, at| match step(call) {
        0 => tool(
            "Write",
            json!({ "file_path": at.inside("new.py"), "content": "NEW = 1\n" }),
        ),
        _ => Reply::Status {
            code: 401,
            retry_after: None,
            message: "invalid x-api-key".into(),
        },
    });
    let Some(site) = site else { return };
    let output = wait(site.agent.turn(site.task(Start::New, polite())));
    let error = output.outcome.as_ref().unwrap_err();
    assert_eq!(error.fault, Fault::Denied, "{}", told(&output));
    assert_eq!(site.text("new.py"), "NEW = 1\n");
    assert!(output.usage.input_tokens > 0);
    site.is_contained();
}

#[test]
fn codex_changes_its_flake_from_a_primed_conversation_that_is_read_from_the_cache() {
    let site = Site::new("codex", |call, at| {
        if !call.last_user().contains("Carry this task out") {
            return done(call);
        }
        let patch = |path: String, change: &str| {
            let patch = format!("*** Begin Patch\n*** {path}\n{change}*** End Patch");
            let name = call.tools.iter().find(|name| name.ends_with("apply_patch"));
            match name {
                Some(name) => tool(name, json!(patch)),
                None => {
                    let script = format!(
                        "try {{ text(await tools.apply_patch({})) }} catch (error) {{ text(String(error)) }}",
                        json!(patch)
                    );
                    tool("exec", json!(script))
                }
            }
        };
        let new = "+NEW = 1\n";
        match step(call) {
            0 => patch(
                "Update File: greet.py".into(),
                "@@\n-GREETING = 'hello'\n+GREETING = 'hello, please'\n",
            ),
            1 => patch("Add File: new.py".into(), new),
            2 => patch(format!("Add File: {}", at.outside("flake/evil.py")), new),
            _ => done(call),
        }
    });
    let Some(mut site) = site else { return };
    site.pack = "The greeting is in `greet.py`, and the cow says moo. ".repeat(2000);
    let prime = site.request(Start::New, json!({ "request": "prime" }));
    let (_, sealed) = site.seal(prime, "sealed");
    let output = wait(
        site.agent
            .turn(site.task(Start::Checkpoint(sealed), polite())),
    );
    let results = note(&output);
    assert_eq!(
        site.text("greet.py"),
        "GREETING = 'hello, please'\n",
        "{results}\n{}",
        told(&output)
    );
    assert_eq!(site.text("new.py"), "NEW = 1\n", "{results}");
    site.is_contained();
    let calls = site.model.calls();
    assert_eq!(calls[0].tools, calls[1].tools);
    let share = calls[1].usage.cached as f64 / calls[1].usage.input as f64;
    assert!(share > 0.9, "{share} of {} is cached", calls[1].usage.input);
}

#[test]
fn codex_may_change_nothing_in_a_turn_that_reads() {
    let site = Site::new("codex", |call, _| match step(call) {
        0 => {
            let patch = "*** Begin Patch\n*** Add File: new.py\n+NEW = 1\n*** End Patch";
            match call.tools.iter().find(|name| name.ends_with("apply_patch")) {
                Some(name) => tool(name, json!(patch)),
                None => tool(
                    "exec",
                    json!(format!("text(await tools.apply_patch({}))", json!(patch))),
                ),
            }
        }
        _ => done(call),
    });
    let Some(site) = site else { return };
    let request = site.request(Start::New, json!({ "request": "who greets?" }));
    let output = wait(site.agent.turn(request));
    assert!(output.outcome.is_ok(), "{}", told(&output));
    site.is_contained();
}

#[test]
fn gemini_changes_its_flake_and_nothing_else() {
    let site = Site::new("gemini", |call, at| match step(call) {
        0 => tool("read_file", json!({ "file_path": at.inside("greet.py") })),
        1 => tool(
            "replace",
            json!({
                "file_path": at.inside("greet.py"), "instruction": "be polite",
                "old_string": "'hello'", "new_string": "'hello, please'",
            }),
        ),
        2 => tool(
            "write_file",
            json!({ "file_path": at.inside("new.py"), "content": "NEW = 1\n" }),
        ),
        3 => tool(
            "write_file",
            json!({ "file_path": at.outside("flake/evil.py"), "content": "x" }),
        ),
        _ => done(call),
    });
    let Some(site) = site else { return };
    let output = wait(site.agent.turn(site.task(Start::New, polite())));
    let results = note(&output);
    assert_eq!(
        site.text("greet.py"),
        "GREETING = 'hello, please'\n",
        "{results}\n{}",
        told(&output)
    );
    assert_eq!(site.text("new.py"), "NEW = 1\n", "{results}");
    site.is_contained();
    // What lies in the repository does not set it up.
    assert!(
        !site.model.calls()[0]
            .tools
            .iter()
            .any(|name| name.contains("shell"))
    );
}

#[test]
fn opencode_changes_its_flake_and_nothing_else() {
    let site = Site::new("acp", |call, at| {
        if !call.last_user().contains("Carry this task out") {
            return done(call);
        }
        match step(call) {
            0 => tool("read", json!({ "filePath": at.inside("greet.py") })),
            1 => tool(
                "edit",
                json!({
                    "filePath": at.inside("greet.py"),
                    "oldString": "hello", "newString": "hello, please",
                }),
            ),
            2 => tool(
                "write",
                json!({ "filePath": at.inside("new.py"), "content": "NEW = 1\n" }),
            ),
            3 => tool(
                "write",
                json!({ "filePath": at.outside("flake/evil.py"), "content": "x" }),
            ),
            _ => done(call),
        }
    });
    let Some(site) = site else { return };
    let prime = site.request(Start::New, json!({ "request": "prime" }));
    let (_, sealed) = site.seal(prime, "sealed");
    let output = wait(
        site.agent
            .turn(site.task(Start::Checkpoint(sealed), polite())),
    );
    assert_eq!(
        site.text("greet.py"),
        "GREETING = 'hello, please'\n",
        "{}",
        told(&output)
    );
    let calls = site.model.calls();
    let words: Vec<_> = calls
        .last()
        .unwrap()
        .messages
        .iter()
        .rev()
        .take(4)
        .collect();
    assert_eq!(site.text("new.py"), "NEW = 1\n", "{words:?}");
    note(&output);
    site.is_contained();
    assert_eq!(calls[0].tools, calls[1].tools);
}
