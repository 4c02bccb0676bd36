//! Gemini CLI and OpenCode, an agent of the Agent Client Protocol, in writing mode.

use poag::agent::Start;
use serde_json::json;

use super::{Site, done, note, polite, step, tool};
use crate::request::wait;
use crate::spoken::told;

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
