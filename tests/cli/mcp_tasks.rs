//! The tools for workers: what `poag task` does, by a client of the protocol over standard input and output.

use serde_json::{Value, json};

use crate::mcp::{Client, block, call, client, fits, said};
use crate::work::stage;

#[test]
fn a_worker_claims_tells_and_is_fenced_by_tools_that_keep_their_schemas() {
    let (stage, mut words) = stage("1");
    words.push("--only-begin".into());
    let repository = &stage.repository;
    repository.poag("app").args(&words).assert().success();
    block(async {
        let client: Client = client(repository, "app", None).await;
        let tools = client.list_all_tools().await.unwrap();
        let verbs = [
            "ask", "claim", "done", "fail", "log", "ready", "release", "renew", "show",
        ];
        let mut names: Vec<&str> = tools
            .iter()
            .filter_map(|tool| tool.name.strip_prefix("task_"))
            .collect();
        names.sort_unstable();
        assert_eq!(names, verbs);
        let good = async |tool: &'static str, arguments: Value| {
            let result = call(&client, tool, arguments).await;
            assert_eq!(result.is_error, Some(false), "{tool}: {}", said(&result));
            fits(&tools, tool, &result);
            result.structured_content.unwrap()
        };
        let bad = async |tool: &'static str, arguments: Value| {
            let result = call(&client, tool, arguments).await;
            assert_eq!(result.is_error, Some(true), "{tool}: {}", said(&result));
            said(&result)
        };
        let ready = good("task_ready", json!({})).await;
        assert_eq!(ready["tasks"][0]["id"], "base");
        let claimed = good("task_claim", json!({"actor": "command"})).await;
        assert_eq!(
            (&claimed["epoch"], &claimed["tasks"][0]["id"]),
            (&json!(1), &json!("base"))
        );
        let twice = bad("task_claim", json!({"actor": "command", "task": "base"})).await;
        assert!(twice.contains("it is leased"), "{twice}");
        let words = |text: &str| json!({"task": "base", "epoch": 1, "text": text});
        let mut half = words("half of it");
        half["percent"] = json!(50);
        good("task_log", half).await;
        let renewed = good("task_renew", json!({"epoch": 1})).await;
        assert!(renewed["until"].as_i64() >= claimed["until"].as_i64());
        let shown = good("task_show", json!({"task": "base"})).await;
        assert_eq!(shown["standing"]["detail"], "50 %: half of it", "{shown:#}");
        // What changed nothing is not done, and the attempt has ended with the reason.
        let done = json!({"task": "base", "epoch": 1, "commit": "HEAD", "summary": "did it"});
        let done = good("task_done", done).await;
        assert_eq!(done["ok"], false, "{done:#}");
        assert!(!done["why"].as_str().unwrap().is_empty());
        good("task_ask", words("which one?")).await;
        let late = bad("task_log", words("still here")).await;
        assert!(late.contains("comes late"), "{late}");
        let none = bad("task_show", json!({"task": "nothing"})).await;
        assert!(
            none.contains("there is no task 'nothing'") && none.contains("\nrepair: "),
            "{none}"
        );
        let unknown = bad("task_claim", json!({"actor": "nobody"})).await;
        assert!(unknown.contains("\nrepair: "), "{unknown}");
    });
}

#[test]
fn a_task_is_given_back_or_fails_by_tools() {
    let (stage, mut words) = stage("1");
    words.push("--only-begin".into());
    stage.repository.poag("app").args(&words).assert().success();
    block(async {
        let client: Client = client(&stage.repository, "app", None).await;
        let claim = json!({"actor": "command", "task": "base", "trajectory": 1});
        call(&client, "task_claim", claim.clone()).await;
        let back = json!({"task": "base", "epoch": 1, "text": "no time"});
        let back = call(&client, "task_release", back).await;
        assert_eq!(back.structured_content.unwrap(), json!({"ok": true}));
        call(&client, "task_claim", claim).await;
        let failed = json!({"task": "base", "epoch": 2, "text": "the tests are red", "log": "E1"});
        let failed = call(&client, "task_fail", failed).await;
        assert_eq!(failed.structured_content.unwrap(), json!({"ok": true}));
        let shown = call(&client, "task_show", json!({"task": "base"})).await;
        let shown = shown.structured_content.unwrap();
        assert_eq!(shown["standing"]["attempt"], 2, "{shown:#}");
    });
}
