//! One turn to take, for the tests of backends.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use poag::agent::process::Launcher;
use poag::agent::{Agent, Persona, Settings, Start, TurnOutput, TurnRequest};
use serde_json::json;

/// Makes workplaces in a folder.
pub fn launcher(folder: &Path) -> Launcher {
    Launcher::new(assert_cmd::cargo::cargo_bin!("poag").into(), folder).unwrap()
}

/// A question to the expert `base`, whose files lie in `folder`, for a backend with this command.
pub fn request(command: &[&str], folder: &Path) -> TurnRequest {
    let settings = Settings {
        model: Some("fast".into()),
        command: Some(command.iter().map(|&word| word.into()).collect()),
        server: None,
    };
    let persona = Persona {
        speaker: "base".into(),
        instructions: "You own base.".into(),
        pack: "src/greet.py greets.".into(),
        schema: Arc::new(json!({"type": "object"})),
        folder: folder.into(),
        settings,
        search_path: None,
    };
    TurnRequest {
        persona: Arc::new(persona),
        start: Start::New,
        input: json!({"expert": "base", "request": "What is greeting?"}),
        timeout: Duration::from_secs(60),
        correlation: vec![("POAG_EXPERT".into(), "base".into())],
        tools: None,
        writing: None,
    }
}

/// Runs a future to its end.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(future)
}

/// Takes one turn.
pub fn turn(agent: &dyn Agent, request: TurnRequest) -> TurnOutput {
    wait(agent.turn(request))
}
