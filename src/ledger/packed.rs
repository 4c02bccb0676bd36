//! How the content of an artifact stands in the file: packed where that is smaller. What experts are given
//! repeats what others said before, which packs to a fraction.

use std::borrow::Cow;
use std::io::{self, Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::types::Type;

use super::types::ARTIFACT_BYTES;

/// Less than this is not worth packing, in bytes: a packer takes longer to be made than a small turn to be
/// written.
const WORTH: usize = 4 << 10;

/// Content as it is written.
pub(super) struct Packed<'a> {
    /// Raw DEFLATE (RFC 1951), or the content itself.
    pub bytes: Cow<'a, [u8]>,
    /// Size of the content where it is packed.
    pub size: Option<i64>,
}

impl<'a> Packed<'a> {
    /// The smaller form.
    pub fn of(content: &'a [u8]) -> Self {
        let plain = Self {
            bytes: content.into(),
            size: None,
        };
        if content.len() < WORTH {
            return plain;
        }
        match pack(content) {
            Ok(bytes) if bytes.len() < content.len() => Self {
                bytes: bytes.into(),
                size: i64::try_from(content.len()).ok(),
            },
            _ => plain,
        }
    }
}

fn pack(content: &[u8]) -> io::Result<Vec<u8>> {
    let room = Vec::with_capacity(content.len() / 4);
    let mut encoder = DeflateEncoder::new(room, Compression::new(4));
    encoder.write_all(content)?;
    encoder.finish()
}

/// The content again. A file that was tampered with cannot make it larger than an artifact may be.
pub(super) fn unpack(bytes: Vec<u8>, size: Option<i64>) -> rusqlite::Result<Vec<u8>> {
    let Some(size) = size else {
        return Ok(bytes);
    };
    let damaged = |why: &str| {
        let error = io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
        rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Box::new(error))
    };
    let size = usize::try_from(size)
        .ok()
        .filter(|size| *size <= ARTIFACT_BYTES)
        .ok_or_else(|| damaged("a packed artifact has an impossible size"))?;
    let mut content = Vec::with_capacity(size);
    let most = size as u64 + 1;
    DeflateDecoder::new(bytes.as_slice())
        .take(most)
        .read_to_end(&mut content)
        .map_err(|error| damaged(&error.to_string()))?;
    if content.len() != size {
        return Err(damaged("a packed artifact has another size than was noted"));
    }
    Ok(content)
}
