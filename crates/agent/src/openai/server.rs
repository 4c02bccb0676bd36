//! Which server is asked, with which key, and the client that asks it.

#![expect(clippy::disallowed_methods, reason = "the environment of agents")]

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::NAME;
use crate::{AgentError, Fault, ServerApi, Settings};

/// The server where nobody names another: OpenAI's own.
const OPENAI: &str = "https://api.openai.com/v1";
/// Variables of a person that name a server and hold its key.
const BASE_URL: &str = "OPENAI_BASE_URL";
const KEY: &str = "OPENAI_API_KEY";
/// Time to get a connection.
const CONNECT: Duration = Duration::from_secs(20);

/// A server and how it is asked.
#[derive(Clone)]
pub struct ApiServer {
    /// Where replies are asked for.
    pub url: Url,
    /// By which API.
    pub api: ServerApi,
    key: Option<String>,
}

impl ApiServer {
    /// What the settings name, else what the person's environment names, else OpenAI's own. A key goes only to the server
    /// that it was named with.
    pub fn of(settings: &Settings) -> Result<Self, AgentError> {
        Self::with(settings, &|name| {
            std::env::var(name)
                .ok()
                .filter(|value| !value.trim().is_empty())
        })
    }

    fn with(
        settings: &Settings,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, AgentError> {
        let server = settings.server.clone().unwrap_or_default();
        let api = server.api;
        let (base, key_env, needed) = match (server.base_url, server.key_env) {
            (Some(base), key) => (base, key.clone(), key.is_some()),
            (None, Some(key)) => (OPENAI.to_owned(), Some(key), true),
            (None, None) => match variable(BASE_URL) {
                Some(base) => (base, Some(KEY.to_owned()), false),
                None => (OPENAI.to_owned(), Some(KEY.to_owned()), true),
            },
        };
        let key = key_env.as_deref().and_then(variable);
        if let (None, true, Some(name)) = (&key, needed, &key_env) {
            let reason = format!("there is no key in the variable {name}");
            let repair = format!("set {name}, or name another server (agent.baseUrl, {BASE_URL})");
            return Err(AgentError::new(Fault::Denied, NAME, reason, repair));
        }
        let wrong = |why: &str| {
            AgentError::new(
                Fault::Unavailable,
                NAME,
                format!("its base URL is none: {why}"),
                "write it as its server says, such as http://localhost:11434/v1",
            )
        };
        let path = match api {
            ServerApi::Chat => "chat/completions",
            ServerApi::Responses => "responses",
        };
        let url = format!("{}/{path}", base.trim().trim_end_matches('/'));
        let url = Url::parse(&url).map_err(|error| wrong(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(wrong("it begins with neither http:// nor https://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(
                "it holds a name or a password; a key stands in the variable that `keyEnv` names",
            ));
        }
        Ok(Self { url, api, key })
    }

    /// What stands for it in a record: its address without anything secret.
    pub fn shown(&self) -> String {
        let mut url = self.url.clone();
        url.set_query(None);
        url.to_string()
    }

    /// The header that says who asks.
    pub fn authorization(&self) -> Option<(reqwest::header::HeaderName, HeaderValue)> {
        let key = self.key.as_deref()?;
        let mut value = HeaderValue::from_str(&format!("Bearer {}", key.trim())).ok()?;
        value.set_sensitive(true);
        Some((AUTHORIZATION, value))
    }

    /// A text without the key, should a server repeat it.
    pub fn without_key(&self, text: &str) -> String {
        match self.key.as_deref().map(str::trim) {
            Some(key) if key.len() > 3 => text.replace(key, "[key]"),
            _ => text.to_owned(),
        }
    }

    /// A client for it: no redirect is followed, since a key must not be.
    pub fn client(&self) -> Result<Client, AgentError> {
        // Only the first one counts, and all are alike.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .user_agent(concat!("poag/", env!("CARGO_PKG_VERSION")));
        if self.url.scheme() == "http" {
            // Certificates may be missing where none are needed.
            client = client.tls_certs_only([]);
        }
        client.build().map_err(|error| {
            let reason = format!("no connection can be made: {}", told(&error));
            AgentError::new(
                Fault::Unavailable,
                NAME,
                reason,
                "see that this machine has the certificates of authorities",
            )
        })
    }
}

/// An error with what caused it, without its address: that may hold anything.
pub fn told(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        if !words.contains(&cause_words) {
            words.push_str(": ");
            words.push_str(&cause_words);
        }
        source = cause.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerSettings;

    fn server(
        base: Option<&str>,
        key: Option<&str>,
        env: &[(&str, &str)],
    ) -> Result<ApiServer, AgentError> {
        let settings = Settings {
            server: Some(ServerSettings {
                base_url: base.map(str::to_owned),
                key_env: key.map(str::to_owned),
                ..ServerSettings::default()
            }),
            ..Settings::default()
        };
        let variable = |name: &str| {
            let found = env.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        ApiServer::with(&settings, &variable)
    }

    #[test]
    fn a_key_goes_only_where_it_was_named() {
        let person = [("OPENAI_API_KEY", "sk-person"), ("OTHER", "sk-other")];
        let own = server(None, None, &person).unwrap();
        assert_eq!(own.shown(), "https://api.openai.com/v1/chat/completions");
        assert_eq!(own.key.as_deref(), Some("sk-person"));
        // A server that a flake names gets no key but the one that is named with it.
        let other = server(Some("http://localhost:1/v1/"), None, &person).unwrap();
        assert_eq!(
            (other.shown().as_str(), other.key),
            ("http://localhost:1/v1/chat/completions", None)
        );
        let named = server(Some("http://localhost:1/v1"), Some("OTHER"), &person).unwrap();
        assert_eq!(named.key.as_deref(), Some("sk-other"));
        assert_eq!(named.without_key("Bearer sk-other!"), "Bearer [key]!");
        let missing = server(None, None, &[]).err().unwrap();
        assert_eq!(missing.fault, Fault::Denied);
        assert!(missing.to_string().contains("OPENAI_API_KEY"));
        let base = [("OPENAI_BASE_URL", "http://[::1]:8080/v1")];
        assert_eq!(server(None, None, &base).unwrap().key, None);
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        for wrong in [
            "",
            "localhost:11434",
            "ftp://x/v1",
            "http://me:secret@host/v1",
        ] {
            let error = server(Some(wrong), None, &[]).err().unwrap();
            assert_eq!(error.fault, Fault::Unavailable, "{wrong}");
            assert!(!error.to_string().contains("secret"));
        }
    }
}
