//! `poag man`: the manual, made by the program itself.

#![expect(clippy::disallowed_methods, reason = "manual pages, for packagers")]

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use crate::engine::EngineError;
use crate::error::{Error, exit};
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  poag man | man -l -
  poag man --into ~/.local/share/man/man1";

/// Prints the manual page, or writes one for each verb
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ManPages {
    /// Writes a page for each verb into this folder instead
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
}

/// Runs the verb on the whole command line.
pub fn run(args: ManPages, command: Command) -> Result<u8, Error> {
    let Some(folder) = args.into else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        terminal::document(&String::from_utf8_lossy(&page))?;
        return Ok(exit::OK);
    };
    let fail = |source| EngineError::file(folder.clone())(source);
    fs::create_dir_all(&folder).map_err(fail)?;
    clap_mangen::generate_to(command, &folder).map_err(fail)?;
    Ok(exit::OK)
}
