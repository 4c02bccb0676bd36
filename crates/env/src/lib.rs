//! What the environment of this process decides: where the folders of a person are ([`folders`]), and which variables hold
//! keys and must not reach others ([`is_key`]).

#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod folders;

/// Whether a variable of that name holds a key or a login of a model's provider.
#[must_use]
pub fn is_key(name: &str) -> bool {
    const OF: [&str; 7] = [
        "ANTHROPIC_",
        "CLAUDE_",
        "CODEX_",
        "GEMINI_",
        "GOOGLE_",
        "OPENAI_",
        "OPENCODE_",
    ];
    OF.iter().any(|of| name.starts_with(of)) && (name.ends_with("_KEY") || name.ends_with("_TOKEN"))
}
