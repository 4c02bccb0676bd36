//! `poag serve token`: who may do what over TCP.

use std::collections::BTreeSet;

use clap::{Args, Subcommand, ValueEnum};

use crate::command::context::state_dir;
use crate::command::global::Global;
use crate::command::runs::told;
use crate::command::style;
use crate::error::{Error, exit};
use crate::terminal;
use poag_serve::{Scope, ServeError, TokenStore};

/// Makes, lists and revokes tokens, which say over TCP who may do what
#[derive(Args, Debug)]
pub struct TokenArgs {
    #[command(subcommand)]
    verb: TokenVerb,
}

#[derive(Debug, Subcommand)]
enum TokenVerb {
    /// Makes a token and prints it, once: only its hash is kept
    New {
        /// What it is for; what its holder does is recorded under this name
        #[arg(value_name = "NAME")]
        name: String,
        /// What its holder may do
        #[arg(long, value_enum, default_value = "read")]
        scope: Vec<ScopeWord>,
    },
    /// Lists tokens, without what they say
    List {
        /// For a script
        #[arg(long)]
        json: bool,
    },
    /// Takes a token back; servers that run heed it at once
    Revoke {
        /// The token
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScopeWord {
    /// Look at everything that is served
    Read,
    /// Ask experts, which may cost money
    Ask,
    /// Begin, change, review and land works, and take their tasks
    Work,
    /// All of it
    Admin,
}

impl From<ScopeWord> for Scope {
    fn from(word: ScopeWord) -> Self {
        match word {
            ScopeWord::Read => Self::Read,
            ScopeWord::Ask => Self::Ask,
            ScopeWord::Work => Self::Work,
            ScopeWord::Admin => Self::Admin,
        }
    }
}

/// Runs the verb.
pub fn run(args: TokenArgs, global: &Global) -> Result<u8, Error> {
    let store = TokenStore::new(&state_dir()?);
    match args.verb {
        TokenVerb::New { name, scope } => {
            let scopes: BTreeSet<Scope> = scope.into_iter().map(Scope::from).collect();
            let token = store.add(&name, scopes).map_err(ServeError::from)?;
            terminal::people(&format!("{token}\n"))?;
            if !global.quiet {
                terminal::note("it is shown this once; keep it where only its holder can read it");
            }
            Ok(exit::OK)
        }
        TokenVerb::List { json } => list(&store, json),
        TokenVerb::Revoke { name } => {
            store.revoke(&name).map_err(ServeError::from)?;
            Ok(exit::OK)
        }
    }
}

fn list(store: &TokenStore, json: bool) -> Result<u8, Error> {
    let tokens = store.list().map_err(ServeError::from)?;
    if json {
        let rows = tokens.iter().map(|token| {
            serde_json::json!({
                "name": token.name, "scopes": token.scopes, "created": token.created,
            })
        });
        let rows: Vec<_> = rows.collect();
        let text = serde_json::to_string_pretty(&rows).map_err(std::io::Error::from)?;
        terminal::json((text + "\n").as_bytes())?;
        return Ok(exit::OK);
    }
    if tokens.is_empty() {
        terminal::note("there is no token yet; `poag serve token new NAME` makes one");
        return Ok(exit::NOTHING_FOUND);
    }
    let rows = tokens.iter().map(|token| {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.word()).collect();
        vec![
            style::bold(&token.name),
            style::dim(told::time(token.created)),
            scopes.join(", "),
        ]
    });
    terminal::people(&style::table(rows.collect()))?;
    Ok(exit::OK)
}
