//! Codex in a repository: what lies there does not steer it, and what it can reach.

use std::fs;

use poag::agent::ToolServer;
use serde_json::{Value, json};

use super::{echo, said, speaker};
use crate::spoken::{SERVER, told};
use crate::stand_in::{Reply, StandIn, clis_or_skip};

#[test]
fn what_the_repository_says_to_agents_neither_runs_nor_steers() {
    let model = StandIn::start(echo);
    let Some(speaker) = speaker(&model) else {
        return;
    };
    let mark = speaker.place("marks");
    let touch = |name: &str| format!("touch {}", mark.join(name).display());
    let hook = |name: &str| json!([{ "hooks": [{ "type": "command", "command": touch(name) }] }]);
    let hooks = json!({ "hooks": {
        "SessionStart": hook("start"), "UserPromptSubmit": hook("prompt"), "Stop": hook("stop"),
    } });
    speaker.write("AGENTS.md", "HOSTILE words");
    speaker.write("AGENTS.override.md", "HOSTILE words");
    speaker.write(".codex/hooks.json", &hooks.to_string());
    speaker.write(
        ".codex/config.toml",
        &format!(
            "model = \"HOSTILE\"\ndeveloper_instructions = \"HOSTILE words\"\nnotify = [\"touch\", \"{0}/notify\"]\n\
             [mcp_servers.evil]\ncommand = \"touch\"\nargs = [\"{0}/server\"]\n[features]\nshell_tool = true\n",
            mark.display()
        ),
    );
    speaker.write(
        ".codex/skills/evil/SKILL.md",
        "---\nname: evil\ndescription: HOSTILE\n---\nHOSTILE\n",
    );
    speaker.write(
        ".agents/skills/evil/SKILL.md",
        "---\nname: evil\ndescription: HOSTILE\n---\nHOSTILE\n",
    );
    fs::create_dir(speaker.folder().join(".git")).unwrap();
    let output = speaker.turn("moo?", None);
    assert_eq!(
        output.outcome.as_ref().unwrap()["said"],
        "moo?",
        "{}",
        told(&output)
    );
    let calls = model.calls();
    assert_eq!(calls.len(), 1);
    assert!(
        !calls[0].body.to_string().contains("HOSTILE"),
        "{:?}",
        calls[0].messages
    );
    let marks: Vec<_> = fs::read_dir(&mark).unwrap().collect();
    assert!(marks.is_empty(), "{marks:?}");
}

/// Everything that a model could try to read a file outside with, in models of both sorts.
#[test]
fn a_model_that_wants_to_read_outside_gets_nothing() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    fs::write(secret.path(), "the-secret-word\n").unwrap();
    let path = secret.path().to_str().unwrap().to_owned();
    let patch =
        format!("*** Begin Patch\n*** Update File: {path}\n@@\n-guess\n+other\n*** End Patch");
    let gone = format!("*** Begin Patch\n*** Delete File: {path}\n*** End Patch");
    let script = format!(
        "const tries = {{ exec_command: {{ cmd: 'cat {path}' }}, shell: {{ command: ['cat', '{path}'] }}, \
         view_image: {{ path: '{path}' }}, read_mcp_resource: {{ server: 'x', uri: 'file://{path}' }}, \
         apply_patch: {patch} }};\n\
         for (const [name, input] of Object.entries(tries)) {{\n\
           try {{ text(await tools[name](input)) }} catch (error) {{ text(String(error)) }}\n\
         }}\n\
         try {{ text(await tools.apply_patch({gone})) }} catch (error) {{ text(String(error)) }}\n",
        patch = json!(patch),
        gone = json!(gone),
    );
    let tool = |name: &str, input: Value| Reply::Tool {
        name: name.into(),
        input,
    };
    let tries = [
        ("gpt-6.1-sol", tool("functions/exec", json!(script))),
        (
            "gpt-5.5",
            tool("exec_command", json!({ "cmd": format!("cat {path}") })),
        ),
        (
            "gpt-5.5",
            tool("shell", json!({ "command": ["cat", path] })),
        ),
        (
            "gpt-5.5",
            tool("local_shell", json!({ "command": ["cat", path] })),
        ),
        ("gpt-5.5", tool("view_image", json!({ "path": path }))),
        ("gpt-5.5", tool("apply_patch", json!(patch))),
        ("gpt-5.5", tool("apply_patch", json!(gone))),
    ];
    for (name, reply) in tries {
        let scripted = reply.clone();
        let model = StandIn::start(move |call| match call.tool_result() {
            None => scripted.clone(),
            Some(_) => echo(call),
        });
        let Some(mut speaker) = speaker(&model) else {
            return;
        };
        speaker.settings.model = Some(name.into());
        let output = speaker.turn("moo?", None);
        let calls = model.calls();
        assert_eq!(calls.len(), 2, "{reply:?}: {}", told(&output));
        let body = calls[1].body.to_string();
        assert!(!body.contains("the-secret-word"), "{reply:?} leaks");
        assert!(secret.path().exists());
        for offered in &calls[0].tools {
            let harmless = ["functions/exec", "functions/wait", "apply_patch"];
            assert!(harmless.contains(&offered.as_str()), "{offered}");
        }
    }
}

#[test]
fn tools_of_a_turn_can_be_called_and_see_no_key() {
    let tries = [
        (
            "gpt-6.1-sol",
            "functions/exec",
            json!("text(await tools.mcp__poag__look({}))"),
        ),
        ("gpt-5.5", "mcp__poag/look", json!({})),
    ];
    for (name, tool, input) in tries {
        let model = StandIn::start(move |call| match call.tool_result() {
            None => Reply::Tool {
                name: tool.into(),
                input: input.clone(),
            },
            Some(result) => said(result),
        });
        let Some(mut speaker) = speaker(&model) else {
            return;
        };
        speaker.settings.model = Some(name.into());
        speaker.tools = Some(ToolServer {
            name: "poag".into(),
            program: "/usr/bin/env".into(),
            args: vec!["python3".into(), "-c".into(), SERVER.into()],
            env: vec![("MINE".into(), "\"quoted\"\n".into())],
            tools: vec!["look".into()],
        });
        let output = speaker.turn("moo?", None);
        let Ok(answer) = &output.outcome else {
            panic!("{name}: {}", told(&output))
        };
        let heard = answer["said"].as_str().unwrap();
        assert!(
            heard.contains("seen") && heard.contains("MINE"),
            "{name}: {heard}"
        );
        assert!(!heard.contains("_KEY"), "{heard}");
        assert!(
            !model.calls()[0]
                .tools
                .contains(&"mcp__poag/other".to_owned())
        );
        // Both calls of the model are paid for.
        let sent: usize = model.calls().iter().map(|call| call.usage.input).sum();
        assert_eq!(output.usage.input_tokens as usize, sent);
    }
}

#[test]
fn a_family_of_flakes_comes_to_one_plan() {
    let Some(bin) = clis_or_skip() else { return };
    let model = StandIn::start(crate::family::script);
    let path = std::env::var("PATH").unwrap();
    crate::family::ask(
        "codex",
        &[
            ("PATH", format!("{}:{path}", bin.display())),
            ("OPENAI_BASE_URL", format!("{}/v1", model.url())),
            ("OPENAI_API_KEY", "none".into()),
        ],
    );
    let calls = model.calls();
    assert!(calls.len() >= 3, "{}", calls.len());
    assert!(
        calls
            .iter()
            .all(|call| call.header("authorization") == Some("Bearer none"))
    );
}
