//! Stands between poag and an agent's process: when poag ends, however it ends, nothing that the agent
//! started goes on.
//!
//! poag holds an exclusive lock on a file, the leash. The guard waits for that lock beside its child: it
//! can only get it when poag let go. Then it ends every process below it and removes the workplace.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The word after the program's name that makes it a guard.
pub const VERB: &str = "guard-an-agent";
/// The file in a workplace that poag has locked, and the beginning of the names of those of its programs.
pub const LEASH: &str = "leash";
/// Exit code for a child that could not be started, as shells have it.
const NOT_STARTED: u8 = 127;
/// Exit code of a guard whose poag has ended.
const LET_GO: i32 = 130;

/// Runs `LEASH PROGRAM ARGS…`: the arguments after [`VERB`].
#[must_use]
pub fn main(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let (Some(leash), Some(program)) = (args.next().map(PathBuf::from), args.next()) else {
        eprintln!("poag {VERB} is for poag's own use\nrepair: see `poag --help`");
        return ExitCode::from(2);
    };
    adopt_orphans();
    let workplace = leash.parent().map(Path::to_owned).unwrap_or_default();
    let waiting = workplace.clone();
    std::thread::spawn(move || {
        wait_for(&leash);
        let _held = busy();
        end_all_below();
        remove_if_left(&waiting);
        std::process::exit(LET_GO);
    });
    let starting = busy();
    let child = Command::new(&program).args(args).spawn();
    drop(starting);
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            let program = Path::new(&program).display();
            eprintln!("cannot start {program}: {error}");
            return ExitCode::from(NOT_STARTED);
        }
    };
    let status = child.wait();
    let _held = busy();
    // What it left running in the background is over with it.
    end_all_below();
    remove_if_left(&workplace);
    match status.ok().and_then(|status| status.code()) {
        Some(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        // Ended by a signal.
        None => ExitCode::from(137),
    }
}

/// Held while the child is started and while everything is ended: nothing is started behind the back of
/// who ends it, and nobody leaves while another still cleans up.
fn busy() -> MutexGuard<'static, ()> {
    static BUSY: Mutex<()> = Mutex::new(());
    BUSY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns when poag let go: its lock is gone, or the whole workplace.
fn wait_for(leash: &Path) {
    let Ok(leash) = File::open(leash) else {
        return;
    };
    while let Err(error) = leash.lock_shared() {
        if error.kind() != io::ErrorKind::Interrupted {
            return;
        }
    }
}

/// Removes a workplace whose poag is gone.
fn remove_if_left(workplace: &Path) {
    let leash = File::open(workplace.join(LEASH));
    if leash.is_ok_and(|leash| leash.try_lock().is_ok()) {
        // Fails where poag is just removing it itself.
        let _ = std::fs::remove_dir_all(workplace);
    }
}

/// Makes this process the parent of whatever its descendants leave behind, where the system knows how.
fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// Ends every process below this one, those in sessions of their own too.
#[cfg(target_os = "linux")]
fn end_all_below() {
    use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};
    // Each round may uncover what was started since the last; a process that forks as fast as it is
    // killed loses, since its children have nobody left to fork them.
    for _ in 0..100 {
        let below = below(rustix::process::getpid().as_raw_nonzero().get());
        if below.is_empty() {
            return;
        }
        for pid in below {
            if let Some(pid) = Pid::from_raw(pid) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

/// Ends the group: this process is its leader and goes with it.
#[cfg(not(target_os = "linux"))]
fn end_all_below() {
    use rustix::process::{Signal, getpgrp, getpid, kill_process_group};
    if getpgrp() == getpid() {
        let _ = kill_process_group(getpgrp(), Signal::TERM);
    }
}

/// Living processes below `root`, from `/proc`.
#[cfg(target_os = "linux")]
fn below(root: i32) -> Vec<i32> {
    let parents: Vec<(i32, i32)> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|pid: i32| Some((pid, living_parent(pid)?)))
        .collect();
    let mut found = Vec::new();
    let mut known = vec![root];
    while let Some(parent) = known.pop() {
        for (pid, _) in parents.iter().filter(|(_, of)| *of == parent) {
            found.push(*pid);
            known.push(*pid);
        }
    }
    found
}

/// The parent of a process that has not ended yet: field 4 of `/proc/PID/stat`, see proc(5). The name in
/// field 2 may hold anything, so that fields are counted from its last bracket.
#[cfg(target_os = "linux")]
fn living_parent(pid: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    (state != "Z" && state != "X").then_some(parent)
}
