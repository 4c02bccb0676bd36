//! A control group around an agent, see cgroups(7): ends what is in it at once, also what forks faster than it is
//! found. It helps the search in `/proc` where version 2 is mounted and this user may make a group below its own,
//! as in most sessions of systemd. An agent can leave it, for it runs as the same user.

#![expect(clippy::disallowed_methods, reason = "the guard itself")]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How names of groups begin; the process id of the guard follows.
const NAME: &str = "poag-guard-";
/// How long processes that were killed may take to go.
const ALLOWED: Duration = Duration::from_secs(2);

/// A group.
#[derive(Debug)]
pub(crate) struct Group(PathBuf);

impl Group {
    /// Makes the group of this guard, and has `start` start the agent in it. Without a group, `start` alone.
    pub fn around<T>(start: impl FnOnce() -> T) -> (T, Option<Self>) {
        let Some(group) = Self::make() else {
            return (start(), None);
        };
        let own = group.0.parent().map(Path::to_owned).unwrap_or_default();
        // What is started while this process is in it belongs to it; `0` is who writes.
        let inside = fs::write(group.0.join("cgroup.procs"), "0").is_ok();
        let started = start();
        let outside = fs::write(own.join("cgroup.procs"), "0").is_ok();
        // A guard that cannot leave would end itself.
        match inside && outside {
            true => (started, Some(group)),
            false => {
                group.remove();
                (started, None)
            }
        }
    }

    fn make() -> Option<Self> {
        let own = own()?;
        remove_left(&own);
        let group = Self(own.join(format!("{NAME}{}", std::process::id())));
        fs::create_dir(&group.0).ok()?;
        // Since Linux 5.14.
        let kills = group.0.join("cgroup.kill").exists();
        if !kills {
            group.remove();
        }
        kills.then_some(group)
    }

    /// Removes it, if nothing is in it.
    pub fn remove(&self) {
        let _ = fs::remove_dir(&self.0);
    }

    /// Ends all that is in it.
    pub fn end(&self) {
        end(&self.0);
    }
}

/// Ends what is left in the group of a guard that was killed.
pub(super) fn end_group_of(guard: u32) {
    let group = own().map(|own| own.join(format!("{NAME}{guard}")));
    if let Some(group) = group.filter(|group| group.is_dir()) {
        end(&group);
        let _ = fs::remove_dir(group);
    }
}

fn end(group: &Path) {
    let began = Instant::now();
    let populated = || {
        let events = fs::read_to_string(group.join("cgroup.events")).unwrap_or_default();
        events.lines().any(|line| line == "populated 1")
    };
    while populated() && began.elapsed() < ALLOWED {
        let _ = fs::write(group.join("cgroup.kill"), "1");
        sleep(Duration::from_millis(2));
    }
}

/// The folder of this process's own group.
fn own() -> Option<PathBuf> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let name = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    // Fields: see proc_pid_mountinfo(5). Of a mount that shows a part only, the name does not tell the folder.
    let place = mounts.lines().find_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let mut before = before.split(' ').skip(3);
        let (root, place) = (before.next()?, before.next()?);
        (after.starts_with("cgroup2 ") && root == "/").then_some(place)
    })?;
    let own = Path::new(place).join(name);
    own.join("cgroup.procs").is_file().then_some(own)
}

/// Removes groups whose guard and poag were both killed, if nothing is in them any more.
fn remove_left(own: &Path) {
    for entry in fs::read_dir(own).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(NAME) {
            let _ = fs::remove_dir(entry.path());
        }
    }
}
