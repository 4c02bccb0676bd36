//! One author and five reviewers by a prompt: the real Claude Code conducts them with the tools for sessions, and the real
//! Claude Code answers in each.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::harness::{Repository, text};
use crate::pages::block;
use crate::place::{Place, told};
use crate::stand_in::{Call, Reply, StandIn};
use crate::{brain, stand_in};

const REVIEWERS: [&str; 5] = ["correctness", "security", "tests", "simplicity", "user"];

/// What a model that was given the prompt would do next: what it has done so far tells.
#[derive(Default)]
struct Conductor {
    /// Calls of tools that come next.
    next: Vec<(&'static str, Value)>,
    /// Reviewer → what it said last.
    said: BTreeMap<String, String>,
    /// Which session the last call was about, where its output was read.
    read: Option<String>,
    round: u32,
    proposal: String,
}

impl Conductor {
    fn begin(&mut self) {
        let sessions = std::iter::once("author").chain(REVIEWERS);
        self.next = sessions
            .map(|name| {
                let with = json!({"expert": "base", "name": name, "backend": "claude-code"});
                ("session_open", with)
            })
            .collect();
        self.author("Propose the change with its tests.");
    }

    fn author(&mut self, text: &str) {
        self.next.extend([
            ("session_say", json!({"session": "author", "text": text})),
            ("session_wait", json!({"session": "author"})),
            ("session_out", json!({"session": "author"})),
        ]);
    }

    /// The next call, or the last words.
    fn reply(&mut self, result: Option<&str>) -> Reply {
        match (result, self.read.take()) {
            (None, _) => self.begin(),
            (Some(result), Some(session)) if session == "author" => {
                self.proposal = result.to_owned();
                self.review();
            }
            (Some(result), Some(session)) => {
                self.said.insert(session, result.to_owned());
                if self.said.len() == REVIEWERS.len() {
                    self.decide();
                }
            }
            _ => {}
        }
        if self.next.is_empty() {
            return Reply::Text(format!("after {} rounds: {}", self.round, self.proposal));
        }
        let (tool, input) = self.next.remove(0);
        if tool == "session_out" {
            self.read = input["session"].as_str().map(str::to_owned);
        }
        Reply::Tool {
            name: format!("mcp__poag__{tool}"),
            input,
        }
    }

    fn review(&mut self) {
        self.round += 1;
        for tool in ["session_say", "session_wait", "session_out"] {
            self.next.extend(REVIEWERS.map(|name| {
                let input = match tool {
                    "session_say" => json!({
                        "session": name, "from": ["author"],
                        "text": format!("Look for {name} alone. The proposal:"),
                    }),
                    _ => json!({"session": name}),
                };
                (tool, input)
            }));
        }
    }

    fn decide(&mut self) {
        let said = std::mem::take(&mut self.said);
        let objections: Vec<String> = said
            .values()
            .filter(|said| said.contains("OBJECT"))
            .cloned()
            .collect();
        match objections.is_empty() {
            false => self.author(&format!("They object: {}", objections.join("\n"))),
            true => {
                let sessions = std::iter::once("author").chain(REVIEWERS);
                let close = |name| ("session_close", json!({"session": name}));
                self.next = sessions.map(close).collect();
            }
        }
    }
}

/// What the expert says in a session: rude until somebody objects, which only who looks as a user does.
fn expert(input: &Value) -> Reply {
    let mut result = brain::nothing();
    let said = input["request"].as_str().unwrap();
    let answer = match said {
        said if said.starts_with("Propose") => "Greet rudely.",
        said if said.starts_with("They object") => "Greet politely.",
        said if said.contains("Look for user") && said.contains("rudely") => "OBJECT: it is rude.",
        _ => "APPROVE: none of that.",
    };
    if input["turn"] != 0 {
        result["answer"] = json!({"markdown": answer, "citations": []});
    }
    Reply::Structured(result)
}

fn is_conductor(call: &Call) -> bool {
    let mut said = call.messages.iter();
    !call.tools.is_empty() && said.any(|(_, text)| text.contains("Use the tools session_"))
}

#[test]
fn an_agent_with_the_session_tools_conducts_five_reviewers_and_an_author() {
    let Some(place) = Place::new() else { return };
    let repository = Repository::family();
    let conductor = Mutex::new(Conductor::default());
    let model = StandIn::start(move |call: &Call| match brain::input(call) {
        Some(input) => expert(&input),
        // Whoever was given the prompt, and may call tools.
        None if is_conductor(call) => conductor.lock().unwrap().reply(call.tool_result()),
        None => Reply::Text("Title".into()),
    });
    let poag = assert_cmd::cargo::cargo_bin!("poag").display().to_string();
    let claude = |args: &[&str]| {
        let mut command = place.claude_in(repository.root.join("app"), &model);
        command
            .timeout(std::time::Duration::from_secs(600))
            .args(args);
        command
    };
    let state = format!("POAG_STATE_DIR={}", repository.state().display());
    let cache = format!("POAG_CACHE_DIR={}", place.home().join("cache").display());
    // For the agents that poag starts.
    let url = format!("ANTHROPIC_BASE_URL={}", model.url());
    let bin = stand_in::clis().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let path = std::iter::once(bin).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).unwrap();
    let path = format!("PATH={}", path.display());
    claude(&["mcp", "add", "poag", "-e", &state, "-e", &cache, "-e", &url])
        .args([
            "-e",
            &path,
            "-e",
            "ANTHROPIC_API_KEY=none",
            "--",
            &poag,
            "mcp",
        ])
        .assert()
        .success();
    let prompt = block("docs/src/how-to/conduct.md", "conductor");
    let output = claude(&["-p", &prompt, "--model", "claude-sonnet-4-5"])
        .args(["--allowedTools", "mcp__poag"])
        .output()
        .unwrap();
    let said = text(&output.stdout);
    let tools = model.calls().last().map(|call| call.tools.clone());
    assert!(
        said.contains("after 2 rounds"),
        "{}\n{tools:?}",
        told(&output)
    );
    assert!(said.contains("Greet politely."), "{said}");
    let mut list = repository.poag("app");
    let list = list.args(["session", "list", "--all", "--json"]).output();
    let list: Value = serde_json::from_slice(&list.unwrap().stdout).unwrap();
    let sessions = list.as_array().unwrap();
    assert_eq!(sessions.len(), 6, "{list:#}");
    for session in sessions {
        assert_eq!(
            (&session["status"], &session["messages"]),
            (&json!("closed"), &json!(2))
        );
    }
}
