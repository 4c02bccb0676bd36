//! `poag work start`.

#![expect(clippy::disallowed_methods, reason = "the command line reads it")]

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;
use serde_json::Value;

use super::watch::WorkWatch;
use super::{code, go_on_apart, look};
use crate::command::consent::{of_commands, split};
use crate::command::context::{engine_allowing, target};
use crate::command::doctor;
use crate::command::global::Global;
use crate::command::print::piped;
use crate::engine::notify::Secret;
use crate::engine::work::{
    NoticeRecipient, PolicyChange, StartRequest, TemplateOrigin, TemplateRequest, TemplateSource,
    WorkError, WorkSource,
};
use crate::engine::{BackendChoice, EngineError};
use crate::error::{Error, exit};
use crate::terminal;

/// Begins to carry a plan out, and prints the work's id
#[derive(Args, Debug)]
pub struct StartArgs {
    /// The plan: a run's id, a file with a plan or with tasks (JSON or TOML), or `-` for standard input
    /// [default: the newest run of this flake]
    #[arg(value_name = "PLAN")]
    pub plan: Option<String>,
    /// Begins with the tasks of a template instead: one of `poag work templates`, or a file (TOML or JSON)
    #[arg(long, value_name = "NAME|FILE", conflicts_with = "plan")]
    pub template: Option<String>,
    /// What the template is about: a debate or a run by its id, `last` for the newest of this flake, or a file; who took part in
    /// a debate does the tasks, where no --agent says otherwise
    #[arg(long, value_name = "RUN|FILE", requires = "template")]
    pub from: Option<String>,
    /// What a place of the template is filled with
    #[arg(long, value_name = "NAME=VALUE", requires = "template")]
    pub set: Vec<String>,
    /// Who writes: claude-code, codex, gemini, acp, openai or command, for all experts or for one (`hello-rs=codex`)
    #[arg(long, value_name = "[EXPERT=]BACKEND")]
    pub agent: Vec<String>,
    /// The program, with its arguments, that writes, for all experts or for one (`"hello-rs=./do-it --fast"`)
    #[arg(long, value_name = "[EXPERT=]COMMAND")]
    pub agent_command: Vec<String>,
    /// Lets the flake start this command, exactly as it declares it for an actor or an expert; those listed in
    /// POAG_ALLOW_COMMANDS (separated by `;`) are allowed always
    #[arg(long, value_name = "COMMAND")]
    pub allow_command: Vec<String>,
    /// The program, with its arguments, that reviews, where it is another than the one that writes
    #[arg(long, value_name = "COMMAND")]
    pub review_command: Option<String>,
    /// Returns at once; the work goes on without this terminal
    #[arg(long)]
    pub detach: bool,
    /// The revision that it begins from [default: the commit that is checked out]
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// What it may take, such as `5usd`, `200000tokens` or `30min`
    #[arg(long, value_name = "AMOUNT")]
    pub budget: Vec<String>,
    /// Approvals that each task needs, from others than its author
    #[arg(long, value_name = "N")]
    pub approvals: Option<u32>,
    /// Attempts under way at a time
    #[arg(long, value_name = "N")]
    pub parallel: Option<u32>,
    /// Asks actors that can do a task for a bid, of which the best wins
    #[arg(long)]
    pub bids: bool,
    /// Moves your branch only after your yes, whatever the flake allows
    #[arg(long)]
    pub no_auto_land: bool,
    /// Leaves worktrees where they are when their attempt has ended
    #[arg(long)]
    pub keep_worktrees: bool,
    /// Tells a webhook (an address) or a program (a command) when it is done, failed or needs you; a webhook is signed with
    /// the secret in POAG_NOTIFY_SECRET
    #[arg(long, value_name = "URL|COMMAND")]
    pub notify: Vec<String>,
    /// Yes, where this allows more than the flake does
    #[arg(long)]
    pub yes: bool,
    /// Only begin: whoever calls `poag task` or `poag work resume` goes on
    #[arg(long, hide = true)]
    pub only_begin: bool,
}

impl StartArgs {
    /// What is to be otherwise than the flake's policy says.
    pub fn policy(&self) -> Result<PolicyChange, Error> {
        let mut policy = PolicyChange {
            approvals: self.approvals,
            parallel: self.parallel,
            keep_worktrees: self.keep_worktrees,
            never_land: self.no_auto_land,
            bids: self.bids,
            ..PolicyChange::default()
        };
        budget(&self.budget, &mut policy)?;
        Ok(policy)
    }
}

/// Runs the verb.
pub async fn run(args: StartArgs, global: Global) -> Result<u8, Error> {
    let consent = of_commands(&args.agent_command, &args.allow_command)?;
    let engine = engine_allowing(&global, consent)?;
    let target = target(&engine, &global, None)?;
    let policy = args.policy()?;
    let command = |option, words: &Option<String>| {
        let words = words.as_deref().map(|words| split(option, words));
        words.transpose()
    };
    let request = StartRequest {
        source: source(&args)?,
        backends: BackendChoice::of(args.agent.iter().map(String::as_str)),
        review_command: command("--review-command", &args.review_command)?,
        base: args.base.clone(),
        policy,
        yes: args.yes,
        notify: args
            .notify
            .iter()
            .map(|word| recipient(word))
            .collect::<Result<_, _>>()?,
        installed: doctor::usable(),
    };
    let work = engine.start_work(&target, &request).await?;
    terminal::document(&format!("{work}\n"))?;
    if args.only_begin {
        return Ok(exit::OK);
    }
    if args.detach {
        return go_on_apart(&engine, &work);
    }
    let view = engine
        .supervise_work(&work, &mut WorkWatch::new(global.quiet))
        .await?;
    terminal::note(&look::table(&view));
    Ok(code(&view))
}

/// The variable with the secret of webhooks that the command line names.
const SECRET: &str = "POAG_NOTIFY_SECRET";

/// Whom a word of the command line means.
fn recipient(word: &str) -> Result<NoticeRecipient, Error> {
    let name = word.chars().take(60).collect();
    if !word.starts_with("https://") && !word.starts_with("http://") {
        return Ok(NoticeRecipient {
            name,
            command: Some(split("--notify", word)?),
            ..NoticeRecipient::default()
        });
    }
    let secret = std::env::var(SECRET).unwrap_or_default();
    Secret::parse(&secret).map_err(|error| Error::Usage(format!("{SECRET}: {error}")))?;
    Ok(NoticeRecipient {
        // What follows the host may hold a key.
        name: word.split('/').take(3).collect::<Vec<_>>().join("/"),
        url: Some(word.to_owned()),
        secret_env: Some(SECRET.to_owned()),
        private: true,
        ..NoticeRecipient::default()
    })
}

/// Reads what a budget says.
pub(super) fn budget(words: &[String], policy: &mut PolicyChange) -> Result<(), Error> {
    for word in words {
        let split = word
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(word.len());
        let (number, unit) = word.split_at(split);
        let refused = || {
            Error::Usage(format!(
                "'{word}' is no budget\nrepair: write an amount with its unit, such as 5usd, 200000tokens or 30min"
            ))
        };
        match unit {
            "usd" => {
                let usd: f64 = number.parse().map_err(|_| refused())?;
                policy.usd = Some(usd).filter(|usd| usd.is_finite() && *usd >= 0.0);
                policy.usd.ok_or_else(refused)?;
            }
            "s" | "min" | "h" => {
                let unit = match unit {
                    "s" => 1,
                    "min" => 60,
                    _ => 3600,
                };
                let count: u64 = number.parse().map_err(|_| refused())?;
                policy.seconds = Some(count.checked_mul(unit).ok_or_else(refused)?);
            }
            "tokens" => policy.output_tokens = Some(number.parse().map_err(|_| refused())?),
            _ => return Err(refused()),
        }
    }
    Ok(())
}

/// What the command line begins a work with.
fn source(args: &StartArgs) -> Result<WorkSource, Error> {
    match &args.template {
        None => plan(args.plan.as_deref()),
        Some(word) => template(word, args.from.as_deref(), &args.set),
    }
}

/// A template that is filled in from what a word means.
fn template(word: &str, from: Option<&str>, set: &[String]) -> Result<WorkSource, Error> {
    let template = match Path::new(word).is_file() {
        true => TemplateSource::Document(Box::new(document(&read(word)?)?)),
        false => TemplateSource::BuiltIn(word.to_owned()),
    };
    let from = match from {
        Some(word) if Path::new(word).is_file() => Some(TemplateOrigin::Text {
            name: word.to_owned(),
            text: read(word)?,
        }),
        other => other.map(|word| TemplateOrigin::Run(word.to_owned())),
    };
    let mut values = BTreeMap::new();
    for word in set {
        let (name, value) = word.split_once('=').ok_or_else(|| {
            Error::Usage(format!(
                "--set: '{word}' has no '='\nrepair: write --set NAME=VALUE; `poag work templates NAME` lists the names"
            ))
        })?;
        values.insert(name.trim().to_owned(), value.to_owned());
    }
    Ok(WorkSource::Template(Box::new(TemplateRequest {
        template,
        from,
        values,
    })))
}

/// A file, up to the longest plan.
fn read(file: &str) -> Result<String, Error> {
    let text = std::fs::read_to_string(file).map_err(EngineError::file(file))?;
    match text.len() as u64 > DOCUMENT_BYTES {
        true => Err(no_document(&format!("{file} has {} bytes", text.len()))),
        false => Ok(text),
    }
}

/// What a word of the command line means: standard input, a file, or a run.
pub fn plan(word: Option<&str>) -> Result<WorkSource, Error> {
    let text = match word {
        None => return Ok(WorkSource::Run(None)),
        Some("-") => piped(DOCUMENT_BYTES)?,
        Some(word) if Path::new(word).is_file() => read(word)?,
        Some(word) => return Ok(WorkSource::Run(Some(word.to_owned()))),
    };
    Ok(WorkSource::Document(Box::new(document(&text)?)))
}

/// What JSON or TOML holds.
fn document(text: &str) -> Result<Value, Error> {
    match text.trim_start().starts_with('{') {
        true => serde_json::from_str(text).map_err(|error| no_document(&error.to_string())),
        false => toml::from_str(text).map_err(|error| no_document(&error.to_string())),
    }
}

/// Longest plan or file of tasks, in bytes.
const DOCUMENT_BYTES: u64 = 64 << 20;

fn no_document(why: &str) -> Error {
    let why: String = why
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(400)
        .collect();
    EngineError::from(WorkError::Source(why)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_has_a_unit() {
        let mut policy = PolicyChange::default();
        let words = ["5usd".to_owned(), "200000tokens".to_owned()];
        budget(&words, &mut policy).unwrap();
        assert_eq!(
            (policy.usd, policy.output_tokens),
            (Some(5.0), Some(200_000))
        );
        budget(&["90min".to_owned()], &mut policy).unwrap();
        assert_eq!(policy.seconds, Some(5400));
        for word in ["5", "usd", "-1usd", "5eur", "infusd", "1.5tokens"] {
            let error = budget(&[word.to_owned()], &mut policy)
                .unwrap_err()
                .to_string();
            assert!(error.contains("repair:"), "{word}: {error}");
        }
    }
}
