//! Experts that disagree: objections are heard, and owners decide about their own flakes.

use poag::engine::run::RunOutcome;
use serde_json::{Value, json};

use crate::programs::{REQUEST, Stage, asks, edits, objecting};
use crate::stage::{ask, spoken, written};

/// app asks py and web, which ask lib; lib changes its api so.
fn stage(instruction: &str) -> Stage {
    let stage = Stage::new();
    stage.says("app-1", &asks(&["py", "web"]));
    stage.says("py-1", &asks(&["lib"]));
    stage.says("web-1", &asks(&["lib"]));
    stage.says("lib-1", &edits("api.py", instruction));
    stage
}

/// What comes of the request where experts say what is written.
async fn outcome(stage: &Stage) -> RunOutcome {
    let words = written(stage.folder.join("say"));
    let (engine, request) = spoken(&stage.repository, words, REQUEST);
    ask(&engine, "app", &request, &mut ()).await.unwrap()
}

#[tokio::test]
async fn an_objection_that_the_owner_meets_leaves_its_new_version_and_no_dissent() {
    let stage = stage("rename greet");
    let amended = edits("api.py", "add polite beside greet");
    for turn in ["lib-2", "lib-3", "lib-4"] {
        stage.says(turn, &amended);
    }
    for turn in ["py-4", "py-5", "web-2", "web-3", "web-4"] {
        stage.says(turn, &edits("main.py", "call polite"));
    }
    // py objects until it has heard of the amendment, whichever of its turns that is.
    let usual = written(stage.folder.join("say"));
    let words = move |expert: &str, input: &Value| {
        let heard = input.to_string().contains("add polite beside greet");
        match (expert, input["turn"].as_u64()) {
            ("py", Some(2..)) if heard => edits("main.py", "call polite"),
            ("py", Some(2..)) => {
                objecting(edits("main.py", "call it"), "lib", "keep the old name too")
            }
            _ => usual(expert, input),
        }
    };
    let (engine, request) = spoken(&stage.repository, words, REQUEST);
    let outcome = ask(&engine, "app", &request, &mut ()).await.unwrap();
    let plan = json!(outcome.plan);
    let lib = &plan["subflakes"]["lib"]["./api.py"];
    assert_eq!(lib, "add polite beside greet");
    assert_eq!(plan["subflakes"]["py"]["./main.py"], "call polite");
    assert_eq!(plan["council"]["dissent"], json!([]));
    let details = engine.runs().unwrap().details(&outcome.run).unwrap();
    let messages = json!(details.transcript.messages).to_string();
    assert!(messages.contains("keep the old name too"), "{messages}");
}

#[tokio::test]
async fn an_owner_is_not_outvoted_in_its_own_flake_by_all_its_consumers() {
    let stage = stage("rename greet");
    for turn in ["lib-2", "lib-3", "lib-4", "lib-5"] {
        stage.says(turn, &edits("api.py", "rename greet"));
    }
    for (name, reason) in [("py", "py needs it"), ("web", "web needs it")] {
        for turn in 2..6 {
            let turn = format!("{name}-{turn}");
            stage.says(&turn, &objecting(asks(&[]), "lib", reason));
        }
    }
    let plan = outcome(&stage).await.plan;
    assert!(plan.has_dissent());
    let mut from: Vec<&str> = Vec::new();
    for dissent in &plan.council.dissent {
        assert_eq!(dissent.to, "lib");
        from.push(&dissent.from);
    }
    from.sort_unstable();
    assert_eq!(from, ["py", "web"]);
    assert_eq!(json!(plan)["subflakes"]["lib"]["./api.py"], "rename greet");
}

#[tokio::test]
async fn a_provider_that_objects_to_its_consumer_does_not_change_the_consumers_flake() {
    let stage = Stage::new();
    let mut first = asks(&["py"]);
    first["edits"] = edits("main.py", "greet everybody")["edits"].take();
    for turn in ["app-1", "app-2", "app-3", "app-4"] {
        stage.says(turn, &first);
    }
    for turn in ["py-1", "py-2", "py-3"] {
        stage.says(turn, &objecting(asks(&[]), "app", "greet one at a time"));
    }
    let plan = outcome(&stage).await.plan;
    assert!(plan.has_dissent());
    let plan = json!(plan);
    assert_eq!(plan["subflakes"]["app"]["./main.py"], "greet everybody");
    assert!(plan["subflakes"].get("py").is_none());
}
