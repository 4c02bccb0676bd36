//! What the command line and the environment say about programs that agents may be.

#![expect(clippy::disallowed_methods, reason = "the command line reads it")]

use clap::Args;

use crate::engine::{Consent, ServerConsent};
use crate::error::Error;

/// Declared commands that are allowed always, separated by `;` or line breaks.
const ALLOWED: &str = "POAG_ALLOW_COMMANDS";
/// Declared servers that are allowed always, separated by `;` or line breaks.
const SERVERS: &str = "POAG_ALLOW_SERVERS";
/// `0` leaves dev shells out, as `--no-dev-shell` does.
const DEV_SHELL: &str = "POAG_DEV_SHELL";

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
    /// Lets a flake have this server asked, as its `agent.baseUrl` declares it, with the key in the variable that its
    /// `agent.keyEnv` names; those listed in POAG_ALLOW_SERVERS (separated by `;`) are allowed always
    #[arg(long, value_name = "URL [VARIABLE]")]
    allow_server: Vec<String>,
    /// Lets agents think without the dev shells of their flakes, which are made where a flake declares one;
    /// POAG_DEV_SHELL=0 does the same
    #[arg(long)]
    no_dev_shell: bool,
}

impl CommandArgs {
    /// Which options were given.
    pub fn given(&self) -> [(&'static str, bool); 4] {
        [
            ("--agent-command", !self.agent_command.is_empty()),
            ("--allow-command", !self.allow_command.is_empty()),
            ("--allow-server", !self.allow_server.is_empty()),
            ("--no-dev-shell", self.no_dev_shell),
        ]
    }

    /// With what the environment says.
    pub fn consent(&self) -> Result<Consent, Error> {
        let off = std::env::var_os(DEV_SHELL).is_some_and(|switch| switch == "0");
        let listed = std::env::var(ALLOWED).unwrap_or_default();
        let servers = std::env::var(SERVERS).unwrap_or_default();
        let servers = servers
            .split([';', '\n'])
            .filter(|server| !server.trim().is_empty());
        let given = self.allow_server.iter().map(String::as_str);
        Ok(Consent {
            servers: given.chain(servers).map(server).collect::<Result<_, _>>()?,
            dev_shells: !self.no_dev_shell && !off,
            ..self.commands(&listed)?
        })
    }

    fn commands(&self, listed: &str) -> Result<Consent, Error> {
        commands((&self.agent_command, &self.allow_command), listed)
    }
}

/// What the command line and the environment say about programs alone.
pub fn of_commands(own: &[String], allowed: &[String]) -> Result<Consent, Error> {
    let listed = std::env::var(ALLOWED).unwrap_or_default();
    commands((own, allowed), &listed)
}

fn commands((own, allowed): (&[String], &[String]), listed: &str) -> Result<Consent, Error> {
    let mut consent = Consent::default();
    for word in own {
        match word.split_once('=').filter(|(name, _)| is_name(name)) {
            Some((name, command)) => {
                let command = split("--agent-command", command)?;
                consent.experts.insert(name.into(), command);
            }
            None => consent.command = Some(split("--agent-command", word)?),
        }
    }
    for command in allowed {
        consent.allowed.push(split("--allow-command", command)?);
    }
    let listed = listed.split([';', '\n']).map(str::trim);
    for command in listed.filter(|command| !command.is_empty()) {
        consent.allowed.push(split(ALLOWED, command)?);
    }
    Ok(consent)
}

/// A server and the variable that holds its key; `-` is the server that the person's environment names.
fn server(words: &str) -> Result<ServerConsent, Error> {
    let parts: Vec<&str> = words.split_whitespace().collect();
    let base_url = |url: &str| (url != "-").then(|| url.to_owned());
    match parts[..] {
        [url] => Ok(ServerConsent {
            base_url: base_url(url),
            key_env: None,
        }),
        [url, key] => Ok(ServerConsent {
            base_url: base_url(url),
            key_env: Some(key.to_owned()),
        }),
        _ => Err(Error::Usage(format!(
            "--allow-server: '{words}' is no server\nrepair: write its URL, and behind it the variable that holds its key: \"https://api.example.org/v1 EXAMPLE_KEY\""
        ))),
    }
}

/// Whether text before a `=` can be the name of an expert rather than the beginning of a command.
fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || "/'\"\\".contains(c))
}

/// The words of a command, as a shell parts them.
pub fn split(of: &str, command: &str) -> Result<Vec<String>, Error> {
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
