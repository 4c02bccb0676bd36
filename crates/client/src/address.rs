//! Where a server is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use reqwest::Url;

use crate::error::ClientError;

/// Where a server is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ServerAddress {
    /// At a unix socket of this machine, which tells it who asks.
    Socket(PathBuf),
    /// Over TCP: on this machine, or elsewhere behind TLS.
    Url(Url),
}

impl FromStr for ServerAddress {
    type Err = ClientError;

    /// `http://127.0.0.1:4280`, `https://poag.example.org`, `unix:PATH`, or a path.
    fn from_str(word: &str) -> Result<Self, ClientError> {
        let wrong = || ClientError::Address(word.chars().take(200).collect());
        if let Some(path) = word.strip_prefix("unix:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err(wrong()),
                path => Ok(Self::Socket(path.into())),
            };
        }
        if !word.contains("://") {
            return match word.contains('/') {
                true => Ok(Self::Socket(word.into())),
                false => Err(wrong()),
            };
        }
        let mut url = Url::parse(word).map_err(|_| wrong())?;
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !plain || !url.has_host() {
            return Err(wrong());
        }
        match url.scheme() {
            "https" => {}
            "http" if is_this_machine(&url) => {}
            "http" => return Err(ClientError::Clear(url.to_string())),
            _ => return Err(wrong()),
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self::Url(url))
    }
}

impl ServerAddress {
    /// Whether it is on this machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::Socket(_) => true,
            Self::Url(url) => is_this_machine(url),
        }
    }
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(out, "{}", path.display()),
            Self::Url(url) => write!(out, "{}", url.as_str().trim_end_matches('/')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_url_or_a_socket() {
        let shown = |word: &str| word.parse::<ServerAddress>().unwrap().to_string();
        assert_eq!(shown("http://127.0.0.1:4280"), "http://127.0.0.1:4280");
        assert_eq!(shown("http://[::1]:1/"), "http://[::1]:1");
        assert_eq!(
            shown("https://example.org/poag"),
            "https://example.org/poag"
        );
        for word in ["unix:/run/poag", "unix:///run/poag", "/run/poag", "./poag"] {
            let address: ServerAddress = word.parse().unwrap();
            assert!(matches!(address, ServerAddress::Socket(_)), "{word}");
        }
    }

    #[test]
    fn what_is_none_is_refused_and_nothing_goes_to_others_in_the_clear() {
        for word in [
            "",
            "poag",
            "unix:",
            "ftp://localhost",
            "https://a:b@c",
            "https://c/?token=x",
        ] {
            let error = word.parse::<ServerAddress>().unwrap_err().to_string();
            assert!(error.contains("repair: "), "{word}: {error}");
        }
        let error = "http://example.org".parse::<ServerAddress>().unwrap_err();
        assert!(matches!(error, ClientError::Clear(_)), "{error}");
        assert!(
            "http://127.0.0.1.example.org"
                .parse::<ServerAddress>()
                .is_err()
        );
    }
}
