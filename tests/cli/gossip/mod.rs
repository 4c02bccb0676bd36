//! Turns under way that talk: an agent in this process, the real `poag mcp --turn`, a real council.

mod stage;

use std::path::Path;
use std::sync::Arc;

use poag::agent::{AgentError, Fault};
use poag::council::Limits;
use poag::engine::run::{ask, resume, unfinished};
use serde_json::{Value, json};
use tokio::sync::Notify;

use stage::{Tools, block, hold, kinds, none, play, question, said, stage};

#[test]
fn a_question_within_a_turn_is_answered_within_it_even_one_at_a_time() {
    let stage = stage();
    let limits = Limits {
        parallel: 1,
        ..Limits::default()
    };
    let (outcome, agent) = hold(&stage, limits, |who, _, tools| async move {
        if who == "base" {
            return Ok(said("say BLUE"));
        }
        let (failed, answer) = tools.consult("base").await;
        assert!(!failed, "{answer}");
        let message: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(message["body"]["kind"], "reply");
        let heard = &message["body"]["result"]["edits"][0]["instruction"];
        let (failed, told) = tools
            .call("check", json!({"result": said(heard.as_str().unwrap())}))
            .await;
        assert!(!failed, "{told}");
        Err(none())
    });
    assert_eq!(outcome.plan.subflakes["app"]["./main"], "say BLUE");
    assert_eq!(outcome.taken, 2);
    assert_eq!(
        kinds(&stage, &outcome.run),
        [
            "runStarted",
            "turnStarted app",
            "asked",
            "turnStarted base",
            "turnFinished base",
            "heard",
            "turnFinished app",
            "runFinished"
        ]
    );
    let inputs = agent.inputs.lock().unwrap();
    assert_eq!(inputs.len(), 2);
    // Nothing but the way to the council is in the environment, and it is another way for each turn.
    let servers = agent.servers.lock().unwrap();
    for server in servers.iter() {
        let names: Vec<&str> = server.env.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["POAG_SOCKET", "POAG_TOKEN"]);
        let socket = Path::new(&server.env[0].1);
        assert!(!socket.exists(), "the socket goes with the council");
    }
    assert_ne!(servers[0].env[1], servers[1].env[1]);
}

#[test]
fn a_result_is_checked_at_once_and_the_last_that_is_right_counts_where_a_turn_ends_with_none() {
    let stage = stage();
    let (outcome, _) = hold(&stage, Limits::default(), |_, _, tools| async move {
        let mut wrong = said("x");
        wrong["edits"][0]["path"] = json!("../base/main");
        let (failed, told) = tools.call("check", json!({"result": wrong})).await;
        assert!(
            failed && told.contains("../base/main") && told.contains("\nrepair: "),
            "{told}"
        );
        for instruction in ["first", "second"] {
            // As text too, which agents like to write.
            let result = json!({"result": said(instruction).to_string()});
            let (failed, told) = tools.call("check", result).await;
            assert!(!failed, "{told}");
        }
        let (failed, _) = tools.call("check", json!({"result": wrong})).await;
        assert!(failed);
        Ok(json!("done"))
    });
    assert_eq!(outcome.plan.subflakes["app"]["./main"], "second");
    // What it ends with counts before what was checked.
    let (outcome, _) = hold(&stage, Limits::default(), |_, _, tools| async move {
        tools
            .call("check", json!({"result": said("checked")}))
            .await;
        Ok(said("said"))
    });
    assert_eq!(outcome.plan.subflakes["app"]["./main"], "said");
}

#[test]
fn contracts_are_read_and_the_own_flake_is_searched_within_bounds() {
    let stage = stage();
    let big = "word ".repeat(40_000);
    std::fs::write(stage.folder.path().join("base/api/long"), &big).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", stage.folder.path().join("base/api/link")).unwrap();
    hold(&stage, Limits::default(), |_, _, tools| async move {
        let contract =
            |neighbor: &str, contract: &str| json!({"neighbor": neighbor, "contract": contract});
        let (failed, told) = tools.call("contract", contract("base", "api")).await;
        assert!(!failed, "{told}");
        assert!(
            told.contains("what base does") && told.contains("greeting of base\nBLUE"),
            "{told}"
        );
        assert!(
            told.contains("api/long: 200000 bytes, left out"),
            "{:.300}",
            told
        );
        assert!(!told.contains("root:"), "{:.300}", told);
        for (arguments, wanted) in [
            (
                contract("bsae", "api"),
                "did you mean 'base'?\nrepair: name one of: base",
            ),
            (contract("other", "api"), "'other' is no neighbour"),
            (contract("base", "ap"), "did you mean 'api'?"),
        ] {
            let (failed, told) = tools.call("contract", arguments).await;
            assert!(failed && told.contains(wanted), "{told}");
        }
        let (failed, told) = tools
            .call("lookup", json!({"query": "where is the greeting"}))
            .await;
        assert!(
            !failed && told.contains("greeting of app") && !told.contains("of base"),
            "{told}"
        );
        Ok(said("x"))
    });
}

#[test]
fn a_question_that_may_not_be_asked_is_refused_with_its_reason() {
    let stage = stage();
    let (outcome, _) = hold(&stage, Limits::default(), |_, _, tools| async move {
        let (failed, told) = tools.consult("other").await;
        assert!(
            failed && told.contains("not a neighbour") && told.contains("\nrepair: "),
            "{told}"
        );
        let long = json!({"to": "base", "text": "x".repeat(40_000), "reason": "y"});
        let (failed, told) = tools.call("consult", long).await;
        assert!(failed && told.contains("40000 bytes"), "{told}");
        Ok(said("x"))
    });
    assert_eq!(outcome.taken, 1);
}

#[test]
fn a_turn_that_fails_loses_no_answer_and_asks_nothing_twice() {
    let stage = stage();
    let (outcome, agent) = hold(
        &stage,
        Limits::default(),
        |who, attempt, tools| async move {
            if who == "base" {
                return Ok(said("say BLUE"));
            }
            let (failed, answer) = tools.consult("base").await;
            assert!(!failed && answer.contains("BLUE"), "{answer}");
            match attempt {
                1 => Err(AgentError::new(
                    Fault::Failed,
                    "scripted",
                    "it fell over",
                    "try again",
                )),
                _ => Ok(said("heard")),
            }
        },
    );
    assert_eq!(outcome.plan.subflakes["app"]["./main"], "heard");
    let inputs = agent.inputs.lock().unwrap();
    let who: Vec<&str> = inputs
        .iter()
        .map(|input| input["expert"].as_str().unwrap())
        .collect();
    assert_eq!(who, ["app", "base", "app"]);
    // The second attempt is given what the first one heard.
    assert_eq!(inputs[2]["unread"][1]["body"]["kind"], "reply");
    let kinds = kinds(&stage, &outcome.run);
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "asked").count(),
        1,
        "{kinds:?}"
    );
}

#[test]
fn an_asker_that_hangs_up_finds_the_answer_in_its_next_turn() {
    let stage = stage();
    let (asked, gone) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (outcome, agent) = hold(&stage, Limits::default(), move |who, count, tools| {
        let (asked, gone) = (Arc::clone(&asked), Arc::clone(&gone));
        async move {
            if who == "base" {
                asked.notify_one();
                gone.notified().await;
            } else if count == 1 {
                tokio::select! {
                    answer = tools.consult("base") => panic!("{answer:?}"),
                    () = asked.notified() => gone.notify_one(),
                }
            }
            Ok(said("done"))
        }
    });
    assert_eq!(outcome.taken, 3);
    let inputs = agent.inputs.lock().unwrap();
    assert_eq!(inputs[2]["expert"], "app");
    assert_eq!(inputs[2]["unread"][0]["body"]["kind"], "reply");
    let kinds = kinds(&stage, &outcome.run);
    assert!(!kinds.contains(&"heard".to_owned()), "{kinds:?}");
}

#[test]
fn without_a_council_or_after_the_turn_the_tools_say_so() {
    let stage = stage();
    let (_, agent) = hold(&stage, Limits::default(), |_, _, tools| async move {
        let mut strange = Tools(tools.0.clone());
        strange.0.env[1].1 = "guessed".into();
        let (failed, told) = strange.consult("base").await;
        assert!(failed && told.contains("not under way"), "{told}");
        Ok(said("x"))
    });
    let server = agent.servers.lock().unwrap()[0].clone();
    block(async {
        let mut tools = Tools(server);
        let (failed, told) = tools.consult("base").await;
        assert!(failed && told.contains("\nrepair: "), "{told}");
        let offered = tools.client().await.list_all_tools().await.unwrap();
        tools.0.env.clear();
        let (failed, told) = tools.consult("base").await;
        assert!(failed && told.contains("no council listens"), "{told}");
        // The same tools, word by word, whatever the turn.
        assert_eq!(
            offered,
            tools.client().await.list_all_tools().await.unwrap()
        );
    });
}

#[test]
fn what_was_asked_before_a_death_is_answered_after_it_and_not_asked_again() {
    let stage = stage();
    let asked = Arc::new(Notify::new());
    let dead = {
        let asked = Arc::clone(&asked);
        play(&stage, move |who, _, tools| {
            let asked = Arc::clone(&asked);
            async move {
                if who == "base" {
                    asked.notify_one();
                    std::future::pending::<()>().await;
                }
                tools.consult("base").await;
                Err(none())
            }
        })
    };
    let question = question(Limits::default());
    let mut nobody = ();
    block(async {
        tokio::select! {
            _ = ask(&stage.graph, &question, dead.0, &stage.ledger, &mut nobody) => panic!("it ended"),
            () = asked.notified() => {}
        }
    });
    let run = unfinished(&stage.ledger, "/some/flake")
        .unwrap()
        .unwrap()
        .id;
    let (backends, agent) = play(&stage, |who, _, tools| async move {
        if who == "base" {
            return Ok(said("say BLUE"));
        }
        let (failed, answer) = tools.consult("base").await;
        assert!(!failed && answer.contains("BLUE"), "{answer}");
        Ok(said("heard"))
    });
    let resumed = block(resume(&stage.graph, &run, backends, &stage.ledger, &mut ()));
    assert_eq!(resumed.unwrap().plan.subflakes["app"]["./main"], "heard");
    assert_eq!(agent.inputs.lock().unwrap().len(), 2);
    let kinds = kinds(&stage, &run);
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "asked").count(),
        1,
        "{kinds:?}"
    );
    assert!(kinds.contains(&"heard".to_owned()), "{kinds:?}");
}
