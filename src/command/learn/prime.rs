//! What is said while experts are primed.

use crate::agent::{Fault, TurnOutput, Usage};
use crate::command::style;
use crate::council::event::{Joined, Opening};
use crate::engine::Priming;
use crate::error::{Error, exit};
use crate::terminal;

/// Says what each expert cost. A backend that is not on this machine is no failure of learning: whoever has it
/// primes its own.
pub struct PrimeReport {
    quiet: bool,
    /// The exit code so far, or why nothing can be said any more.
    code: Result<u8, Error>,
}

impl PrimeReport {
    /// Nothing was primed yet.
    pub fn new(quiet: bool) -> Self {
        let code = Ok(exit::OK);
        Self { quiet, code }
    }

    /// The exit code.
    pub fn code(self) -> Result<u8, Error> {
        self.code
    }

    /// Says what happened.
    pub fn tell(&mut self, step: &Priming) {
        match step {
            Priming::Begun { expert, backend } => {
                let name = style::bold(expert);
                self.note(&format!("poag: {name} reads its flake to {backend} …"));
            }
            Priming::Unneeded { expert } => {
                let name = style::bold(expert);
                self.note(&format!(
                    "poag: {name} is not primed: its backend keeps nothing, and reads the pack with each turn"
                ));
            }
            Priming::Primed {
                expert,
                participant,
            } => {
                let said = terminal::people(&line(expert, participant));
                if let (Ok(_), Err(error)) = (&self.code, said) {
                    self.code = Err(error.into());
                }
            }
            Priming::Failed { expert, output } => {
                let (text, missing) = failure(expert, output);
                if missing {
                    self.note(&text);
                } else {
                    terminal::note(&text);
                    self.code = std::mem::replace(&mut self.code, Ok(0)).map(|_| exit::FAILURE);
                }
            }
        }
    }

    fn note(&self, text: &str) {
        if !self.quiet {
            terminal::note(text);
        }
    }
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
