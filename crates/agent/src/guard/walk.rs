//! Ends processes by looking for them in `/proc`, where no namespace is to be had.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Guards that live, by process id.
static GUARDS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Held while a guard is started, so that it is not taken for a stray.
pub(crate) struct Starting(MutexGuard<'static, BTreeSet<u32>>);

impl Starting {
    pub(crate) fn begin() -> Self {
        Self(GUARDS.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn started(mut self, guard: Option<u32>) {
        self.0.extend(guard);
    }
}

/// A guard has ended. `strays`: what it guarded may go on.
pub(crate) fn ended(guard: u32, strays: bool) {
    let mut guards = GUARDS.lock().unwrap_or_else(PoisonError::into_inner);
    guards.remove(&guard);
    if strays {
        #[cfg(target_os = "linux")]
        super::cgroup::end_group_of(guard);
        end_strays(&guards);
    }
}

#[cfg(target_os = "linux")]
pub(super) use super::cgroup::Group;
#[cfg(target_os = "linux")]
pub(crate) use linux::adopt_orphans;

/// Starts an agent, in a control group where there can be one.
#[cfg(target_os = "linux")]
pub(super) fn around<T>(start: impl FnOnce() -> T) -> (T, Option<Group>) {
    Group::around(start)
}

/// No control group, on this system.
#[cfg(not(target_os = "linux"))]
pub(super) enum Group {}

#[cfg(not(target_os = "linux"))]
impl Group {
    pub fn end(&self) {}
    pub fn remove(&self) {}
}

#[cfg(not(target_os = "linux"))]
pub(super) fn around<T>(start: impl FnOnce() -> T) -> (T, Option<Group>) {
    (start(), None)
}

#[cfg(target_os = "linux")]
pub(super) use linux::end_all_below;
#[cfg(target_os = "linux")]
use linux::end_strays;

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeSet;
    use std::fs;
    use std::time::{Duration, Instant};

    use rustix::process::{
        Pid, Signal, WaitOptions, getpid, kill_process, kill_process_group, set_child_subreaper,
        wait, waitpid,
    };

    /// How long processes are looked for that keep coming.
    const ALLOWED: Duration = Duration::from_secs(4);
    /// Looks at the children alone between two looks at everything: a process that forks and ends, over and
    /// over, is there for less than a look at everything takes.
    const QUICK: usize = 200;

    /// One line of `/proc/PID/stat`. A group or session that began outside this PID namespace is 0.
    #[derive(Clone, Copy, Debug, Eq, PartialEq)]
    pub(super) struct Process {
        pub pid: i32,
        pub parent: i32,
        pub group: i32,
        pub session: i32,
    }

    /// Makes this process the parent of whatever its descendants leave behind.
    pub(crate) fn adopt_orphans() {
        let _ = set_child_subreaper(Some(getpid()));
    }

    /// Ends every process below this one, those in sessions of their own too.
    pub(crate) fn end_all_below() {
        end(
            |_| true,
            || {
                while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
            },
        );
    }

    /// Ends what was left by guards that were killed. It came to this process, which is where orphans go
    /// ([`adopt_orphans`]). What poag itself starts stays in the session of poag; agents have others.
    pub(super) fn end_strays(guards: &BTreeSet<u32>) {
        let own = own().map(|own| own.session);
        let stray = |process: &Process| {
            Some(process.session) != own
                && u32::try_from(process.pid).is_ok_and(|pid| !guards.contains(&pid))
        };
        end(stray, || {});
    }

    /// Ends the children that are meant and all below them, until none is found twice in a row.
    fn end(meant: impl Fn(&Process) -> bool, reap: impl Fn()) {
        let began = Instant::now();
        let own = getpid().as_raw_nonzero().get();
        let mut quiet = 0;
        while quiet < 2 && began.elapsed() < ALLOWED {
            let found = below(own, &meant);
            end_these(&found);
            reap();
            quiet = if found.is_empty() { quiet + 1 } else { 0 };
            for _ in 0..QUICK {
                let children: Vec<Process> = children().filter(&meant).collect();
                if children.is_empty() {
                    break;
                }
                quiet = 0;
                end_these(&children);
                reap();
            }
        }
    }

    /// All are stopped first, so that none can fork while another is ended. A group is ended as a whole, which
    /// no fork escapes.
    fn end_these(processes: &[Process]) {
        let own = own().map(|own| own.group);
        let pids = || {
            processes
                .iter()
                .filter_map(|process| Pid::from_raw(process.pid))
        };
        for pid in pids() {
            let _ = kill_process(pid, Signal::STOP);
        }
        let groups: BTreeSet<i32> = processes.iter().map(|process| process.group).collect();
        for group in groups
            .into_iter()
            .filter(|group| *group > 1 && Some(*group) != own)
        {
            if let Some(group) = Pid::from_raw(group) {
                let _ = kill_process_group(group, Signal::KILL);
            }
        }
        for pid in pids() {
            let _ = kill_process(pid, Signal::KILL);
            // Only a child of this process can be waited for.
            let _ = waitpid(Some(pid), WaitOptions::NOHANG);
        }
    }

    /// Living processes below `root`, by way of those of its children that are meant.
    fn below(root: i32, meant: impl Fn(&Process) -> bool) -> Vec<Process> {
        let all: Vec<Process> = fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| living(entry.file_name().to_str()?.parse().ok()?))
            .collect();
        let mut found: Vec<Process> = all
            .iter()
            .filter(|process| process.parent == root && meant(process))
            .copied()
            .collect();
        let mut next = 0;
        while let Some(parent) = found.get(next).map(|process| process.pid) {
            found.extend(all.iter().filter(|process| process.parent == parent));
            next += 1;
        }
        found
    }

    /// Living children of this process; none where the kernel does not list them (`CONFIG_PROC_CHILDREN`).
    fn children() -> impl Iterator<Item = Process> {
        let threads = fs::read_dir("/proc/self/task")
            .into_iter()
            .flatten()
            .flatten();
        let lists =
            threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
        let pids: Vec<i32> = lists
            .flat_map(|list| {
                list.split_whitespace()
                    .filter_map(|pid| pid.parse().ok())
                    .collect::<Vec<_>>()
            })
            .collect();
        pids.into_iter().filter_map(living)
    }

    /// This process.
    fn own() -> Option<Process> {
        living(getpid().as_raw_nonzero().get())
    }

    /// A process that has not ended yet.
    fn living(pid: i32) -> Option<Process> {
        parse(pid, &fs::read(format!("/proc/{pid}/stat")).ok()?)
    }

    /// `/proc/PID/stat`, see proc_pid_stat(5). The name in field 2 may hold any byte, so that fields are
    /// counted from its last bracket.
    pub(super) fn parse(pid: i32, stat: &[u8]) -> Option<Process> {
        let end = stat.iter().rposition(|byte| *byte == b')')?;
        let fields = std::str::from_utf8(stat.get(end + 1..)?).ok()?;
        let mut fields = fields.split_whitespace();
        let state = fields.next()?;
        let mut number = || fields.next()?.parse().ok();
        let process = Process {
            pid,
            parent: number()?,
            group: number()?,
            session: number()?,
        };
        (state != "Z" && state != "X").then_some(process)
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn adopt_orphans() {}

#[cfg(not(target_os = "linux"))]
fn end_strays(_: &BTreeSet<u32>) {}

/// Ends the group: this process is its leader and goes with it.
#[cfg(not(target_os = "linux"))]
#[expect(
    clippy::disallowed_methods,
    reason = "PID namespaces, where it fails, are of Linux alone"
)]
pub(super) fn end_all_below() {
    use rustix::process::{Signal, getpgrp, getpid, kill_process_group};
    if getpgrp() == getpid() {
        let _ = kill_process_group(getpgrp(), Signal::TERM);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::linux::{Process, parse};

    #[test]
    fn a_name_that_is_not_utf8_or_holds_brackets_hides_no_process() {
        let expected = Process {
            pid: 7,
            parent: 3,
            group: 5,
            session: 4,
        };
        for name in [b"a\xc3".as_slice(), b") Z 1 (", b"\n\xff) S 9 9 9 ("] {
            let stat = [b"7 (".as_slice(), name, b") S 3 5 4 0 -1"].concat();
            assert_eq!(parse(7, &stat), Some(expected), "{name:?}");
        }
        assert_eq!(parse(7, b"7 (ended) Z 3 5 4"), None);
    }
}
