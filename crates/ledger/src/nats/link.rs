//! The connection to the server, and what is asked of it. A connection that is lost comes back by itself: what was asked
//! meanwhile is asked again until there is an answer, and what was written is written once.

use std::error::Error;
use std::time::Duration;

use async_nats::jetstream::context::{RequestError, RequestErrorKind};
use async_nats::jetstream::object_store::{self, ObjectStore};
use async_nats::jetstream::stream;
use async_nats::jetstream::{self, Context, kv};
use async_nats::{Client, ConnectOptions, connection::State};

use super::super::LedgerError;
use super::address::NatsAddress;

/// How long to wait for a first connection.
const CONNECT: Duration = Duration::from_secs(5);
/// The first and the longest pause before something is asked again.
pub(super) const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));
/// A connection.
#[derive(Debug)]
pub(super) struct NatsLink {
    pub address: NatsAddress,
    client: Client,
    pub(super) context: Context,
    pub(super) events: stream::Stream,
    pub claims: kv::Store,
    pub(super) objects: Objects,
}

/// The object store, which has no debug form.
pub(super) struct Objects(pub ObjectStore);

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Objects")
    }
}

type LinkCause = Box<dyn Error + Send + Sync>;

impl NatsLink {
    pub async fn open(address: &NatsAddress) -> Result<Self, LedgerError> {
        let failed = |doing, source: LinkCause| LedgerError::Nats {
            doing,
            address: address.to_string(),
            source,
        };
        let options = options(address)
            .await
            .map_err(|source| failed("read its credentials", source))?;
        let scheme = if address.tls { "tls" } else { "nats" };
        let servers: Result<Vec<async_nats::ServerAddr>, _> = address
            .servers
            .iter()
            .map(|host| format!("{scheme}://{host}").parse())
            .collect();
        let servers = servers.map_err(|source| failed("read its address", source.into()))?;
        let connecting = tokio::time::timeout(CONNECT, options.connect(servers)).await;
        let client = connecting
            .map_err(|source| failed("connect", source.into()))?
            .map_err(|source| failed("connect", source.into()))?;
        let context = jetstream::new(client.clone());
        let NatsAddress {
            prefix,
            replicas,
            lease,
            ..
        } = address;
        let events = stream::Config {
            name: format!("{prefix}-events"),
            subjects: vec![format!("{prefix}.ledger.>")],
            num_replicas: *replicas,
            deny_delete: true,
            ..stream::Config::default()
        };
        let events = context.get_or_create_stream(events).await;
        let claims = kv::Config {
            bucket: format!("{prefix}-claims"),
            history: 1,
            max_age: Duration::from_secs(*lease),
            num_replicas: *replicas,
            ..kv::Config::default()
        };
        let claims = match context.get_key_value(&claims.bucket).await {
            Ok(claims) => Ok(claims),
            Err(_) => context.create_key_value(claims).await,
        };
        let objects = object_store::Config {
            bucket: format!("{prefix}-objects"),
            num_replicas: *replicas,
            ..object_store::Config::default()
        };
        let objects = match context.get_object_store(&objects.bucket).await {
            Ok(objects) => Ok(objects),
            Err(_) => context.create_object_store(objects).await,
        };
        Ok(Self {
            address: address.clone(),
            events: events.map_err(|source| failed("make its stream", source.into()))?,
            claims: claims.map_err(|source| failed("make its bucket of claims", source.into()))?,
            objects: Objects(objects.map_err(|source| failed("make its objects", source.into()))?),
            client,
            context,
        })
    }

    pub fn failed(&self, doing: &'static str, source: impl Into<LinkCause>) -> LedgerError {
        LedgerError::Nats {
            doing,
            address: self.address.to_string(),
            source: source.into(),
        }
    }

    /// Asks again while the server is away.
    pub async fn patiently<
        T,
        E: Error + Send + Sync + 'static,
        F: Future<Output = Result<T, E>>,
    >(
        &self,
        doing: &'static str,
        ask: impl Fn() -> F,
    ) -> Result<T, LedgerError> {
        let mut pause = PAUSES.0;
        loop {
            match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) if self.passes(&error) => {}
                Err(error) => return Err(self.failed(doing, error)),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Whether it is worth asking again after this.
    pub fn passes(&self, error: &(dyn Error + 'static)) -> bool {
        if self.client.connection_state() != State::Connected {
            return true;
        }
        let mut at = Some(error);
        while let Some(error) = at {
            if let Some(request) = error.downcast_ref::<RequestError>() {
                return matches!(
                    request.kind(),
                    RequestErrorKind::TimedOut | RequestErrorKind::NoResponders
                );
            }
            at = error.source();
        }
        false
    }

    /// The subject of a stream's messages: no '.' of an id parts it.
    pub fn subject(&self, stream: &str) -> String {
        format!("{}.ledger.{}", self.address.prefix, key(stream))
    }

    /// A name that was never given.
    pub fn unique(&self) -> String {
        self.client
            .new_inbox()
            .trim_start_matches("_INBOX.")
            .to_owned()
    }

    /// The server's time, in milliseconds since 1970 in UTC.
    pub async fn time(&self) -> Option<i64> {
        let subject = format!("STREAM.INFO.{}-events", self.address.prefix);
        let answer: serde_json::Value = self
            .context
            .request(subject, &serde_json::json!({}))
            .await
            .ok()?;
        let time: jiff::Timestamp = answer.get("ts")?.as_str()?.parse().ok()?;
        Some(time.as_millisecond())
    }

    /// Most bytes of a message.
    pub fn most(&self) -> usize {
        self.client.server_info().max_payload
    }
}

/// The key of a stream's claim, and the end of its subject.
pub(super) fn key(stream: &str) -> String {
    stream.replace('.', "=")
}

async fn options(address: &NatsAddress) -> Result<ConnectOptions, LinkCause> {
    let mut options = ConnectOptions::new()
        .name("poag")
        .require_tls(address.tls)
        .connection_timeout(CONNECT);
    if let Some(file) = &address.creds {
        options = options.credentials_file(file).await?;
    }
    if let Some(file) = &address.nkey {
        let seed = tokio::task::block_in_place(|| std::fs::read_to_string(file))?;
        options = options.nkey(seed.trim().to_owned());
    }
    if let Some(ca) = &address.ca {
        options = options.add_root_certificates(ca.clone());
    }
    if let (Some(cert), Some(key)) = (&address.cert, &address.key) {
        options = options.add_client_certificate(cert.clone(), key.clone());
    }
    Ok(options)
}

/// One error for several that may follow each other.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct LinkFailure(#[source] LinkCause);

impl LinkFailure {
    pub fn of(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Box::new(error))
    }

    pub fn boxed(error: LinkCause) -> Self {
        Self(error)
    }
}
