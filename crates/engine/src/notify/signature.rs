//! The signature of a webhook.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use thiserror::Error;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// A secret that a webhook's sender and recipient share. It is never shown.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

/// Why a text is no secret.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error(
    "the secret of a webhook is not `whsec_` with 24 to 64 bytes in base64\nrepair: make one with `echo whsec_$(head -c 32 /dev/urandom | base64)`"
)]
pub struct SecretError;

impl Secret {
    /// Reads a secret as Standard Webhooks writes it: `whsec_`, then 24 to 64 bytes in base64.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let text = text.trim().strip_prefix(PREFIX).ok_or(SecretError)?;
        let bytes = STANDARD.decode(text).map_err(|_| SecretError)?;
        match (24..=64).contains(&bytes.len()) {
            true => Ok(Self(bytes)),
            false => Err(SecretError),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The value of `webhook-signature`: `v1,` and the HMAC-SHA256 of id, timestamp (in seconds since 1970) and body, with a dot
/// between each.
#[must_use]
pub fn sign(secret: &Secret, id: &str, timestamp: i64, body: &str) -> String {
    // A key of any length is one.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret.0) else {
        return String::new();
    };
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}
