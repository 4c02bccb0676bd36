//! Who is told, and why somebody was not.

use poag_core::expert::RecipientSettings;
use serde::{Deserialize, Serialize};

use crate::notify::{
    DeliveryError, Notice, NoticeKind, Recipient, Secret, SecretError, Webhook, deliver,
};

/// Who is told, as a work keeps it: no secret, only where it is.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoticeRecipient {
    /// Its name, unique in a work.
    pub name: String,
    /// The webhook.
    pub url: Option<String>,
    /// The environment variable that holds its secret.
    pub secret_env: Option<String>,
    /// Whether it may be in a private network or on this machine.
    pub private: bool,
    /// The program and its arguments, where it is no webhook.
    pub command: Option<Vec<String>>,
    /// Of what; empty for everything.
    pub on: Vec<NoticeKind>,
}

impl NoticeRecipient {
    /// As a flake declares it.
    pub(in crate::work) fn declared(name: &str, settings: &RecipientSettings) -> Self {
        let on = settings.on.iter().flatten();
        let kind = |word: &String| {
            let mut all = NoticeKind::ALL.into_iter();
            all.find(|kind| serde_json::to_value(kind).ok().as_ref() == Some(&word.as_str().into()))
        };
        Self {
            name: name.to_owned(),
            url: settings.url.clone(),
            secret_env: settings.secret_env.clone(),
            private: settings.private.unwrap_or_default(),
            command: settings.command.clone(),
            on: on.filter_map(kind).collect(),
        }
    }

    pub(super) fn hears(&self, kind: NoticeKind) -> bool {
        self.on.is_empty() || self.on.contains(&kind)
    }

    /// Tells it once.
    pub(super) async fn tell(
        &self,
        notice: &Notice,
        (variable, now): (fn(&str) -> Option<String>, i64),
    ) -> Result<(), UntoldError> {
        let recipient = match (&self.url, &self.command) {
            (Some(url), _) => {
                let name = self.secret_env.as_deref().unwrap_or_default();
                let secret = variable(name).ok_or_else(|| UntoldError::NoSecret(name.into()))?;
                let secret = Secret::parse(&secret)?;
                let webhook = Webhook::new(url, secret, self.private).await;
                Recipient::Webhook(webhook.map_err(DeliveryError::from)?)
            }
            (None, Some(command)) => Recipient::Command(command.clone()),
            (None, None) => Recipient::Command(Vec::new()),
        };
        Ok(deliver(&recipient, notice, now).await?)
    }
}

/// Why somebody was not told.
#[derive(Debug, thiserror::Error)]
pub enum UntoldError {
    /// Its secret is not there.
    #[error(
        "the environment variable '{0}' with the webhook's secret is not set\nrepair: set it, or leave the webhook out"
    )]
    NoSecret(String),
    /// It is none.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// See [`DeliveryError`].
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
}
