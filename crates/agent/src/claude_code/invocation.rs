//! How the program is called: what is the same for all turns of a checkpoint, and what is not.

#![expect(clippy::disallowed_methods, reason = "private homes of agents")]

use std::ffi::OsString;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::login::{self, Login};
use super::{NAME, no_folder, schema, session};
use crate::environment::Environment;
use crate::process::{Invocation, Workplace};
use crate::prompt::{self, Ending, Frame};
use crate::wall::Wall;
use crate::{AgentError, Checkpoint, Fault, Settings, Start, ToolServer, TurnRequest};

/// The program, where no other is named.
const PROGRAM: &str = "claude";
/// The model, where no other is named: its own default moves.
const MODEL: &str = "sonnet";
/// What it is offered. Without leave `dontAsk` denies changing anything, and looking outside of its folder. A turn that writes
/// is given leave, and nothing else differs: tools stand in front of everything that a provider caches.
const TOOLS: &str = "Read,Grep,Glob,Edit,Write";

/// What it is told about that, and about `--json-schema`, by which it offers a tool for the end.
const FRAME: Frame = Frame {
    reading: "You can look at your files with `Read`, `Grep` and `Glob`; the folder where you are is your flake, and nothing \
              outside of it can be read. `Edit` and `Write` are refused in every turn that does not say that you may change files.",
    ending: Ending::Structured(
        "Call the tool `StructuredOutput` once, with that JSON object as its input. Whatever you write besides is not read.",
    ),
};

/// Its keys, its addresses, and which cloud it asks.
const OWN: [&str; 3] = [
    "ANTHROPIC_*",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_USE_*",
];
/// What a cloud wants, where it is asked.
const CLOUDS: [(&str, &[&str]); 3] = [
    (
        "CLAUDE_CODE_USE_BEDROCK",
        &["AWS_*", "CLAUDE_CODE_SKIP_BEDROCK_AUTH"],
    ),
    (
        "CLAUDE_CODE_USE_VERTEX",
        &[
            "GOOGLE_*",
            "GCLOUD_*",
            "CLOUD_ML_*",
            "VERTEX_REGION_*",
            "CLAUDE_CODE_SKIP_VERTEX_AUTH",
        ],
    ),
    (
        "CLAUDE_CODE_USE_FOUNDRY",
        &["AZURE_*", "CLAUDE_CODE_SKIP_FOUNDRY_AUTH"],
    ),
];

/// The same for all turns, since it changes what is sent or who may read it.
pub const SWITCHES: [(&str, &str); 10] = [
    // The hour instead of five minutes: an expert is asked again within the hour, seldom at once.
    ("ENABLE_PROMPT_CACHING_1H", "1"),
    // Without these two, an `@/etc/passwd` anywhere in a request, a message or a pack is read and sent,
    // whatever the permissions say.
    ("CLAUDE_CODE_DISABLE_ATTACHMENTS", "1"),
    ("CLAUDE_CODE_DISABLE_FILE_MENTIONS", "1"),
    ("CLAUDE_CODE_DISABLE_CLAUDE_MDS", "1"),
    ("CLAUDE_CODE_DISABLE_AUTO_MEMORY", "1"),
    ("CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS", "1"),
    ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
    ("DISABLE_AUTOUPDATER", "1"),
    // Nothing goes on after an answer, or takes its place.
    ("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "1"),
    // The council takes turns again by itself; the default may take minutes over a wrong key.
    ("CLAUDE_CODE_MAX_RETRIES", "2"),
];

/// Its own secrets that it hands on to tool servers, beside those of this process.
const SECRETS: [&str; 5] = [
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_MESSAGING_TOKEN",
    "CLAUDE_CODE_MESSAGING_SOCKET",
];

/// The program, and what comes before every other argument.
pub fn program(settings: &Settings) -> (String, Vec<String>) {
    let command = settings.command.as_deref().unwrap_or_default();
    match command.split_first() {
        Some((program, words)) => (program.clone(), words.to_vec()),
        None => (PROGRAM.into(), Vec::new()),
    }
}

fn model(settings: &Settings) -> &str {
    settings.model.as_deref().unwrap_or(MODEL)
}

/// The arguments that every turn has alike; the schema of the persona comes to them.
fn flags(settings: &Settings) -> [&str; 14] {
    [
        "-p",
        "--output-format",
        "json",
        // No hooks, no settings and no CLAUDE.md of the repository, which anybody may have written.
        "--setting-sources",
        "",
        // No tool servers of the repository either: they would be started unasked.
        "--strict-mcp-config",
        "--disable-slash-commands",
        "--permission-mode",
        "dontAsk",
        "--tools",
        TOOLS,
        "--model",
        model(settings),
        "--json-schema",
    ]
}

/// What beside pack, instructions, schema and version decides about the front of every request.
///
/// The prompt cache holds tools, then system prompt, then messages. So these must be the same when a
/// checkpoint is made and when it is used: `--tools`, `--json-schema`, `--model`, the switches, and
/// **the tool server with its tools**: Claude Code lists them before everything else, and a turn that
/// is offered other tools than the sealed one pays for the whole front again. Whoever seals must offer the
/// tools that the forks will have. The system prompt belongs to the session, and a fork cannot change it.
/// Free are: folder, home, day, session, `--allowedTools`, and keys.
pub fn frozen(settings: &Settings) -> Vec<String> {
    let (_, words) = program(settings);
    let flags = flags(settings).map(String::from);
    let switches = SWITCHES.map(|(name, value)| format!("{name}={value}"));
    // Another model behind the same name, or the same model elsewhere.
    let clouds = Environment::scrubbed(&["ANTHROPIC_DEFAULT_*", "CLAUDE_CODE_USE_*"]);
    let plain = Environment::scrubbed(&[]);
    let clouds = clouds
        .iter()
        .filter(|(name, _)| name.to_str().is_some_and(|name| plain.get(name).is_none()))
        .map(|(name, value)| format!("{}={}", name.to_string_lossy(), value.to_string_lossy()));
    words
        .into_iter()
        .chain(flags)
        .chain(switches)
        .chain(clouds)
        .chain(FRAME.words())
        .collect()
}

/// What of this process's environment it needs, and nothing else.
fn passed() -> Environment {
    let mut names = OWN.to_vec();
    let asked = Environment::scrubbed(&OWN);
    for (switch, more) in CLOUDS {
        if asked.get(switch).is_some() {
            names.extend(more);
        }
    }
    Environment::scrubbed(&names)
}

fn config(place: &Workplace) -> PathBuf {
    place.path().join("config")
}

/// Its environment: a home, a configuration and a folder for passing things of its own.
pub fn environment(place: &Workplace) -> io::Result<Environment> {
    place.subfolder("config")?;
    let env = passed()
        .with("HOME", place.subfolder("home")?)
        .with("TMPDIR", place.subfolder("tmp")?)
        .with("CLAUDE_CODE_TMPDIR", place.subfolder("tmp")?)
        .with("CLAUDE_CONFIG_DIR", config(place));
    Ok(env.with_all(SWITCHES))
}

/// One turn to be called for.
pub struct ClaudeTurn<'a> {
    /// What is wanted.
    pub request: &'a TurnRequest,
    /// Where.
    pub place: &'a Workplace,
    /// The session that it will be: a UUID.
    pub session: String,
}

/// All that a call takes.
pub struct Prepared {
    pub invocation: Invocation,
    pub prompt: Vec<u8>,
    pub login: Option<Login>,
}

impl<'a> ClaudeTurn<'a> {
    pub fn new(request: &'a TurnRequest, place: &'a Workplace) -> Self {
        Self {
            request,
            place,
            session: uuid::Uuid::now_v7().to_string(),
        }
    }

    /// Its private configuration, with the session.
    pub fn config(&self) -> PathBuf {
        config(self.place)
    }

    /// Writes its files.
    pub fn prepare(&self) -> Result<Prepared, AgentError> {
        let persona = &self.request.persona;
        let start = match &self.request.start {
            Start::New => None,
            Start::Checkpoint(checkpoint) => Some(file(checkpoint)?),
        };
        let env = environment(self.place).map_err(no_folder)?;
        let env = env.of_turn(self.request);
        let login = login::borrow(&env, &self.config()).map_err(no_folder)?;

        let (program, words) = program(&persona.settings);
        let mut args: Vec<OsString> = words.iter().map(Into::into).collect();
        args.extend(flags(&persona.settings).map(Into::into));
        args.push(schema::argument(&persona.schema).into());
        args.extend(["--session-id".into(), OsString::from(&self.session)]);
        args.push("--mcp-config".into());
        let servers = servers(self.request.tools.as_ref());
        args.push(self.write("mcp.json", &servers).map_err(no_folder)?.into());
        let allowed = allowed(self.request);
        if !allowed.is_empty() {
            args.extend(["--allowedTools".into(), allowed.join(",").into()]);
        }
        let question = prompt::asked(self.request);
        let prompt = match start {
            Some(session) => {
                args.extend(["--resume".into(), session.into(), "--fork-session".into()]);
                question
            }
            None => {
                let rules = self
                    .write("system.md", &prompt::rules(persona, &FRAME))
                    .map_err(no_folder)?;
                args.extend(["--system-prompt-file".into(), rules.into()]);
                format!("{}\n\n{question}", prompt::known(persona))
            }
        };
        let writing = self.request.writing.as_ref();
        let own = ["home", "tmp", "config"].map(|name| self.place.path().join(name));
        let invocation = Invocation {
            program,
            args,
            env,
            folder: writing
                .map_or(&persona.folder, |writing| &writing.folder)
                .clone(),
            wall: writing.map(|writing| Wall::of(writing, own)),
        };
        Ok(Prepared {
            invocation,
            prompt: prompt.into_bytes(),
            login,
        })
    }

    fn write(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.place.path().join(name);
        let mut options = std::fs::OpenOptions::new();
        let file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path);
        io::Write::write_all(&mut file?, text.as_bytes())?;
        Ok(path)
    }
}

/// A checkpoint's session, by its whole path: what is resumed by a path is left as it is.
fn file(checkpoint: &Checkpoint) -> Result<PathBuf, AgentError> {
    let file = std::path::absolute(checkpoint.folder.join(session::FILE));
    match file {
        Ok(file) if file.is_file() => Ok(file),
        _ => Err(AgentError::new(
            Fault::Failed,
            NAME,
            format!("its checkpoint {} is gone", checkpoint.folder.display()),
            "learn again, and ask then",
        )),
    }
}

/// What it may do unasked: use the tools of the turn, and where it writes, change its flake and look around in the worktree.
/// A rule without an absolute path would allow every path, the person's checkout too.
fn allowed(request: &TurnRequest) -> Vec<String> {
    let mut allowed = Vec::new();
    if let Some(server) = &request.tools {
        allowed.extend(server.tools.iter().map(|tool| tool_name(server, tool)));
    }
    if let Some(writing) = &request.writing {
        let (folder, worktree) = (writing.folder.display(), writing.worktree.display());
        allowed.push(format!("Edit(/{folder}/**)"));
        allowed.push(format!("Read(/{worktree}/**)"));
    }
    allowed
}

/// A tool's name, as the model sees it.
fn tool_name(server: &ToolServer, tool: &str) -> String {
    format!("mcp__{}__{tool}", server.name)
}

/// The configuration of tool servers. They inherit its environment, so that what is secret in it is
/// blanked by name.
fn servers(server: Option<&ToolServer>) -> String {
    let mut servers = Map::new();
    if let Some(server) = server {
        let (plain, passed) = (Environment::scrubbed(&[]), passed());
        let secret = passed.iter().filter_map(|(name, _)| name.to_str());
        let secret = secret.filter(|name| plain.get(name).is_none());
        let mut env: Map<String, Value> = secret
            .chain(SECRETS)
            .map(|name| (name.to_owned(), json!("")))
            .collect();
        for (name, value) in &server.env {
            env.insert(name.clone(), json!(value));
        }
        let about = json!({
            "type": "stdio", "command": server.program, "args": server.args, "env": env,
        });
        servers.insert(server.name.clone(), about);
    }
    json!({ "mcpServers": servers }).to_string()
}
