//! `poag generate`: completions and manual pages, for whoever packages poag.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command, Subcommand};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::engine::EngineError;
use crate::error::{Error, exit};
use crate::terminal;

/// Completions and manual pages of this very program
#[derive(Args, Debug)]
#[command(hide = true)]
pub struct Generate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// What a shell completes, on standard output
    Completions {
        /// The shell
        shell: Shell,
    },
    /// The manual page, on standard output
    Man {
        /// Writes a page for each verb into this folder instead
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
}

/// Runs the verb on the whole command line.
pub fn run(args: Generate, mut command: Command) -> Result<u8, Error> {
    match args.what {
        What::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, "poag", &mut script);
            terminal::document(&String::from_utf8_lossy(&script))?;
        }
        What::Man { into: None } => {
            let mut page = Vec::new();
            Man::new(command).render(&mut page)?;
            terminal::document(&String::from_utf8_lossy(&page))?;
        }
        What::Man { into: Some(folder) } => {
            let fail = |source| EngineError::file(folder.clone())(source);
            fs::create_dir_all(&folder).map_err(fail)?;
            clap_mangen::generate_to(command, &folder).map_err(fail)?;
        }
    }
    Ok(exit::OK)
}
