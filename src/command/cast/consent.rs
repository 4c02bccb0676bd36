//! Which programs agents may be. A flake may declare any command, and starting it is running what the
//! flake says: that is for the person to allow.

use std::collections::BTreeMap;
use std::env;

use clap::Args;

use crate::agent::{AgentError, Fault, acp, command};
use crate::command::context::find;
use crate::error::Error;
use crate::expert::Graph;

/// Declared commands that are allowed always, separated by `;` or line breaks.
pub const ALLOWED: &str = "POAG_ALLOW_COMMANDS";
/// Backends that are any program; the others know theirs.
const ANY_PROGRAM: [&str; 2] = [command::NAME, acp::NAME];

/// What the command line says about programs.
#[derive(Args, Debug, Default)]
pub struct CommandArgs {
    /// The program, with its arguments, of the backends `command` and `acp`, for all experts or for one
    /// (`"hello-rs=opencode acp"`)
    #[arg(long, value_name = "[EXPERT=]COMMAND")]
    agent_command: Vec<String>,
    /// Lets a flake start this command, exactly as its `agent.command` declares it; those listed in
    /// POAG_ALLOW_COMMANDS (separated by `;`) are allowed always
    #[arg(long, value_name = "COMMAND")]
    allow_command: Vec<String>,
    /// Lets agents think without the dev shells of their flakes, which are made where a flake declares one;
    /// POAG_DEV_SHELL=0 does the same
    #[arg(long)]
    pub(super) no_dev_shell: bool,
}

/// Commands that a person gave or allows.
#[derive(Debug, Default)]
pub struct Consent {
    all: Option<Vec<String>>,
    named: BTreeMap<String, Vec<String>>,
    allowed: Vec<Vec<String>>,
}

impl Consent {
    /// What the command line and the environment say.
    pub fn new(graph: &Graph, args: &CommandArgs) -> Result<Self, Error> {
        let listed = env::var(ALLOWED).unwrap_or_default();
        Self::of(graph, args, &listed)
    }

    fn of(graph: &Graph, args: &CommandArgs, listed: &str) -> Result<Self, Error> {
        let mut consent = Self::default();
        for word in &args.agent_command {
            match word.split_once('=').filter(|(name, _)| is_name(name)) {
                Some((name, command)) => {
                    let expert = find(graph, name)?.name.clone();
                    consent
                        .named
                        .insert(expert, words("--agent-command", command)?);
                }
                None => consent.all = Some(words("--agent-command", word)?),
            }
        }
        for command in &args.allow_command {
            consent.allowed.push(words("--allow-command", command)?);
        }
        let listed = listed.split([';', '\n']).map(str::trim);
        for command in listed.filter(|command| !command.is_empty()) {
            consent.allowed.push(words(ALLOWED, command)?);
        }
        Ok(consent)
    }

    /// The command of an expert: the person's own, else the one that its flake declares, if allowed.
    pub fn command(
        &self,
        expert: &str,
        backend: &str,
        declared: Option<&[String]>,
    ) -> Result<Option<Vec<String>>, AgentError> {
        let all = self.all.as_ref().filter(|_| ANY_PROGRAM.contains(&backend));
        if let Some(own) = self.named.get(expert).or(all) {
            return Ok(Some(own.clone()));
        }
        let Some(declared) = declared else {
            return Ok(None);
        };
        if self.allowed.iter().any(|allowed| allowed == declared) {
            return Ok(Some(declared.to_vec()));
        }
        let line = shell_words::join(declared);
        Err(AgentError::new(
            Fault::Unavailable,
            backend,
            format!(
                "the flake of '{expert}' wants to start a program, which nobody allowed: {line}"
            ),
            format!(
                "if you trust it, allow it with --allow-command {} or in {ALLOWED}, else ask with --backend {expert}=librarian",
                shell_words::quote(&line)
            ),
        ))
    }
}

/// Whether text before a `=` can be the name of an expert rather than the beginning of a command.
fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || "/'\"\\".contains(c))
}

fn words(of: &str, command: &str) -> Result<Vec<String>, Error> {
    let broken = |reason: &str| {
        Error::Usage(format!(
            "{of}: '{command}' is no command: {reason}\nrepair: write the program and its arguments as in a shell, such as \"opencode acp\""
        ))
    };
    match shell_words::split(command) {
        Ok(words) if words.is_empty() => Err(broken("it is empty")),
        Ok(words) => Ok(words),
        Err(error) => Err(broken(&error.to_string())),
    }
}

#[cfg(test)]
mod tests;
