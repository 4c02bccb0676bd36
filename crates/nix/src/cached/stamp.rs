//! What tells without reading a file that it is the same as before.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How a path is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Look {
    /// The file or symlink itself.
    Itself,
    /// The folder itself, whatever else comes to lie in it.
    Folder,
    /// The same, but that no `.gitattributes` comes to lie in it.
    Plain,
    /// What is found there in the end, through symlinks.
    Through,
}

/// One path, and how it stood there. A change of content always moves the time of change (`ctime`), which nobody can
/// set: it tells apart what size and the time of modification do not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Stamp<'a> {
    pub look: Look,
    pub path: Cow<'a, Path>,
    /// None where nothing is there.
    pub state: Option<PathStat>,
}

/// Device, inode, mode, size, then modification and change in seconds and nanoseconds.
pub(super) type PathStat = [u64; 8];

/// Longer than any kernel goes without moving its clock for files: a change later than that has a time of its own.
pub(super) const TICK: Duration = Duration::from_millis(20);

impl<'a> Stamp<'a> {
    /// How it stands there now.
    pub fn new(look: Look, path: impl Into<Cow<'a, Path>>) -> Self {
        let path = path.into();
        let state = state(look, &path);
        Self { look, path, state }
    }

    /// Whether it still stands there as it did.
    pub fn holds(&self) -> bool {
        let now = state(self.look, &self.path);
        match (self.look, self.state, now) {
            // In a folder that nothing was put into, nothing has come to lie.
            (Look::Plain, Some(before), Some(now)) => {
                before[..4] == now[..4] && (before == now || is_plain(&self.path))
            }
            (_, before, now) => before == now,
        }
    }

    /// As [`Self::holds`], with nothing inferred from the time of a folder.
    pub fn holds_for_sure(&self) -> bool {
        self.holds() && (self.look != Look::Plain || is_plain(&self.path))
    }

    /// When it changed last, in nanoseconds since 1970; none for what is not there or may change.
    fn changed(&self) -> Option<u128> {
        let moves = matches!(self.look, Look::Folder | Look::Plain);
        let [.., seconds, nanoseconds] = self.state.filter(|_| !moves)?;
        Some(u128::from(seconds) * 1_000_000_000 + u128::from(nanoseconds))
    }
}

/// Whether a folder holds no attributes of git.
pub(super) fn is_plain(folder: &Path) -> bool {
    let found = folder.join(".gitattributes").symlink_metadata();
    found.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

fn state(look: Look, path: &Path) -> Option<PathStat> {
    let found = match look {
        Look::Itself | Look::Folder | Look::Plain => path.symlink_metadata(),
        Look::Through => path.metadata(),
    };
    let found: Metadata = found.ok()?;
    let (dev, ino, mode) = (found.dev(), found.ino(), u64::from(found.mode()));
    let [mtime, mtime_ns] = [found.mtime(), found.mtime_nsec()].map(i64::cast_unsigned);
    let [ctime, ctime_ns] = [found.ctime(), found.ctime_nsec()].map(i64::cast_unsigned);
    Some(match look {
        Look::Folder => [dev, ino, mode, 0, 0, 0, 0, 0],
        Look::Plain => [dev, ino, mode, 0, mtime, mtime_ns, ctime, ctime_ns],
        Look::Itself | Look::Through => {
            let size = found.size();
            [dev, ino, mode, size, mtime, mtime_ns, ctime, ctime_ns]
        }
    })
}

/// How far the stamps can be trusted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Age {
    /// Every later change will show.
    Settled,
    /// Something changed within this tick of the clock, and could change again without a trace.
    Fresh,
    /// These times do not tell one change from the next.
    Useless,
}

/// Whether a change after `now` would show in each of the stamps that were taken before it.
pub(super) fn age<'a>(stamps: impl Iterator<Item = &'a Stamp<'a>> + Clone, now: SystemTime) -> Age {
    let Ok(now) = now.duration_since(SystemTime::UNIX_EPOCH) else {
        return Age::Useless;
    };
    let latest = stamps.clone().filter_map(Stamp::changed).max();
    let latest = latest.unwrap_or(0);
    // Device → whether all of its files changed at whole seconds: an old file system.
    let mut coarse: BTreeMap<u64, bool> = BTreeMap::new();
    for stamp in stamps.filter(|stamp| stamp.look == Look::Itself) {
        if let Some([device, .., nanoseconds]) = stamp.state {
            *coarse.entry(device).or_insert(true) &= nanoseconds == 0;
        }
    }
    if latest > now.as_nanos() || coarse.into_values().any(|coarse| coarse) {
        Age::Useless
    } else if latest + TICK.as_nanos() > now.as_nanos() {
        Age::Fresh
    } else {
        Age::Settled
    }
}

/// Whether the file system keeps the time of change itself, by the clock of this machine: no network, nothing in user space.
#[cfg(target_os = "linux")]
pub(super) fn keeps_time(folder: &Path) -> bool {
    /// `f_type` of statfs(2): ext, btrfs, xfs, tmpfs, overlayfs, zfs, f2fs, bcachefs.
    const KNOWN: [u64; 8] = [
        0xef53,
        0x9123_683e,
        0x5846_5342,
        0x0102_1994,
        0x794c_7630,
        0x2fc1_2fc1,
        0xf2f5_2010,
        0xca45_1a4e,
    ];
    rustix::fs::statfs(folder).is_ok_and(|found| KNOWN.contains(&(found.f_type as u64)))
}

/// As above; elsewhere only the stamps themselves can tell.
#[cfg(not(target_os = "linux"))]
pub(super) fn keeps_time(_: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn content_of_the_same_size_put_back_to_its_old_time_does_not_hold() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "one").unwrap();
        let stamp = Stamp::new(Look::Itself, &*path);
        assert!(stamp.holds());
        std::thread::sleep(TICK);
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, "two").unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(modified).unwrap();
        assert!(!stamp.holds());
    }

    #[test]
    fn a_plain_folder_may_hold_anything_but_attributes() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = Stamp::new(Look::Plain, folder.path());
        assert!(stamp.holds() && stamp.holds_for_sure());
        std::thread::sleep(TICK);
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(stamp.holds() && stamp.holds_for_sure());
        fs::write(folder.path().join(".gitattributes"), "").unwrap();
        assert!(!stamp.holds() && !stamp.holds_for_sure());
        // The time of the folder is that of the stamp again, which no clock of a kernel does.
        let stamp = Stamp::new(Look::Plain, folder.path());
        assert!(!stamp.holds_for_sure());
    }

    #[test]
    fn what_changed_within_a_tick_is_not_trusted_yet_and_the_future_never() {
        let mut stamp = Stamp::new(Look::Itself, Path::new("/file"));
        let at = |nanos| SystemTime::UNIX_EPOCH + Duration::from_nanos(nanos);
        stamp.state = Some([1, 2, 3, 4, 0, 0, 1, 5]);
        let stamps = [stamp];
        assert_eq!(age(stamps.iter(), at(1_000_000_005)), Age::Fresh);
        assert_eq!(age(stamps.iter(), at(1_020_000_005)), Age::Settled);
        assert_eq!(age(stamps.iter(), at(999_999_999)), Age::Useless);
    }

    #[test]
    fn whole_seconds_are_not_trusted() {
        let mut stamp = Stamp::new(Look::Itself, Path::new("/file"));
        stamp.state = Some([1, 2, 3, 4, 0, 0, 1, 0]);
        let later = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
        assert_eq!(age([stamp].iter(), later), Age::Useless);
    }
}
