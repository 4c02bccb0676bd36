//! What is said to Codex on its command line, all of it tried against version 0.169.

#![expect(
    clippy::disallowed_methods,
    reason = "the environment of agents; private homes of agents"
)]

use serde_json::Value;

use crate::wall::WallKind;

/// Variables that Codex itself reads; keys are handed over by [`super::home::CodexAccess`].
pub const PASSED: [&str; 3] = [
    "OPENAI_ORGANIZATION",
    "OPENAI_PROJECT",
    "CODEX_CA_CERTIFICATE",
];

/// Headless, events as JSON lines on standard output, and no rule files.
pub const HEADLESS: [&str; 4] = ["exec", "--json", "--skip-git-repo-check", "--ignore-rules"];

/// What it may write: nothing, or its folder. Its own sandbox cannot start where the kernel holds it already ([`WallKind`]),
/// so that it is left away there. None of this changes what the model is sent.
pub fn sandbox(writing: bool, wall: WallKind) -> Vec<String> {
    let words: &[&str] = match (writing, wall) {
        (false, _) => &["-s", "read-only"],
        (true, WallKind::Kernel) => &["-s", "danger-full-access"],
        (true, WallKind::Compared) => &[
            "-s",
            "workspace-write",
            "-c",
            "sandbox_workspace_write.exclude_slash_tmp=true",
            "-c",
            "sandbox_workspace_write.exclude_tmpdir_env_var=true",
        ],
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

/// Settings that are the same for all turns. On the command line they win over every file, the
/// repository's `.codex/config.toml` too.
///
/// No tool that runs, reads or shows anything is left to the model: its read-only sandbox lets a command
/// read every file of the machine. What remains is `apply_patch`, which that sandbox refuses unless the turn writes, and
/// servers of tools that a turn brings: by `lookup` it reads files.
const SETTINGS: [(&str, &str); 42] = [
    // Not the words of the repository, and nothing of this machine or this day: it would be another prefix.
    ("project_doc_max_bytes", "0"),
    ("project_doc_fallback_filenames", "[]"),
    ("project_root_markers", "[]"),
    ("skills.include_instructions", "false"),
    ("include_permissions_instructions", "false"),
    ("include_environment_context", "false"),
    ("include_apps_instructions", "false"),
    ("include_collaboration_mode_instructions", "false"),
    // No tools.
    ("web_search", "\"disabled\""),
    ("tools.update_plan.enabled", "false"),
    ("tools.experimental_request_user_input.enabled", "false"),
    ("agents.enabled", "false"),
    ("features.shell_tool", "false"),
    ("features.unified_exec", "false"),
    ("features.shell_snapshot", "false"),
    ("features.view_image", "false"),
    ("features.multi_agent", "false"),
    ("features.goals", "false"),
    ("features.apps", "false"),
    ("features.plugins", "false"),
    ("features.remote_plugin", "false"),
    ("features.plugin_sharing", "false"),
    ("features.browser_use", "false"),
    ("features.computer_use", "false"),
    ("features.image_generation", "false"),
    ("features.sleep_tool", "false"),
    ("features.tool_suggest", "false"),
    ("features.memories", "false"),
    ("features.skill_mcp_dependency_install", "false"),
    // Nothing else that runs.
    ("features.hooks", "false"),
    ("notify", "[]"),
    ("shell_environment_policy.inherit", "\"none\""),
    // Nobody is told but the provider.
    ("analytics.enabled", "false"),
    ("features.api_key_model_discovery", "false"),
    ("check_for_update_on_startup", "false"),
    ("history.persistence", "\"none\""),
    // poag takes a turn again itself.
    ("features.unbounded_connection_retries", "false"),
    ("model_providers.poag.request_max_retries", "1"),
    ("model_providers.poag.stream_max_retries", "1"),
    // OpenAI's own provider cannot be told how often it tries again, so this one stands in for it.
    ("model_provider", "\"poag\""),
    ("model_providers.poag.wire_api", "\"responses\""),
    ("model_providers.poag.supports_websockets", "false"),
];

/// The settings as arguments.
pub fn always() -> Vec<String> {
    let pairs = SETTINGS.iter();
    pairs
        .flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")])
        .collect()
}

/// Who answers: OpenAI with a key or a login, or the address in `OPENAI_BASE_URL`.
pub fn provider() -> Vec<String> {
    let mut pairs = vec![
        ("name", text("OpenAI")),
        ("requires_openai_auth", "true".into()),
        (
            "env_http_headers",
            r#"{"OpenAI-Organization"="OPENAI_ORGANIZATION","OpenAI-Project"="OPENAI_PROJECT"}"#
                .into(),
        ),
    ];
    if let Some(address) = base_url() {
        pairs.push(("base_url", text(&address)));
    }
    let pairs = pairs.into_iter();
    pairs
        .flat_map(|(name, value)| {
            [
                "-c".to_owned(),
                format!("model_providers.poag.{name}={value}"),
            ]
        })
        .collect()
}

/// The address that the person set.
pub fn base_url() -> Option<String> {
    let address = std::env::var("OPENAI_BASE_URL").ok()?;
    (!address.is_empty()).then_some(address)
}

/// A text in TOML. JSON's escapes are among those of TOML's basic strings.
pub fn text(text: &str) -> String {
    Value::from(text).to_string()
}
