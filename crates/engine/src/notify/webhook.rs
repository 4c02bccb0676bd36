//! A webhook: where it is, and one try to reach it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Once;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use thiserror::Error;

use super::address::is_public;
use super::signature::{Secret, sign};

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A webhook. Its address is found out once, when it is made, and is the only one that what it sends goes to, whatever
/// its name resolves to a moment later.
#[derive(Clone, Debug)]
pub struct Webhook {
    url: Url,
    secret: Secret,
    address: SocketAddr,
}

/// Why a webhook cannot be used, or did not take a notice.
#[derive(Debug, Error)]
pub enum WebhookError {
    /// No web address, or one that would carry the notice in the open or a password in the log.
    #[error(
        "'{0}' is no address for a webhook\nrepair: name one that begins with https:// and holds no password; http:// is for this machine alone"
    )]
    Address(String),
    /// It is in a private network or on this machine, and nobody allowed that.
    #[error(
        "the webhook at '{host}' is at {address}, in a private network or on this machine\nrepair: if that is meant, declare it with `private = true;`"
    )]
    Private {
        /// Its host.
        host: String,
        /// Its address.
        address: IpAddr,
    },
    /// This machine has no certificates to trust, or the like.
    #[error(
        "no webhook can be reached from here: {0}\nrepair: see that this machine has certificates of authorities (`ca-certificates`)"
    )]
    Client(reqwest::Error),
    /// Its name leads nowhere now.
    #[error(
        "the host '{0}' of the webhook has no address\nrepair: see whether its name is right and this machine is online"
    )]
    Host(String),
    /// It cannot be reached.
    #[error(
        "the webhook at '{host}' cannot be reached: {source}\nrepair: see whether it runs; the notice is sent again later"
    )]
    Unreachable {
        /// Its host.
        host: String,
        /// The reason, without the address, which may hold a key.
        source: reqwest::Error,
    },
    /// It answered with something else than a 2xx.
    #[error(
        "the webhook at '{host}' answered {status}\nrepair: see its log; the notice is sent again later"
    )]
    Refused {
        /// Its host.
        host: String,
        /// The status.
        status: StatusCode,
    },
}

impl Webhook {
    /// A webhook at this address: `https`, or `http` on this machine; in a private network or on this machine only where
    /// `private` allows it.
    ///
    /// # Errors
    /// When it is no such address, its host has none now, or one that is not allowed.
    pub async fn new(url: &str, secret: Secret, private: bool) -> Result<Self, WebhookError> {
        let refused = || {
            // What follows the host may hold a key.
            let shown = url.split(['?', '#']).next().unwrap_or_default();
            WebhookError::Address(shown.chars().take(200).collect())
        };
        let parsed = Url::parse(url).map_err(|_| refused())?;
        let host = parsed.host_str().ok_or_else(refused)?.to_owned();
        let port = parsed.port_or_known_default().ok_or_else(refused)?;
        let named = !parsed.username().is_empty() || parsed.password().is_some();
        if named || !matches!(parsed.scheme(), "https" | "http") {
            return Err(refused());
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let addresses: Vec<SocketAddr> = match bare.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => {
                let found = tokio::net::lookup_host((bare, port)).await;
                found
                    .map_err(|_| WebhookError::Host(host.clone()))?
                    .collect()
            }
        };
        let address = *addresses
            .first()
            .ok_or_else(|| WebhookError::Host(host.clone()))?;
        // All of them: a name with a public address and a private one is a way in.
        if let Some(inner) = addresses.iter().find(|address| !is_public(address.ip()))
            && !private
        {
            return Err(WebhookError::Private {
                host,
                address: inner.ip(),
            });
        }
        if parsed.scheme() == "http" && !address.ip().is_loopback() {
            return Err(refused());
        }
        Ok(Self {
            url: parsed,
            secret,
            address,
        })
    }

    /// The host, for people.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Sends a body once, signed for this time (seconds since 1970).
    pub(super) async fn send(
        &self,
        id: &str,
        timestamp: i64,
        body: String,
    ) -> Result<(), WebhookError> {
        let host = || self.host().to_owned();
        let unreachable = |source: reqwest::Error| WebhookError::Unreachable {
            host: host(),
            source: source.without_url(),
        };
        static PROVIDER: Once = Once::new();
        // Where another part of the program has chosen one, that one is as good.
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        // No proxy: the address is the one that was found.
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .resolve(self.host(), self.address)
            .user_agent(concat!("poag/", env!("CARGO_PKG_VERSION")));
        let request = client
            .build()
            .map_err(WebhookError::Client)?
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header(
                "webhook-signature",
                sign(&self.secret, id, timestamp, &body),
            )
            .body(body);
        let status = request.send().await.map_err(unreachable)?.status();
        match status.is_success() {
            true => Ok(()),
            false => Err(WebhookError::Refused {
                host: host(),
                status,
            }),
        }
    }
}
