//! Turns, checkpoints, forks, and what they cost.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use poag::agent::{
    Agent as _, Checkpoint, Fault, Persona, Settings, Start, ToolServer, TurnRequest,
};
use serde_json::json;

use super::stage::{Stage, answer, asked, echo, said, wait};
use crate::stand_in::{Call, Reply, Role};

fn fork(checkpoint: &Checkpoint) -> Start {
    Start::Checkpoint(checkpoint.clone())
}

/// Number of first blocks that two calls have in common.
fn common(one: &Call, two: &Call) -> usize {
    let pairs = one.blocks.iter().zip(&two.blocks);
    pairs.take_while(|(one, two)| one == two).count()
}

#[test]
fn its_version_is_found_out() {
    let Some(stage) = Stage::new(echo) else {
        return;
    };
    let version = wait(stage.agent.probe(&stage.settings(&[]))).unwrap();
    assert!(version.starts_with("2."), "{version}");
    assert!(stage.model.calls().is_empty());
}

#[test]
fn a_program_that_is_not_there_is_unavailable() {
    let Some(stage) = Stage::new(echo) else {
        return;
    };
    let settings = Settings {
        model: None,
        command: Some(vec!["no-such-claude".into()]),
        server: None,
    };
    let error = wait(stage.agent.probe(&settings)).unwrap_err();
    assert_eq!(error.fault, Fault::Unavailable);
    assert!(error.repair.contains("npm install"), "{error}");
    let mut request = stage.request(Start::New, "hello");
    let persona = Persona {
        settings,
        ..stage.persona()
    };
    request.persona = Arc::new(persona);
    assert_eq!(
        stage.turn(request).outcome.unwrap_err().fault,
        Fault::Unavailable
    );
}

#[test]
fn a_turn_is_asked_with_rules_pack_and_question_and_answers_with_an_object() {
    let Some(stage) = Stage::new(echo) else {
        return;
    };
    let output = stage.turn(stage.request(Start::New, "who milks the cow?"));
    let usage = output.usage;
    assert!(output.raw.sent.starts_with(b"# What you know\n\nThe cow"));
    assert_eq!(answer(output), said("who milks the cow?"));
    let calls = stage.model.calls();
    let [call] = calls.as_slice() else {
        panic!("{} calls", calls.len())
    };
    assert!(call.system.contains("# How you work"), "{}", call.system);
    // The one way to end; the schema of the answer is a tool's, and stands nowhere else.
    assert_eq!(call.system.matches("StructuredOutput").count(), 1);
    assert!(!call.system.contains("\"properties\""), "{}", call.system);
    assert!(!call.messages[0].1.contains("\"properties\""));
    assert!(
        call.messages[0]
            .1
            .starts_with("# What you know\n\nThe cow is kept")
    );
    assert_eq!(
        call.tools,
        ["Edit", "Glob", "Grep", "Read", "StructuredOutput", "Write"]
    );
    assert!(call.model.contains("sonnet"), "{}", call.model);
    assert_eq!(usage.input_tokens, call.usage.input as u64);
    assert_eq!(usage.output_tokens, call.usage.output as u64);
    assert!(usage.cost_usd > 0.0);
    assert_eq!(
        fs::read_dir(stage.temp.path().join("turns"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn the_model_that_is_set_is_asked() {
    let Some(stage) = Stage::new(echo) else {
        return;
    };
    let mut request = stage.request(Start::New, "hello");
    let mut persona = stage.persona();
    persona.settings.model = Some("claude-opus-5-5".into());
    request.persona = Arc::new(persona);
    answer(stage.turn(request));
    assert_eq!(stage.model.calls()[0].model, "claude-opus-5-5");
}

#[test]
fn forks_of_a_checkpoint_share_all_blocks_up_to_the_question_and_pay_for_it_alone() {
    let Some(mut stage) = Stage::new(echo) else {
        return;
    };
    stage.pack = "The cow says moo, and @types/node is no file. ".repeat(2000);
    let place = stage.place("sealed");
    let prime = stage.request(Start::New, "prime");
    let (primed, checkpoint) = wait(stage.agent.seal(prime, &place));
    let checkpoint = checkpoint.unwrap();
    let ask = |question: &str| {
        let output = stage.turn(stage.request(fork(&checkpoint), question));
        let usage = output.usage;
        assert_eq!(answer(output), said(question));
        usage
    };
    let spent = [ask("first?"), ask("second?")];
    let calls = stage.model.calls();
    let [sealed, first, second] = calls.as_slice() else {
        panic!("{} calls", calls.len())
    };
    assert_eq!(sealed.usage.cached, 0);
    assert_eq!(common(first, second), first.blocks.len() - 1);
    assert_eq!(first.blocks.len(), second.blocks.len());
    assert_eq!(common(sealed, first), sealed.blocks.len());
    assert_eq!(first.system, sealed.system);
    for (call, spent) in [(first, spent[0]), (second, spent[1])] {
        let share = call.usage.cached as f64 / call.usage.input as f64;
        assert!(share > 0.97, "{share} of {} is cached", call.usage.input);
        assert_eq!(spent.input_tokens, call.usage.input as u64);
        assert_eq!(spent.cached_tokens, call.usage.cached as u64);
    }
    // Each fork tells its own cost, not what its checkpoint had cost before.
    for spent in spent {
        assert!(spent.cost_usd > 0.0);
        assert!(
            spent.cost_usd < primed.usage.cost_usd / 2.0,
            "{spent:?} {:?}",
            primed.usage
        );
    }
}

#[test]
fn a_checkpoint_is_used_from_another_folder_and_stays_as_it_is() {
    let Some(stage) = Stage::new(echo) else {
        return;
    };
    let place = stage.place("sealed");
    let checkpoint = stage.seal(&place);
    let file = place.join("session.jsonl");
    let before = fs::read(&file).unwrap();
    assert!(!String::from_utf8_lossy(&before).contains("the-key-of-the-test"));
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o444
    );
    fs::set_permissions(&place, fs::Permissions::from_mode(0o555)).unwrap();

    let moved = stage.place("elsewhere");
    let mut request = stage.request(fork(&checkpoint), "here?");
    let persona = Persona {
        folder: moved,
        ..stage.persona()
    };
    request.persona = Arc::new(persona);
    assert_eq!(answer(stage.turn(request)), said("here?"));
    answer(stage.turn(stage.request(fork(&checkpoint), "there?")));

    let calls = stage.model.calls();
    assert_eq!(common(&calls[0], &calls[1]), calls[0].blocks.len());
    // After the question it is told where it is now.
    assert_eq!(common(&calls[1], &calls[2]), calls[2].blocks.len() - 1);
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(fs::read_dir(&place).unwrap().count(), 1);
    fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_checkpoint_on_top_of_a_checkpoint_holds_both() {
    let Some(stage) = Stage::new(echo) else {
        return;
    };
    let first = stage.seal(&stage.place("first"));
    let told = stage.request(fork(&first), "the cow is brown now");
    let second = stage.seal_as(told, &stage.place("second"));
    assert_ne!(first.id, second.id);
    answer(stage.turn(stage.request(fork(&second), "which colour?")));
    let calls = stage.model.calls();
    assert_eq!(common(&calls[1], &calls[2]), calls[1].blocks.len());
    let words: String = calls[2]
        .messages
        .iter()
        .map(|(_, text)| text.as_str())
        .collect();
    for part in ["kept in `cow.py`", "brown now", "which colour?"] {
        assert!(words.contains(part), "{part}");
    }
}

#[test]
fn parallel_forks_all_answer_their_own_question() {
    let Some(stage) = Stage::new(echo) else {
        return;
    };
    let checkpoint = stage.seal(&stage.place("sealed"));
    let ask = |number: u32| {
        stage
            .agent
            .turn(stage.request(fork(&checkpoint), &format!("cow {number}?")))
    };
    let outputs = wait(async { tokio::join!(ask(1), ask(2), ask(3), ask(4)) });
    let outputs = [outputs.0, outputs.1, outputs.2, outputs.3];
    for (output, number) in outputs.into_iter().zip(1..) {
        assert_eq!(answer(output), said(&format!("cow {number}?")));
    }
}

#[test]
fn a_checkpoint_that_is_gone_says_what_to_do() {
    let Some(stage) = Stage::new(echo) else {
        return;
    };
    let gone = Checkpoint {
        id: "x".into(),
        folder: stage.temp.path().join("gone"),
    };
    let error = stage
        .turn(stage.request(fork(&gone), "hello"))
        .outcome
        .unwrap_err();
    assert_eq!(error.fault, Fault::Failed);
    assert!(error.repair.contains("learn again"), "{error}");
}

/// A tool server that speaks the protocol with sh and sed alone, and writes down its environment.
fn server(stage: &Stage) -> (ToolServer, PathBuf) {
    let seen = stage.temp.path().join("server.env");
    let script = stage.temp.path().join("server.sh");
    fs::write(&script, SERVER).unwrap();
    let server = ToolServer {
        name: "poag".into(),
        program: "/bin/sh".into(),
        args: vec![
            script.to_str().unwrap().into(),
            seen.to_str().unwrap().into(),
        ],
        env: vec![("MINE".into(), "yes".into())],
        tools: vec!["look".into()],
    };
    (server, seen)
}

const SERVER: &str = r#"
env > "$1"
while read -r line; do
  id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9]*\).*/\1/p')
  test -n "$id" || continue
  case "$line" in
  *'"method":"initialize"'*) result='{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"poag","version":"1"}}' ;;
  *'"method":"tools/list"'*) result='{"tools":[{"name":"look","description":"Looks.","inputSchema":{"type":"object","properties":{}}}]}' ;;
  *'"method":"tools/call"'*) result='{"content":[{"type":"text","text":"the cow is in the barn"}]}' ;;
  *) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"no"}}\n' "$id"; continue ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
done
"#;

fn with_tools(request: TurnRequest, tools: &ToolServer) -> TurnRequest {
    TurnRequest {
        tools: Some(tools.clone()),
        ..request
    }
}

#[test]
fn a_tool_server_is_used_without_asking_and_gets_no_key() {
    let stage = Stage::new(|call| match call.tool_result() {
        Some(result) => Reply::Structured(said(result)),
        None => Reply::Tool {
            name: "mcp__poag__look".into(),
            input: json!({}),
        },
    });
    let Some(stage) = stage else { return };
    let (tools, seen) = server(&stage);
    let output = stage.turn(with_tools(stage.request(Start::New, "where?"), &tools));
    assert_eq!(answer(output), said("the cow is in the barn"));
    let env = fs::read_to_string(seen).unwrap();
    assert!(env.contains("MINE=yes"), "the server's own environment");
    assert!(!env.contains("the-key-of-the-test"), "the key came through");
    for name in ["CLAUDE_CODE_MESSAGING_TOKEN", "ANTHROPIC_AUTH_TOKEN"] {
        assert!(env.contains(&format!("{name}=\n")), "{name}");
    }
}

/// What [`poag::agent::Agent::frozen`] says of tool servers.
#[test]
fn forks_are_cached_where_they_are_offered_the_tools_of_the_sealed_turn() {
    let Some(mut stage) = Stage::new(echo) else {
        return;
    };
    stage.pack = "The cow says moo. ".repeat(2000);
    let (tools, _) = server(&stage);
    let prime = with_tools(stage.request(Start::New, "prime"), &tools);
    let checkpoint = stage.seal_as(prime, &stage.place("sealed"));
    let offered = stage.turn(with_tools(stage.request(fork(&checkpoint), "a?"), &tools));
    assert!(
        offered.usage.cached_tokens * 10 > offered.usage.input_tokens * 9,
        "{:?}",
        offered.usage
    );
    let refused = stage.turn(stage.request(fork(&checkpoint), "b?"));
    assert_eq!(refused.usage.cached_tokens, 0, "{:?}", refused.usage);
    assert_eq!(answer(refused), said("b?"));
}

#[test]
fn the_model_looks_into_the_folder_by_itself() {
    let stage = Stage::new(|call| match (call.messages.len(), call.tool_result()) {
        (_, Some(found)) => Reply::Structured(said(found)),
        _ => Reply::Tool {
            name: "Grep".into(),
            input: json!({ "pattern": "moo", "output_mode": "content" }),
        },
    });
    let Some(stage) = stage else { return };
    stage.write("src/cow.py", "print('moo')\n");
    let answer = answer(stage.turn(stage.request(Start::New, "look")));
    let note = answer["notes"][0].as_str().unwrap();
    assert!(note.contains("print('moo')"), "{note}");
}

#[test]
fn a_question_may_hold_anything_and_arrives_as_it_is() {
    let Some(stage) = Stage::new(echo) else {
        return;
    };
    let odd = "/help\n@/etc/passwd !ls #x \"quoted\" </system-reminder> \u{1F404} ultrathink";
    let output = stage.turn(stage.request(Start::New, odd));
    assert_eq!(answer(output), said(odd));
    let calls = stage.model.calls();
    let user: Vec<_> = calls[0]
        .messages
        .iter()
        .filter(|(role, _)| *role == Role::User)
        .collect();
    assert_eq!(user.len(), 1);
    assert_eq!(asked(&calls[0])["request"], odd);
}

#[test]
fn what_is_frozen_names_the_model_the_tools_and_the_switches() {
    let Some(stage) = Stage::new(echo) else {
        return;
    };
    let frozen = |model: Option<&str>| {
        let model = model.map(String::from);
        stage.agent.frozen(&Settings {
            model,
            command: None,
            server: None,
        })
    };
    assert_eq!(frozen(None), frozen(Some("sonnet")));
    assert_ne!(frozen(None), frozen(Some("opus")));
    for word in [
        "Read,Grep,Glob,Edit,Write",
        "dontAsk",
        "ENABLE_PROMPT_CACHING_1H=1",
    ] {
        assert!(frozen(None).iter().any(|frozen| frozen == word), "{word}");
    }
}
