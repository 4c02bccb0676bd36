//! Codex in writing mode.

use poag::agent::Start;
use serde_json::json;

use super::{Site, done, note, polite, step, tool};
use crate::request::wait;
use crate::spoken::told;

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
