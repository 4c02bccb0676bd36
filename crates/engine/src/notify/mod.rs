//! Tells a person, or a program of theirs, what became of a work: that it is done, that it failed, or that it needs them.
//!
//! A [`Notice`] goes to each [`Recipient`]: a webhook by the rules of Standard Webhooks
//! (<https://www.standardwebhooks.com>, version 1.0.0), or a command that has it on standard input. [`deliver`] tries once;
//! [`next_try`] tells when to try again. A notice keeps its id over all tries, so that a recipient can tell repeats.

mod address;
mod command;
mod signature;
mod webhook;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use signature::{Secret, SecretError, sign};
pub use webhook::{Webhook, WebhookError};

/// What became of a work.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Everything is on the work's branch, or landed.
    Done,
    /// Nothing more happens, and it is not done.
    Failed,
    /// A person has to do something.
    NeedsYou,
}

impl NoticeKind {
    /// Its name as `type` of a webhook's body.
    #[must_use]
    pub fn event_type(self) -> &'static str {
        match self {
            Self::Done => "work.done",
            Self::Failed => "work.failed",
            Self::NeedsYou => "work.needs_you",
        }
    }

    /// All of them.
    pub const ALL: [Self; 3] = [Self::Done, Self::Failed, Self::NeedsYou];
}

/// What is told.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Notice {
    /// Unique, the same over all tries.
    pub id: String,
    /// What became of the work.
    pub kind: NoticeKind,
    /// The work's id.
    pub work: String,
    /// What was asked for.
    pub request: String,
    /// What a person should know or do, one line each.
    pub text: Vec<String>,
    /// When it happened, in milliseconds since 1970 in UTC.
    pub at: i64,
}

impl Notice {
    /// The body of a webhook, and the standard input of a command.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which text and numbers always can.
    pub fn body(&self) -> Result<String, serde_json::Error> {
        let timestamp = jiff::Timestamp::from_millisecond(self.at).unwrap_or_default();
        serde_json::to_string(&serde_json::json!({
            "type": self.kind.event_type(),
            "timestamp": timestamp.to_string(),
            "data": { "work": self.work, "request": self.request, "text": self.text },
        }))
    }
}

/// Where notices go.
#[derive(Clone, Debug)]
pub enum Recipient {
    /// A webhook.
    Webhook(Webhook),
    /// A program and its arguments.
    Command(Vec<String>),
}

/// Why a notice was not taken.
#[derive(Debug, Error)]
pub enum DeliveryError {
    /// See [`WebhookError`].
    #[error(transparent)]
    Webhook(#[from] WebhookError),
    /// The command could not be started, or did not end well.
    #[error(
        "the command '{command}' did not take the notice: {reason}\nrepair: run it by hand with the notice on standard input"
    )]
    Command {
        /// Its name.
        command: String,
        /// Why.
        reason: String,
    },
    /// See [`Notice::body`].
    #[error("the notice cannot be written: {0}")]
    Body(#[from] serde_json::Error),
}

/// Tries once to tell a recipient; a webhook by the time `now`, in milliseconds since 1970 in UTC.
///
/// # Errors
/// When it did not take the notice; it may be tried again.
pub async fn deliver(
    recipient: &Recipient,
    notice: &Notice,
    now: i64,
) -> Result<(), DeliveryError> {
    let body = notice.body()?;
    match recipient {
        Recipient::Webhook(webhook) => Ok(webhook.send(&notice.id, now / 1000, body).await?),
        Recipient::Command(words) => command::run(words, body).await,
    }
}

/// How long to wait after each try that failed, in seconds: the schedule that Standard Webhooks proposes.
const WAITS: [i64; 8] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000];

/// When to try again after so many tries that failed, the last of them at `now`; none when it is time to give up. Both in
/// milliseconds since 1970 in UTC.
#[must_use]
pub fn next_try(failed: usize, now: i64) -> Option<i64> {
    let wait = WAITS.get(failed.checked_sub(1)?)?;
    Some(now.saturating_add(wait * 1000))
}

#[cfg(test)]
mod tests;
