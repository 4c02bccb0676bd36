//! What the files hold: each is opened once, never through a link, and read within bounds.

use std::cell::RefCell;
use std::fs::{self, File as Handle};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;

use super::{Content, HUGE, KnownFile, Listed, Places, Root};
use crate::KnowledgeError;
use crate::outline::undeclared;

/// Bytes at the start of a file that decide whether it is text.
const PROBE: u64 = 8192;

thread_local! {
    /// Where the files that a thread looks at lie, one after the other.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Reads a file once, into memory that the thread uses again, and hands its text to `work`, without what it declares about
/// experts ([`undeclared`]); none where it is not text.
///
/// # Errors
/// When it cannot be read.
pub fn look<R>(
    root: &(impl Places + ?Sized),
    listed: &Listed,
    work: impl FnOnce(&KnownFile, Option<&str>) -> R,
) -> Result<R, KnowledgeError> {
    let path = root.place(&listed.path)?;
    let failed = |source| KnowledgeError::Read {
        path: listed.path.clone(),
        source,
    };
    let mut file = KnownFile {
        path: listed.path.clone(),
        size: 0,
        content: Content::Symlink,
    };
    if listed.link {
        file.size = fs::symlink_metadata(&path).map_err(failed)?.len();
        return Ok(work(&file, None));
    }
    let mut handle = open(&path).map_err(failed)?;
    file.size = handle.metadata().map_err(failed)?.len();
    if file.size > HUGE {
        file.content = Content::Huge;
        return Ok(work(&file, None));
    }
    BUFFER.with_borrow_mut(|buffer| {
        // One byte more than it has, so that one read finds the end too.
        buffer.resize(buffer.len().max(file.size as usize + 1), 0);
        let bytes = fill(&mut handle, buffer).map_err(failed)?;
        file.size = file.size.max(bytes.len() as u64);
        let text = match bytes.contains(&0) {
            true => None,
            false => std::str::from_utf8(bytes).ok(),
        };
        file.content = match text {
            Some(_) => Content::Text,
            None => Content::Binary,
        };
        let text = text.map(|text| undeclared(&file.path, text));
        Ok(work(&file, text.as_deref()))
    })
}

/// Reads until the end, or until there is no room.
fn fill<'b>(file: &mut Handle, buffer: &'b mut [u8]) -> std::io::Result<&'b [u8]> {
    let mut length = 0;
    loop {
        match file.read(&mut buffer[length..]) {
            Ok(0) => return Ok(&buffer[..length]),
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Opens regular files only: a link could lead out of the folder, a pipe would never end.
fn open(path: &Path) -> std::io::Result<Handle> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(ErrorKind::InvalidInput.into()),
    }
}

pub(super) fn inspect(root: &Root, listed: &Listed) -> Result<KnownFile, KnowledgeError> {
    let path = root.place(&listed.path)?;
    let failed = |source| KnowledgeError::Read {
        path: listed.path.clone(),
        source,
    };
    let size = fs::symlink_metadata(&path).map_err(failed)?.len();
    let content = if listed.link {
        Content::Symlink
    } else if size > HUGE {
        Content::Huge
    } else if is_text(&read_at_most(&path, PROBE).map_err(failed)?) {
        Content::Text
    } else {
        Content::Binary
    };
    Ok(KnownFile {
        path: listed.path.clone(),
        size,
        content,
    })
}

pub(super) fn read_at_most(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let file = open(path)?;
    // With room for all of it and the end, one read suffices.
    let size = file.metadata()?.len().min(limit);
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the first bytes of a file are text: UTF-8 without NUL; a character cut at the end is no fault.
fn is_text(start: &[u8]) -> bool {
    !start.contains(&0)
        && match std::str::from_utf8(start) {
            Ok(_) => true,
            Err(error) => error.error_len().is_none() && start.len() as u64 == PROBE,
        }
}
