//! The layout of a reply: status (u32, little-endian), length (u32, little-endian), UTF-8 text.

use hello_rs::GreetingError;

/// The bytes before the text of a reply.
pub const HEADER_LEN: usize = 8;

/// The reply for a greeting, or for the error that stands in its place.
pub(crate) fn encode(result: Result<String, GreetingError>) -> Vec<u8> {
    let (status, text) = match result {
        Ok(greeting) => (0, greeting),
        Err(error) => (error.status(), error.to_string()),
    };
    // No text comes near this: names have at most 64 characters.
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let mut reply = Vec::with_capacity(HEADER_LEN + text.len());
    reply.extend(status.to_le_bytes());
    reply.extend(length.to_le_bytes());
    reply.extend(text.bytes());
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_length_come_before_the_text() {
        let reply = encode(Ok("¡Hola!".to_owned()));
        assert_eq!(reply[..HEADER_LEN], [0, 0, 0, 0, 7, 0, 0, 0]);
        assert_eq!(&reply[HEADER_LEN..], "¡Hola!".as_bytes());
    }

    #[test]
    fn an_error_has_its_number_and_its_text() {
        let reply = encode(Err(GreetingError::NameTooLong { chars: 65 }));
        assert_eq!(reply[0], 2);
        assert!(reply.ends_with(b"shorten it to at most 64"));
    }
}
