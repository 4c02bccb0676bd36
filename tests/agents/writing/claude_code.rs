//! Claude Code in writing mode.

use poag::agent::{Fault, Start};
use serde_json::json;

use super::{Site, done, note, polite, step, tool};
use crate::request::wait;
use crate::spoken::told;
use crate::stand_in::Reply;

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
