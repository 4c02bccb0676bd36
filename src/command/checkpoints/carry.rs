//! A checkpoint as one file, out and in.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::command::cast::portable;
use crate::command::context::checkpoints;
use crate::command::style;
use crate::engine::checkpoint::{ARCHIVE_BYTES, CheckpointError};
use crate::engine::inside::{self, Permissions};
use crate::error::{Error, exit};
use crate::terminal;

/// Writes one into a file, to be taken in on another machine
#[derive(Args, Debug)]
pub struct Export {
    /// Its key, the beginning of one, or the expert whose latest it is
    #[arg(value_name = "KEY|EXPERT")]
    name: String,
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Takes one in that was exported. It speaks as the expert from then on: take in only what comes from
/// somebody you trust
#[derive(Args, Debug)]
pub struct Import {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Hands one out.
pub fn export(args: &Export) -> Result<u8, Error> {
    let store = checkpoints()?;
    let archive = store.export(&store.named(&args.name)?)?;
    let backend = &archive.meta.key_parts.backend;
    if portable(backend) != Some(true) {
        let backend = backend.clone();
        return Err(CheckpointError::NotPortable { backend }.into());
    }
    let json = serde_json::to_vec(&archive).map_err(std::io::Error::from)?;
    // For its owner alone: it holds what the expert has read.
    inside::write_named(&args.file, &json, Permissions::Exactly(0o600))?;
    say(&format!(
        "{} → {} ({} bytes)",
        short(&archive.meta.key),
        args.file.display(),
        json.len()
    ))
}

/// Takes one in.
pub fn import(args: &Import) -> Result<u8, Error> {
    let mut bytes = Vec::new();
    File::open(&args.file)
        .and_then(|file| file.take(ARCHIVE_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(failed(&args.file))?;
    let (meta, new) = checkpoints()?.import(&bytes, portable)?;
    let what = if new { "taken in" } else { "was here already" };
    say(&format!(
        "{} of {} on {} {} {what}",
        short(&meta.key),
        style::bold(&meta.key_parts.expert),
        meta.key_parts.backend,
        meta.key_parts.version
    ))
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File { path, source }
}

fn short(key: &str) -> String {
    key.chars().take(12).collect()
}

fn say(line: &str) -> Result<u8, Error> {
    terminal::people(&format!("{line}\n"))?;
    Ok(exit::OK)
}
