//! One operation, called.

use std::io::Write;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::address::ServerAddress;
use crate::error::{ClientError, ServerProblem, told};
use crate::events::ServerEvents;
use crate::generated::registry::{HttpMethod, OperationDef};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// Bytes of an answer that is read into memory.
const ANSWER: usize = 256 << 20;

/// A server that is asked.
#[derive(Clone, Debug)]
pub struct ServerClient {
    http: Client,
    base: Url,
    address: ServerAddress,
    headers: HeaderMap,
}

impl ServerClient {
    /// A client of the server at that address. `token` is what gives the right to anything; a unix socket needs none.
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// When the token is none, or this machine cannot make connections.
    pub fn new(address: ServerAddress, token: Option<&str>) -> Result<Self, ClientError> {
        // Only the first one counts, and all are alike.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        if let Some(token) = token.map(str::trim).filter(|token| !token.is_empty()) {
            let value = format!("Bearer {token}");
            let mut value = HeaderValue::from_str(&value).map_err(|_| ClientError::Token)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let mut http = Client::builder()
            // A token goes nowhere else, and the only server of this machine is asked directly.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .user_agent(concat!("poag/", env!("CARGO_PKG_VERSION")));
        let base = match &address {
            ServerAddress::Socket(path) => {
                http = http.unix_socket(path.clone());
                "http://localhost/".to_owned()
            }
            ServerAddress::Url(url) => url.to_string(),
        };
        if base.starts_with("http:") {
            // Certificates may be missing where none are needed.
            http = http.tls_certs_only([]);
        }
        let server = address.to_string();
        let http = http.build().map_err(|source| ClientError::Unreachable {
            server: server.clone(),
            reason: told(&source),
            source,
        })?;
        Ok(Self {
            http,
            base: Url::parse(&base).map_err(|_| ClientError::Address(server))?,
            address,
            headers,
        })
    }

    /// The server that is asked.
    #[must_use]
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// An operation, with what stands in its path, in order.
    #[must_use]
    pub fn call(&self, operation: &'static OperationDef, path: &[&str]) -> ServerCall {
        let mut url = self.base.clone();
        let mut words = path.iter();
        // As a part of a path, these mean another path.
        let wrong = path.iter().find(|word| matches!(**word, "" | "." | ".."));
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            for segment in operation.path.split('/').skip(1) {
                match segment.starts_with('{') {
                    // A path that is too short is one that the server does not know.
                    true => segments.push(words.next().unwrap_or(&segment)),
                    false => segments.push(segment),
                };
            }
        }
        ServerCall {
            client: self.clone(),
            method: method(operation.method),
            url,
            headers: self.headers.clone(),
            body: None,
            wrong: wrong.map(|word| (*word).to_owned()),
        }
    }

    pub(crate) fn unreachable(&self, source: reqwest::Error) -> ClientError {
        ClientError::Unreachable {
            server: self.address.to_string(),
            reason: told(&source),
            source,
        }
    }

    pub(crate) fn unreadable(&self, reason: impl ToString) -> ClientError {
        ClientError::Answer {
            server: self.address.to_string(),
            reason: reason.to_string(),
        }
    }
}

fn method(method: HttpMethod) -> Method {
    match method {
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Patch => Method::PATCH,
        _ => Method::GET,
    }
}

/// A call in the making.
#[derive(Clone, Debug)]
pub struct ServerCall {
    pub(crate) client: ServerClient,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    /// A word that no path can carry.
    wrong: Option<String>,
}

impl ServerCall {
    /// With a parameter, where there is a value.
    #[must_use]
    pub fn query(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            let value = value.to_string();
            self.url.query_pairs_mut().append_pair(name, &value);
        }
        self
    }

    /// With a key: sent again with the same body, nothing is done twice.
    #[must_use]
    pub fn idempotent(mut self, key: &str) -> Self {
        if let Ok(key) = HeaderValue::from_str(key) {
            let name = HeaderName::from_static("idempotency-key");
            self.headers.insert(name, key);
        }
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: &impl Serialize) -> Self {
        // A value that is no JSON leaves the body out, which the server refuses.
        self.body = serde_json::to_vec(body).ok();
        self
    }

    pub(crate) fn request(&self, accept: &'static str) -> RequestBuilder {
        let request = self
            .client
            .http
            .request(self.method.clone(), self.url.clone());
        let request = request.headers(self.headers.clone());
        let request = request.header(ACCEPT, HeaderValue::from_static(accept));
        match (
            &self.body,
            self.method == Method::GET || self.method == Method::DELETE,
        ) {
            (_, true) => request,
            (body, false) => request
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .body(body.clone().unwrap_or_else(|| b"{}".to_vec())),
        }
    }

    /// What is answered, if it was done.
    pub(crate) async fn done(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        if let Some(word) = &self.wrong {
            return Err(ClientError::Word(word.clone()));
        }
        let sent = request.send().await;
        let response = sent.map_err(|source| self.client.unreachable(source))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let bytes = self.whole(response).await?;
        match serde_json::from_slice::<ServerProblem>(&bytes) {
            Ok(problem) => Err(ClientError::Problem(Box::new(problem))),
            Err(_) => Err(self.client.unreadable(format!("status {status}"))),
        }
    }

    async fn whole(&self, mut response: Response) -> Result<Vec<u8>, ClientError> {
        let mut bytes = Vec::new();
        loop {
            let chunk = response.chunk().await;
            match chunk.map_err(|source| self.client.unreachable(source))? {
                Some(chunk) if bytes.len() + chunk.len() <= ANSWER => bytes.extend(chunk),
                Some(_) => {
                    let reason = format!("it has more than {ANSWER} bytes");
                    return Err(self.client.unreadable(reason));
                }
                None => return Ok(bytes),
            }
        }
    }

    /// Calls it, and gives what is answered.
    ///
    /// # Errors
    /// When nobody answers, or the server does not do it.
    pub async fn bytes(self) -> Result<Vec<u8>, ClientError> {
        let response = self.done(self.request("*/*")).await?;
        self.whole(response).await
    }

    /// Calls it, and gives the text that is answered.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and when it is no text.
    pub async fn text(self) -> Result<String, ClientError> {
        let client = self.client.clone();
        String::from_utf8(self.bytes().await?).map_err(|error| client.unreadable(error))
    }

    /// Calls it, and writes what is answered as it comes.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and when it cannot be written.
    pub async fn copy_to(self, out: &mut dyn Write) -> Result<(), ClientError> {
        let mut response = self.done(self.request("*/*")).await?;
        loop {
            let chunk = response.chunk().await;
            match chunk.map_err(|source| self.client.unreachable(source))? {
                Some(chunk) => out.write_all(&chunk)?,
                None => return Ok(()),
            }
        }
    }

    /// Calls it, and reads the JSON that is answered.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and when it is no such value.
    pub async fn answer<T: DeserializeOwned>(self) -> Result<T, ClientError> {
        let client = self.client.clone();
        let response = self.done(self.request("application/json")).await?;
        let bytes = self.whole(response).await?;
        serde_json::from_slice(&bytes).map_err(|error| client.unreadable(error))
    }

    /// Calls it, and reads one field of the object that is answered.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub async fn field<T: DeserializeOwned>(self, name: &str) -> Result<T, ClientError> {
        let client = self.client.clone();
        let mut answer: Value = self.answer().await?;
        let field = answer.get_mut(name).map(Value::take).unwrap_or_default();
        serde_json::from_value(field)
            .map_err(|error| client.unreadable(format!("`{name}`: {error}")))
    }

    /// Follows what it tells, after the event of that number.
    #[must_use]
    pub fn events(self, after: u64) -> ServerEvents {
        ServerEvents::new(self, after)
    }
}
