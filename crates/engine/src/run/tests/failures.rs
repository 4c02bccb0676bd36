//! What agents do wrong is a failure with a reason, never an answer.

use std::sync::Arc;

use serde_json::json;

use super::{Scripted, hold, stage, times, usual};
use poag_agent::{AgentError, Fault};
use poag_core::council::event::FailureKind;
use poag_core::council::limits::Limits;
use poag_core::plan::Plan;
use poag_core::testing::edits;

fn failed(plan: &Plan) -> Vec<(&str, FailureKind)> {
    let failures = plan.council.failures.iter();
    failures.map(|f| (f.expert.as_str(), f.kind)).collect()
}

fn held(
    script: impl Fn(&str, u64) -> Result<serde_json::Value, AgentError> + Send + Sync + 'static,
) -> (Plan, Arc<Scripted>) {
    let stage = stage();
    let agent = Scripted::new(script);
    let outcome = hold(&stage, &agent, Limits::default()).unwrap();
    (outcome.plan, agent)
}

#[test]
fn output_that_is_no_turn_is_asked_for_once_more_and_then_a_failure() {
    let (plan, agent) = held(|expert, turn| match expert {
        "lib" => Ok(json!({"text": "I would rather talk"})),
        _ => Ok(usual(expert, turn)),
    });
    assert_eq!(failed(&plan), [("lib", FailureKind::Invalid); 2]);
    assert_eq!(times(&[&agent])[&("lib".into(), 1)], 2);
    let inputs = agent.inputs.lock().unwrap();
    let told: Vec<_> = inputs
        .iter()
        .filter(|input| input["expert"] == "lib")
        .collect();
    assert!(told[0].get("retry").is_none());
    assert_eq!(told[1]["retry"]["attempts"], 1);
    let problem = told[1]["retry"]["problem"].as_str().unwrap();
    assert!(
        problem.contains("repair:"),
        "it is told what was wrong: {problem}"
    );
    assert!(plan.council.failures[1].reason.contains("repair:"));
    assert!(!plan.subflakes.contains_key("lib"));
    assert!(
        plan.subflakes.contains_key("py"),
        "the others go on without"
    );
}

#[test]
fn a_path_that_escapes_is_a_failure() {
    for path in ["../lib/main", "/etc/passwd", "api/../../x", "flake.lock"] {
        let escaping = serde_json::to_value(edits(&[path])).unwrap();
        let (plan, _) = held(move |expert, turn| match expert {
            "web" if turn == 2 => Ok(escaping.clone()),
            _ => Ok(usual(expert, turn)),
        });
        assert_eq!(failed(&plan), [("web", FailureKind::Invalid); 2], "{path}");
        assert!(!plan.to_json().unwrap().contains(&format!("\"./{path}\"")));
    }
}

#[test]
fn a_backend_that_cannot_be_used_is_not_tried_again() {
    let (plan, _) = held(|expert, turn| match expert {
        "app" => Err(AgentError::new(
            Fault::Unavailable,
            "scripted",
            "it is not installed",
            "install it",
        )),
        _ => Ok(usual(expert, turn)),
    });
    assert_eq!(failed(&plan), [("app", FailureKind::Unavailable)]);
    let failure = plan.root_failure().unwrap();
    assert!(failure.reason.contains("repair: install it"));
    assert!(plan.is_empty());
}

#[test]
fn a_failure_that_passes_is_noted_and_the_plan_is_whole() {
    let first = std::sync::atomic::AtomicBool::new(true);
    let (plan, _) = held(move |expert, turn| {
        if expert == "lib" && first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            return Err(AgentError::new(
                Fault::Failed,
                "scripted",
                "a hiccup",
                "none",
            ));
        }
        Ok(usual(expert, turn))
    });
    assert_eq!(failed(&plan), [("lib", FailureKind::Failed)]);
    assert!(!plan.council.failures[0].last);
    assert!(plan.subflakes.contains_key("lib"));
}

#[test]
fn a_backend_that_panics_fails_its_turn_and_not_the_run() {
    let (plan, _) = held(|expert, turn| {
        assert!(expert != "py", "a defect");
        Ok(usual(expert, turn))
    });
    assert_eq!(failed(&plan), [("py", FailureKind::Failed)]);
    assert!(plan.subflakes.contains_key("web"));
}

#[test]
fn no_more_turns_are_under_way_than_allowed() {
    for (parallel, most) in [(1, 1), (8, 2)] {
        let stage = stage();
        let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
        let limits = Limits {
            parallel,
            ..Limits::default()
        };
        hold(&stage, &agent, limits).unwrap();
        assert_eq!(agent.busy.lock().unwrap().1, most);
    }
}

#[test]
fn a_run_without_time_says_so() {
    let stage = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let limits = Limits {
        seconds: 0,
        ..Limits::default()
    };
    let plan = hold(&stage, &agent, limits).unwrap().plan;
    assert!(plan.is_cut_short());
    assert_eq!(plan.council.limits[0].to_string(), "time: 0 s");
}

#[test]
fn a_request_that_is_empty_or_a_book_is_refused() {
    let stage = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    for request in [" ".to_owned(), "x".repeat(300 << 10)] {
        let question = crate::run::RunRequest {
            run: None,
            request: &request,
            flake: "f",
            limits: Limits::default(),
        };
        let backends = Arc::new(super::Same(agent.clone()));
        let mut watch = ();
        let held = crate::run::ask(&stage.graph, &question, backends, &stage.ledger, &mut watch);
        let error = super::block(held).unwrap_err().to_string();
        assert!(error.contains("repair:"), "{error}");
    }
    assert!(agent.taken().is_empty());
}

#[test]
fn who_leaves_more_than_it_may_has_failed_with_the_reason() {
    let mut stage = stage();
    let root = stage.graph.root.clone();
    let declared = stage.graph.experts.get_mut(&root).unwrap();
    declared.quota.artifact_bytes_each = Some(3_000);
    let agent = Scripted::new(|expert, turn| {
        let mut said = usual(expert, turn);
        if expert == "lib" {
            said["answer"] = json!({"markdown": "x".repeat(3_500), "citations": []});
        }
        Ok(said)
    });
    let plan = hold(&stage, &agent, Limits::default()).unwrap().plan;
    assert_eq!(failed(&plan), [("lib", FailureKind::Limit)]);
    let reason = &plan.council.failures[0].reason;
    assert!(
        reason.starts_with("with what 'lib' says there would be 3")
            && reason.contains("one participant may leave 3000: it is refused\nrepair:"),
        "{reason}"
    );
    assert!(!plan.subflakes.contains_key("lib") && plan.subflakes.contains_key("py"));
}
