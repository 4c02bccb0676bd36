//! The agents on PATH: their versions, and what they would sign in with. Names only, and nothing is spent.

#![expect(clippy::disallowed_methods, reason = "the command line reads it")]

use std::env;
use std::path::Path;
use std::time::Duration;

use super::{DoctorCheck, State};
use crate::agent::environment::Environment;
use crate::agent::guard::Containment;
use crate::agent::process::{Invocation, Launcher, find};
use crate::command::context::state_dir;
use crate::folders;

/// How long a program may take to say its version.
const ALLOWED: Duration = Duration::from_secs(20);

/// A program that a backend starts.
struct AgentProgram {
    backend: &'static str,
    program: &'static str,
    install: &'static str,
    /// Variables that it signs in with.
    keys: &'static [&'static str],
    /// A variable for its folder, that folder below HOME, and the file of a login there.
    login: (&'static str, &'static str, &'static str),
    sign_in: &'static str,
}

const AGENTS: [AgentProgram; 4] = [
    AgentProgram {
        backend: "claude-code",
        program: "claude",
        install: "npm install -g @anthropic-ai/claude-code",
        keys: &[
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "CLAUDE_CODE_OAUTH_TOKEN",
            "CLAUDE_CODE_USE_BEDROCK",
            "CLAUDE_CODE_USE_VERTEX",
            "CLAUDE_CODE_USE_FOUNDRY",
        ],
        login: ("CLAUDE_CONFIG_DIR", ".claude", ".credentials.json"),
        sign_in: "set ANTHROPIC_API_KEY, or log in with `claude`",
    },
    AgentProgram {
        backend: "codex",
        program: "codex",
        install: "npm install -g @openai/codex",
        keys: &["CODEX_API_KEY", "OPENAI_API_KEY"],
        login: ("CODEX_HOME", ".codex", "auth.json"),
        sign_in: "set OPENAI_API_KEY, or log in with `codex login`",
    },
    AgentProgram {
        backend: "gemini",
        program: "gemini",
        install: "npm install -g @google/gemini-cli",
        keys: &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
        login: ("", ".gemini", "oauth_creds.json"),
        sign_in: "set GEMINI_API_KEY, or log in with `gemini`",
    },
    AgentProgram {
        backend: "acp",
        program: "opencode",
        install: "npm install -g opencode-ai",
        keys: &[
            "OPENCODE_API_KEY",
            "ANTHROPIC_API_KEY",
            "OPENAI_API_KEY",
            "GEMINI_API_KEY",
        ],
        login: ("", ".local/share/opencode", "auth.json"),
        sign_in: "set the key of its provider, or log in with `opencode auth login`",
    },
];

/// Backends that can carry tasks out on this machine: those that sign in here, else all that are on PATH, since a login can
/// be where it is not seen.
pub fn usable() -> Vec<String> {
    let path = env::var_os("PATH");
    let there = AGENTS
        .iter()
        .filter(|agent| agent.backend != "acp" && find(agent.program, path.as_deref()).is_some());
    let (signed, other): (Vec<_>, Vec<_>) = there.partition(|agent| signed_in(agent).is_some());
    let chosen = match signed.is_empty() {
        true => other,
        false => signed,
    };
    let names = chosen.into_iter().map(|agent| agent.backend.to_owned());
    names.collect()
}

/// All of them.
pub async fn all() -> Vec<DoctorCheck> {
    let guard = env::current_exe().ok().zip(state_dir().ok());
    let launcher = guard.and_then(|(guard, state)| Launcher::new(guard, &state.join("turns")).ok());
    let mut out = vec![DoctorCheck::good("librarian", "built in: offline, free")];
    out.extend(env::current_exe().ok().map(|guard| processes(&guard)));
    for agent in &AGENTS {
        out.push(one(agent, launcher.as_ref()).await);
    }
    out.push(server());
    out
}

/// What the backend `openai` asks, which starts no program.
fn server() -> DoctorCheck {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    match (is_set("OPENAI_BASE_URL"), is_set("OPENAI_API_KEY")) {
        (true, _) => DoctorCheck::good("openai", "asks the server in OPENAI_BASE_URL"),
        (false, true) => DoctorCheck::good("openai", "asks OpenAI, with OPENAI_API_KEY"),
        (false, false) => DoctorCheck::note(
            "openai",
            "has neither OPENAI_API_KEY nor OPENAI_BASE_URL (optional)",
            "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own",
        ),
    }
}

/// How the processes of agents are ended together.
fn processes(guard: &Path) -> DoctorCheck {
    match Containment::best(guard) {
        Containment::Namespace => DoctorCheck::good(
            "processes",
            "of agents are in a PID namespace, and end with poag",
        ),
        Containment::Walk => DoctorCheck::note(
            "processes",
            "of agents are searched for when poag ends, as far as they can be found",
            "let this user make PID and user namespaces; the book says what differs: What is trusted",
        ),
    }
}

async fn one(agent: &AgentProgram, launcher: Option<&Launcher>) -> DoctorCheck {
    if find(agent.program, env::var_os("PATH").as_deref()).is_none() {
        let says = format!("{} is not on PATH (optional)", agent.program);
        return DoctorCheck::note(agent.backend, says, agent.install);
    }
    let version = match launcher {
        Some(launcher) => version(agent.program, launcher).await,
        None => None,
    };
    let Some(version) = version else {
        let says = format!("{} does not say its version (optional)", agent.program);
        return DoctorCheck::note(
            agent.backend,
            says,
            format!(
                "see that `{} --version` works, or install it again: {}",
                agent.program, agent.install
            ),
        );
    };
    match signed_in(agent) {
        Some(how) => DoctorCheck::new(
            agent.backend,
            State::Good,
            format!("{} {version}, {how}", agent.program),
        ),
        None => DoctorCheck::note(
            agent.backend,
            format!(
                "{} {version}, with no key and no login that can be seen (optional)",
                agent.program
            ),
            agent.sign_in,
        ),
    }
}

/// The version that a program says, in a private home.
async fn version(program: &str, launcher: &Launcher) -> Option<String> {
    let place = launcher.workplace().ok()?;
    let invocation = Invocation {
        program: program.to_owned(),
        args: vec!["--version".into()],
        env: Environment::scrubbed(&[]).with("HOME", place.path()),
        folder: place.path().to_owned(),
        wall: None,
    };
    let said = place.run(&invocation, b"", ALLOWED).await.ok()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let word = said
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(word.chars().filter(|c| !c.is_control()).take(40).collect())
}

/// What it would sign in with: the name of a variable, or the file of a login.
fn signed_in(agent: &AgentProgram) -> Option<String> {
    let set = |name: &&&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if let Some(name) = agent.keys.iter().find(set) {
        return Some(format!("{name} is set"));
    }
    let (variable, below, file) = agent.login;
    let folder = folders::xdg(variable, below)?;
    folder
        .join(file)
        .is_file()
        .then(|| format!("a login is in {}", folder.join(file).display()))
}
