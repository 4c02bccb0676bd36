//! The one place where the command line makes an engine: from its options, the environment and the folder it stands in.

#![expect(clippy::disallowed_methods, reason = "the command line reads it")]

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::consent::CommandArgs;
use super::global::Global;
use crate::engine::{Consent, Engine, EngineError, EngineSettings, Project, ProjectRef};
use crate::error::Error;
use crate::folders;
use crate::mcp;
use crate::nix::{FlakeRef, repository_root};
use crate::progress::Terminal;

/// Set by the app of a flake: that flake's folder relative to its repository.
const APP_DIR: &str = "POAG_APP_DIR";
/// Set by the app of a flake: the name of its expert.
const APP_EXPERT: &str = "POAG_APP_EXPERT";

/// An engine for a verb that starts no agents.
pub fn engine(global: &Global) -> Result<Engine, Error> {
    Ok(Engine::new(settings(global, Consent::default())?))
}

/// An engine for a verb that may start these programs.
pub fn engine_allowing(global: &Global, consent: Consent) -> Result<Engine, Error> {
    Ok(Engine::new(settings(global, consent)?))
}

/// An engine for a verb that may start agents.
pub fn engine_with(global: &Global, commands: &CommandArgs) -> Result<Engine, Error> {
    Ok(Engine::new(settings(global, commands.consent()?)?))
}

fn settings(global: &Global, consent: Consent) -> Result<EngineSettings, Error> {
    let folder = env::current_dir().map_err(EngineError::file("."))?;
    let program = env::current_exe().ok();
    Ok(EngineSettings {
        cache: cache_dir().ok(),
        state: state_dir().ok(),
        sockets: folders::from_environment("XDG_RUNTIME_DIR"),
        folder,
        tools: program.clone().map(mcp::turn::server),
        program,
        agents: BTreeMap::new(),
        consent,
        no_cache: global.no_cache,
        trace: global.trace(),
        variable: |name| env::var(name).ok(),
        progress: match global.quiet {
            true => Arc::new(()),
            false => Arc::new(Terminal),
        },
    })
}

/// The flake that is meant: the one that the verb itself was given, else `--flake`, else the one here.
pub fn target(engine: &Engine, global: &Global, named: Option<&str>) -> Result<ProjectRef, Error> {
    if let (Some(_), Some(_)) = (named, &global.flake) {
        return Err(Error::Usage(
            "the flake is named twice\nrepair: name it as an argument or with --flake, not both"
                .into(),
        ));
    }
    if let Some(reference) = named.or(global.flake.as_deref()) {
        return Ok(engine.flake(reference)?);
    }
    match app_flake(&engine.settings().folder) {
        Some(flake) => Ok(ProjectRef {
            expected: env::var(APP_EXPERT).ok(),
            ..ProjectRef::flake(flake)
        }),
        None => Ok(engine.flake(".")?),
    }
}

/// The flake that is meant, as works and sessions are found by; none where there is none here and none was named.
pub fn here(engine: &Engine, global: &Global) -> Result<Option<String>, Error> {
    match target(engine, global, None) {
        Ok(target) => Ok(Some(target.flake.to_string())),
        Err(Error::Engine(EngineError::FlakeRef(_))) if global.flake.is_none() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Who says something here: the person that this process belongs to.
pub fn person() -> String {
    let named = ["POAG_PERSON", "USER", "LOGNAME"];
    let mut named = named.iter().filter_map(|name| env::var(name).ok());
    let found = named.find(|name| !name.trim().is_empty());
    found.unwrap_or_else(|| "you".to_owned())
}

/// The token of this machine's own clients, as `poag serve` keeps it.
pub fn local_token() -> Option<String> {
    let file = state_dir().ok()?.join("serve/local-token");
    std::fs::read_to_string(file).ok()
}

/// The pack that is meant, where its flake is not.
pub fn target_of_pack(
    engine: &Engine,
    global: &Global,
    folder: &Path,
) -> Result<ProjectRef, Error> {
    if global.flake.is_some() {
        return Err(Error::Usage(
            "a flake and a pack are named\nrepair: name one of --flake and --pack".into(),
        ));
    }
    Ok(engine.packed(folder)?)
}

/// The flake that is meant, opened.
pub async fn open(global: &Global) -> Result<Project, Error> {
    let engine = engine(global)?;
    let target = target(&engine, global, None)?;
    Ok(engine.open(&target).await?)
}

/// The flake whose app started this process (`nix run ./some/flake#poag`), looked for around `here`.
fn app_flake(here: &Path) -> Option<FlakeRef> {
    let dir = env::var(APP_DIR).ok()?;
    let folder = repository_root(here)?.join(dir);
    folder
        .join("flake.nix")
        .is_file()
        .then(|| FlakeRef::around(&folder).ok())?
}

/// Where poag keeps what can be made again: `$XDG_CACHE_HOME/poag`.
///
/// # Errors
/// See [`Error::NoFolder`].
pub fn cache_dir() -> Result<PathBuf, Error> {
    folder("POAG_CACHE_DIR", "XDG_CACHE_HOME", ".cache")
}

/// Where poag keeps its ledger and what lives beside it: `$XDG_STATE_HOME/poag`.
///
/// # Errors
/// See [`Error::NoFolder`].
pub fn state_dir() -> Result<PathBuf, Error> {
    folder("POAG_STATE_DIR", "XDG_STATE_HOME", ".local/state")
}

fn folder(own: &'static str, xdg: &'static str, fallback: &str) -> Result<PathBuf, Error> {
    let missing = Error::NoFolder { own, xdg };
    match env::var_os(own).filter(|folder| !folder.is_empty()) {
        // A folder is meant by it, and nobody would look for it elsewhere.
        Some(_) => folders::from_environment(own).ok_or(missing),
        None => folders::xdg(xdg, fallback)
            .map(|base| base.join("poag"))
            .ok_or(missing),
    }
}
