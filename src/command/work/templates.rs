//! `poag work templates`.

use clap::Args;
use serde_json::json;

use crate::command::print::json_line;
use crate::engine::EngineError;
use crate::engine::work::WorkError;
use crate::error::{Error, exit};
use crate::terminal;
use poag_core::work::template::{BUILT_IN, built_in};

/// What is shown of templates.
#[derive(Args, Debug)]
pub struct TemplatesArgs {
    /// Prints this one as it is, to be changed and given to `--template FILE`
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// For a script
    #[arg(long, conflicts_with = "name")]
    json: bool,
}

/// Runs the verb.
pub fn run(args: &TemplatesArgs) -> Result<u8, Error> {
    if let Some(name) = &args.name {
        let text = built_in(name).map_err(|error| EngineError::from(WorkError::from(error)))?;
        terminal::document(text)?;
        return Ok(exit::OK);
    }
    let all = BUILT_IN.iter().map(|(name, text)| (*name, summary(text)));
    if args.json {
        let all: Vec<_> = all
            .map(|(name, summary)| json!({ "name": name, "summary": summary }))
            .collect();
        return json_line(&all);
    }
    let lines: Vec<String> = all
        .map(|(name, summary)| format!("{name:<20}{summary}\n"))
        .collect();
    terminal::document(&lines.concat())?;
    Ok(exit::OK)
}

/// What comes of a template, in its own words.
fn summary(text: &str) -> String {
    let document: toml::Table = toml::from_str(text).unwrap_or_default();
    let summary = document.get("summary").and_then(toml::Value::as_str);
    summary.unwrap_or_default().to_owned()
}
