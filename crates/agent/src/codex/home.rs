//! The private home of one turn, and how conversations and keys get into it.

#![expect(
    clippy::disallowed_methods,
    reason = "the environment of agents; private homes of agents"
)]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::events::Total;
use super::flags::{base_url, text};
use crate::environment::Environment;
use crate::process::Workplace;
use crate::{Checkpoint, ToolServer};
use poag_env::folders;

/// Where Codex keeps conversations in its home, and poag in a checkpoint: one file for each, found by the
/// id in its name. That of a fork holds what came after, so that those of its ancestors belong to it.
const SESSIONS: &str = "sessions";
/// What a checkpoint's conversation has cost, in its folder.
const TOTAL: &str = "total.json";

/// How Codex shows who asks.
pub enum CodexAccess {
    /// A key of the API.
    Key(String),
    /// The file that `codex login` wrote.
    Login(PathBuf),
}

impl CodexAccess {
    /// As Codex itself has it: its own variable, then the login, then OpenAI's variable; that one comes
    /// before the login where the person names another address.
    pub fn of_person() -> Option<Self> {
        let key = |name| {
            std::env::var(name)
                .ok()
                .filter(|key: &String| !key.is_empty())
        };
        let login = || login_file().filter(|file| file.is_file()).map(Self::Login);
        if let Some(key) = key("CODEX_API_KEY") {
            return Some(Self::Key(key));
        }
        let openai = key("OPENAI_API_KEY").map(Self::Key);
        match base_url() {
            Some(_) => openai.or_else(login),
            None => login().or(openai),
        }
    }
}

fn login_file() -> Option<PathBuf> {
    Some(folders::xdg("CODEX_HOME", ".codex")?.join("auth.json"))
}

/// A home in a workplace, gone with it.
pub struct CodexHome {
    folder: PathBuf,
    codex: PathBuf,
}

impl CodexHome {
    /// An empty one.
    pub fn new(place: &Workplace) -> io::Result<Self> {
        let folder = place.subfolder("home")?;
        let codex = place.subfolder("home/codex")?;
        Ok(Self { folder, codex })
    }

    /// Says where it is.
    pub fn place(&self, env: Environment) -> Environment {
        env.with("HOME", &self.folder)
            .with("CODEX_HOME", &self.codex)
            .with("TMPDIR", &self.folder)
    }

    /// What it must be able to write: all of it, and the login that is renewed through a link.
    pub fn writable(&self) -> Vec<PathBuf> {
        let login = self.codex.join("auth.json").canonicalize().ok();
        [self.folder.clone()].into_iter().chain(login).collect()
    }

    /// Hands the key over, or the login.
    pub fn admit(&self, access: &CodexAccess, env: Environment) -> io::Result<Environment> {
        match access {
            CodexAccess::Key(key) => Ok(env.with("CODEX_API_KEY", key)),
            // A link and no copy: a token can be renewed once, and Codex writes the new one through it.
            CodexAccess::Login(file) => {
                std::os::unix::fs::symlink(file.canonicalize()?, self.codex.join("auth.json"))?;
                Ok(env)
            }
        }
    }

    /// Writes what is not for the command line: whom not to trust, and tools with their environment.
    pub fn configure(&self, folder: &Path, tools: Option<&ToolServer>) -> io::Result<()> {
        let folder = text(&folder.to_string_lossy());
        let mut config = format!("[projects.{folder}]\ntrust_level = \"untrusted\"\n");
        if let Some(server) = tools {
            let list = |words: &[String]| {
                let words: Vec<String> = words.iter().map(|word| text(word)).collect();
                words.join(", ")
            };
            let name = text(&server.name);
            config += &format!(
                "\n[mcp_servers.{name}]\ncommand = {}\nargs = [{}]\nenabled_tools = [{}]\n\
                 default_tools_approval_mode = \"approve\"\n\n[mcp_servers.{name}.env]\n",
                text(&server.program.to_string_lossy()),
                list(&server.args),
                list(&server.tools),
            );
            for (name, value) in &server.env {
                config += &format!("{} = {}\n", text(name), text(value));
            }
        }
        fs::write(self.codex.join("config.toml"), config)
    }

    /// Puts a checkpoint where Codex looks for conversations, and gives what it has cost.
    pub fn open(&self, checkpoint: &Checkpoint) -> io::Result<Total> {
        copy_tree(
            &checkpoint.folder.join(SESSIONS),
            &self.codex.join(SESSIONS),
        )?;
        let total = fs::read(checkpoint.folder.join(TOTAL))?;
        serde_json::from_slice(&total).map_err(io::Error::other)
    }

    /// Leaves the conversation in a folder, with those it was forked from.
    pub fn seal(&self, folder: &Path, total: Total) -> io::Result<()> {
        copy_tree(&self.codex.join(SESSIONS), &folder.join(SESSIONS))?;
        fs::write(folder.join(TOTAL), serde_json::to_vec(&total)?)
    }
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    for entry in WalkDir::new(from) {
        let entry = entry.map_err(io::Error::other)?;
        let path = entry.path().strip_prefix(from).map_err(io::Error::other)?;
        let target = to.join(path);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target)?;
        } else if entry.file_type().is_file() {
            fs::write(&target, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}
