//! What OpenCode needs to be told beyond the protocol. Other agents do not mind.
//!
//! Even with `OPENCODE_DISABLE_PROJECT_CONFIG`, 1.18.33 runs plugins of the folder that it works in, so
//! that it works in an empty one and reads the speaker's files from outside.

#![expect(clippy::disallowed_methods, reason = "private homes of agents")]

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::permission::folder;
use crate::TurnRequest;
use poag_env::folders;

/// Nothing of a project's is read, and nothing fetched that it can do without.
pub(super) const ENVIRONMENT: [(&str, &str); 8] = [
    ("OPENCODE_DISABLE_PROJECT_CONFIG", "1"),
    ("OPENCODE_PURE", "1"),
    ("OPENCODE_DISABLE_DEFAULT_PLUGINS", "1"),
    ("OPENCODE_DISABLE_CLAUDE_CODE", "1"),
    ("OPENCODE_DISABLE_EXTERNAL_SKILLS", "1"),
    ("OPENCODE_DISABLE_AUTOUPDATE", "1"),
    ("OPENCODE_DISABLE_LSP_DOWNLOAD", "1"),
    ("OPENCODE_DISABLE_MODELS_FETCH", "1"),
];
/// Sections of the person's own settings that lead to a model.
const TAKEN: [&str; 5] = [
    "provider",
    "model",
    "small_model",
    "enabled_providers",
    "disabled_providers",
];
/// Steps of a turn, each a call of the model.
const STEPS: u32 = 40;

/// Writes its settings into a private home, with the person's providers and keys.
pub(super) fn configure(home: &Path, request: &TurnRequest) -> io::Result<()> {
    let mut config = own();
    config.insert("autoupdate".into(), false.into());
    config.insert("share".into(), "disabled".into());
    config.insert("permission".into(), permission(request));
    let agents = json!({ "title": { "disable": true }, "build": { "steps": STEPS } });
    config.insert("agent".into(), agents);
    let folder = home.join(".config/opencode");
    fs::create_dir_all(&folder)?;
    fs::write(
        folder.join("opencode.json"),
        Value::Object(config).to_string(),
    )?;
    if let Some(keys) = person("XDG_DATA_HOME", ".local/share", "auth.json") {
        let folder = home.join(".local/share/opencode");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("auth.json"), keys)?;
    }
    Ok(())
}

/// Reading in the speaker's folder, which asks, changing files where the turn writes, and the tools of this turn.
fn permission(request: &TurnRequest) -> Value {
    let folder = folder(request).display();
    // The tools that change files are there in every turn, so that all have the same front; a pattern denies them.
    let (edit, outside) = match request.writing {
        None => (json!({ "*": "allow", "**": "deny" }), "ask"),
        Some(_) => (json!("allow"), "allow"),
    };
    let mut rules = json!({
        "*": "deny", "read": "allow", "grep": "allow", "glob": "allow", "list": "allow", "edit": edit,
        "external_directory": { "*": "deny", folder.to_string(): outside, format!("{folder}/*"): outside },
    });
    if let Some(server) = &request.tools {
        for tool in &server.tools {
            rules[format!("{}_{tool}", server.name)] = "allow".into();
        }
    }
    rules
}

/// What the person's own settings say of models.
fn own() -> Map<String, Value> {
    let named =
        folders::from_environment("OPENCODE_CONFIG").and_then(|path| fs::read_to_string(path).ok());
    let found = named.or_else(|| person("XDG_CONFIG_HOME", ".config", "opencode.json"));
    let config: Map<String, Value> = found
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let taken = |(name, _): &(String, Value)| TAKEN.contains(&name.as_str());
    config.into_iter().filter(taken).collect()
}

/// A file of the person's own OpenCode.
fn person(xdg: &str, usual: &str, file: &str) -> Option<String> {
    let base = folders::xdg(xdg, usual)?;
    fs::read_to_string(base.join("opencode").join(file)).ok()
}
