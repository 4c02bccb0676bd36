//! A PID namespace around an agent: see pid_namespaces(7). When its first process ends, the kernel ends all
//! others in it, and waits until they are gone.
//!
//! The guard stays outside. It makes the namespaces, and starts poag once more as the first process inside,
//! which starts the agent. Inside, `/proc` shows the processes of the namespace alone. Root makes the
//! namespaces directly; everybody else within a user namespace (user_namespaces(7)) that maps the own user
//! and group to themselves, so that files keep their owners. Network and files stay as they are.

#![expect(
    clippy::disallowed_methods,
    reason = "the guard itself, which becomes the program; the guard itself"
)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{fs, io};

use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_change, unmount,
};
use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, getegid, geteuid, set_parent_process_death_signal, wait,
};
use rustix::thread::{
    CapabilitySet, UnshareFlags, capabilities, clear_ambient_capability_set,
    configure_capability_in_ambient_set, set_capabilities,
};

use super::{KILLED, LET_GO, VERB, not_started, remove_if_left, wait_for};

/// The word for a guard that only tries whether a namespace can be had.
pub(super) const PROBE: &str = "probe";
/// The word for the first process in a namespace that is only tried.
pub(super) const PROBED: &str = "probed";
/// The word for the first process in a namespace.
pub(super) const INIT: &str = "init";

/// Whether this user may have such a namespace, with its own `/proc`: it is made, and thrown away.
pub(super) fn works(guard: &Path) -> bool {
    let tried = Command::new(guard)
        .args([VERB, PROBE])
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

/// Tries: makes the namespaces, and starts a first process in them.
pub(super) fn probe() -> ExitCode {
    let tried = enter().and_then(|()| inside().arg(PROBED).status());
    match tried {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The first process in a namespace that is only tried.
pub(super) fn probed() -> ExitCode {
    let first = mount_proc().and_then(|()| fs::read_link("/proc/self"));
    match first.is_ok_and(|first| first == Path::new("1")) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// The guard, outside of the namespace: starts its first process and waits until all of it is gone.
pub(super) fn guard(
    leash: &Path,
    program: &OsString,
    args: impl Iterator<Item = OsString>,
) -> ExitCode {
    let started = enter().and_then(|()| {
        let mut first = inside();
        first.arg(INIT).arg(leash).arg(program).args(args);
        first.status()
    });
    if let Some(workplace) = leash.parent() {
        remove_if_left(workplace);
    }
    match started {
        Ok(status) => match status.code() {
            Some(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
            None => ExitCode::from(KILLED),
        },
        Err(error) => not_started(program, &error),
    }
}

/// The first process inside: starts the agent, and ends with it, with poag, or with the guard.
pub(super) fn init(
    leash: PathBuf,
    program: &OsString,
    args: impl Iterator<Item = OsString>,
) -> ExitCode {
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    if let Err(error) = mount_proc() {
        return not_started(program, &error);
    }
    // The guard may have died before it was listened to; poag then lets go.
    std::thread::spawn(move || {
        wait_for(&leash);
        std::process::exit(LET_GO);
    });
    let child = match Command::new(program).args(args).spawn() {
        Ok(child) => child,
        Err(error) => return not_started(program, &error),
    };
    match i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        Some(child) => ExitCode::from(code(until_ended(child))),
        None => ExitCode::FAILURE,
    }
}

/// Waits for the child, and meanwhile for every orphan of the namespace: they are children of its first
/// process.
fn until_ended(child: Pid) -> Option<WaitStatus> {
    loop {
        match wait(WaitOptions::empty()) {
            Ok(Some((pid, status))) if pid == child => return Some(status),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return None,
        }
    }
}

fn code(status: Option<WaitStatus>) -> u8 {
    let code = status.and_then(WaitStatus::exit_status);
    code.map_or(KILLED, |code| u8::try_from(code).unwrap_or(1))
}

/// This program, to be the first process.
fn inside() -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.arg(VERB);
    command
}

/// Makes the namespaces. The next child of this process is the first in them; this process itself stays
/// where it is, and can start no thread any more.
fn enter() -> io::Result<()> {
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    let both = UnshareFlags::NEWPID | UnshareFlags::NEWNS;
    if unshare(both).is_err() {
        unshare(both | UnshareFlags::NEWUSER)?;
        // A group may be mapped only where groups cannot be dropped any more.
        fs::write("/proc/self/setgroups", "deny")?;
        fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
        fs::write("/proc/self/gid_map", format!("{group} {group} 1"))?;
        keep_for_mounting()?;
    }
    // What is mounted outside is seen inside, and never the other way round.
    let apart = MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC;
    Ok(mount_change("/", apart)?)
}

/// Whoever is not root loses all capabilities with the next program; the first process must still mount.
fn keep_for_mounting() -> io::Result<()> {
    let mut own = capabilities(None)?;
    own.inheritable |= CapabilitySet::SYS_ADMIN;
    set_capabilities(None, own)?;
    Ok(configure_capability_in_ambient_set(
        CapabilitySet::SYS_ADMIN,
        true,
    )?)
}

#[expect(
    deprecated,
    reason = "the other function is unsafe only because of `UnshareFlags::FILES`, which is not used here"
)]
fn unshare(flags: UnshareFlags) -> io::Result<()> {
    Ok(rustix::thread::unshare(flags)?)
}

/// Shows the processes of this namespace in `/proc`, and no others. What is started afterwards has no
/// capabilities any more, where this user has none.
fn mount_proc() -> io::Result<()> {
    // Root could look below the new one. In a user namespace the old one cannot be taken away, by nobody.
    let _ = unmount("/proc", UnmountFlags::DETACH);
    let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    let mounted = mount("proc", "/proc", "proc", flags, None);
    if let Err(error) = &mounted {
        super::say(&format!("cannot mount /proc: {error}"));
    }
    mounted?;
    let mut own = capabilities(None)?;
    own.inheritable -= CapabilitySet::SYS_ADMIN;
    set_capabilities(None, own)?;
    Ok(clear_ambient_capability_set()?)
}
