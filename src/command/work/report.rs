//! `poag work page`.

use std::path::PathBuf;

use clap::Args;

use super::meant;
use crate::command::global::Global;
use crate::engine::Engine;
use crate::error::{Error, exit};
use crate::terminal;

/// Where the page goes.
#[derive(Args, Debug)]
pub struct PageArgs {
    /// The work
    #[arg(value_name = "WORK")]
    pub work: Option<String>,
    /// The page; `junit.xml` and `.sarif` go beside it under its name
    #[arg(long, value_name = "FILE", default_value = "work.html")]
    pub to: PathBuf,
}

/// Runs the verb.
pub fn run(args: &PageArgs, global: &Global) -> Result<u8, Error> {
    let (engine, _, id) = meant(global, args.work.as_deref())?;
    let report = engine.report_work(&id)?;
    write(&engine, args, [&report.page, &report.junit, &report.sarif])
}

/// Writes the page, and what goes beside it.
pub fn write(
    engine: &Engine,
    args: &PageArgs,
    [page, junit, sarif]: [&str; 3],
) -> Result<u8, Error> {
    engine.write(&args.to, page)?;
    engine.write(&args.to.with_extension("junit.xml"), junit)?;
    engine.write(&args.to.with_extension("sarif"), sarif)?;
    terminal::note(&format!("written: {}", args.to.display()));
    Ok(exit::OK)
}
