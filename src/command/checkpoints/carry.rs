//! A checkpoint as one file, out and in.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use clap::Args;

use crate::command::context::engine;
use crate::command::global::Global;
use crate::command::style;
use crate::engine::EngineError;
use crate::engine::checkpoint::ARCHIVE_BYTES;
use crate::error::{Error, exit};
use crate::terminal;

/// Writes one into a file, to be taken in on another machine
#[derive(Args, Debug)]
pub struct ExportCheckpoint {
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
pub fn export(args: &ExportCheckpoint, global: &Global) -> Result<u8, Error> {
    let engine = engine(global)?;
    let file = engine.settings().folder.join(&args.file);
    let (meta, bytes) = engine.export_checkpoint(&args.name, &file)?;
    let (key, file) = (short(&meta.key), args.file.display());
    say(&format!("{key} → {file} ({bytes} bytes)"))
}

/// Takes one in.
pub fn import(args: &Import, global: &Global) -> Result<u8, Error> {
    let mut bytes = Vec::new();
    File::open(&args.file)
        .and_then(|file| file.take(ARCHIVE_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(EngineError::file(&args.file))?;
    let (meta, new) = engine(global)?.import_checkpoint(&bytes)?;
    let what = if new { "taken in" } else { "was here already" };
    say(&format!(
        "{} of {} on {} {} {what}",
        short(&meta.key),
        style::bold(&meta.key_parts.expert),
        meta.key_parts.backend,
        meta.key_parts.version
    ))
}

fn short(key: &str) -> String {
    key.chars().take(12).collect()
}

fn say(line: &str) -> Result<u8, Error> {
    terminal::people(&format!("{line}\n"))?;
    Ok(exit::OK)
}
