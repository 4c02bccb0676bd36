//! Primes the experts whose backend keeps what it read, many at the same time.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::agent::{Fault, TurnOutput, Usage};
use crate::command::cast::Cast;
use crate::command::style;
use crate::council::event::{Joined, Opening};
use crate::engine::run::BackendSelection as _;
use crate::error::{Error, exit};
use crate::expert::Expert;
use crate::librarian;
use crate::terminal;

/// Primes them, and says what each cost. A backend that is not on this machine is no failure of learning:
/// whoever has it primes its own.
pub async fn all(cast: Cast, experts: &[&Expert], quiet: bool) -> Result<u8, Error> {
    let cast = Arc::new(cast);
    let mut under_way = JoinSet::new();
    for expert in experts {
        let backend = cast.backend(expert);
        if backend == librarian::NAME {
            continue;
        }
        if !quiet {
            let name = style::bold(&expert.name);
            terminal::note(&format!("poag: {name} reads its flake to {backend} …"));
        }
        let (cast, expert) = (Arc::clone(&cast), Expert::clone(expert));
        under_way.spawn(async move { (cast.prime(&expert).await, expert.name) });
    }
    let mut code = exit::OK;
    while let Some(ended) = under_way.join_next().await {
        let (primed, name) = ended.map_err(|broken| std::io::Error::other(broken.to_string()))?;
        match primed {
            Ok(None) => {
                if !quiet {
                    let name = style::bold(&name);
                    terminal::note(&format!(
                        "poag: {name} is not primed: its backend keeps nothing, and reads the pack with each turn"
                    ));
                }
            }
            Ok(Some(joined)) => {
                terminal::people(&line(&name, &joined))?;
            }
            Err(output) => {
                let (text, missing) = failure(&name, &output);
                if !missing {
                    code = exit::FAILURE;
                }
                if !missing || !quiet {
                    terminal::note(&text);
                }
            }
        }
    }
    Ok(code)
}

fn line(name: &str, joined: &Joined) -> String {
    let Joined {
        backend,
        version,
        why,
        usage,
        ..
    } = joined;
    let name = style::bold(name);
    let on = format!("{backend} {version}");
    let spent = style::spent(usage);
    match joined.opening {
        Opening::New => String::new(),
        Opening::Reused => format!("{name} has its checkpoint on {on} already\n"),
        Opening::Primed => format!("{name} is primed on {on}: {spent}\n  because {why}\n"),
        Opening::Told => {
            format!("{name} was told what changed, on {on}: {spent}\n  because {why}\n")
        }
    }
}

/// What is said of a failure, and whether only the backend is missing here.
fn failure(name: &str, output: &TurnOutput) -> (String, bool) {
    let (reason, missing) = match &output.outcome {
        Err(error) => (error.to_string(), error.fault == Fault::Unavailable),
        Ok(_) => (String::new(), false),
    };
    let spent = match output.usage == Usage::default() {
        true => String::new(),
        false => format!(" after {}", style::spent(&output.usage)),
    };
    let mark = style::warn(if missing { "note:" } else { "warning:" });
    let text = format!("{mark} {name} is not primed{spent}: {reason}");
    (text, missing)
}
