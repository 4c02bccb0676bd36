//! Where a ledger on NATS is, as one line of text.

use std::fmt;
use std::path::PathBuf;

use super::super::LedgerError;

/// The address of a ledger on NATS, read from `nats://HOST[:PORT][,HOST…][/PREFIX][?SETTING=VALUE&…]`; `tls://` requires TLS.
///
/// Settings: `creds` (a credentials file), `nkey` (a file with the seed of an NKey), `ca` (a file of root certificates),
/// `cert` and `key` (the client's certificate), `replicas` (1 to 5, of what is made), `lease` (seconds, 2 to 3600).
/// A secret itself has no place in it, so that it can be shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NatsAddress {
    pub(super) servers: Vec<String>,
    pub(super) tls: bool,
    pub(super) prefix: String,
    pub(super) creds: Option<PathBuf>,
    pub(super) nkey: Option<PathBuf>,
    pub(super) ca: Option<PathBuf>,
    pub(super) cert: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
    pub(super) replicas: usize,
    /// How long a claim holds without a word of its holder, in seconds, as the server counts them.
    pub(super) lease: u64,
}

impl NatsAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// When it is none, or holds a password; that is not repeated.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let problem = |problem: &str| LedgerError::Address {
            problem: problem.to_owned(),
        };
        let (tls, rest) = match (text.strip_prefix("nats://"), text.strip_prefix("tls://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return Err(problem("begins neither with nats:// nor with tls://")),
        };
        if rest.contains('@') {
            return Err(problem("holds a user or a secret"));
        }
        let (rest, settings) = rest.split_once('?').unwrap_or((rest, ""));
        let (hosts, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let allowed =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        let servers: Vec<String> = hosts.split(',').map(str::to_owned).collect();
        if servers
            .iter()
            .any(|host| host.is_empty() || !host.chars().all(allowed))
        {
            return Err(problem(
                "has no host, or one with letters that a host cannot have",
            ));
        }
        let prefix = if prefix.is_empty() { "poag" } else { prefix };
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if prefix.len() > 32 || !prefix.chars().all(named) {
            return Err(problem(
                "has a prefix that is not 1 to 32 letters, digits, '-' and '_'",
            ));
        }
        let mut address = Self {
            servers,
            tls,
            prefix: prefix.to_owned(),
            creds: None,
            nkey: None,
            ca: None,
            cert: None,
            key: None,
            replicas: 1,
            lease: 30,
        };
        for setting in settings.split('&').filter(|setting| !setting.is_empty()) {
            let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
            address
                .set(name, value)
                .ok_or_else(|| problem("has a setting that is unknown or out of its bounds"))?;
        }
        if address.cert.is_some() != address.key.is_some() {
            return Err(problem("has one of cert and key without the other"));
        }
        if address.creds.is_some() && address.nkey.is_some() {
            return Err(problem("has both creds and nkey"));
        }
        Ok(address)
    }

    fn set(&mut self, name: &str, value: &str) -> Option<()> {
        let file = || (!value.is_empty()).then(|| PathBuf::from(value));
        match name {
            "creds" => self.creds = Some(file()?),
            "nkey" => self.nkey = Some(file()?),
            "ca" => self.ca = Some(file()?),
            "cert" => self.cert = Some(file()?),
            "key" => self.key = Some(file()?),
            "replicas" => {
                self.replicas = value
                    .parse()
                    .ok()
                    .filter(|replicas| (1..=5).contains(replicas))?;
            }
            "lease" => {
                self.lease = value
                    .parse()
                    .ok()
                    .filter(|lease| (2..=3600).contains(lease))?;
            }
            _ => return None,
        }
        Some(())
    }
}

/// Without its settings.
impl fmt::Display for NatsAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "tls" } else { "nats" };
        write!(f, "{scheme}://{}/{}", self.servers.join(","), self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::NatsAddress;

    #[test]
    fn an_address_is_read_whole_and_shown_without_its_settings() {
        let text =
            "tls://a.example:4222,b.example/team?creds=/x/y.creds&ca=/x/ca.pem&replicas=3&lease=10";
        let address = NatsAddress::parse(text).unwrap();
        assert_eq!(address.to_string(), "tls://a.example:4222,b.example/team");
        assert_eq!(address.creds.as_deref(), Some("/x/y.creds".as_ref()));
        assert_eq!((address.replicas, address.lease), (3, 10));
        let short = NatsAddress::parse("nats://127.0.0.1").unwrap();
        assert_eq!(short.to_string(), "nats://127.0.0.1/poag");
    }

    #[test]
    fn what_is_no_address_is_refused_in_three_lines_that_repeat_nothing_of_it() {
        for text in [
            "nats://user:hunter2@host",
            "nats://hunter2@host/poag",
            "nats://host/poag?token=hunter2",
            "nats://host/hunter2.x",
            "http://hunter2",
            "nats://",
            "nats:///poag",
            "nats://host?replicas=6",
            "nats://host?lease=0",
            "nats://host?cert=/x",
            "nats://host?creds=/x&nkey=/y",
        ] {
            let error = NatsAddress::parse(text).unwrap_err().to_string();
            assert!(
                error.contains("repair:") && error.lines().count() <= 3,
                "{error}"
            );
            assert!(!error.contains("hunter2"), "{text}: {error}");
        }
    }

    #[test]
    fn a_server_that_is_not_there_is_named_with_a_repair() {
        // Nothing listens on a port that was free a moment ago.
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let at = free.local_addr().unwrap();
        drop(free);
        let address = NatsAddress::parse(&format!("nats://{at}/poag")).unwrap();
        let error = crate::NatsLedger::open(&address).unwrap_err().to_string();
        assert!(
            error.contains(&format!("nats://{at}/poag failed to connect")),
            "{error}"
        );
        assert!(
            error.contains("repair:") && error.lines().count() <= 3,
            "{error}"
        );
    }
}
