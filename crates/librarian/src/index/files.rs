//! The files of one expert as sheets, kept on disk by path and content: a changed file costs only itself.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use super::kept;
use super::sheet::Sheet;
use crate::error::LibrarianError;
use poag_knowledge::files::{KnownFile, Listed, list, look};
use poag_knowledge::parallel;
use poag_knowledge::secrets::{redact, secret_name};

/// Version of a sheet and of how it is written.
const VERSION: u32 = 4;

/// Tells the content of a file: the SHA-256 of its text, or zeros where it is not read.
type Print = [u8; 32];

/// The text that may be read of a file: none of a file that is named as a secret.
fn readable<'t>(file: &KnownFile, text: Option<&'t str>) -> Option<&'t str> {
    text.filter(|_| secret_name(&file.path).is_none())
}

fn print(text: Option<&str>) -> Print {
    text.map_or([0; 32], |text| Sha256::digest(text).into())
}

/// The text of one file below `root` with its secrets taken out; none where it is not text, is a secret, or cannot be
/// read.
#[must_use]
pub fn text(root: &Path, path: &str) -> Option<String> {
    let link = std::fs::symlink_metadata(root.join(path))
        .ok()?
        .is_symlink();
    let listed = Listed {
        path: path.to_owned(),
        link,
    };
    look(root, &listed, |file, text| {
        readable(file, text).map(|text| redact(&file.path, text).0.into_owned())
    })
    .ok()
    .flatten()
}

/// One file as it is kept.
struct Written<'k> {
    path: String,
    print: Print,
    sheet: Sheet,
    /// As it was kept; none where it was read now.
    known: Option<&'k [u8]>,
}

/// The sheets of all files below `root`, each with its path, in order; none where they have more than `most` bytes of text.
/// What is read now is kept in `place`.
///
/// # Errors
/// When the folder cannot be read.
pub fn sheets(
    root: &Path,
    place: &Path,
    most: u64,
) -> Result<Option<Vec<(String, Sheet)>>, LibrarianError> {
    let title = format!("poag sheets {VERSION} {}", env!("CARGO_PKG_VERSION"));
    let bytes = kept::read(place, &title).unwrap_or_default();
    let known = entries(&bytes).unwrap_or_default();
    let total = AtomicU64::new(0);
    let listed = list(root)?;
    let read = parallel::map(&listed, |listed| {
        look(root, listed, |file, text| {
            let text = readable(file, text);
            let length = text.map_or(0, |text| text.len() as u64);
            if total.fetch_add(length, Ordering::Relaxed) + length > most {
                return None;
            }
            let print = print(text);
            let same = known.get(file.path.as_str()).filter(|(it, _)| *it == print);
            let kept = same.and_then(|(_, bytes)| Some((Sheet::read(bytes)?, *bytes)));
            let (sheet, known) = match kept {
                Some((sheet, bytes)) => (sheet, Some(bytes)),
                None => {
                    let text = text.map(|text| redact(&file.path, text).0);
                    (Sheet::of(&file.path, text.as_deref()), None)
                }
            };
            Some(Written {
                path: file.path.clone(),
                print,
                sheet,
                known,
            })
        })
    });
    let read: Option<Vec<Written<'_>>> = read.collect::<Result<_, _>>()?;
    let Some(read) = read else { return Ok(None) };
    if read.len() != known.len() || read.iter().any(|file| file.known.is_none()) {
        kept::write(place, &title, |to| {
            read.iter().all(|file| write(file, to).is_some())
        });
    }
    let sheet = |file: Written<'_>| (file.path, file.sheet);
    Ok(Some(read.into_iter().map(sheet).collect()))
}

/// Path and sheet after their lengths in 32 bits, the print between them.
fn write(file: &Written<'_>, to: &mut Vec<u8>) -> Option<()> {
    let length = |length: usize| Some(u32::try_from(length).ok()?.to_le_bytes());
    to.extend(length(file.path.len())?);
    to.extend_from_slice(file.path.as_bytes());
    to.extend_from_slice(&file.print);
    let place = to.len();
    to.extend([0; 4]);
    match file.known {
        Some(bytes) => to.extend_from_slice(bytes),
        None => file.sheet.write(to),
    }
    let written = length(to.len() - place - 4)?;
    to[place..place + 4].copy_from_slice(&written);
    Some(())
}

fn entries(mut bytes: &[u8]) -> Option<HashMap<&str, (Print, &[u8])>> {
    let mut entries = HashMap::new();
    while !bytes.is_empty() {
        let path = std::str::from_utf8(after_length(&mut bytes)?).ok()?;
        let (print, rest) = bytes.split_at_checked(size_of::<Print>())?;
        bytes = rest;
        entries.insert(path, (print.try_into().ok()?, after_length(&mut bytes)?));
    }
    Some(entries)
}

fn after_length<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, rest) = bytes.split_at_checked(4)?;
    let length = u32::from_le_bytes(length.try_into().ok()?);
    let (taken, rest) = rest.split_at_checked(length as usize)?;
    *bytes = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn sheets_that_were_kept_are_those_that_are_read_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (root, place) = (
            folder.path().join("files"),
            folder.path().join("kept.sheets"),
        );
        fs::create_dir(&root).unwrap();
        let write = |name: &str, text: &str| fs::write(root.join(name), text).unwrap();
        let read = || sheets(&root, &place, 1 << 20).unwrap();
        let anew = || sheets(&root, &folder.path().join("other"), 1 << 20).unwrap();
        write("a.rs", "pub fn parse_date() {}\n");
        write("b.md", "# Dates\n\nLeap seconds.\n");
        write("id_rsa", "not read");
        let other = || drop(fs::remove_file(folder.path().join("other")));
        assert_eq!(read(), anew());
        write("a.rs", "pub fn parse_time() {}\n");
        fs::rename(root.join("b.md"), root.join("c.txt")).unwrap();
        other();
        assert_eq!(read(), anew());
        let before = fs::metadata(&place).unwrap().modified().unwrap();
        assert_eq!(read(), anew());
        assert_eq!(fs::metadata(&place).unwrap().modified().unwrap(), before);
        fs::write(&place, "damaged").unwrap();
        assert_eq!(read(), anew());
        assert_eq!(sheets(&root, &place, 10).unwrap(), None);
    }
}
