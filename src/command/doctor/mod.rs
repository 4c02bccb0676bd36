//! `poag doctor`: whether this machine has what poag needs, and the repair for what it has not.

mod agents;
mod folders;
mod needs;

pub use agents::usable;

use clap::Args;
use serde::Serialize;

use super::global::Global;
use super::style;
use crate::error::{Error, exit};
use crate::nix::Nix;
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  poag doctor
  poag doctor --json | jq '.checks[] | select(.state == \"bad\")'

Looks at Nix, git, the folders of poag, the flake here, and the agents on PATH. Nothing is asked of
a model and nothing is spent; of keys and logins only the names are shown. Agents are optional: the
librarian needs none. Ends with exit code 10 when something is missing that poag cannot do without.";

/// Tells whether this machine has what poag needs, with the repair for each line (exit code 10 when not)
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Doctor {
    /// For a script
    #[arg(long)]
    json: bool,
}

/// How one thing is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Good,
    /// Worth knowing; poag works without.
    Note,
    /// poag does not work so.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct DoctorCheck {
    /// What it is.
    name: String,
    /// How it is.
    state: State,
    /// What was found.
    says: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    repair: Option<String>,
}

impl DoctorCheck {
    fn new(name: &str, state: State, says: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            state,
            says: says.into(),
            repair: None,
        }
    }

    fn good(name: &str, says: impl Into<String>) -> Self {
        Self::new(name, State::Good, says)
    }

    fn note(name: &str, says: impl Into<String>, repair: impl Into<String>) -> Self {
        Self::new(name, State::Note, says).repaired(repair)
    }

    fn bad(name: &str, says: impl Into<String>, repair: impl Into<String>) -> Self {
        Self::new(name, State::Bad, says).repaired(repair)
    }

    fn repaired(mut self, repair: impl Into<String>) -> Self {
        self.repair = Some(repair.into());
        self
    }
}

/// Runs the verb.
pub async fn run(args: Doctor, global: Global) -> Result<u8, Error> {
    let nix = Nix::new(global.trace());
    let mut checks = vec![DoctorCheck::good("poag", env!("CARGO_PKG_VERSION"))];
    checks.extend(needs::all(&nix).await);
    checks.push(
        needs::flake(&Global {
            quiet: true,
            ..global
        })
        .await,
    );
    checks.extend(folders::all());
    checks.extend(agents::all().await);
    let ready = checks.iter().all(|check| check.state != State::Bad);
    if args.json {
        let document = serde_json::json!({ "schemaVersion": 1, "ready": ready, "checks": checks });
        terminal::json(format!("{document:#}\n").as_bytes())?;
    } else {
        for check in &checks {
            terminal::people(&line(check))?;
        }
    }
    Ok(if ready { exit::OK } else { exit::NOT_READY })
}

fn line(check: &DoctorCheck) -> String {
    let state = match check.state {
        State::Good => style::good("ok  "),
        State::Note => style::warn("note"),
        State::Bad => style::warn("bad "),
    };
    let mut says = check.says.lines();
    let first = says.next().unwrap_or_default();
    let mut out = format!("{state}  {:<12} {first}\n", check.name);
    for line in says {
        out.push_str(&format!("      {:<12} {line}\n", ""));
    }
    if let Some(repair) = &check.repair {
        out.push_str(&format!("      {:<12} repair: {repair}\n", ""));
    }
    out
}
