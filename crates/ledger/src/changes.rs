//! Waits until some process writes to a ledger.
//!
//! On Linux the kernel tells of writes to the log file beside the ledger, so that waiting costs nothing and ends within a
//! millisecond; elsewhere, and where the kernel has no watch to give, the wait is cut into short naps.

use std::path::Path;
use std::time::Duration;

/// How long a nap is where nothing tells of writes: a fraction of what a person notices.
const NAP: Duration = Duration::from_millis(20);

/// Hears of writes to the ledger of one path.
#[derive(Debug)]
pub struct Changes {
    #[cfg(target_os = "linux")]
    watch: Option<linux::Watch>,
}

impl Changes {
    /// Listens from now on; the folder of the ledger must be there.
    #[must_use]
    pub fn of(ledger: &Path) -> Self {
        #[cfg(not(target_os = "linux"))]
        let _ = ledger;
        Self {
            #[cfg(target_os = "linux")]
            watch: linux::Watch::of(ledger),
        }
    }

    /// Waits until the ledger may have been written to, at most so long. Writes since the last call end it at once.
    ///
    /// Gives whether the kernel told of a write. What was written can be seen a moment after that: the log comes first, then
    /// on some disks a while of making it last, then the index that leads to it, of which nothing tells.
    pub fn wait(&mut self, most: Duration) -> bool {
        #[cfg(target_os = "linux")]
        if let Some(watch) = &mut self.watch {
            return watch.wait(most);
        }
        std::thread::sleep(most.min(NAP));
        false
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::OsString;
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};

    #[derive(Debug)]
    pub(super) struct Watch {
        inotify: OwnedFd,
        /// The name of the log file.
        log: OsString,
    }

    impl Watch {
        pub fn of(ledger: &Path) -> Option<Self> {
            let folder = match ledger.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            };
            let mut log = ledger.file_name()?.to_owned();
            log.push("-wal");
            let inotify = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok()?;
            // The log file can be made anew at any time; its folder stays.
            inotify::add_watch(&inotify, folder, WatchFlags::MODIFY | WatchFlags::CREATE).ok()?;
            Some(Self { inotify, log })
        }

        pub fn wait(&mut self, most: Duration) -> bool {
            let until = Instant::now() + most;
            loop {
                if self.written() {
                    return true;
                }
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return false;
                }
                let left = Timespec::try_from(left).ok();
                let mut one = [PollFd::new(&self.inotify, PollFlags::IN)];
                // A failure is an interruption, as by a signal: then it is looked at again.
                let _ = poll(&mut one, left.as_ref());
            }
        }

        /// Whether the log was written to; takes in all that the kernel has told.
        fn written(&mut self) -> bool {
            let mut space = [MaybeUninit::<u8>::uninit(); 4096];
            let mut reader = Reader::new(&self.inotify, &mut space);
            let mut written = false;
            while let Ok(event) = reader.next() {
                let named = event.file_name();
                // Without a name it tells that some were lost.
                written |= named.is_none_or(|name| name.to_bytes() == self.log.as_bytes());
            }
            written
        }
    }
}
