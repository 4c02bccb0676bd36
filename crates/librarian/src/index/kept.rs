//! Files of the librarian's cache that are read and written as a whole, and believed only as they were written: a line that
//! says what it is, what is kept, and the SHA-256 of both.

#![expect(clippy::disallowed_methods, reason = "indexes, in the cache folder")]

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// Bytes above which nothing is kept.
const MOST: u64 = 512 << 20;
const SUM: usize = 32;

/// What is kept under `title`; none where it is missing, of something else, or not whole.
pub fn read(place: &Path, title: &str) -> Option<Vec<u8>> {
    let length = fs::symlink_metadata(place).ok()?.len();
    let mut bytes = (length <= MOST).then(|| fs::read(place).ok())??;
    let (front, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
    let title = format!("{title}\n");
    if !front.starts_with(title.as_bytes()) || Sha256::digest(front).as_slice() != sum {
        return None;
    }
    bytes.truncate(front.len());
    bytes.drain(..title.len());
    Some(bytes)
}

/// Keeps what `fill` appends. Whether that succeeds changes nothing but how long the next time takes.
pub fn write(place: &Path, title: &str, fill: impl FnOnce(&mut Vec<u8>) -> bool) {
    let mut bytes = format!("{title}\n").into_bytes();
    let whole = fill(&mut bytes) && bytes.len() as u64 <= MOST;
    let Some(folder) = place.parent().filter(|_| whole) else {
        return;
    };
    let sum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&sum);
    let part = folder.join(format!(".{}.part", uuid::Uuid::now_v7().simple()));
    let written = poag_env::folders::make_private(folder)
        .and_then(|()| fs::write(&part, bytes))
        .and_then(|()| fs::rename(&part, place));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_under_that_title_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("deep/a.kept");
        assert_eq!(read(&place, "one"), None);
        let put = |bytes: &mut Vec<u8>| {
            bytes.extend_from_slice(b"what");
            true
        };
        write(&place, "one", put);
        assert_eq!(read(&place, "one"), Some(b"what".to_vec()));
        assert_eq!(read(&place, "other"), None);
        let good = fs::read(&place).unwrap();
        for at in 0..good.len() {
            let mut damaged = good.clone();
            damaged[at] ^= 1;
            fs::write(&place, damaged).unwrap();
            assert_eq!(read(&place, "one"), None, "{at}");
        }
        fs::write(&place, &good[..20]).unwrap();
        assert_eq!(read(&place, "one"), None);
    }
}
