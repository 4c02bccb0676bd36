//! `poag snippet`: texts with a name, for any question or session.

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::engine;
use super::global::Global;
use super::print::{json_line, piped, whole};
use super::remote::Remote;
use super::style;
use crate::engine::EngineError;
use crate::engine::session::{SNIPPET_BYTES, Snippet, SnippetLedger};
use crate::error::{Error, exit};
use crate::terminal;
use poag_client::operations;

const EXAMPLES: &str = "\
Examples:
  poag snippet set style \"Plain English; no abbreviations.\"
  poag snippet set log - < build.log
  poag ask --with snippet:log \"Why does the build fail?\"
  poag session say hello-rs --with snippet:style \"Say it again\"";

/// Keeps texts under names, to be given to any question or session
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct SnippetArgs {
    #[command(subcommand)]
    verb: SnippetVerb,
}

#[derive(Debug, Subcommand)]
enum SnippetVerb {
    /// Keeps a text under a name, in place of what it named before
    Set {
        /// The name: letters, digits, `-` and `_`
        #[arg(value_name = "NAME")]
        name: String,
        /// The text; `-` reads it from standard input
        #[arg(value_name = "TEXT", required = true)]
        text: Vec<String>,
    },
    /// Prints a text
    Get {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Lists them
    List {
        /// For a script
        #[arg(long)]
        json: bool,
    },
    /// Removes one
    Rm {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Where snippets are kept.
enum Kept {
    Here(SnippetLedger),
    There(Remote),
}

impl Kept {
    async fn set(&self, name: &str, text: &str) -> Result<(), Error> {
        match self {
            Self::Here(snippets) => snippets.set(name, text).map_err(EngineError::from)?,
            Self::There(remote) => {
                let call = remote.call(operations::SET_SNIPPET, &[name]);
                call.body(&json!({ "text": text })).bytes().await?;
            }
        }
        Ok(())
    }

    async fn get(&self, name: &str) -> Result<Snippet, Error> {
        Ok(match self {
            Self::Here(snippets) => snippets.get(name).map_err(EngineError::from)?,
            Self::There(remote) => {
                let call = remote.call(operations::GET_SNIPPET, &[name]);
                call.answer().await?
            }
        })
    }

    async fn remove(&self, name: &str) -> Result<(), Error> {
        match self {
            Self::Here(snippets) => snippets.remove(name).map_err(EngineError::from)?,
            Self::There(remote) => {
                let call = remote.call(operations::REMOVE_SNIPPET, &[name]);
                call.bytes().await?;
            }
        }
        Ok(())
    }

    async fn list(&self) -> Result<Vec<Snippet>, Error> {
        Ok(match self {
            Self::Here(snippets) => snippets.list().map_err(EngineError::from)?,
            Self::There(remote) => {
                let call = remote.call(operations::LIST_SNIPPETS, &[]);
                call.field("snippets").await?
            }
        })
    }
}

/// Runs the verb.
pub async fn run(args: SnippetArgs, global: &Global) -> Result<u8, Error> {
    let kept = match Remote::of(global).await? {
        Some(remote) => Kept::There(remote),
        None => Kept::Here(engine(global)?.snippets()?),
    };
    match args.verb {
        SnippetVerb::Set { name, text } => kept.set(&name, &text_of(&text)?).await?,
        SnippetVerb::Get { name } => terminal::document(&whole(kept.get(&name).await?.text))?,
        SnippetVerb::Rm { name } => kept.remove(&name).await?,
        SnippetVerb::List { json: true } => return json_line(&kept.list().await?),
        SnippetVerb::List { json: false } => {
            let all = kept.list().await?;
            if all.is_empty() {
                terminal::people("no snippets yet; `poag snippet set NAME TEXT` makes one\n")?;
            } else {
                let rows = all.iter().map(|one| {
                    let first = one.text.lines().next().unwrap_or_default();
                    let first: String = first.chars().take(60).collect();
                    let bytes = format!("{} bytes", one.text.len());
                    vec![one.name.clone(), bytes, first]
                });
                terminal::people(&style::table(rows.collect()))?;
            }
        }
    }
    Ok(exit::OK)
}

/// The text that words make; `-` is standard input.
pub fn text_of(words: &[String]) -> Result<String, Error> {
    match words {
        [word] if word == "-" => piped(SNIPPET_BYTES as u64 + 1),
        words => Ok(words.join(" ")),
    }
}

/// The names of snippets in `--with snippet:NAME`.
pub fn names(with: &[String]) -> Result<Vec<String>, Error> {
    let name = |word: &String| match word.strip_prefix("snippet:") {
        Some(name) => Ok(name.to_owned()),
        None => {
            let word: String = word.chars().take(80).collect();
            Err(Error::Usage(format!(
                "--with '{word}' names nothing that can be given\nrepair: write --with snippet:NAME; `poag snippet list` lists the names"
            )))
        }
    };
    with.iter().map(name).collect()
}
