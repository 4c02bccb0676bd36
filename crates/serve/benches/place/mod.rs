//! What the benchmarks serve: a flake that is a pack, so that nix is not needed.

use std::path::Path;

use poag_engine::{Engine, EngineSettings, ProjectRef, write_pack};
use poag_serve::{Bounds, ServeSettings};

/// An engine with its folders in `folder`, and the pack there; `change` is given its settings before.
pub fn packed(folder: &Path, change: impl FnOnce(&mut EngineSettings)) -> (Engine, ProjectRef) {
    let at = |name: &str| folder.join(name);
    let mut settings = EngineSettings::new(at("cache"), at("state"), folder.to_owned());
    change(&mut settings);
    let engine = Engine::new(settings);
    std::fs::create_dir(at("source")).unwrap();
    let code = "def greet(name):\n    return f\"Hello, {name}!\"\n";
    std::fs::write(at("source").join("hello.py"), code).unwrap();
    let (expert, made) = engine
        .pack_folder(&at("source"), Some("Owns greetings."), None)
        .unwrap();
    write_pack(&at("hello"), &expert, &made).unwrap();
    let target = engine.packed(&at("hello")).unwrap();
    (engine, target)
}

/// How it is served: on loopback, and nobody changes things too often.
pub fn settings(target: ProjectRef) -> ServeSettings {
    ServeSettings {
        flakes: vec![target],
        listen: Some(([127, 0, 0, 1], 0).into()),
        socket: None,
        nine: Vec::new(),
        behind_proxy: false,
        hosts: Vec::new(),
        person: "somebody".into(),
        installed: Vec::new(),
        bounds: Bounds {
            changes_per_second: 100_000.0,
            ..Bounds::default()
        },
    }
}

pub fn runtime() -> tokio::runtime::Runtime {
    // As the command line has one.
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}
