//! How the content of an artifact stands in the file: packed where that is smaller. What experts are given
//! repeats what others said before, which packs to a fraction.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::damaged::Damaged;
use super::types::ARTIFACT_BYTES;

/// Less than this is not worth packing, in bytes: a packer takes longer to be made than a small turn to be
/// written.
const WORTH: usize = 4 << 10;
/// Contents whose packed form is remembered, and the largest of them, in bytes.
const REMEMBERED: usize = 4;
const MEMORABLE: usize = 1 << 20;

/// Content as it is written.
#[derive(Clone)]
pub(super) struct Packed<'a> {
    /// Raw DEFLATE (RFC 1951) where it is smaller than the content, else the content itself.
    pub bytes: Cow<'a, [u8]>,
    /// Size of the content.
    pub size: usize,
}

impl<'a> Packed<'a> {
    /// The smaller form.
    pub fn of(content: &'a [u8]) -> Self {
        let size = content.len();
        let packed = match size < WORTH {
            true => None,
            false => pack(content).ok().filter(|packed| packed.len() < size),
        };
        let bytes = packed.map_or(Cow::Borrowed(content), Cow::Owned);
        Self { bytes, size }
    }
}

/// What was packed lately: one graph is written down with each run on it.
#[derive(Debug, Default)]
pub(super) struct PackedCache(VecDeque<(Vec<u8>, Vec<u8>)>);

impl PackedCache {
    /// The smaller form.
    pub fn pack<'a>(&mut self, content: &'a [u8]) -> Packed<'a> {
        let size = content.len();
        let mut known = self.0.iter();
        if let Some((_, packed)) = known.find(|(known, _)| known == content) {
            let bytes = Cow::Owned(packed.clone());
            return Packed { bytes, size };
        }
        let packed = Packed::of(content);
        if let Cow::Owned(bytes) = &packed.bytes
            && size <= MEMORABLE
        {
            self.0.truncate(REMEMBERED - 1);
            self.0.push_front((content.to_vec(), bytes.clone()));
        }
        packed
    }
}

fn pack(content: &[u8]) -> io::Result<Vec<u8>> {
    let room = Vec::with_capacity(content.len() / 4);
    let mut encoder = DeflateEncoder::new(room, Compression::new(4));
    encoder.write_all(content)?;
    encoder.finish()
}

/// The content of that size again. A file that was tampered with cannot make it larger than an artifact may
/// be.
pub(super) fn unpack(bytes: &[u8], size: usize) -> Result<Vec<u8>, Damaged> {
    if bytes.len() == size {
        return Ok(bytes.to_vec());
    }
    if size > ARTIFACT_BYTES {
        return Err(Damaged("a packed artifact has an impossible size"));
    }
    let mut content = Vec::with_capacity(size);
    let most = size as u64 + 1;
    DeflateDecoder::new(bytes)
        .take(most)
        .read_to_end(&mut content)
        .map_err(|_| Damaged("a packed artifact cannot be unpacked"))?;
    if content.len() != size {
        return Err(Damaged("a packed artifact has another size than was noted"));
    }
    Ok(content)
}
