//! `poag mcp`: the experts as tools, spoken to by a client of the protocol.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rmcp::model::{
    CallToolRequest, CallToolRequestParams, CallToolResponse, CallToolResult, CancelTaskParams,
    ClientCapabilities, ClientConfig, ClientRequest, GetTaskParams, Implementation,
    ProgressNotificationParam, TaskPayload, TaskStatus, Tool,
};
use rmcp::service::{NotificationContext, PeerRequestOptions, RunningService};
use rmcp::transport::TokioChildProcess;
use rmcp::{ClientHandler, RoleClient, ServiceExt as _};
use serde_json::{Value, json};

use crate::harness::{Repository, text};

/// A client that notes what it is told while it waits.
#[derive(Clone, Default)]
pub struct Listener(Arc<Mutex<Vec<String>>>, Arc<Mutex<Vec<Option<f64>>>>);

impl ClientHandler for Listener {
    async fn on_progress(
        &self,
        news: ProgressNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        self.0.lock().unwrap().extend(news.message);
        self.1.lock().unwrap().push(news.total);
    }
}

/// A client that knows tasks.
#[derive(Clone, Default)]
struct TaskClient;

impl ClientHandler for TaskClient {
    fn get_info(&self) -> ClientConfig {
        let capabilities = ClientCapabilities::builder().enable_tasks().build();
        ClientConfig::new(capabilities, Implementation::from_build_env())
    }
}

/// Whether what a tool gives is what it said that it would.
pub fn fits(tools: &[Tool], name: &str, result: &CallToolResult) {
    let tool = tools.iter().find(|tool| tool.name == name).unwrap();
    let schema = Value::Object(tool.output_schema.as_deref().unwrap().clone());
    let data = result.structured_content.as_ref().unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(data)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{name}: {errors:?}");
}

pub type Client = RunningService<RoleClient, Listener>;

pub async fn client(repository: &Repository, folder: &str, path: Option<OsString>) -> Client {
    let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    repository.place(&mut process, folder);
    process.arg("mcp");
    process.envs(path.map(|path| ("PATH", path)));
    let child = TokioChildProcess::new(tokio::process::Command::from(process)).unwrap();
    Listener::default().serve(child).await.unwrap()
}

fn params(tool: &'static str, arguments: Value) -> CallToolRequestParams {
    CallToolRequestParams::new(tool).with_arguments(arguments.as_object().unwrap().clone())
}

pub async fn call(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    client.call_tool(params(tool, arguments)).await.unwrap()
}

pub fn said(result: &CallToolResult) -> String {
    let texts = result
        .content
        .iter()
        .filter_map(|content| content.as_text());
    texts.map(|content| content.text.as_str()).collect()
}

pub fn block(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future);
}

#[test]
fn the_tools_give_the_plan_the_experts_and_a_pack() {
    let repository = Repository::family();
    block(async {
        let client = client(&repository, "app", None).await;
        let tools = client.list_all_tools().await.unwrap();
        // Those for workers and for sessions have tests of their own.
        let tools: Vec<Tool> = tools
            .into_iter()
            .filter(|tool| {
                !["task_", "session_"]
                    .iter()
                    .any(|of| tool.name.starts_with(of))
            })
            .collect();
        let mut names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
        names.sort_unstable();
        assert_eq!(names, ["ask", "experts", "pack"]);
        for tool in &tools {
            let hints = tool.annotations.as_ref().unwrap();
            // A backend may cost money, and every run is recorded.
            assert_eq!(
                hints.read_only_hint,
                Some(tool.name != "ask"),
                "{}",
                tool.name
            );
        }

        let request = "Make greet(name) say goodbye";
        let plan = call(&client, "ask", json!({"request": request})).await;
        assert_eq!(plan.is_error, Some(false), "{}", said(&plan));
        let data = plan.structured_content.clone().unwrap();
        assert_eq!(data["request"], request);
        assert!(
            data["subflakes"]["base"]["./src/greet.py"].is_string(),
            "{data}"
        );
        assert!(said(&plan).contains("src/greet.py"), "{}", said(&plan));
        // The same as the command line gives.
        let output = repository
            .poag("app")
            .args(["ask", "--json", request])
            .output();
        let mut line: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
        line["council"]["id"] = data["council"]["id"].clone();
        assert_eq!(line, data);
        // Progress is sent before the result.
        let news = client.service().0.lock().unwrap().join("\n");
        assert!(news.contains("app thinks about 1 message"), "{news}");
        assert!(news.contains("app asks base: "), "{news}");
        // How many steps there were is told with the last one.
        let total = client.service().1.lock().unwrap().clone();
        assert_eq!(total.last().unwrap(), &Some(total.len() as f64));
        assert!(total[..total.len() - 1].iter().all(Option::is_none));
        // The run can be looked at afterwards.
        let run = data["council"]["id"].as_str().unwrap();
        assert!(
            said(&plan).contains(&format!("`poag run show {run}`")),
            "{}",
            said(&plan)
        );
        fits(&tools, "ask", &plan);

        let experts = call(&client, "experts", json!({})).await;
        fits(&tools, "experts", &experts);
        let data = experts.structured_content.unwrap();
        assert_eq!(data["root"], "app");
        assert_eq!(data["experts"][0]["name"], "base");
        assert_eq!(data["experts"][0]["freshness"]["status"], "fresh");
        assert_eq!(
            data["experts"][0]["provides"]["greet"]["files"],
            json!(["src/greet.py"])
        );
        assert_eq!(
            data["experts"][1]["needs"],
            json!({"base": {"greet": "the text that is printed"}})
        );

        let pack = call(&client, "pack", json!({"expert": "base"})).await;
        fits(&tools, "pack", &pack);
        let output = repository.poag("app").args(["pack", "base"]).output();
        assert_eq!(said(&pack), text(&output.unwrap().stdout));
        client.cancel().await.unwrap();
    });
}

#[test]
fn what_goes_wrong_is_said_by_the_tool_and_the_server_goes_on() {
    let repository = Repository::family();
    block(async {
        let client = client(&repository, "app", None).await;
        for (tool, arguments, wanted) in [
            (
                "pack",
                json!({"expert": "bsae"}),
                "did you mean 'base'?\nrepair: ",
            ),
            ("ask", json!({"request": " "}), "\nrepair: "),
            (
                "ask",
                json!({"request": "x", "backend": "oracle"}),
                "no backend 'oracle'",
            ),
            (
                "ask",
                json!({"request": "x", "flake": "f".repeat(5000)}),
                "5000 bytes",
            ),
            ("experts", json!({"flake": "./nowhere"}), "\nrepair: "),
            ("experts", json!({"flak": "."}), "unknown field `flak`"),
        ] {
            let result = call(&client, tool, arguments.clone()).await;
            let text = said(&result);
            assert_eq!(result.is_error, Some(true), "{tool} {arguments}: {text}");
            assert!(text.contains(wanted), "{tool} {arguments}: {text}");
        }
        let experts = call(&client, "experts", json!({})).await;
        assert_eq!(experts.is_error, Some(false));
        client.cancel().await.unwrap();
    });
}

#[test]
fn a_cancelled_request_stops_its_work_and_the_server_goes_on() {
    let repository = Repository::family();
    let (_shim, mark, wait, path) = waiting_nix();
    block(async {
        let client = client(&repository, "app", Some(path)).await;
        let request = CallToolRequest::new(params("ask", json!({"request": "Say goodbye"})));
        let request = ClientRequest::CallToolRequest(request);
        let options = PeerRequestOptions::no_options();
        let handle = client
            .send_cancellable_request(request, options)
            .await
            .unwrap();
        let pid = noted(&mark).await;
        handle.cancel(Some("not wanted".into())).await.unwrap();
        while is_running(pid.trim()) {
            tokio::task::yield_now().await;
        }
        fs::remove_file(&wait).unwrap();
        let experts = call(&client, "experts", json!({})).await;
        assert_eq!(experts.is_error, Some(false), "{}", said(&experts));
        client.cancel().await.unwrap();
    });
}

/// A nix that notes its process, and waits for ever when it is told to: its folder, the note, what makes it wait, and
/// the PATH that has it.
fn waiting_nix() -> (tempfile::TempDir, PathBuf, PathBuf, OsString) {
    let shim = tempfile::tempdir().unwrap();
    let (mark, wait) = (shim.path().join("pid"), shim.path().join("wait"));
    let real = std::process::Command::new("sh")
        .args(["-c", "command -v nix"])
        .output()
        .unwrap();
    let script = format!(
        "#!/bin/sh\nif [ -e {wait} ]; then echo $$ > {mark}.new; mv {mark}.new {mark}; exec sleep 100000; fi\nexec {nix} \"$@\"\n",
        mark = mark.display(),
        wait = wait.display(),
        nix = text(&real.stdout).trim(),
    );
    fs::write(shim.path().join("nix"), script).unwrap();
    fs::set_permissions(shim.path().join("nix"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(&wait, "").unwrap();
    let mut path = vec![shim.path().to_owned()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let path = std::env::join_paths(path).unwrap();
    (shim, mark, wait, path)
}

#[test]
fn a_question_that_takes_long_becomes_a_task_for_a_client_that_knows_tasks() {
    let repository = Repository::family();
    let (_shim, mark, wait, path) = waiting_nix();
    block(async {
        let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin!("poag"));
        repository.place(&mut process, "app");
        process.arg("mcp").env("PATH", path);
        let child = TokioChildProcess::new(tokio::process::Command::from(process)).unwrap();
        let client = TaskClient.serve(child).await.unwrap();
        let ask = || params("ask", json!({"request": "Make greet(name) say goodbye"}));

        let response = client.call_tool_once(ask()).await.unwrap();
        let CallToolResponse::Task(create) = response else {
            panic!("{response:?}");
        };
        let id = create.task.task_id;
        let look = || async {
            let task = client
                .peer()
                .get_task(GetTaskParams::new(id.clone()))
                .await
                .unwrap();
            task.task
        };
        assert_eq!(look().await.status(), TaskStatus::Working);
        // It has begun, and ends when nix does.
        let pid = noted(&mark).await;
        fs::remove_file(&wait).unwrap();
        std::process::Command::new("kill")
            .arg(pid.trim())
            .status()
            .unwrap();
        let done = loop {
            let task = look().await;
            if task.status().is_terminal() {
                break task;
            }
            tokio::task::yield_now().await;
        };
        let TaskPayload::Completed { result } = done.payload else {
            panic!("{done:?}");
        };
        // The nix that it waited for was ended: that is said, as by every call.
        let result = Value::Object(result);
        assert_eq!(result["isError"], true, "{result:#}");
        let said = result["content"][0]["text"].as_str().unwrap();
        assert!(said.starts_with("nix ended with signal: 15"), "{said}");

        // One that is cancelled stops its work.
        fs::write(&wait, "").unwrap();
        fs::remove_file(&mark).unwrap();
        let response = client.call_tool_once(ask()).await.unwrap();
        let CallToolResponse::Task(create) = response else {
            panic!("{response:?}");
        };
        let id = create.task.task_id;
        let pid = noted(&mark).await;
        client
            .peer()
            .cancel_task(CancelTaskParams::new(id.clone()))
            .await
            .unwrap();
        while is_running(pid.trim()) {
            tokio::task::yield_now().await;
        }
        loop {
            let task = client
                .peer()
                .get_task(GetTaskParams::new(id.clone()))
                .await
                .unwrap()
                .task;
            if task.status().is_terminal() {
                assert_eq!(task.status(), TaskStatus::Cancelled);
                break;
            }
        }
        client.cancel().await.unwrap();
    });
}

#[test]
fn a_question_that_is_answered_soon_is_answered_at_once() {
    let repository = Repository::family();
    block(async {
        let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin!("poag"));
        repository.place(&mut process, "app");
        process.arg("mcp");
        let child = TokioChildProcess::new(tokio::process::Command::from(process)).unwrap();
        let client = TaskClient.serve(child).await.unwrap();
        let experts = client
            .call_tool(params("experts", json!({})))
            .await
            .unwrap();
        assert_eq!(experts.is_error, Some(false));
        let refused = client
            .call_tool(params("ask", json!({"request": " "})))
            .await
            .unwrap();
        assert!(
            said(&refused).starts_with("the request is empty"),
            "{}",
            said(&refused)
        );
        client.cancel().await.unwrap();
    });
}

/// What the waiting nix noted, once it has.
async fn noted(mark: &std::path::Path) -> String {
    loop {
        match fs::read_to_string(mark) {
            Ok(pid) => return pid,
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// Whether a process is there and not only waited for.
fn is_running(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat
        .rsplit(") ")
        .next()
        .and_then(|rest| rest.chars().next());
    state.is_some_and(|state| state != 'Z')
}
