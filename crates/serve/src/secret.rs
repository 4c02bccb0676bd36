//! Words that nobody can guess, and the hashes under which they are kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poag_core::hex;
use sha2::{Digest as _, Sha256};

/// Bytes of a secret.
const BYTES: usize = 32;

/// A new word from 32 random bytes of the system, safe in a header and an address.
///
/// # Errors
/// When the system has no random bytes to give.
pub(crate) fn fresh() -> std::io::Result<String> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Hex SHA-256 of a word. It has 256 random bits, so that a hash without salt and stretching tells nothing of it, and to
/// look a hash up tells nothing by the time it takes.
pub(crate) fn hash(word: &str) -> String {
    hex(&Sha256::digest(word))
}
