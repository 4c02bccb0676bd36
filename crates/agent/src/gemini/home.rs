//! The private home of one turn, with settings of poag's and the empty folder that Gemini works in.

#![expect(
    clippy::disallowed_methods,
    reason = "the environment of agents; private homes of agents"
)]

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::environment::Environment;
use crate::process::{Workplace, find};
use crate::{ToolServer, Writing};
use poag_env::folders;

/// Files of a login in `~/.gemini`.
const LOGIN: [&str; 3] = [
    "oauth_creds.json",
    "gemini-credentials.json",
    "google_accounts.json",
];

/// How Gemini shows who asks.
pub enum GeminiAccess {
    /// A key of the Gemini API.
    Key,
    /// Vertex AI, as the variables of Google's say.
    Vertex,
    /// The login in this folder.
    Login(PathBuf),
}

impl GeminiAccess {
    /// What the person has.
    pub fn of_person() -> Option<Self> {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        if set("GEMINI_API_KEY") {
            return Some(Self::Key);
        }
        if set("GOOGLE_API_KEY")
            || env::var("GOOGLE_GENAI_USE_VERTEXAI").is_ok_and(|yes| yes == "true")
        {
            return Some(Self::Vertex);
        }
        let home = folders::from_environment("GEMINI_CLI_HOME").or_else(folders::home)?;
        let folder = home.join(".gemini");
        let found = LOGIN.iter().take(2).any(|file| folder.join(file).is_file());
        found.then_some(Self::Login(folder))
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Key => "gemini-api-key",
            Self::Vertex => "vertex-ai",
            Self::Login(_) => "oauth-personal",
        }
    }
}

/// A home in a workplace, gone with it.
pub struct GeminiHome {
    folder: PathBuf,
    /// The empty folder.
    pub work: PathBuf,
}

impl GeminiHome {
    /// An empty one.
    pub fn new(place: &Workplace) -> io::Result<Self> {
        place.subfolder("home/.gemini")?;
        // What looks for files of a project in the folders above stops at a repository's root.
        place.subfolder("work/.git")?;
        Ok(Self {
            folder: place.path().join("home"),
            work: place.path().join("work"),
        })
    }

    /// Says where it is.
    pub fn place(&self, env: Environment) -> Environment {
        env.with("HOME", &self.folder)
            .with("GEMINI_CLI_HOME", &self.folder)
            .with("TMPDIR", &self.folder)
            .with("GEMINI_SYSTEM_MD", self.system())
            // Without it, an unknown folder ends it; this one is empty.
            .with("GEMINI_CLI_TRUST_WORKSPACE", "true")
            .with("GEMINI_CLI_NO_RELAUNCH", "true")
    }

    fn system(&self) -> PathBuf {
        self.folder.join("system.md")
    }

    /// The system prompt, instead of Gemini's own, which is about changing code with tools.
    pub fn brief(&self, text: &str) -> io::Result<()> {
        fs::write(self.system(), text)
    }

    /// Writes the settings, and hands the login over.
    pub fn configure(
        &self,
        access: Option<&GeminiAccess>,
        tools: Option<&ToolServer>,
        writing: Option<&Writing>,
    ) -> io::Result<()> {
        let own = self.folder.join(".gemini");
        if let Some(GeminiAccess::Login(folder)) = access {
            for file in LOGIN.iter().map(Path::new) {
                // A link and no copy: what is renewed is written through it.
                if let Ok(file_there) = folder.join(file).canonicalize() {
                    std::os::unix::fs::symlink(file_there, own.join(file))?;
                }
            }
        }
        let mut settings = settings(access, tools);
        if let Some(writing) = writing {
            write(&mut settings, writing);
        }
        fs::write(own.join("settings.json"), settings.to_string())
    }

    /// What it must be able to write: all of it, and a login that is renewed through links.
    pub fn writable(&self) -> Vec<PathBuf> {
        let login = LOGIN
            .iter()
            .map(|file| self.folder.join(".gemini").join(file));
        let login = login.filter_map(|file| file.canonicalize().ok());
        let own = [self.folder.clone(), self.work.clone()];
        own.into_iter().chain(login).collect()
    }
}

/// Tools with which it looks at files and changes them; none of them starts anything.
const FILE_TOOLS: [&str; 7] = [
    "list_directory",
    "read_file",
    "read_many_files",
    "glob",
    "grep_search",
    "replace",
    "write_file",
];

/// Lets it work on a flake. It stays in its empty folder, so that settings, hooks and servers of the repository count for
/// nothing, and the flake is a further folder of its workspace.
fn write(settings: &mut Value, writing: &Writing) {
    if let Some(tools) = settings["tools"]["core"].as_array_mut() {
        tools.extend(FILE_TOOLS.map(Value::from));
    }
    settings["context"]["includeDirectories"] = json!([writing.folder]);
    settings["context"]["loadMemoryFromIncludeDirectories"] = json!(false);
}

fn settings(access: Option<&GeminiAccess>, tools: Option<&ToolServer>) -> Value {
    let mut settings = json!({
        "security": {
            // It must be one, or an address of the person's own makes it another.
            "auth": { "selectedType": access.map_or("gemini-api-key", GeminiAccess::word) },
            "folderTrust": { "enabled": false },
            "disableYoloMode": true,
        },
        "general": {
            // poag takes a turn again itself.
            "maxAttempts": 1,
            "retryFetchErrors": false,
            "enableAutoUpdate": false,
            "enableAutoUpdateNotification": false,
            "checkpointing": { "enabled": false },
            "plan": { "enabled": false },
        },
        "privacy": { "usageStatisticsEnabled": false },
        "telemetry": { "enabled": false },
        // All that there is, tools of a turn too.
        "tools": { "core": [] },
        "hooksConfig": { "enabled": false },
        "skills": { "enabled": false },
        "experimental": { "enableAgents": false },
        "ide": { "enabled": false },
        "context": {
            "fileName": ["no-words-of-a-project"],
            "includeDirectoryTree": false,
            "memoryBoundaryMarkers": [],
        },
        "advanced": { "ignoreLocalEnv": true, "autoConfigureMemory": false },
    });
    if let Some(server) = tools {
        // Gemini hands its own variables down, keys too: `env -i` takes them away.
        let env = find("env", env::var_os("PATH").as_deref());
        let env = env.unwrap_or_else(|| "env".into());
        let mut args = vec!["-i".to_owned()];
        args.extend(
            server
                .env
                .iter()
                .map(|(name, value)| format!("{name}={value}")),
        );
        args.push(server.program.to_string_lossy().into_owned());
        args.extend(server.args.iter().cloned());
        let names = server.tools.iter();
        settings["tools"]["core"] = names
            .map(|tool| format!("mcp_{}_{tool}", server.name))
            .collect();
        settings["mcpServers"] = json!({ server.name.as_str(): {
            "command": env, "args": args, "trust": true, "includeTools": server.tools,
        } });
    }
    settings
}
