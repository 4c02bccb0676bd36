//! Older indexes: which of them to begin with, a copy that is known to be whole, and how many are kept.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use super::build::Print;
use super::store;

/// Indexes of one expert that are kept, the newest: branches and work trees that one goes to and fro between.
const OF_ONE: usize = 4;
/// Endings of what is kept, how many files of all experts, and their bytes.
const KEPT: &[&str] = &["sqlite", "ranker", "sheets", "past"];
const OF_ALL: usize = 8192;
const BYTES: u64 = 4 << 30;
/// How old a file must be that nobody finished, to be left by a process that was killed.
const ABANDONED: Duration = Duration::from_secs(3600);
/// Bytes copied at a time.
const BLOCK: usize = 1 << 20;

/// An index to begin with.
pub struct Base {
    /// Where it lies.
    pub path: PathBuf,
    /// Its files, by path.
    pub files: HashMap<String, Known>,
    /// How many came and went since it was built whole.
    pub worn: u32,
}

/// A file of it.
pub struct Known {
    /// What was read of it.
    pub print: Print,
    /// Its id.
    pub id: i64,
}

/// The older index of the same expert that has most in common with what is there now; none where to begin with it is
/// no less work than to begin with nothing.
pub fn base(place: &Path, now: &HashMap<&str, Print>) -> Option<Base> {
    let mut best: Option<(usize, Base)> = None;
    for path in family(place).into_iter().take(OF_ONE) {
        let Ok(base) = read(&path) else { continue };
        let files = base.files.iter();
        let same = files.filter(|(path, file)| now.get(path.as_str()) == Some(&file.print));
        let same = same.count();
        let changed = base.files.len() + now.len() - 2 * same;
        let less = changed <= now.len() && base.worn as usize <= 2 * now.len();
        if less && best.as_ref().is_none_or(|(most, _)| same > *most) {
            best = Some((same, base));
        }
    }
    best.map(|(_, base)| base)
}

fn read(path: &Path) -> rusqlite::Result<Base> {
    let db = store::open(path)?;
    let mut files = HashMap::new();
    let mut rows = db.prepare("SELECT path, print, id FROM file")?;
    let mut found = rows.query([])?;
    while let Some(row) = found.next()? {
        let file = Known {
            print: row.get(1)?,
            id: row.get(2)?,
        };
        files.insert(row.get(0)?, file);
    }
    let worn = db.query_row("SELECT worn FROM done", [], |row| row.get(0))?;
    Ok(Base {
        path: path.to_owned(),
        files,
        worn,
    })
}

/// The other indexes of the family of `place`, the newest first.
pub fn family(place: &Path) -> Vec<PathBuf> {
    let name = |path: &Path| path.file_name().and_then(OsStr::to_str).map(str::to_owned);
    let own = name(place).unwrap_or_default();
    let of_family = |path: &Path| {
        let other = name(path).unwrap_or_default();
        other != own && store::family(&other).is_some_and(|it| Some(it) == store::family(&own))
    };
    let mut found = files(place.parent().unwrap_or(Path::new(".")), of_family);
    found.sort();
    found.into_iter().rev().map(|(_, path, _)| path).collect()
}

/// Copies the pages of an index to `part`, and fails where they are not those that were written.
///
/// # Errors
/// When it cannot be read, `part` cannot be written, or the sum is another one.
pub fn copy(from: &Path, part: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let length = source.metadata()?.len().saturating_sub(store::SUM);
    let mut target = File::create_new(part)?;
    let mut hash = Sha256::new();
    let mut left = length;
    let mut block = vec![0; BLOCK];
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(BLOCK).min(BLOCK);
        source.read_exact(&mut block[..most])?;
        hash.update(&block[..most]);
        target.write_all(&block[..most])?;
        left -= most as u64;
    }
    let mut sum = Vec::new();
    source.read_to_end(&mut sum)?;
    match sum == hash.finalize().as_slice() {
        true => Ok(()),
        false => Err(ErrorKind::InvalidData.into()),
    }
}

/// Puts the sum of its pages at the end of a finished index.
///
/// # Errors
/// When it cannot be read or written.
pub fn seal(part: &Path) -> io::Result<()> {
    let mut file = File::options().read(true).append(true).open(part)?;
    let mut hash = Sha256::new();
    let mut block = vec![0; BLOCK];
    loop {
        match file.read(&mut block)? {
            0 => break,
            read => hash.update(&block[..read]),
        }
    }
    file.write_all(&hash.finalize())
}

/// Removes indexes that are too many, the oldest first. `place` stays.
pub fn prune(place: &Path) {
    // Whatever cannot be removed costs room only; the next time tries again.
    for path in family(place).into_iter().skip(OF_ONE - 1) {
        let _ = fs::remove_file(path);
    }
    bound(place);
}

/// Bounds all that is kept, and removes what killed processes left. `place` stays.
fn bound(place: &Path) {
    let mut all = files(place.parent().unwrap_or(Path::new(".")), |path| {
        path != place
    });
    all.sort();
    let now = SystemTime::now();
    let (mut count, mut bytes) = (0, 0);
    for (changed, path, length) in all.into_iter().rev() {
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or("");
        let goes = if ending == "part" {
            now.duration_since(changed).unwrap_or_default() > ABANDONED
        } else if KEPT.contains(&ending) {
            count += 1;
            bytes += length;
            count >= OF_ALL || bytes > BYTES
        } else {
            false
        };
        if goes {
            let _ = fs::remove_file(path);
        }
    }
}

/// The files of a folder whose names are wanted: when they changed, and their bytes.
fn files(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<(SystemTime, PathBuf, u64)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let file = |entry: fs::DirEntry| {
        let path = Some(entry.path()).filter(|path| wanted(path))?;
        let data = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some((data.modified().ok()?, path, data.len()))
    };
    entries.filter_map(file).collect()
}
